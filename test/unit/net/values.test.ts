import { describe, expect, it } from 'vitest'
import { presentValue } from '#engine/net/presentation.ts'
import { formatServerAddress, parseServerAddress, systemServers } from '#engine/net/server-address.ts'
import { createNetworkLog } from '#engine/net/network-log.ts'
import { resolverOf, server } from './asking.ts'

const valueOf = async (type: 'AAAA' | 'TXT' | 'CNAME', data: unknown) => {
  const dns = await server(question => ({ answers: [{ name: question.name, type, ttl: 60, data }] }))
  const answer = await resolverOf([dns]).ask('a.test', type)
  return answer.state === 'found' ? answer.values[0] : answer
}

describe('values', () => {
  it.each([
    ['2001:0db8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['FE80::ABCD', 'fe80::abcd'],
  ])('IPv6 addresses are written as in RFC 5952: %s', async (data, text) => {
    expect(await valueOf('AAAA', data)).toBe(text)
  })

  it('character-strings stay apart; octets are UTF-8 where they can be, Latin-1 else', async () => {
    const data = ['v=DKIM1; ', 'grün', Buffer.from([0xe9, 0x21])]
    expect(await valueOf('TXT', data)).toEqual({ strings: ['v=DKIM1; ', 'grün', 'é!'] })
  })

  it('names are lower case, and a dot within a label is not one between labels', async () => {
    expect(await valueOf('CNAME', 'MixedCase.Example.TEST')).toBe('mixedcase.example.test')
    const dns = await server(question => {
      const data = Buffer.from([3, 0x61, 0x2e, 0x62, 1, 0x20, 0])
      const head = Buffer.from([0xc0, 12, 0, 2, 0, 1, 0, 0, 0, 60, 0, data.length])
      const bytes = Buffer.from(question.bytes.subarray(0, 12 + question.name.length + 2 + 4))
      bytes.writeUInt16BE(0x8180, 2)
      bytes.writeUInt16BE(1, 6)
      bytes.writeUInt16BE(0, 10)
      return { raw: Buffer.concat([bytes, head, data]) }
    })
    expect(await resolverOf([dns]).ask('a.test', 'NS')).toMatchObject({ values: ['a\\.b.\\032'] })
  })
})

describe('presentation', () => {
  it.each([
    ['A', '192.0.2.1', '192.0.2.1'],
    ['MX', { preference: 10, exchange: 'mx.example.com' }, '10 mx.example.com'],
    ['MX', { preference: 0, exchange: '.' }, '0 .'],
    ['TXT', { strings: ['v=spf1 -all'] }, '"v=spf1 -all"'],
    ['TXT', { strings: ['a"b\\c', '', 'tab\té'] }, '"a\\"b\\\\c" "" "tab\\009\\195\\169"'],
    ['CAA', { flags: 128, tag: 'issue', value: 'ca.test; x="y"' }, '128 issue "ca.test; x=\\"y\\""'],
    ['TLSA', { usage: 3, selector: 1, matchingType: 1, certificateHex: 'ab12' }, '3 1 1 ab12'],
    ['DS', { keyTag: 1, algorithm: 13, digestType: 2, digestHex: 'ff' }, '1 13 2 ff'],
    ['DNSKEY', { flags: 257, algorithm: 13, keyBase64: 'AQID' }, '257 3 13 AQID'],
    ['SRV', { priority: 0, weight: 1, port: 993, target: 'imap.example.com' }, '0 1 993 imap.example.com'],
    [
      'SOA',
      { mname: 'ns.test', rname: 'a.test', serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5 },
      'ns.test a.test 1 2 3 4 5',
    ],
  ] as const)('of %s %j', (type, value, text) => {
    expect(presentValue(type, value as never)).toBe(text)
  })
})

describe('server addresses', () => {
  it.each([
    ['1.2.3.4', '1.2.3.4', 53, '1.2.3.4'],
    [' 1.2.3.4:5353 ', '1.2.3.4', 5353, '1.2.3.4:5353'],
    ['::1', '::1', 53, '::1'],
    ['[::1]:53', '::1', 53, '::1'],
    ['[2001:DB8::1]:5353', '2001:db8::1', 5353, '[2001:db8::1]:5353'],
    ['[::1]', '::1', 53, '::1'],
    ['fe80::1%eth0', 'fe80::1%eth0', 53, 'fe80::1%eth0'],
  ])('%s is read', (text, host, port, formatted) => {
    const parsed = parseServerAddress(text)
    expect(parsed).toEqual({ ok: true, value: { host, port } })
    if (parsed.ok) expect(formatServerAddress(parsed.value)).toBe(formatted)
  })

  it.each([
    ['', 'empty'],
    ['dns.example.com', 'name'],
    ['localhost:53', 'name'],
    ['1.2.3.4:0', 'port'],
    ['1.2.3.4:65536', 'port'],
    ['1.2.3.4:', 'port'],
    ['[::1]:x', 'port'],
    ['1.2.3', 'syntax'],
    ['1.2.3.256', 'syntax'],
    ['[1.2.3.4]:53', 'syntax'],
    ['::1]:53', 'syntax'],
    ['https://1.1.1.1/', 'syntax'],
    ['1.1.1.1, 8.8.8.8', 'syntax'],
  ])('%j is refused as %s', (text, reason) => {
    expect(parseServerAddress(text)).toMatchObject({
      ok: false,
      failure: { code: 'resolver-address-invalid', detail: { reason } },
    })
  })

  it('of the system are readable and each there once', () => {
    const texts = systemServers().map(formatServerAddress)
    expect(new Set(texts).size).toBe(texts.length)
    for (const text of texts) expect(parseServerAddress(text).ok).toBe(true)
  })
})

describe('the network log', () => {
  const contact = { host: '192.0.2.1', port: 53, protocol: 'udp', purpose: 'audit' } as const

  it('counts by host, port, protocol and purpose, on top of what was loaded', () => {
    let now = 10
    const loaded = { ...contact, count: 5, failures: 1, firstAt: 1, lastAt: 2 }
    const log = createNetworkLog({ now: () => now, load: [loaded] })
    log.record({ ...contact, failed: false })
    now = 20
    log.record({ ...contact, failed: true })
    log.record({ ...contact, purpose: 'verification', failed: false })
    log.record({ ...contact, protocol: 'tcp', failed: false })
    expect(log.list()).toEqual([
      { ...contact, count: 7, failures: 2, firstAt: 1, lastAt: 20 },
      { ...contact, purpose: 'verification', count: 1, failures: 0, firstAt: 20, lastAt: 20 },
      { ...contact, protocol: 'tcp', count: 1, failures: 0, firstAt: 20, lastAt: 20 },
    ])
    expect(loaded.count).toBe(5)
  })

  it('hands over what changed, once, and forgets when cleared', () => {
    const log = createNetworkLog({
      now: () => 1,
      load: [{ ...contact, count: 1, failures: 0, firstAt: 1, lastAt: 1 }],
    })
    expect(log.takeDirty()).toEqual([])
    log.record({ ...contact, port: 54, failed: false })
    const taken = log.takeDirty()
    expect(taken.map(({ port, count }) => [port, count])).toEqual([[54, 1]])
    expect(log.takeDirty()).toEqual([])
    log.record({ ...contact, port: 54, failed: false })
    expect(taken[0]?.count).toBe(1)
    log.clear()
    expect(log.list()).toEqual([])
    expect(log.takeDirty()).toEqual([])
  })
})
