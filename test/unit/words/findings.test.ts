import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rules } from '#engine/domains/checks/rules.ts'
import { type Fact, findingCodes } from '#shared/model/finding.ts'
import { describeFinding, findingWords } from '#shared/words/findings.ts'

/** One likely value for every fact that a rule names. */
const likely: Record<string, Fact> = {
  address: 'postmaster@example.com',
  addresses: ['10.0.0.1', 'fd00::1'],
  algorithms: ['RSASHA1'],
  all: '-all',
  applied: 'none',
  asked: ['_dmarc.mail.example.com', '_dmarc.example.com'],
  canonical: 'real.example.net',
  costliest: ['include:a.example', 'include:b.example'],
  costliestLookups: 7,
  costs: 3,
  count: 2,
  days: 3,
  aligned: 990,
  otherSources: 2,
  otherMessages: 40,
  messages: 400,
  next: 'quarantine-testing',
  detail: '404',
  differs: true,
  domain: 'mail.example.com',
  errors: 2,
  expected: 'v=DMARC1; p=none',
  from: '_dmarc.example.com',
  hashes: ['sha1'],
  holds: 'dmarc',
  host: 'mx1.example.com',
  hosts: 12,
  include: 'include:_spf.example.net',
  inside: ['ip4:192.0.2.0/24'],
  keyBits: 1024,
  keyTags: ['12345'],
  kind: 'parked',
  left: 'include:a.example',
  limit: 10,
  line: 'max_age: never',
  lookups: 11,
  maxAgeS: 3600,
  missing: 'selector2._domainkey.example.com',
  mode: 'enforce',
  name: '_dmarc.example.com',
  names: ['mail.example.org'],
  network: '192.0.2.0/24',
  octets: 520,
  onlyParent: ['old.example.net'],
  onlyZone: ['ns2.example.net'],
  options: '0:1',
  organisation: '_dmarc.example.com',
  organisationPolicy: 'reject',
  others: ['mx1.example.com', 'mx2.example.com'],
  path: ['example.com', 'a.example', 'example.com'],
  patterns: ['*.example.net'],
  policy: 'reject',
  position: 7,
  preference: 10,
  prefix: 8,
  problems: ['duplicate'],
  protocol: 'TLSv1.1',
  provider: 'Google Workspace',
  providers: ['Google Workspace', 'Microsoft 365'],
  reason: 'duplicate',
  record: 'v=spf1 include:a.example ip4:192.0.2.0/33 -all',
  records: ['v=spf1 -all', 'v=spf1 ~all'],
  registrable: 'gone.example',
  revoked: 1,
  right: 'include:b.example',
  role: 'sender',
  selector: 's1',
  selectors: ['s1', 's2'],
  serials: ['ns1.example.net: 7', 'ns2.example.net: 6'],
  servers: ['ns1.example.net: a', 'ns2.example.net: b'],
  service: 'Heroku',
  services: ['tlsrpt'],
  shouldBe: '_dmarc.example.com',
  size: '10m',
  subdomainPolicy: 'none',
  tag: 'sp',
  tags: ['pct', 'ri'],
  target: '_spf.example.net',
  targets: ['gone.example', 'gone2.example', 'gone3.example'],
  term: 'ip4:192.0.2.0/33',
  terms: ['include:late.example', 'mx'],
  tried: 64,
  type: 'TXT',
  url: 'https://example.com/logo.svg',
  usages: ['0', '1'],
  version: 'DKIM2',
  via: ['example.com', '_spf.example.net'],
  voidLookups: 3,
  zone: 'example.com',
}

function expectSentences(code: (typeof findingCodes)[number], facts: Record<string, Fact>) {
  const words = describeFinding({ code, facts })
  for (const [part, sentence] of Object.entries(words)) {
    expect(sentence, part).not.toMatch(/undefined|NaN|\[object|Infinity|!|\s{2}|\s[.,;:](?:\s|$)|“”/)
    expect(sentence, part).toMatch(part === 'fix' ? /\.$|: v=\S.*[^.]$/ : /\.$/)
    expect(sentence, part).toMatch(/^[\p{Lu}“]/u)
  }
  expect(words.title.length, words.title).toBeLessThanOrEqual(120)
}

describe.each(findingCodes)('%s', code => {
  test('speaks with the facts its rule brings', () => {
    const facts = Object.fromEntries(rules[code].facts.map(name => [name, likely[name] ?? '']))
    expect(Object.keys(facts).filter(name => !(name in likely))).toEqual([])
    expectSentences(code, facts)
  })

  test('speaks without any fact', () => {
    expectSentences(code, {})
  })

  test('stays short and whole with facts of any length', () => {
    const long = Object.fromEntries(rules[code].facts.map(name => [name, 'x'.repeat(1_000)]))
    expectSentences(code, long)
    const lists = Object.fromEntries(rules[code].facts.map(name => [name, Array(50).fill('y'.repeat(80))]))
    expectSentences(code, lists)
    const empty = Object.fromEntries(rules[code].facts.map(name => [name, [] as string[]]))
    expectSentences(code, empty)
  })
})

test('no two findings carry the same title', () => {
  const titles = findingCodes.map(code => findingWords[code].title({}))
  expect(new Set(titles).size).toBe(titles.length)
})

test('the number of look-ups and the limit stand in the sentence', () => {
  const { title, fix } = describeFinding({
    code: 'spf.too-many-lookups',
    facts: {
      lookups: 11,
      limit: 10,
      costliest: ['include:a.example', 'include:b.example'],
      costliestLookups: 7,
    },
  })
  expect(title).toBe('SPF needs 11 look-ups; receivers stop at 10 and treat the record as broken.')
  expect(fix).toContain('include:a.example and include:b.example cost 7.')
})

test('what is wrong with an SPF term is said in words', () => {
  const facts = { name: 'example.com', term: 'ip4:::1', reason: 'address-family' }
  expect(describeFinding({ code: 'spf.syntax', facts }).title).toBe(
    'SPF cannot be read: “ip4:::1” mixes IPv4 and IPv6: ip4: takes IPv4 addresses, ip6: takes IPv6.',
  )
})

test('facts of any kind never break a sentence', () => {
  const fact = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.array(fc.string(), { maxLength: 5 }))
  fc.assert(
    fc.property(fc.constantFrom(...findingCodes), fc.infiniteStream(fact), (code, values) => {
      const facts = Object.fromEntries(rules[code].facts.map(name => [name, values.next().value as Fact]))
      const words = describeFinding({ code, facts })
      return words.title.length <= 120 && words.fix.length > 0 && !/undefined|NaN|\[object/.test(words.why)
    }),
  )
})
