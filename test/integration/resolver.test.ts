import { afterAll, describe, expect, it } from 'vitest'
import { startDeadline } from '#engine/net/deadline.ts'
import { createNetworkLog } from '#engine/net/network-log.ts'
import { presentValue } from '#engine/net/presentation.ts'
import { createResolver } from '#engine/net/resolve.ts'
import { joinTxt, type Lookup, type RecordType } from '#shared/model/lookup.ts'
import { startNsd } from '../helpers/nsd.ts'

const digest = 'd4b7d520e7bb5f0f67674a0ccebb1d0b7b5b6e4b8a5b0c2d0e0f1a2b3c4d5e6f'
const longTexts = Array.from({ length: 40 }, (_, index) => String.fromCharCode(97 + (index % 26)).repeat(250))

const zone = `
$ORIGIN .
$TTL 300
. 600 SOA ns.test. admin\\.dns.test. 7 3600 600 86400 90
. NS ns.test.
ns.test. A 127.0.0.1
all.test. A 192.0.2.1
all.test. A 192.0.2.2
all.test. AAAA 2001:db8:0:0:1:0:0:1
all.test. 120 MX 10 MX1.all.test.
all.test. 120 MX 20 mx2.all.test.
all.test. NS ns.test.
ns-only.test. NS ns.test.
all.test. TXT "v=spf1 include:_spf.all.test -all"
all.test. TXT "part one; " "part \\"two\\" \\195\\169"
all.test. SPF "v=spf1 -all"
all.test. CAA 128 issue "letsencrypt.org; validationmethods=dns-01"
_25._tcp.mx1.all.test. TLSA 3 1 1 ${digest}
child.all.test. DS 12345 13 2 ${digest}
keys.test. DNSKEY 257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==
1.2.0.192.in-addr.arpa. PTR mail.all.test.
null.test. MX 0 .
*.wild.test. TXT "anything"
exact.wild.test. A 192.0.2.9
one.chain.test. 60 CNAME two.chain.test.
two.chain.test. CNAME all.test.
dangling.test. CNAME gone.nowhere.test.
loop-a.test. CNAME loop-b.test.
loop-b.test. CNAME loop-a.test.
a.deep.test. A 192.0.2.3
long.test. TXT ${longTexts.map(text => `"${text}"`).join(' ')}
${Array.from({ length: 200 }, (_, index) => `many.test. A 198.51.100.${index}`).join('\n')}
`

// all.test. and ns-only.test. are cut out of the root zone by their NS records, so each is a zone of its own here.
const cut = (name: string) => zone.split('\n').filter(line => line.split(' ')[0]?.endsWith(`${name}.`))
const zoneOf = (name: string) =>
  [`$TTL 300`, `${name}. 600 SOA ns.test. admin\\.dns.test. 7 3600 600 86400 90`, ...cut(name)].join('\n')
const root = zone
  .split('\n')
  .filter(line => !cut('all.test').includes(line) && !cut('ns-only.test').includes(line))
  .join('\n')

const nsd = await startNsd({
  zones: { '.': root, 'all.test': zoneOf('all.test'), 'ns-only.test': zoneOf('ns-only.test') },
})

if (nsd === null) {
  it('resolver against NSD: SKIPPED, as NSD is not installed', () => {
    console.warn('NSD is not installed: the resolver was not tried against a real server.')
  })
} else {
  const log = createNetworkLog({ now: Date.now })
  const resolver = createResolver({ servers: [nsd], networkLog: log })
  afterAll(async () => {
    resolver.close()
    await nsd.stop()
  })

  const ask = async <T extends RecordType>(name: string, type: T): Promise<Lookup<T>> => {
    const deadline = startDeadline(30_000)
    const answer = await resolver.lookup(name, type, { deadline, purpose: 'audit' })
    deadline.end()
    return answer
  }
  const presented = async <T extends RecordType>(name: string, type: T): Promise<string[]> => {
    const answer = await ask(name, type)
    return answer.state === 'found'
      ? answer.values.map(value => presentValue(type, value)).toSorted()
      : [answer.state]
  }

  describe('resolver against NSD', () => {
    it.each([
      ['all.test', 'A', ['192.0.2.1', '192.0.2.2']],
      ['all.test', 'AAAA', ['2001:db8::1:0:0:1']],
      ['all.test', 'MX', ['10 mx1.all.test', '20 mx2.all.test']],
      ['all.test', 'NS', ['ns.test']],
      [
        'all.test',
        'TXT',
        ['"part one; " "part \\"two\\" \\195\\169"', '"v=spf1 include:_spf.all.test -all"'],
      ],
      ['all.test', 'SPF', ['"v=spf1 -all"']],
      ['all.test', 'CAA', ['128 issue "letsencrypt.org; validationmethods=dns-01"']],
      ['all.test', 'SOA', ['ns.test admin\\.dns.test 7 3600 600 86400 90']],
      ['_25._tcp.mx1.all.test', 'TLSA', [`3 1 1 ${digest}`]],
      ['child.all.test', 'DS', [`12345 13 2 ${digest}`]],
      [
        'keys.test',
        'DNSKEY',
        ['257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ=='],
      ],
      ['1.2.0.192.in-addr.arpa', 'PTR', ['mail.all.test']],
      ['one.chain.test', 'CNAME', ['two.chain.test']],
      ['null.test', 'MX', ['0 .']],
      ['.', 'NS', ['ns.test']],
    ] as const)('%s %s', async (name, type, values) => {
      expect(await presented(name, type)).toEqual(values)
    })

    it('tells NXDOMAIN from NODATA, empty names between others included', async () => {
      expect(await ask('missing.all.test', 'A')).toMatchObject({
        state: 'absent',
        reason: 'nxdomain',
        ttlS: 90,
      })
      expect(await ask('null.test', 'A')).toMatchObject({ state: 'absent', reason: 'nodata', ttlS: 90 })
      expect(await ask('deep.test', 'TXT')).toMatchObject({ state: 'absent', reason: 'nodata' })
      expect(await ask('exact.wild.test', 'TXT')).toMatchObject({ state: 'absent', reason: 'nodata' })
    })

    it('reads wildcards', async () => {
      expect(await presented('whatever.wild.test', 'TXT')).toEqual(['"anything"'])
    })

    it('takes long answers over TCP, in one record or in many', async () => {
      const before = log.list().find(line => line.protocol === 'tcp')?.count ?? 0
      const long = await ask('long.test', 'TXT')
      expect(long.state === 'found' && long.values.map(joinTxt)).toEqual([longTexts.join('')])
      const many = await ask('many.test', 'A')
      expect(many.state === 'found' && new Set(many.values).size).toBe(200)
      expect(log.list().find(line => line.protocol === 'tcp')?.count).toBe(before + 2)
    })

    it('follows aliases from zone to zone', async () => {
      expect(await ask('one.chain.test', 'MX')).toMatchObject({
        state: 'found',
        aliases: ['two.chain.test', 'all.test'],
        ttlS: 60,
        values: expect.arrayContaining([{ preference: 10, exchange: 'mx1.all.test' }]),
      })
    })

    it('finds that an alias dangles or goes round', async () => {
      expect(await ask('dangling.test', 'A')).toMatchObject({
        state: 'absent',
        reason: 'nxdomain',
        aliases: ['gone.nowhere.test'],
      })
      expect(await ask('loop-a.test', 'A')).toMatchObject({ state: 'unavailable', reason: 'cname-loop' })
    })

    it('answers a thousand questions at once', async () => {
      const names = Array.from({ length: 1_000 }, (_, index) => `n${index}.wild.test`)
      const answers = await Promise.all(names.map(name => ask(name, 'TXT')))
      expect(answers.filter(answer => answer.state !== 'found')).toEqual([])
    })
  })
}
