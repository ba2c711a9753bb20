import { describe, expect, it } from 'vitest'
import { askHost, four, record, six, spf, type Vector } from './asking.ts'

const long = 'l'.repeat(64)
const timeout = { unavailable: 'timeout' } as const

/** RFC 7208 §4.3 and §2.4: which domain is asked about, and when none is. */
const initial: readonly Vector[] = [
  [
    'a label of 63 octets',
    { [`${'l'.repeat(63)}.d.example`]: spf('v=spf1 -all') },
    'fail',
    { from: `a@${'l'.repeat(63)}.d.example` },
  ],
  ['a label of 64 octets', {}, 'none', { from: `a@${long}.d.example` }],
  ['a name of more than 253 octets', {}, 'none', { from: `a@${'abcdefgh.'.repeat(29)}example` }],
  ['an empty label', {}, 'none', { from: 'a@d..example' }],
  ['a single label', { localhost: spf('v=spf1 +all') }, 'none', { from: 'a@localhost' }],
  ['an address literal', {}, 'none', { from: 'a@[192.0.2.7]' }],
  ['nothing at all', {}, 'none', { from: '', helo: '' }],
  ['a HELO that is no domain', {}, 'none', { from: '', helo: 'MYPC' }],
  ['a HELO that is an address literal', {}, 'none', { from: '', helo: '[192.0.2.7]' }],
  ['a bounce asks about HELO', { 'helo.example': spf('v=spf1 ip4:192.0.2.7 -all') }, 'pass', { from: '' }],
  ['a bounce with brackets too', { 'helo.example': spf('v=spf1 -all') }, 'fail', { from: '<>' }],
  ['a sender in brackets', record('v=spf1 -all'), 'fail', { from: '<ann@d.example>' }],
  [
    'a sender without a local part',
    record('v=spf1 exists:%{l}.l.example', { 'postmaster.l.example': { A: ['127.0.0.2'] } }),
    'pass',
    { from: '@d.example' },
  ],
  ['a domain alone', record('v=spf1 -all'), 'fail', { from: 'd.example' }],
  ['the last @ counts', record('v=spf1 -all'), 'fail', { from: 'a@b@d.example' }],
  ['a final dot is no label', record('v=spf1 -all'), 'fail', { from: 'a@d.example.' }],
  ['upper case is the same name', record('v=spf1 -all'), 'fail', { from: 'a@D.EXAMPLE' }],
  [
    'an international domain',
    { 'xn--bcher-kva.example': spf('v=spf1 -all') },
    'fail',
    { from: 'a@bücher.example' },
  ],
  [
    'an international HELO',
    { 'xn--bcher-kva.example': spf('v=spf1 -all') },
    'fail',
    { from: '', helo: 'BÜCHER.example' },
  ],
  ['a control character in the domain', {}, 'none', { from: 'a@d\u0000.example' }],
]

/** RFC 7208 §4.4, §4.5, §3.1–3.3: which record is taken. */
const selection: readonly Vector[] = [
  ['no such domain', {}, 'none'],
  ['no TXT record', { 'd.example': { A: [four] } }, 'none'],
  ['no TXT record that is SPF', record('some-verification=1'), 'none'],
  ['the retired type is not asked for', { 'd.example': { SPF: ['v=spf1 +all'] } }, 'none'],
  ['TXT wins over the retired type', { 'd.example': { SPF: ['v=spf1 +all'], TXT: ['v=spf1 -all'] } }, 'fail'],
  ['the TXT look-up times out', { 'd.example': timeout }, 'temperror'],
  ['SERVFAIL', { 'd.example': { unavailable: 'servfail' } }, 'temperror'],
  ['REFUSED', { 'd.example': { unavailable: 'refused' } }, 'temperror'],
  ['an alias is followed', { 'd.example': { CNAME: 'e.example' }, 'e.example': spf('v=spf1 -all') }, 'fail'],
  [
    'aliases in a circle',
    { 'd.example': { CNAME: 'e.example' }, 'e.example': { CNAME: 'd.example' } },
    'temperror',
  ],
  ['other records beside it', { 'd.example': { TXT: ['x', 'v=spf1 -all', 'v=DMARC1; p=none'] } }, 'fail'],
  ['octets outside ASCII in another record', { 'd.example': { TXT: ['é', 'v=spf1 -all'] } }, 'fail'],
  ['two records', { 'd.example': { TXT: ['v=spf1 -all', 'v=spf1 +all'] } }, 'permerror'],
  ['two equal records', { 'd.example': { TXT: ['v=spf1 -all', 'v=spf1 -all'] } }, 'permerror'],
  ['two records in different case', { 'd.example': { TXT: ['v=spf1 -all', 'V=SPF1 -all'] } }, 'permerror'],
  [
    'another version beside it',
    { 'd.example': { TXT: ['v=spf10 +all', 'spf2.0/pra +all', 'v=spf1 -all'] } },
    'fail',
  ],
  ['the version in any case', record('V=sPf1 ~ALL'), 'softfail'],
  ['the version alone', record('v=spf1'), 'neutral'],
  ['the version and a space', record('v=spf1 '), 'neutral'],
  [
    'strings are joined as they are',
    { 'd.example': { TXT: [['v=spf1 ip4:192.0', '.2.7 -a', 'll']] } },
    'pass',
  ],
  ['no space is put between strings', { 'd.example': { TXT: [['v=spf1', '-all']] } }, 'none'],
  [
    'a seam that swallows the space',
    { 'd.example': { TXT: [['v=spf1 ip4:192.0.2.7', '-all']] } },
    'permerror',
  ],
]

/** RFC 7208 §4.6.1, §12: an error anywhere counts before anything is evaluated. */
const syntax: readonly Vector[] = [
  ['several spaces', record('v=spf1   ip4:192.0.2.7    -all  '), 'pass'],
  ['an error behind a match', record('v=spf1 ip4:192.0.2.7 -all nonsense'), 'permerror'],
  ['an error behind all', record('v=spf1 +all ip4:999.0.0.1'), 'permerror'],
  ['a tab is no space', record('v=spf1 ip4:192.0.2.7\t-all'), 'permerror'],
  ['a line break is no space', record('v=spf1 a:d.example\r\nptr -all'), 'permerror'],
  ['an octet outside ASCII', record('v=spf1 ip4:192.0.2.7 \u201eall'), 'permerror'],
  ['a NUL', record('v=spf1 a:d.example\u0000'), 'permerror'],
  ['quotes', record('v=spf1 "ip4:192.0.2.7" -all'), 'permerror'],
  ['an unknown mechanism', record('v=spf1 ipv4:192.0.2.7 -all'), 'permerror'],
  ['an unknown modifier is ignored', record('v=spf1 x-y.z_1=%{d}/a:b ip4:192.0.2.7 -all'), 'pass'],
  ['an unknown modifier twice', record('v=spf1 x=1 x=2 ip4:192.0.2.7'), 'pass'],
  ['an unknown modifier without a value', record('v=spf1 x= ip4:192.0.2.7'), 'pass'],
  ['an unknown modifier with a bad macro', record('v=spf1 x=%{q} ip4:192.0.2.7'), 'permerror'],
  ['a modifier name that begins with a digit', record('v=spf1 1x=y'), 'permerror'],
  ['a modifier without a name', record('v=spf1 =y'), 'permerror'],
  ['a sign before a modifier', record('v=spf1 -redirect=e.example'), 'permerror'],
  ['a colon after redirect', record('v=spf1 redirect:e.example'), 'permerror'],
  ['two signs', record('v=spf1 --all'), 'permerror'],
  ['a sign alone', record('v=spf1 - all'), 'permerror'],
  ['mechanism names in any case', record('v=spf1 IP4:192.0.2.7 -ALL'), 'pass'],
  [
    'an include that reads as a modifier',
    record('v=spf1 include=e.example -all', { 'e.example': spf('v=spf1 +all') }),
    'fail',
  ],
]

/** RFC 7208 §4.6.2, §4.7, §5.1: signs, order, and what is so when nothing matches. */
const evaluation: readonly Vector[] = [
  ['+', record('v=spf1 +all'), 'pass'],
  ['no sign', record('v=spf1 all'), 'pass'],
  ['-', record('v=spf1 -all'), 'fail'],
  ['~', record('v=spf1 ~all'), 'softfail'],
  ['?', record('v=spf1 ?all'), 'neutral'],
  ['a sign on another mechanism', record('v=spf1 ~ip4:192.0.2.0/24 -all'), 'softfail'],
  ['the first match decides', record('v=spf1 -ip4:192.0.2.7 ip4:192.0.2.0/24'), 'fail'],
  ['nothing behind all counts', record('v=spf1 -all ip4:192.0.2.7'), 'fail'],
  ['no match and no all', record('v=spf1 ip4:198.51.100.1'), 'neutral'],
  ['all takes no domain', record('v=spf1 all:d.example'), 'permerror'],
  ['all takes no prefix', record('v=spf1 all/8'), 'permerror'],
  ['all takes no dot', record('v=spf1 -all.'), 'permerror'],
  ['IPv6 and no IPv6 term', record('v=spf1 ip4:0.0.0.0/0 -all'), 'fail', { ip: six }],
]

describe.each<[string, readonly Vector[]]>([
  ['initial processing', initial],
  ['selection', selection],
  ['syntax', syntax],
  ['evaluation', evaluation],
])('%s', (_, vectors) => {
  it.each(vectors.map(vector => [vector[0], vector] as const))(
    '%s',
    async (_name, [, text, result, asking]) => {
      expect((await askHost(text, asking)).result).toBe(result)
    },
  )
})

describe('what comes with the answer', () => {
  it('an error before any look-up of a term asks for nothing but the record', async () => {
    const { zone, lookups, cause } = await askHost(record('v=spf1 a mx include:e.example nonsense'))
    expect(zone.calls).toEqual([{ name: 'd.example', type: 'TXT' }])
    expect(lookups).toBe(0)
    expect(cause).toEqual({
      code: 'record-invalid',
      domain: 'd.example',
      term: 'nonsense',
      reason: 'unknown-mechanism',
    })
  })

  it('a domain that cannot be asked about costs no question', async () => {
    const { zone, cause } = await askHost({}, { from: 'a@d..example' })
    expect(zone.calls).toEqual([])
    expect(cause?.code).toBe('domain-malformed')
  })

  it('the term that decided, through include and redirect', async () => {
    const answer = await askHost(
      record('v=spf1 ip4:198.51.100.1 include:i.example -all', {
        'i.example': spf('v=spf1 redirect=r.example'),
        'r.example': spf('v=spf1 ip4:192.0.2.0/24 -all'),
      }),
    )
    expect(answer).toMatchObject({
      result: 'pass',
      matched: 'include:i.example → redirect=r.example → ip4:192.0.2.0/24',
      lookups: 2,
      voidLookups: 0,
      cause: null,
    })
    expect(answer.trace).toEqual([
      { domain: 'd.example', depth: 0, term: 'ip4:198.51.100.1', target: null, outcome: 'not-matched' },
      { domain: 'd.example', depth: 0, term: 'include:i.example', target: 'i.example', outcome: 'matched' },
      { domain: 'i.example', depth: 1, term: 'redirect=r.example', target: 'r.example', outcome: 'followed' },
      { domain: 'r.example', depth: 2, term: 'ip4:192.0.2.0/24', target: null, outcome: 'matched' },
    ])
  })

  it('none matched', async () => {
    expect(await askHost(record('v=spf1 ip4:198.51.100.1'))).toMatchObject({ matched: null, cause: null })
    expect(await askHost(record('v=spf1 ~all'))).toMatchObject({ matched: '~all' })
  })

  it('why it could not look', async () => {
    const answer = await askHost(record('v=spf1 a:e.example -all', { 'e.example': timeout }))
    expect(answer).toMatchObject({
      result: 'temperror',
      matched: null,
      cause: { code: 'unavailable', domain: 'd.example', term: 'a:e.example', reason: 'timeout' },
    })
  })

  it('an address that is none is the fault of whoever asks', async () => {
    await expect(askHost({}, { ip: '192.0.2' })).rejects.toThrow(TypeError)
  })
})
