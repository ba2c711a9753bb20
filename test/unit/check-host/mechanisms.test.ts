import { describe, expect, it } from 'vitest'
import { askHost, four, record, six, sixReverse, spf, type Vector } from './asking.ts'

const other = '198.51.100.9'
const timeout = { unavailable: 'timeout' } as const
const v6 = { ip: six }
const mapped = { ip: '::ffff:192.0.2.7' }

/** RFC 7208 §5.6 and §5: ranges, and IPv4-mapped addresses. */
const addresses: readonly Vector[] = [
  ['ip4, the address itself', record('v=spf1 ip4:192.0.2.7 -all'), 'pass'],
  ['ip4, a neighbour', record('v=spf1 ip4:192.0.2.8 -all'), 'fail'],
  ['ip4 /32', record('v=spf1 ip4:192.0.2.7/32 -all'), 'pass'],
  ['ip4 /31 takes the pair', record('v=spf1 ip4:192.0.2.6/31 -all'), 'pass'],
  ['ip4 /30 ends before', record('v=spf1 ip4:192.0.2.0/30 -all'), 'fail'],
  ['ip4 /29', record('v=spf1 ip4:192.0.2.0/29 -all'), 'pass'],
  ['ip4 /1, upper half', record('v=spf1 ip4:128.0.0.0/1 -all'), 'pass'],
  ['ip4 /1, lower half', record('v=spf1 ip4:0.0.0.0/1 -all'), 'fail'],
  ['ip4 /0', record('v=spf1 ip4:203.0.113.1/0 -all'), 'pass'],
  ['host bits do not matter', record('v=spf1 ip4:192.0.2.255/24 -all'), 'pass'],
  ['ip4 /33', record('v=spf1 ip4:192.0.2.7/33 -all'), 'permerror'],
  ['ip4 with a leading zero in the prefix', record('v=spf1 ip4:192.0.2.7/032'), 'permerror'],
  ['ip4 with a leading zero in the address', record('v=spf1 ip4:192.0.02.7'), 'permerror'],
  ['ip4 with an empty prefix', record('v=spf1 ip4:192.0.2.7/'), 'permerror'],
  ['ip4 with a prefix for IPv6', record('v=spf1 ip4:192.0.2.7//64'), 'permerror'],
  ['ip4 with a port', record('v=spf1 ip4:192.0.2.7:25'), 'permerror'],
  ['ip4 with three octets', record('v=spf1 ip4:192.0.2'), 'permerror'],
  ['ip4 without an address', record('v=spf1 ip4'), 'permerror'],
  ['ip4 with an IPv6 address', record('v=spf1 ip4:2001:db8::7'), 'permerror'],
  ['ip4 does not match IPv6', record('v=spf1 ip4:0.0.0.0/0 ?all'), 'neutral', v6],
  ['ip6, the address itself', record('v=spf1 ip6:2001:DB8::7 -all'), 'pass', v6],
  ['ip6, written differently', record('v=spf1 ip6:2001:0db8:0:0:0:0:0:0007 -all'), 'pass', v6],
  ['ip6 /127', record('v=spf1 ip6:2001:db8::6/127 -all'), 'pass', v6],
  ['ip6 /33, outside', record('v=spf1 ip6:2001:db8:8000::/33 -all'), 'fail', v6],
  ['ip6 /0', record('v=spf1 ip6:::/0 -all'), 'pass', v6],
  ['ip6 /129', record('v=spf1 ip6:::/129'), 'permerror'],
  ['ip6 with two prefixes', record('v=spf1 ip6:::/0//0'), 'permerror'],
  ['ip6 with an IPv4 address', record('v=spf1 ip6:192.0.2.7'), 'permerror'],
  ['ip6 that is no address', record('v=spf1 ip6:2001:db8:::7'), 'permerror'],
  ['ip6 does not match IPv4', record('v=spf1 ip6:::/0 -all'), 'fail'],
  ['a mapped address is IPv4', record('v=spf1 ip4:192.0.2.7 -all'), 'pass', mapped],
  ['a mapped address matches no ip6', record('v=spf1 ip6:::ffff:192.0.2.7 ip6:::/0 -all'), 'fail', mapped],
  ['a mapped address asks for A', record('v=spf1 a -all', { 'd.example': { A: [four] } }), 'pass', mapped],
  ['an IPv4-compatible address is IPv6', record('v=spf1 ip4:192.0.2.7 -all'), 'fail', { ip: '::192.0.2.7' }],
]

/** RFC 7208 §5.3. */
const a: readonly Vector[] = [
  ['the own addresses', record('v=spf1 a -all', { 'd.example': { A: [other, four] } }), 'pass'],
  ['another name', record('v=spf1 a:e.example -all', { 'e.example': { A: [four] } }), 'pass'],
  ['no match', record('v=spf1 a -all', { 'd.example': { A: [other] } }), 'fail'],
  ['AAAA for IPv6', record('v=spf1 a -all', { 'd.example': { A: [four], AAAA: [six] } }), 'pass', v6],
  ['A alone does not match IPv6', record('v=spf1 a/0 -all', { 'd.example': { A: [four] } }), 'fail', v6],
  ['a prefix', record('v=spf1 a/24 -all', { 'd.example': { A: ['192.0.2.200'] } }), 'pass'],
  [
    'a prefix for IPv6',
    record('v=spf1 a//64 -all', { 'd.example': { AAAA: ['2001:db8::ffff'] } }),
    'pass',
    v6,
  ],
  ['both prefixes', record('v=spf1 a:e.example/24//64 -all', { 'e.example': { A: ['192.0.2.1'] } }), 'pass'],
  ['the IPv6 prefix is not for IPv4', record('v=spf1 a//0 -all', { 'd.example': { A: [other] } }), 'fail'],
  ['/0 needs an address all the same', record('v=spf1 a/0 -all'), 'fail'],
  ['/0 with any address', record('v=spf1 a/0 -all', { 'd.example': { A: [other] } }), 'pass'],
  [
    'an alias is followed',
    record('v=spf1 a:e.example -all', { 'e.example': { CNAME: 'f.example' }, 'f.example': { A: [four] } }),
    'pass',
  ],
  ['no such name', record('v=spf1 a:e.example -all'), 'fail'],
  ['the look-up times out', record('v=spf1 a:e.example -all', { 'e.example': timeout }), 'temperror'],
  [
    'many addresses',
    record('v=spf1 a -all', {
      'd.example': { A: [...Array.from({ length: 60 }, (_, i) => `203.0.113.${i}`), four] },
    }),
    'pass',
  ],
  ['an empty domain', record('v=spf1 a: -all'), 'permerror'],
  ['/33', record('v=spf1 a/33'), 'permerror'],
  ['//129', record('v=spf1 a//129'), 'permerror'],
  ['/24/64', record('v=spf1 a/24/64'), 'permerror'],
  ['a top label alone', record('v=spf1 a:example'), 'permerror'],
  ['a top label alone with a dot', record('v=spf1 a:example.'), 'permerror'],
  ['a numeric top label', record('v=spf1 a:192.0.2.7'), 'permerror'],
  ['a top label that begins with a hyphen', record('v=spf1 a:d.-example'), 'permerror'],
  ['a top label with a hyphen', record('v=spf1 a:d.xn--p1ai -all', { 'd.xn--p1ai': { A: [four] } }), 'pass'],
  ['a port', record('v=spf1 a:d.example:25'), 'permerror'],
  [
    'odd characters in front',
    record('v=spf1 a:x:y/z.d.example -all', { 'x:y/z.d.example': { A: [four] } }),
    'pass',
  ],
]

/** RFC 7208 §5.4. */
const mx: readonly Vector[] = [
  [
    'the own hosts',
    record('v=spf1 mx -all', { 'd.example': { MX: ['10 m.example'] }, 'm.example': { A: [four] } }),
    'pass',
  ],
  [
    'the second host',
    record('v=spf1 mx -all', {
      'd.example': { MX: ['10 m.example', '20 n.example'] },
      'm.example': { A: [other] },
      'n.example': { A: [four] },
    }),
    'pass',
  ],
  [
    'another name',
    record('v=spf1 mx:e.example/24 -all', {
      'e.example': { MX: ['1 m.example'] },
      'm.example': { A: ['192.0.2.1'] },
    }),
    'pass',
  ],
  [
    'AAAA for IPv6',
    record('v=spf1 mx//64 -all', {
      'd.example': { MX: ['1 m.example'] },
      'm.example': { AAAA: ['2001:db8::1'] },
    }),
    'pass',
    v6,
  ],
  ['never the own address instead', record('v=spf1 mx -all', { 'd.example': { A: [four] } }), 'fail'],
  ['a null MX', record('v=spf1 mx -all', { 'd.example': { MX: ['0 .'], A: [four] } }), 'fail'],
  ['a host without an address', record('v=spf1 mx/0 -all', { 'd.example': { MX: ['1 m.example'] } }), 'fail'],
  [
    'a host that times out',
    record('v=spf1 mx -all', { 'd.example': { MX: ['1 m.example'] }, 'm.example': timeout }),
    'temperror',
  ],
  [
    'a match before a host that times out',
    record('v=spf1 mx -all', {
      'd.example': { MX: ['2 n.example', '1 m.example'] },
      'm.example': { A: [four] },
      'n.example': timeout,
    }),
    'pass',
  ],
  ['the MX look-up times out', record('v=spf1 mx:e.example', { 'e.example': timeout }), 'temperror'],
  ['an empty domain', record('v=spf1 mx:'), 'permerror'],
  ['/33', record('v=spf1 mx/33'), 'permerror'],
  ['//129', record('v=spf1 mx//129'), 'permerror'],
]

const reverse = '7.2.0.192.in-addr.arpa'

/** RFC 7208 §5.5. */
const ptr: readonly Vector[] = [
  [
    'a name below the domain',
    record('v=spf1 ptr -all', { [reverse]: { PTR: ['m.d.example'] }, 'm.d.example': { A: [four] } }),
    'pass',
  ],
  [
    'the domain itself',
    record('v=spf1 ptr -all', { [reverse]: { PTR: ['D.Example.'] }, 'd.example': { A: [four] } }),
    'pass',
  ],
  [
    'another domain',
    record('v=spf1 ptr:e.example -all', {
      [reverse]: { PTR: ['m.E.example'] },
      'm.e.example': { A: [four] },
    }),
    'pass',
  ],
  [
    'a name that only ends alike',
    record('v=spf1 ptr -all', { [reverse]: { PTR: ['bad.example'] }, 'bad.example': { A: [four] } }),
    'fail',
  ],
  [
    'a name that does not lead back',
    record('v=spf1 ptr -all', { [reverse]: { PTR: ['m.d.example'] }, 'm.d.example': { A: [other] } }),
    'fail',
  ],
  [
    'IPv6',
    record('v=spf1 ptr -all', { [sixReverse]: { PTR: ['m.d.example'] }, 'm.d.example': { AAAA: [six] } }),
    'pass',
    v6,
  ],
  [
    'IPv6 needs AAAA',
    record('v=spf1 ptr -all', { [sixReverse]: { PTR: ['m.d.example'] }, 'm.d.example': { A: [four] } }),
    'fail',
    v6,
  ],
  ['no PTR record', record('v=spf1 ptr -all'), 'fail'],
  [
    'the PTR look-up times out: no match, no error',
    record('v=spf1 ptr -all', { [reverse]: timeout }),
    'fail',
  ],
  [
    'a name that times out is left out',
    record('v=spf1 ptr -all', {
      [reverse]: { PTR: ['x.d.example', 'm.d.example'] },
      'x.d.example': timeout,
      'm.d.example': { A: [four] },
    }),
    'pass',
  ],
  [
    'a name with aliases in a circle is left out',
    record('v=spf1 ptr -all', {
      [reverse]: { PTR: ['x.d.example'] },
      'x.d.example': { CNAME: 'x.d.example' },
    }),
    'fail',
  ],
  ['takes no prefix', record('v=spf1 ptr/24'), 'permerror'],
  ['an empty domain', record('v=spf1 ptr:'), 'permerror'],
]

/** RFC 7208 §5.7. */
const exists: readonly Vector[] = [
  ['any A record', record('v=spf1 exists:e.example -all', { 'e.example': { A: ['127.0.0.2'] } }), 'pass'],
  ['none', record('v=spf1 exists:e.example -all'), 'fail'],
  [
    'A for IPv6 too',
    record('v=spf1 exists:e.example -all', { 'e.example': { A: ['127.0.0.2'] } }),
    'pass',
    v6,
  ],
  [
    'AAAA alone does not count',
    record('v=spf1 exists:e.example -all', { 'e.example': { AAAA: [six] } }),
    'fail',
    v6,
  ],
  [
    'an alias is followed',
    record('v=spf1 exists:e.example', {
      'e.example': { CNAME: 'f.example' },
      'f.example': { A: ['127.0.0.2'] },
    }),
    'pass',
  ],
  ['the look-up times out', record('v=spf1 exists:e.example', { 'e.example': timeout }), 'temperror'],
  ['without a domain', record('v=spf1 exists'), 'permerror'],
  ['an empty domain', record('v=spf1 exists:'), 'permerror'],
  ['takes no prefix', record('v=spf1 exists:e.example/24'), 'permerror'],
]

const including = (text: string) => record('v=spf1 include:i.example ~all', { 'i.example': spf(text) })

/** The table of RFC 7208 §5.2. */
const include: readonly Vector[] = [
  ['pass matches', including('v=spf1 ip4:192.0.2.7 -all'), 'pass'],
  ['fail does not', including('v=spf1 -all'), 'softfail'],
  ['softfail does not', record('v=spf1 include:i.example -all', { 'i.example': spf('v=spf1 ~all') }), 'fail'],
  ['neutral does not', including('v=spf1 ?all'), 'softfail'],
  ['nothing said does not', including('v=spf1'), 'softfail'],
  ['temperror is one', record('v=spf1 include:i.example +all', { 'i.example': timeout }), 'temperror'],
  ['permerror is one', including('v=spf1 nonsense'), 'permerror'],
  [
    'none is a permerror',
    record('v=spf1 include:i.example +all', { 'i.example': { TXT: ['x'] } }),
    'permerror',
  ],
  ['a domain that does not exist is a permerror', record('v=spf1 include:i.example +all'), 'permerror'],
  [
    'two records there',
    record('v=spf1 include:i.example +all', { 'i.example': { TXT: ['v=spf1', 'v=spf1 a'] } }),
    'permerror',
  ],
  [
    'the sign of the include counts',
    record('v=spf1 -include:i.example +all', { 'i.example': spf('v=spf1 +all') }),
    'fail',
  ],
  [
    'its redirect counts',
    record('v=spf1 include:i.example -all', {
      'i.example': spf('v=spf1 redirect=r.example'),
      'r.example': spf('v=spf1 +all'),
    }),
    'pass',
  ],
  [
    'its a means its own name',
    record('v=spf1 include:i.example -all', {
      'd.example': { A: [other] },
      'i.example': { TXT: ['v=spf1 a -all'], A: [four] },
    }),
    'pass',
  ],
  ['a match before it needs no look-up', record('v=spf1 ip4:192.0.2.7 include:i.example'), 'pass'],
  ['without a domain', record('v=spf1 include -all'), 'permerror'],
  ['an empty domain', record('v=spf1 include: -all'), 'permerror'],
  ['takes no prefix', record('v=spf1 include:i.example/24'), 'permerror'],
  [
    'a macro that gives no name',
    record('v=spf1 include:%{l}.i.example', {}),
    'permerror',
    { from: `${'x'.repeat(70)}@d.example` },
  ],
]

/** RFC 7208 §6.1. */
const redirect: readonly Vector[] = [
  [
    'hands over',
    record('v=spf1 redirect=r.example', { 'r.example': spf('v=spf1 ip4:192.0.2.7 -all') }),
    'pass',
  ],
  [
    'after all mechanisms, wherever it stands',
    record('v=spf1 redirect=r.example ip4:192.0.2.7', { 'r.example': spf('v=spf1 -all') }),
    'pass',
  ],
  [
    'is not used when all is there',
    record('v=spf1 redirect=r.example ~all', { 'r.example': spf('v=spf1 +all') }),
    'softfail',
  ],
  [
    'neutral comes back as neutral',
    record('v=spf1 redirect=r.example', { 'r.example': spf('v=spf1') }),
    'neutral',
  ],
  [
    'a means the name redirected to',
    record('v=spf1 redirect=r.example', { 'r.example': { TXT: ['v=spf1 a -all'], A: [four] } }),
    'pass',
  ],
  ['to no record', record('v=spf1 redirect=r.example', { 'r.example': {} }), 'permerror'],
  ['to a domain that does not exist', record('v=spf1 redirect=r.example'), 'permerror'],
  ['to a look-up that times out', record('v=spf1 redirect=r.example', { 'r.example': timeout }), 'temperror'],
  ['to a broken record', record('v=spf1 redirect=r.example', { 'r.example': spf('v=spf1 x') }), 'permerror'],
  ['twice', record('v=spf1 redirect=r.example redirect=r.example'), 'permerror'],
  ['without a domain', record('v=spf1 redirect='), 'permerror'],
  ['to no domain name', record('v=spf1 redirect=-all'), 'permerror'],
  [
    'a macro that gives no name',
    record('v=spf1 redirect=%{l}.r.example'),
    'permerror',
    { from: `${'x'.repeat(70)}@d.example` },
  ],
]

describe.each<[string, readonly Vector[]]>([
  ['ip4 and ip6', addresses],
  ['a', a],
  ['mx', mx],
  ['ptr', ptr],
  ['exists', exists],
  ['include', include],
  ['redirect', redirect],
])('%s', (_, vectors) => {
  it.each(vectors.map(vector => [vector[0], vector] as const))(
    '%s',
    async (_name, [, text, result, asking]) => {
      expect((await askHost(text, asking)).result).toBe(result)
    },
  )
})

describe('what is asked', () => {
  it('one address family alone', async () => {
    const { zone } = await askHost(record('v=spf1 a mx -all', { 'd.example': { MX: ['1 m.example'] } }), v6)
    expect(zone.calls.map(call => `${call.name} ${call.type}`)).toEqual([
      'd.example TXT',
      'd.example AAAA',
      'd.example MX',
      'm.example AAAA',
    ])
  })

  it('the PTR records once, however often they are wanted', async () => {
    const { zone } = await askHost(record('v=spf1 ptr ptr:e.example exists:%{p}.x.example -all'))
    expect(zone.calls.filter(call => call.type === 'PTR')).toHaveLength(1)
  })
})
