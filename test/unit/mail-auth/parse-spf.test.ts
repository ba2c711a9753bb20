import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSpf, parseSpf, type SpfReason, type SpfTerm } from '#shared/mail-auth/parse-spf.ts'
import { cpuTime } from '../../helpers/cpu-time.ts'

function termsOf(text: string): readonly SpfTerm[] {
  const parsed = parseSpf(text)
  return parsed.ok ? parsed.record.terms : []
}

function reasonsOf(text: string): SpfReason[] {
  const parsed = parseSpf(text)
  return parsed.ok ? parsed.record.errors.map(error => error.reason) : []
}

describe('version', () => {
  it.each(['v=spf1', 'v=spf1 ', 'V=SPF1 -all', 'v=SpF1   mx'])('takes %j', text => {
    expect(isSpf(text)).toBe(true)
  })
  it.each(['v=spf1;', ' v=spf1', '"v=spf1 -all"', 'v=spf10 -all', 'v=spf1\t-all', 'v=spf2.0/pra', ''])(
    'refuses %j',
    text => {
      expect(parseSpf(text)).toEqual({ ok: false, reason: 'not-spf' })
    },
  )
})

describe('terms', () => {
  it.each([
    ['-all', { qualifier: '-', mechanism: 'all', domain: null }],
    ['ALL', { qualifier: '+', mechanism: 'all' }],
    ['a', { mechanism: 'a', domain: null, prefix4: null, prefix6: null }],
    ['a/24', { mechanism: 'a', domain: null, prefix4: 24, prefix6: null }],
    ['a//64', { mechanism: 'a', prefix4: null, prefix6: 64 }],
    [
      '~mx:example.org/24//64',
      { qualifier: '~', mechanism: 'mx', domain: 'example.org', prefix4: 24, prefix6: 64 },
    ],
    ['include:_spf.example.org.', { mechanism: 'include', domain: '_spf.example.org.', macro: false }],
    ['exists:%{ir}.%{l1r-}._spf.%{d2}', { mechanism: 'exists', macro: true }],
    ['a:%{d}/32', { mechanism: 'a', domain: '%{d}', prefix4: 32 }],
    ['?ptr', { qualifier: '?', mechanism: 'ptr', domain: null }],
    ['ptr:example.org', { mechanism: 'ptr', domain: 'example.org' }],
    ['ip4:192.0.2.0/24', { mechanism: 'ip4', address: '192.0.2.0', prefix4: 24 }],
    ['ip4:192.0.2.0/0', { prefix4: 0 }],
    ['ip6:2001:db8::/32', { mechanism: 'ip6', address: '2001:db8::', prefix6: 32 }],
    ['ip6:::ffff:192.0.2.1', { mechanism: 'ip6', address: '::ffff:192.0.2.1' }],
    ['redirect=_spf.example.org', { kind: 'modifier', name: 'redirect', value: '_spf.example.org' }],
    ['exp=explain.%{d}', { kind: 'modifier', name: 'exp', macro: true }],
    ['moo.cow-far_out=man:dog/cat', { kind: 'modifier', name: 'moo.cow-far_out', value: 'man:dog/cat' }],
  ])('reads %j', (term, expected) => {
    expect(reasonsOf(`v=spf1 ${term}`)).toEqual([])
    expect(termsOf(`v=spf1 ${term}`)[0]).toMatchObject(expected)
  })

  it.each<[string, SpfReason]>([
    ['al', 'unknown-mechanism'],
    [':example.org', 'unknown-mechanism'],
    ['allx', 'unknown-mechanism'],
    ['a!b', 'unknown-mechanism'],
    ['–all', 'bad-character'],
    ['mx\t', 'bad-character'],
    ['all:example.org', 'value-not-allowed'],
    ['include', 'value-missing'],
    ['include:', 'value-missing'],
    ['a:', 'value-missing'],
    ['ip4', 'value-missing'],
    ['redirect=', 'value-missing'],
    ['include/24', 'value-not-allowed'],
    ['redirect:example.org', 'modifier-as-mechanism'],
    ['-redirect=example.org', 'qualifier-on-modifier'],
    ['ip4:192.0.2', 'address-invalid'],
    ['ip4:192.0.2.256', 'address-invalid'],
    ['ip4:192.0.2.01', 'address-invalid'],
    ['ip4:2001:db8::1', 'address-family'],
    ['ip6:192.0.2.1', 'address-family'],
    ['ip6:2001:db8:::1', 'address-invalid'],
    ['ip4:192.0.2.0/33', 'prefix-length-invalid'],
    ['ip4:192.0.2.0/08', 'prefix-length-invalid'],
    ['ip4:192.0.2.0/', 'prefix-length-invalid'],
    ['ip6:2001:db8::/129', 'prefix-length-invalid'],
    ['a/33', 'prefix-length-invalid'],
    ['a//129', 'prefix-length-invalid'],
    ['mx:example.org/x', 'domain-invalid'],
    ['include:localhost', 'domain-invalid'],
    ['include:example.123', 'domain-invalid'],
    ['include:a..example', 'domain-invalid'],
    [`include:${'a'.repeat(64)}.example`, 'domain-invalid'],
    ['exists:%{q}.example', 'macro-invalid'],
    ['exists:%{d0}.example', 'macro-invalid'],
    ['exists:%d.example', 'macro-invalid'],
    ['exists:%{d.example', 'macro-invalid'],
    ['exists:%{t}.example', 'macro-only-in-exp'],
    ['x=%{y', 'macro-invalid'],
  ])('%j is %s', (term, reason) => {
    expect(reasonsOf(`v=spf1 ${term} -all`)).toEqual([reason])
  })

  it('a slash behind a prefix and a space before one are both told', () => {
    expect(reasonsOf('v=spf1 ip4:192.0.2.0 /24 -all')).toEqual(['unknown-mechanism'])
  })

  it('redirect and exp may stand there once, unknown modifiers often', () => {
    expect(reasonsOf('v=spf1 redirect=a.example REDIRECT=b.example')).toEqual(['modifier-duplicate'])
    expect(reasonsOf('v=spf1 exp=a.example exp=a.example -all')).toEqual(['modifier-duplicate'])
    expect(reasonsOf('v=spf1 x=1 x=2 -all')).toEqual([])
  })

  it('positions point at the text', () => {
    const text = 'v=spf1  ~include:a.example/24 -all'
    const parsed = parseSpf(text)
    expect(parsed.ok && parsed.record.errors.map(error => text.slice(error.start, error.end))).toEqual([
      'a.example/24',
    ])
    const [all] = termsOf(text)
    expect(text.slice(all?.span.start, all?.span.end)).toBe('-all')
    expect(text.slice(all?.nameSpan.start, all?.nameSpan.end)).toBe('all')
  })
})

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/)
const domain = fc.tuple(label, label).map(parts => parts.join('.'))
const qualifier = fc.constantFrom('', '+', '-', '~', '?')
const octet = fc.integer({ min: 0, max: 255 })
const value = fc.oneof(
  fc.constantFrom('all', 'a', 'mx', 'ptr', 'a/24', 'mx//64'),
  domain.map(name => `include:${name}`),
  domain.map(name => `exists:%{i}.${name}`),
  fc.tuple(octet, octet, octet, octet).map(quad => `ip4:${quad.join('.')}/24`),
  fc.tuple(domain, fc.integer({ min: 0, max: 32 })).map(([name, prefix]) => `a:${name}/${prefix}`),
)
const directive = fc.tuple(qualifier, value).map(parts => parts.join(''))

/** Any UTF-16 unit, lone surrogates too. */
const anyUnit = fc.integer({ min: 0, max: 0xffff }).map(code => String.fromCharCode(code))

describe('any text', () => {
  const spfLike = fc.oneof(
    fc.string({ unit: anyUnit }),
    fc.string().map(rest => `v=spf1 ${rest}`),
    fc
      .array(
        fc.constantFrom(
          'a',
          ':',
          '/',
          '%',
          '{',
          '}',
          'd',
          '=',
          ' ',
          '-',
          'ip4',
          'include',
          '.',
          '1',
          'redirect',
        ),
      )
      .map(parts => `v=spf1 ${parts.join('')}`),
  )

  it('never throws, and every position lies inside the text', () => {
    fc.assert(
      fc.property(spfLike, text => {
        const parsed = parseSpf(text)
        if (!parsed.ok) return
        const spans = [
          ...parsed.record.errors,
          ...parsed.record.terms.flatMap(term => [term.span, term.nameSpan]),
        ]
        for (const { start, end } of spans) {
          expect(start).toBeGreaterThanOrEqual(6)
          expect(end).toBeGreaterThan(start)
          expect(end).toBeLessThanOrEqual(text.length)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('a printed record is read back term by term', () => {
    fc.assert(
      fc.property(fc.array(directive, { maxLength: 12 }), terms => {
        const text = ['v=spf1', ...terms].join(' ')
        expect(reasonsOf(text)).toEqual([])
        expect(termsOf(text).map(term => term.text)).toEqual(terms)
        const printed = termsOf(text).map(term => (term.kind === 'directive' ? print(term) : term.text))
        expect(termsOf(['v=spf1', ...printed].join(' ')).map(shape)).toEqual(termsOf(text).map(shape))
      }),
    )
  })

  it('64 KiB of anything is read in a moment', () => {
    const texts = ['%{', 'a/', ' a', ' x=%%', ' ip4:1.1.1.1/', ' redirect=a.b', '/1'].map(
      part => `v=spf1 ${part.repeat(65_536 / part.length)}`,
    )
    const tookMs = cpuTime()
    for (const text of texts) parseSpf(text)
    expect(tookMs()).toBeLessThan(5_000)
  })
})

function print(term: Extract<SpfTerm, { kind: 'directive' }>): string {
  const target = term.address ?? term.domain
  const four = term.prefix4 === null ? '' : `/${term.prefix4}`
  const six = term.prefix6 === null ? '' : `//${term.prefix6}`
  return `${term.qualifier}${term.mechanism}${target === null ? '' : `:${target}`}${four}${six}`
}

function shape(term: SpfTerm) {
  if (term.kind === 'modifier') return [term.name, term.value]
  const { qualifier, mechanism, domain, address, prefix4, prefix6 } = term
  return [qualifier, mechanism, domain, address, prefix4, prefix6]
}
