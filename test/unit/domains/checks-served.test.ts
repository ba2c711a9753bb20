import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareViews, type SeenBy } from '#engine/domains/checks/compare-views.ts'
import { isDsOf, keyTagOf } from '#engine/domains/checks/ds-match.ts'
import { isGeneric } from '#engine/domains/checks/ptr.ts'
import { isSameAddress, reverseName, sendingAddresses } from '#engine/domains/checks/sending-addresses.ts'
import { soaProblems } from '#engine/domains/checks/soa.ts'
import { matchesChain } from '#engine/domains/checks/tlsa-match.ts'
import { isContactable } from '#engine/net/contactable.ts'
import type { RecordView } from '#shared/model/audit.ts'
import { viewSentence } from '#shared/words/more-sentences.ts'
import type { Around } from '../../helpers/around.ts'
import { auditOf } from '../../helpers/audit-zone.ts'
import { makeCertificate } from '../../helpers/certificates.ts'
import { fullApex, fullAround, fullChanged, fullZone } from '../../helpers/full-world.ts'
import type { ZoneText } from '../../helpers/zone.ts'

const found = (...values: string[]): SeenBy => ({ state: 'found', values })
const absent: SeenBy = { state: 'absent', values: [] }
const open: SeenBy = { state: 'unavailable', values: [] }
const lame: SeenBy = { state: 'lame', values: [] }
const resolver = (seen: SeenBy, ttlS: number | null = 1_380) => ({ ...seen, ttlS })

const tlsa = (usage: number, selector: number, matchingType: number, certificateHex: string) => ({
  usage,
  selector,
  matchingType,
  certificateHex,
})

const sha256 = (octets: Buffer) => createHash('sha256').update(octets).digest('hex')

const ds = (digestType: number, digestHex: string) => ({
  keyTag: 60_485,
  algorithm: 5,
  digestType,
  digestHex,
})

const serving = (zone: ZoneText, other: Around['servers'] = {}): Around => ({
  ...fullAround,
  servers: { ...fullAround.servers, '198.100.10.53': zone, '198.100.11.53': zone, ...other },
})

const view = async (zone: ZoneText, around: Around, row: string) => {
  const { report } = await auditOf(zone, 'example.com', {}, around)
  const one = report.views.find(entry => entry.row === row)
  if (one === undefined) throw new Error(`no view of ${row}`)
  return { report, view: one, sentence: viewSentence(one) }
}

describe('compareViews', () => {
  it.each([
    ['all agree', resolver(found('a')), [found('a'), found('a')], 'same'],
    ['in any order', resolver(found('a', 'b')), [found('b', 'a'), found('a', 'b')], 'same'],
    ['all say there is none', resolver(absent), [absent, absent], 'same'],
    ['newly published', resolver(absent), [found('a'), found('a')], 'resolver-old'],
    ['just changed', resolver(found('old')), [found('new')], 'resolver-old'],
    ['taken away', resolver(found('old')), [absent], 'resolver-old'],
    ['servers disagree', resolver(found('a')), [found('a'), found('b')], 'differs'],
    ['one has none', resolver(found('a')), [found('a'), absent], 'differs'],
    ['disagreement goes before age', resolver(found('old')), [found('a'), found('b')], 'differs'],
    ['one is silent', resolver(found('a')), [found('a'), open], 'same'],
    ['one is lame', resolver(found('a')), [found('a'), lame], 'lame'],
    ['nobody answers', resolver(found('a')), [open, open], 'unavailable'],
    ['only lame ones', resolver(found('a')), [lame], 'unavailable'],
    ['no server at all', resolver(found('a')), [], 'unavailable'],
    ['the resolver is silent', resolver(open, null), [found('a')], 'unavailable'],
  ] as const)('%s', (_, seen, servers, state) => {
    expect(compareViews(seen, servers).state).toBe(state)
  })

  it('tells how long the resolver keeps what it has', () => {
    expect(compareViews(resolver(absent, 1_380), [found('a')])).toEqual({
      state: 'resolver-old',
      ttlS: 1_380,
    })
  })

  it('does not hang on the order of servers or values', () => {
    const seen = fc.constantFrom<SeenBy>(found('a'), found('a', 'b'), found('b', 'a'), absent, open, lame)
    fc.assert(
      fc.property(seen, fc.array(seen, { maxLength: 5 }), (own, servers) => {
        const one = compareViews(resolver(own), servers)
        return one.state === compareViews(resolver(own), servers.toReversed()).state
      }),
    )
  })
})

describe('two views of a record', () => {
  it('published, and the resolver still has the old answer', async () => {
    const newer = fullApex({ TXT: ['v=spf1 ip4:198.100.10.25 ip4:198.100.10.26 mx -all'] })
    const { report, view: spf, sentence } = await view(fullZone, serving(newer), 'spf')
    expect(spf).toMatchObject({
      state: 'resolver-old',
      name: 'example.com',
      type: 'TXT',
      ttlS: 300,
      resolver: ['v=spf1 ip4:198.100.10.25 mx -all'],
      servers: [
        { host: 'ns1.example.net', address: '198.100.10.53', state: 'found' },
        { host: 'ns2.example.net', address: '198.100.11.53', state: 'found' },
      ],
    })
    expect(sentence).toBe('Published at your provider. Your resolver still has the old answer for 5 minutes.')
    expect(report.findings).toEqual([])
    expect(report.checks.views).toEqual({ state: 'found', verdict: 'pass' })
  })

  it('an alias is compared as the alias it is', async () => {
    const selector = 'google._domainkey.example.com'
    const zone = fullChanged({
      [selector]: { CNAME: 'key.sender.example' },
      'key.sender.example': fullZone[selector],
    })
    const { view: dkim } = await view(zone, serving(zone), 'dkim:google')
    expect(dkim).toMatchObject({ type: 'CNAME', state: 'same', resolver: ['key.sender.example'] })
  })

  it('a lame server is told apart from one that is silent', async () => {
    const { report, view: mx } = await view(fullZone, serving(fullZone, { '198.100.11.53': 'refuses' }), 'mx')
    expect(mx).toMatchObject({ state: 'lame', servers: [{ state: 'found' }, { state: 'lame' }] })
    expect(report.findings.map(({ code }) => code)).toEqual(['zone.lame-server'])
    const silent = await view(fullZone, serving(fullZone, { '198.100.11.53': 'silent' }), 'mx')
    expect(silent.view).toMatchObject({
      state: 'same',
      servers: [{}, { state: 'unavailable', reason: 'timeout' }],
    })
    expect(silent.report.findings).toEqual([])
  })

  it('a network that answers in the place of every server is not taken for lame servers', async () => {
    const redirected = serving(fullZone, {
      '198.100.10.53': { resolves: fullZone },
      '198.100.11.53': { resolves: fullZone },
    })
    const { report, view: mx } = await view(fullZone, redirected, 'mx')
    expect(mx.state).toBe('unavailable')
    expect(report.findings).toEqual([])
  })
})

describe('a zone whose keys do not match', () => {
  it('is told although the resolver hands out nothing of it', async () => {
    const broken = fullApex({ DNSKEY: ['257 3 13 AAED'] })
    const servers = { ...fullAround.servers, '198.100.10.53': broken, '198.100.11.53': broken }
    const { report } = await auditOf(
      fullZone,
      'example.com',
      // The zone above still answers for the DS record.
      {
        unavailable: ({ name, type }) => (name.endsWith('example.com') && type !== 'DS' ? 'servfail' : null),
      },
      { ...fullAround, servers },
    )
    expect(report.ns.state).toBe('unavailable')
    expect(report.findings.map(({ code }) => code)).toEqual(['dnssec.ds-mismatch'])
    expect(report.checks.dnssec).toEqual({ state: 'found', verdict: 'fail' })
  })

  it('is not looked for when no answer came at all', async () => {
    const { report } = await auditOf(
      fullZone,
      'example.com',
      { unavailable: ({ name }) => (name.endsWith('example.com') ? 'timeout' : null) },
      fullAround,
    )
    expect(report.raw.filter(({ at }) => at !== undefined)).toEqual([])
    expect(report.findings).toEqual([])
  })
})

describe('DS records', () => {
  // RFC 4034 §5.4 and RFC 4509 §2.3.
  const key = {
    flags: 256,
    algorithm: 5,
    keyBase64:
      'AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==',
  }
  const sha1 = ds(1, '2BB183AF5F22588179A53B0A98631FAD1A292118')
  const sha256 = ds(2, 'D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A')

  it('match the key they were made from', () => {
    expect(keyTagOf(key)).toBe(60_485)
    expect(isDsOf('dskey.example.com', sha1, key)).toBe(true)
    expect(isDsOf('DSKEY.example.com', sha256, key)).toBe(true)
  })

  it('match no other name, key, tag or algorithm', () => {
    expect(isDsOf('other.example.com', sha256, key)).toBe(false)
    expect(isDsOf('dskey.example.com', sha256, { ...key, flags: 257 })).toBe(false)
    expect(isDsOf('dskey.example.com', { ...sha256, keyTag: 1 }, key)).toBe(false)
    expect(isDsOf('dskey.example.com', { ...sha256, algorithm: 8 }, key)).toBe(false)
  })

  it('with a digest nobody here can compute are left open', () => {
    expect(isDsOf('dskey.example.com', { ...sha256, digestType: 3 }, key)).toBe(null)
  })
})

describe('TLSA records', () => {
  const authority = makeCertificate({ name: 'CA', isAuthority: true })
  const leaf = makeCertificate({ name: 'mx', issuer: authority })
  const chain = [leaf.der.toString('base64'), authority.der.toString('base64')]

  it.each([
    ['3 0 1 of the server', tlsa(3, 0, 1, sha256(leaf.der)), true],
    ['3 0 0, the whole certificate', tlsa(3, 0, 0, leaf.der.toString('hex').toUpperCase()), true],
    ['2 0 1 of the authority', tlsa(2, 0, 1, sha256(authority.der)), true],
    ['3 0 1 of the authority', tlsa(3, 0, 1, sha256(authority.der)), false],
    ['1 0 1, which mail does not use', tlsa(1, 0, 1, sha256(leaf.der)), false],
    ['3 9 1, an unknown selector', tlsa(3, 9, 1, sha256(leaf.der)), false],
    ['3 0 9, an unknown matching type', tlsa(3, 0, 9, sha256(leaf.der)), false],
  ])('%s', (_, record, matches) => {
    expect(matchesChain(record, chain)).toBe(matches)
  })

  it('a chain that is no certificate matches nothing', () => {
    expect(matchesChain(tlsa(3, 1, 1, '00'), ['bm90aGluZw=='])).toBe(false)
    expect(matchesChain(tlsa(3, 1, 1, '00'), [])).toBe(false)
  })
})

describe('sending addresses', () => {
  it.each([
    ['v=spf1 ip4:198.100.10.1 -all', ['198.100.10.1']],
    ['v=spf1 ip4:198.100.10.6/30 -all', ['198.100.10.4', '198.100.10.5', '198.100.10.6', '198.100.10.7']],
    ['v=spf1 ip4:198.100.10.0/24 ip4:198.100.0.0/28 -all', []],
    ['v=spf1 ip6:2A00::1 ip6:2a00::/64 -all', ['2a00::1']],
    ['v=spf1 ip4:10.0.0.1 ip4:198.100.10.1 ip4:198.100.10.1 -all', ['198.100.10.1']],
    ['v=spf1 -ip4:198.100.10.1 ?ip4:198.100.10.2 include:a.example mx -all', []],
    ['no record', []],
  ])('%s', (record, expected) => {
    expect(sendingAddresses(record, 16)).toEqual(expected)
  })

  it('no more than asked for', () => {
    const many = Array.from({ length: 50 }, (_, index) => `ip4:198.100.10.${index}`).join(' ')
    expect(sendingAddresses(`v=spf1 ${many} -all`, 16)).toHaveLength(16)
  })

  it.each([
    ['192.0.2.1', '1.2.0.192.in-addr.arpa'],
    ['2001:db8::567:89ab', 'b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'],
    ['nonsense', null],
  ])('%s is looked up backwards at %s', (address, name) => {
    expect(reverseName(address)).toBe(name)
  })

  it('an address is the same in every spelling', () => {
    expect(isSameAddress('2001:DB8:0:0::1', '2001:db8::1')).toBe(true)
    expect(isSameAddress('192.0.2.1', '192.0.2.2')).toBe(false)
    expect(isSameAddress('x', 'x')).toBe(false)
  })

  it.each([
    ['mail.example.com', false],
    ['mx-1.example.com', false],
    ['pool.example.com', false],
    ['host-1-2-3-4.example.net', true],
    ['4.3.2.1.dyn.example.net', true],
    ['dsl.example.net', false],
    ['p1.dsl.example.net', true],
    ['c-1.res.provider.example', true],
    ['pool-17.example.net', true],
    ['home.example.com', false],
    ['001002003004.example.net', true],
  ])('%s is a name given to any machine: %s', (name, generic) => {
    expect(isGeneric(name, '1.2.3.4')).toBe(generic)
  })
})

describe('SOA values', () => {
  const good = {
    mname: 'ns1.test',
    rname: 'host.test',
    serial: 1,
    refresh: 7_200,
    retry: 900,
    expire: 1_209_600,
    minimum: 3_600,
  }
  it.each([
    [{}, []],
    [{ refresh: 10_000, retry: 2_400, expire: 604_800, minimum: 1_800 }, []],
    [{ refresh: 900, retry: 900, expire: 1_800, minimum: 60 }, []],
    [{ expire: 3_600 }, ['expire-too-short']],
    [{ minimum: 86_401 }, ['negative-ttl-long']],
    [{ retry: 7_201 }, ['retry-longer-than-refresh']],
    [{ rname: 'host@test' }, ['contact-invalid']],
    [{ rname: '.', mname: '.' }, ['contact-invalid', 'server-invalid']],
  ])('%j', (changes, problems) => {
    expect(soaProblems({ ...good, ...changes })).toEqual(problems)
  })
})

describe('addresses that may be contacted', () => {
  it.each(['198.100.10.1', '8.8.8.8', '2a00:1450::1', '3fff:1000::1'])('%s', address => {
    expect(isContactable(address)).toBe(true)
  })
  it.each([
    '127.0.0.1',
    '10.1.1.1',
    '::1',
    '::ffff:10.0.0.1',
    '192.0.2.1',
    '203.0.113.9',
    '2001:db8::1',
    '3fff::1',
    'x',
  ])('%s is left alone', address => {
    expect(isContactable(address)).toBe(false)
  })
})

it.each([
  ['differs', /different answers/],
  ['lame', /ns2\.example\.net does not hold the domain/],
  ['unavailable', /Nothing is known to be wrong/],
  ['same', /every nameserver/],
] as const)('a view that is %s is said in words', (state, words) => {
  const view: RecordView = {
    row: 'spf',
    name: 'example.com',
    type: 'TXT',
    state,
    ttlS: 60,
    resolver: [],
    servers: [{ host: 'ns2.example.net', address: null, state: 'lame', values: [], reason: null }],
  }
  expect(viewSentence(view)).toMatch(words)
})
