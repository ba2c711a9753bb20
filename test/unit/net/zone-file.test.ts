import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limits } from '#engine/net/limits.ts'
import { presentValue } from '#engine/net/presentation.ts'
import { readTtl } from '#engine/net/zone-data.ts'
import { parseZoneFile } from '#engine/net/zone-file.ts'
import { type RecordType, recordTypes } from '#shared/model/lookup.ts'
import { zoneProblemReasons } from '#shared/model/zone-problem.ts'

/** The records as `name ttl type value`, in the order of the file. */
function linesOf(text: string, origin: string | null = 'example.com') {
  const file = parseZoneFile(text, { origin })
  expect(file.problems).toEqual([])
  return file.records.map(
    ({ name, ttlS, type, value }) => `${name} ${ttlS} ${type} ${presentValue(type, value as never)}`,
  )
}

const problemsOf = (text: string, origin: string | null = 'example.com') =>
  parseZoneFile(text, { origin }).problems.map(({ line, column, reason }) => `${line}:${column} ${reason}`)

describe('a master file', () => {
  it.each<[what: string, text: string, lines: string[]]>([
    [
      'relative and complete names',
      'www 60 IN A 192.0.2.1\nwww.example.org. 60 IN A 192.0.2.2',
      ['www.example.com 60 A 192.0.2.1', 'www.example.org 60 A 192.0.2.2'],
    ],
    [
      '@ for the origin, in the owner and in the data',
      '@ 60 NS ns\n@ 60 MX 10 @',
      ['example.com 60 NS ns.example.com', 'example.com 60 MX 10 example.com'],
    ],
    [
      'a blank owner',
      'a 60 A 192.0.2.1\n\t60 A 192.0.2.2\n  60 TXT x',
      ['a.example.com 60 A 192.0.2.1', 'a.example.com 60 A 192.0.2.2', 'a.example.com 60 TXT "x"'],
    ],
    [
      'class before TTL, TTL before class, neither',
      'a IN 60 A 192.0.2.1\nb 70 IN A 192.0.2.1\nc A 192.0.2.1',
      ['a.example.com 60 A 192.0.2.1', 'b.example.com 70 A 192.0.2.1', 'c.example.com 70 A 192.0.2.1'],
    ],
    [
      '$ORIGIN and $TTL, the origin relative to the one before',
      '$TTL 1h30m\n$ORIGIN sub\nx A 192.0.2.1\n$ORIGIN other.org.\nx A 192.0.2.1',
      ['x.sub.example.com 5400 A 192.0.2.1', 'x.other.org 5400 A 192.0.2.1'],
    ],
    [
      'parentheses over lines, with comments inside',
      '@ 60 SOA ns host ( 5 ; serial\n  2h ; refresh\n  30m 1w\n 5m )\n@ 60 A 192.0.2.1',
      [
        'example.com 60 SOA ns.example.com host.example.com 5 7200 1800 604800 300',
        'example.com 60 A 192.0.2.1',
      ],
    ],
    [
      'strings side by side, and over lines',
      '@ 60 TXT "one " "two"\n@ 60 TXT ( "three "\n  "four" )',
      ['example.com 60 TXT "one " "two"', 'example.com 60 TXT "three " "four"'],
    ],
    [
      'escapes in strings',
      String.raw`@ 60 TXT "say \"hi\"\; \092 \233"`,
      [String.raw`example.com 60 TXT "say \"hi\"; \\ \195\169"`],
    ],
    [
      'a comment that a semicolon begins outside quotes',
      '@ 60 TXT v=DMARC1; p=none',
      ['example.com 60 TXT "v=DMARC1"'],
    ],
    ['bare words as strings of their own', '@ 60 TXT v=spf1 -all', ['example.com 60 TXT "v=spf1" "-all"']],
    ['an empty string', '@ 60 TXT ""', ['example.com 60 TXT ""']],
    ['the null MX', '@ 60 MX 0 .', ['example.com 60 MX 0 .']],
    ['letters in any case', 'WWW 60 in a 192.0.2.1', ['www.example.com 60 A 192.0.2.1']],
    [
      'escaped dots and spaces in names',
      String.raw`a\.b 60 A 192.0.2.1
c\032d 60 A 192.0.2.1`,
      [String.raw`a\.b.example.com 60 A 192.0.2.1`, String.raw`c\032d.example.com 60 A 192.0.2.1`],
    ],
    [
      'line ends of Windows, and a mark at the beginning',
      '\uFEFFa 60 A 192.0.2.1\r\nb 60 A 192.0.2.1\r\n',
      ['a.example.com 60 A 192.0.2.1', 'b.example.com 60 A 192.0.2.1'],
    ],
    ['IPv6 in its shortest form', '@ 60 AAAA 2001:DB8:0:0:0:0:0:1', ['example.com 60 AAAA 2001:db8::1']],
    [
      'CAA, TLSA, DS and DNSKEY',
      [
        '@ 60 CAA 0 ISSUE "ca.example.net"',
        '_25._tcp 60 TLSA 3 1 1 ( aabb\n CCDD )',
        '@ 60 DS 60485 5 1 2BB183AF5F22588179A5 3B0A',
        '@ 60 DNSKEY 257 3 13 ( mdsswUyr3DPW132mOi8V9xESWE8jTo0d xCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ== )',
      ].join('\n'),
      [
        'example.com 60 CAA 0 issue "ca.example.net"',
        '_25._tcp.example.com 60 TLSA 3 1 1 aabbccdd',
        'example.com 60 DS 60485 5 1 2bb183af5f22588179a53b0a',
        'example.com 60 DNSKEY 257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==',
      ],
    ],
    [
      'types and data by number (RFC 3597)',
      String.raw`@ 60 CLASS1 TYPE1 \# 4 C0000201
@ 60 TYPE16 \# 4 ( 03 61
  6263 )`,
      ['example.com 60 A 192.0.2.1', 'example.com 60 TXT "abc"'],
    ],
    ['a record given twice, once', 'a 60 A 192.0.2.1\na 60 A 192.0.2.1', ['a.example.com 60 A 192.0.2.1']],
  ])('%s', (_what, text, lines) => {
    expect(linesOf(text)).toEqual(lines)
  })

  it('takes the minimum of the SOA where no TTL was given yet', () => {
    expect(linesOf('@ SOA ns host 1 2 3 4 99\n@ A 192.0.2.1')[1]).toBe('example.com 99 A 192.0.2.1')
    expect(linesOf('@ A 192.0.2.1')[0]).toBe('example.com 3600 A 192.0.2.1')
  })

  it('keeps the names of types that nobody asks for, apart from the records', () => {
    const file = parseZoneFile('_sip._tcp 60 NAPTR 1 2 u sip x .\n@ 60 TYPE65280 \\# 1 00', {
      origin: 'example.com',
    })
    expect(file).toMatchObject({
      records: [],
      problems: [],
      others: [
        { name: '_sip._tcp.example.com', type: 'NAPTR' },
        { name: 'example.com', type: 'TYPE65280' },
      ],
    })
  })

  it('reads back what it presents, for every value', () => {
    const octets = fc.string({ unit: 'binary', maxLength: 60 })
    fc.assert(
      fc.property(fc.array(octets, { minLength: 1, maxLength: 4 }), strings => {
        const text = presentValue('TXT', { strings })
        const [record] = parseZoneFile(`@ 60 TXT ${text}`, { origin: 'example.com' }).records
        expect(record?.value).toEqual({ strings: strings.map(wellFormed) })
      }),
    )
  })

  it('never throws, and names a known reason for what it refuses', () => {
    const piece = fc.constantFrom(
      'a',
      '@',
      ' ',
      '\n',
      '(',
      ')',
      '"',
      ';',
      '\\',
      '60',
      'IN',
      'TXT',
      'MX',
      '$TTL',
      '$ORIGIN',
      '.',
      'é',
      '\t',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), pieces => {
        for (const { reason, line, column } of parseZoneFile(pieces.join('')).problems) {
          expect(zoneProblemReasons).toContain(reason)
          expect([line >= 1, column >= 1]).toEqual([true, true])
        }
      }),
    )
  })
})

/** A lone surrogate has no octets of its own. */
const wellFormed = (text: string) => Buffer.from(text, 'utf8').toString('utf8')

describe('what is wrong with a file has a place and a reason', () => {
  it.each<[text: string, problems: string[]]>([
    ['$INCLUDE other.zone\na 60 A 192.0.2.1', ['1:1 include-refused']],
    ['$GENERATE 1-9 a$ A 192.0.2.$', ['1:1 directive-unknown']],
    ['$TTL', ['1:1 directive-incomplete']],
    ['$TTL often', ['1:6 data-time']],
    ['$ORIGIN a. b.', ['1:12 data-extra']],
    ['a 60 IN TXT "open\nb 60 A 192.0.2.1', ['1:13 quote-open']],
    ['a 60 IN TXT ( "x"\nb 60 A 192.0.2.1', ['1:13 parenthesis-open']],
    ['a 60 A 192.0.2.1 )', ['1:18 parenthesis-unopened']],
    ['  60 A 192.0.2.1', ['1:3 owner-missing']],
    ['a 60 IN', ['1:6 type-missing']],
    ['a 60 IN TXTT x', ['1:9 type-unknown']],
    ['a 60 CH TXT x', ['1:6 class-other']],
    ['a 4294967295 A 192.0.2.1', ['1:3 ttl-too-large']],
    ['a..b 60 A 192.0.2.1', ['1:1 name-empty-label']],
    [`${'a'.repeat(64)} 60 A 192.0.2.1`, ['1:1 name-label-too-long']],
    [`${'a.'.repeat(130)} 60 A 192.0.2.1`, ['1:1 name-too-long']],
    ['bücher 60 A 192.0.2.1', ['1:1 name-character']],
    ['a 60 MX 10', ['1:9 data-missing']],
    ['a 60 A 192.0.2.1 192.0.2.2', ['1:18 data-extra']],
    ['a 60 A 192.0.2.256', ['1:8 data-address']],
    ['a 60 AAAA 192.0.2.1', ['1:11 data-address']],
    ['a 60 MX ten mail', ['1:9 data-number']],
    ['a 60 MX 65536 mail', ['1:9 data-number']],
    ['a 60 SOA a b 1 often 3 4 5', ['1:16 data-time']],
    ['a 60 TLSA 3 1 1 xyz', ['1:17 data-hex']],
    ['a 60 DNSKEY 257 3 13 ???', ['1:22 data-base64']],
    ['a 60 A \\# 3 C00002', ['1:11 data-length']],
    [`a 60 TXT "${'x'.repeat(256)}"`, ['1:10 string-too-long']],
    ['a 60 TXT "\\300"', ['1:10 escape-broken']],
    ['a 60 CNAME b\na 60 A 192.0.2.1', ['2:1 alias-and-other']],
    ['a 60 CNAME b\na 60 CNAME c', ['2:1 alias-twice']],
    ['a 60 BAD x\nb 60 A 192.0.2.1\nc 60 A oops', ['1:6 type-unknown', '3:8 data-address']],
  ])('%j', (text, problems) => {
    expect(problemsOf(text)).toEqual(problems)
  })

  it('says when a name needs an origin that nobody gave', () => {
    expect(problemsOf('www 60 A 192.0.2.1\n@ 60 A 192.0.2.1', null)).toEqual([
      '1:1 origin-missing',
      '2:1 origin-missing',
    ])
    expect(problemsOf('www.example.com 60 A 192.0.2.1', null)).toEqual([])
  })

  it('goes on after a mistake, and is silent about what the mistake was about', () => {
    const file = parseZoneFile('a 60 TXT "open\n  60 MX 10 m\nb 60 A 192.0.2.1\nc 60 WHAT x', {
      origin: 'example.com',
    })
    expect(file.records.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'a.example.com MX',
      'b.example.com A',
    ])
    expect(file.silent).toEqual([
      { name: 'a.example.com', type: 'TXT', reason: 'zone-unreadable' },
      { name: 'c.example.com', type: null, reason: 'zone-unreadable' },
    ])
    expect(file.complete).toBe(true)
  })

  it('gives a record after a bad name to nobody', () => {
    const file = parseZoneFile('good 60 A 192.0.2.1\nb..d 60 A 192.0.2.2\n 60 TXT lost', {
      origin: 'example.com',
    })
    expect(file.records.map(({ name }) => name)).toEqual(['good.example.com'])
    expect(file.problems.map(({ reason }) => reason)).toEqual(['name-empty-label', 'owner-missing'])
  })

  it('stops reading what is no zone file at all', () => {
    const file = parseZoneFile('This is prose, not a zone.\n'.repeat(limits.zoneProblems + 50), {
      origin: 'example.com',
    })
    expect(file.complete).toBe(false)
    expect(file.problems).toHaveLength(limits.zoneProblems + 1)
    expect(parseZoneFile('a\0b').problems[0]?.reason).toBe('not-text')
  })

  it('survives parentheses that are opened on every line', () => {
    expect(parseZoneFile('a TXT (\n'.repeat(20_000), { origin: 'example.com' }).complete).toBe(false)
  })
})

describe('which zones a file speaks for', () => {
  it.each<[what: string, text: string, origin: string | null, zones: string[]]>([
    ['that of its SOA', '@ 60 SOA a b 1 2 3 4 5', 'example.com', ['example.com']],
    [
      'those of all its SOA',
      'a.org. 60 SOA a. b. 1 2 3 4 5\nb.org. 60 SOA a. b. 1 2 3 4 5',
      null,
      ['a.org', 'b.org'],
    ],
    ['its $ORIGIN', '$ORIGIN example.org.\n@ 60 A 192.0.2.1', null, ['example.org']],
    ['the one that was named', '@ 60 A 192.0.2.1', 'example.com', ['example.com']],
    ['not the one that was named when it holds nothing of it', 'a.org. 60 A 192.0.2.1', 'example.com', []],
    ['none, for single records', 'a.org. 60 A 192.0.2.1', null, []],
    [
      'none, for what dig printed',
      '; <<>> DiG 9.18.28 <<>> example.com A\n;; ANSWER SECTION:\nexample.com. 60 IN A 192.0.2.1',
      'example.com',
      [],
    ],
  ])('%s', (_what, text, origin, zones) => {
    expect(parseZoneFile(text, { origin }).zones).toEqual(zones)
  })

  it('takes names for complete when the file writes its own zone without the final dot', () => {
    expect(linesOf('example.com 60 IN SOA a.net b.net 1 2 3 4 5\nwww.example.com 60 IN A 192.0.2.1')[1]).toBe(
      'www.example.com 60 A 192.0.2.1',
    )
  })
})

const recordSet = (name: string, type: string, ...values: string[]) => ({
  Name: name,
  Type: type,
  TTL: 300,
  ResourceRecords: values.map(Value => ({ Value })),
})

describe('the exports of providers', () => {
  it('Cloudflare: the zone from the head, the owner of the SOA without its dot, a CNAME beside others flattened', () => {
    const file = parseZoneFile(
      `;;
;; Domain:     example.com.
;; Exported:   2026-11-22 10:00:00
;;
;; SOA Record
example.com\t3600\tIN\tSOA\tada.ns.cloudflare.com. dns.cloudflare.com. 2047 10000 2400 604800 3600

;; NS Records
example.com.\t86400\tIN\tNS\tada.ns.cloudflare.com.

;; CNAME Records
example.com.\t1\tIN\tCNAME\tsite.example.net. ; cf_tags=cf-proxied:true
www.example.com.\t1\tIN\tCNAME\texample.com.

;; TXT Records
example.com.\t1\tIN\tTXT\t"v=spf1 -all"
`,
    )
    expect(file).toMatchObject({ format: 'cloudflare', zones: ['example.com'], problems: [] })
    expect(file.records.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'example.com SOA',
      'example.com NS',
      'www.example.com CNAME',
      'example.com TXT',
    ])
    expect(file.silent).toEqual([
      { name: 'example.com', type: 'A', reason: 'not-in-zone' },
      { name: 'example.com', type: 'AAAA', reason: 'not-in-zone' },
    ])
  })

  it('Route 53: octal escapes, aliases, several strings', () => {
    const listing = {
      ResourceRecordSets: [
        recordSet('example.com.', 'SOA', 'ns-1.awsdns-01.org. host.amazon.com. 1 7200 900 1209600 86400'),
        recordSet('example.com.', 'TXT', '"v=spf1 " "-all"', String.raw`"caf\303\251"`),
        recordSet(String.raw`\052.example.com.`, 'A', '192.0.2.1'),
        { Name: 'www.example.com.', Type: 'A', AliasTarget: { DNSName: 'x.cloudfront.net.' } },
        recordSet('example.com.', 'NAPTR', '1 2 "u" "sip" "x" .'),
      ],
    }
    for (const text of [JSON.stringify(listing), JSON.stringify(listing.ResourceRecordSets)]) {
      const file = parseZoneFile(text)
      expect(file).toMatchObject({
        format: 'route53',
        zones: ['example.com'],
        problems: [],
        others: [{ name: 'example.com', type: 'NAPTR' }],
        silent: [{ name: 'www.example.com', type: 'A', reason: 'not-in-zone' }],
      })
      expect(file.records.slice(1).map(({ name, value }) => [name, value])).toEqual([
        ['example.com', { strings: ['v=spf1 ', '-all'] }],
        ['example.com', { strings: ['café'] }],
        ['*.example.com', '192.0.2.1'],
      ])
    }
  })

  it('Route 53: a mistake has the place of its record set, and bad JSON that of the fault', () => {
    const text = `{\n "ResourceRecordSets": [\n  { "Name": "a.org.", "Type": "A", "TTL": 5, "ResourceRecords": [{ "Value": "1.2.3" }] },\n  { "Name": "b.org." }\n ]\n}`
    expect(parseZoneFile(text).problems.map(({ line, reason }) => [line, reason])).toEqual([
      [3, 'data-address'],
      [4, 'json-shape'],
    ])
    expect(parseZoneFile('{"a":1}').problems[0]?.reason).toBe('json-shape')
    const broken = parseZoneFile('{\n  "ResourceRecordSets": [,]\n}')
    expect(broken.problems[0]).toMatchObject({ reason: 'json-syntax', line: 2, column: 26 })
    expect(broken.complete).toBe(false)
  })
})

it('reads times as BIND writes them', () => {
  expect(['0', '90', '1h30m', '2W', '1d12h', '5s', '', '1x', 'h', '-1', '1.5'].map(readTtl)).toEqual([
    0,
    90,
    5_400,
    1_209_600,
    129_600,
    5,
    null,
    null,
    null,
    null,
    null,
  ])
})

it('knows every type of the resolver', () => {
  const samples: Record<RecordType, string> = {
    A: '192.0.2.1',
    AAAA: '2001:db8::1',
    CNAME: 'b',
    MX: '1 b',
    NS: 'b',
    PTR: 'b',
    SOA: 'a b 1 2 3 4 5',
    TXT: 'x',
    SPF: 'x',
    CAA: '0 issue "x"',
    TLSA: '3 1 1 aa',
    DS: '1 2 3 aa',
    DNSKEY: '256 3 8 AAAA',
    SRV: '0 1 993 b',
  }
  const text = recordTypes.map(type => `${type.toLowerCase()} 60 ${type} ${samples[type]}`).join('\n')
  expect(linesOf(text)).toHaveLength(recordTypes.length)
})
