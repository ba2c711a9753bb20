import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDomainName } from '#engine/domains/domain-name.ts'

function refusal(input: string) {
  const result = parseDomainName(input)
  return result.ok ? result.value : { code: result.failure.code, ...result.failure.detail }
}

describe('parseDomainName accepts', () => {
  test.each([
    ['example.com', 'example.com', 'example.com', 'example.com', 'mail.example.com'],
    ['  Example.COM.\n', 'example.com', 'Example.COM', 'example.com', 'mail.example.com'],
    ['news.example.co.uk', 'news.example.co.uk', 'news.example.co.uk', 'example.co.uk', null],
    ['exämple.de', 'xn--exmple-cua.de', 'exämple.de', 'xn--exmple-cua.de', 'mail.xn--exmple-cua.de'],
    ['faß.de', 'xn--fa-hia.de', 'faß.de', 'xn--fa-hia.de', 'mail.xn--fa-hia.de'],
    ['日本。jp', 'xn--wgv71a.jp', '日本。jp', 'xn--wgv71a.jp', 'mail.xn--wgv71a.jp'],
    ['ＥＸＡＭＰＬＥ．com', 'example.com', 'ＥＸＡＭＰＬＥ．com', 'example.com', 'mail.example.com'],
    [
      'XN--EXMPLE-CUA.de',
      'xn--exmple-cua.de',
      'XN--EXMPLE-CUA.de',
      'xn--exmple-cua.de',
      'mail.xn--exmple-cua.de',
    ],
    ['shop.github.io', 'shop.github.io', 'shop.github.io', 'github.io', null],
    ['1and1.com', '1and1.com', '1and1.com', '1and1.com', 'mail.1and1.com'],
    ['123.com', '123.com', '123.com', '123.com', 'mail.123.com'],
    ['r3---sn.example', 'r3---sn.example', 'r3---sn.example', 'r3---sn.example', 'mail.r3---sn.example'],
  ])('%s', (input, name, displayName, organisationalDomain, suggestion) => {
    expect(parseDomainName(input)).toEqual({
      ok: true,
      value: { name, displayName, organisationalDomain, suggestion },
    })
  })
})

describe('parseDomainName refuses, each with its own code', () => {
  const long = `${'a'.repeat(63)}.`.repeat(4)
  test.each([
    ['', { code: 'domain-empty' }],
    [' \t\n', { code: 'domain-empty' }],
    ['https://example.com/x', { code: 'domain-has-scheme', scheme: 'https', suggestion: 'example.com' }],
    ['HTTP://me@Example.com:8080', { code: 'domain-has-scheme', scheme: 'HTTP', suggestion: 'Example.com' }],
    ['//example.com', { code: 'domain-has-scheme', scheme: '', suggestion: 'example.com' }],
    ['ftp://192.0.2.1/', { code: 'domain-has-scheme', scheme: 'ftp' }],
    ['example.com/about?x#y', { code: 'domain-has-path', suggestion: 'example.com' }],
    ['example.com\\x', { code: 'domain-has-path', suggestion: 'example.com' }],
    ['example.com:25', { code: 'domain-has-port', port: 25, suggestion: 'example.com' }],
    ['me@example.com', { code: 'domain-is-email', suggestion: 'example.com' }],
    ['Me <me@example.com>', { code: 'domain-is-email', suggestion: 'example.com' }],
    ['mailto:me@example.com?subject=a/b', { code: 'domain-is-email', suggestion: 'example.com' }],
    ['me@', { code: 'domain-is-email' }],
    ['exam ple.com', { code: 'domain-has-space', suggestion: 'example.com' }],
    ['one.com two.com', { code: 'domain-has-space' }],
    ['192.0.2.1', { code: 'domain-is-address', address: '192.0.2.1' }],
    ['192.0.2.1:53', { code: 'domain-is-address', address: '192.0.2.1' }],
    ['192.0.2.0/24', { code: 'domain-is-address', address: '192.0.2.0/24' }],
    ['2001:db8::1', { code: 'domain-is-address', address: '2001:db8::1' }],
    ['[2001:db8::1]:53', { code: 'domain-is-address', address: '2001:db8::1' }],
    ['300.1.1.1', { code: 'domain-is-address', address: '300.1.1.1' }],
    ['example..com', { code: 'domain-empty-label', suggestion: 'example.com' }],
    ['.example.com', { code: 'domain-empty-label', suggestion: 'example.com' }],
    ['.', { code: 'domain-empty-label' }],
    [
      `${'a'.repeat(64)}.com`,
      { code: 'domain-label-too-long', label: 'a'.repeat(64), length: 64, limit: 63 },
    ],
    [
      `${'ä'.repeat(60)}.com`,
      { code: 'domain-label-too-long', label: 'ä'.repeat(60), length: 66, limit: 63 },
    ],
    [`${long}com`, { code: 'domain-too-long', length: 259, limit: 253 }],
    ['x'.repeat(5_000), { code: 'domain-too-long', length: 5_000, limit: 253 }],
    ['my_shop.com', { code: 'domain-bad-character', character: '_', position: 3, label: 'my_shop' }],
    ['a.b!c.com', { code: 'domain-bad-character', character: '!', position: 4, label: 'b!c' }],
    ['“example.com”', { code: 'domain-bad-character', character: '“', position: 1, label: '“example' }],
    ['example.com,', { code: 'domain-bad-character', character: ',', position: 12, label: 'com,' }],
    ['-example.com', { code: 'domain-bad-hyphen', label: '-example' }],
    ['example-.com', { code: 'domain-bad-hyphen', label: 'example-' }],
    ['xn--a.com', { code: 'domain-bad-idn', label: 'xn--a' }],
    ['℀.com', { code: 'domain-bad-idn', label: '℀' }],
    ['com', { code: 'domain-is-public-suffix', suffix: 'com' }],
    ['co.uk', { code: 'domain-is-public-suffix', suffix: 'co.uk' }],
    ['localhost', { code: 'domain-is-public-suffix', suffix: 'localhost' }],
  ])('%s', (input, expected) => {
    expect(refusal(input)).toEqual(expected)
  })

  test('a name of exactly 253 octets is read, one of 254 is not', () => {
    const head = `${'a'.repeat(63)}.`.repeat(3)
    expect(parseDomainName(`${head}${'b'.repeat(57)}.com`).ok).toBe(true)
    expect(refusal(`${head}${'b'.repeat(58)}.com`)).toEqual({
      code: 'domain-too-long',
      length: 254,
      limit: 253,
    })
  })
})

describe('parseDomainName, for any text', () => {
  const pieces = fc.constantFrom(
    'a',
    'ä',
    'xn--',
    '-',
    '.',
    '。',
    ' ',
    '/',
    ':',
    '@',
    '_',
    '1',
    '[',
    ']',
    '٣',
    '\u200d',
    'com',
    '//',
  )
  const texts = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(pieces).map(parts => parts.join('')),
  )

  test('never throws, and what it reads passes again as itself', () => {
    fc.assert(
      fc.property(texts, text => {
        const result = parseDomainName(text)
        if (!result.ok) return
        const { name } = result.value
        expect(name).toMatch(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/)
        expect(name.length).toBeLessThanOrEqual(253)
        const again = parseDomainName(name)
        expect(again.ok && again.value.name).toBe(name)
      }),
      { numRuns: 2_000 },
    )
  })

  test('a suggestion is a name that is read', () => {
    fc.assert(
      fc.property(texts, text => {
        const result = parseDomainName(text)
        const suggestion = result.ok ? result.value.suggestion : result.failure.detail.suggestion
        if (typeof suggestion === 'string') expect(parseDomainName(suggestion).ok).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  test('a real name survives whatever is wrapped around it', () => {
    const wraps = fc.constantFrom('https://%/a', 'me@%', '%/x', '%:25', ' % ', '%.', '//u@%:1/?q')
    fc.assert(
      fc.property(fc.domain(), wraps, (domain, wrap) => {
        const plain = parseDomainName(domain)
        fc.pre(plain.ok)
        const result = parseDomainName(wrap.replace('%', domain))
        const name = result.ok ? result.value.displayName : result.failure.detail.suggestion
        expect(name).toBe(plain.ok ? plain.value.displayName : null)
      }),
    )
  })
})
