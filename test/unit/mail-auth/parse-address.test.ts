import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDomainName } from '#engine/domains/domain-name.ts'
import { parseAddress } from '#shared/mail-auth/parse-address.ts'

const parse = (input: string) => parseAddress(input, parseDomainName)

describe('an address', () => {
  it.each([
    ['anna@example.com', 'anna@example.com'],
    ['  Anna.B+tag@Example.COM  ', 'Anna.B+tag@example.com'],
    ["o'brien!#$%&*/=?^_`{|}~-@example.com", "o'brien!#$%&*/=?^_`{|}~-@example.com"],
    ['"john doe"@example.com', '"john doe"@example.com'],
    ['"a@b"@example.com', '"a@b"@example.com'],
    ['"quo\\"te"@example.com', '"quo\\"te"@example.com'],
    ['anna@bücher.example', 'anna@xn--bcher-kva.example'],
    ['anna@mail.example.co.uk.', 'anna@mail.example.co.uk'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ])('%s', (input, address) => {
    expect(parse(input)).toMatchObject({ ok: true, value: { address } })
  })

  it('keeps what the person wrote beside what servers are told', () => {
    expect(parse('Anna@Bücher.example')).toEqual({
      ok: true,
      value: {
        address: 'Anna@xn--bcher-kva.example',
        localPart: 'Anna',
        domain: 'xn--bcher-kva.example',
        displayDomain: 'Bücher.example',
      },
    })
  })

  it.each([
    ['', 'address-empty', {}],
    ['   ', 'address-empty', {}],
    ['mailto:anna@example.com?subject=hi', 'address-has-scheme', { suggestion: 'anna@example.com' }],
    ['mailto:%E0%A4%A', 'address-has-scheme', {}],
    ['Anna Berg <anna@example.com>', 'address-has-name', { suggestion: 'anna@example.com' }],
    ['<anna@example.com>', 'address-has-name', { suggestion: 'anna@example.com' }],
    ['Anna <>', 'address-has-name', {}],
    ['an na@example.com', 'address-has-space', { suggestion: 'anna@example.com' }],
    ['anna@exam ple.com', 'address-has-space', { suggestion: 'anna@example.com' }],
    ['anna @example.com', 'address-has-space', { suggestion: 'anna@example.com' }],
    ['anna@example.com, bert@example.com', 'address-several', {}],
    ['anna@example.com;bert@example.com', 'address-several', {}],
    ['example.com', 'address-without-at', {}],
    ['anna', 'address-without-at', {}],
    ['anna@bert@example.com', 'address-many-ats', {}],
    ['@example.com', 'address-local-empty', {}],
    [`${'a'.repeat(65)}@example.com`, 'address-local-too-long', { length: 65, limit: 64 }],
    ['anna@', 'address-domain-empty', {}],
    ['.anna@example.com', 'address-bad-dot', {}],
    ['anna.@example.com', 'address-bad-dot', {}],
    ['an..na@example.com', 'address-bad-dot', {}],
    ['an(na)@example.com', 'address-bad-character', { character: '(', position: 3 }],
    ['an\u0000na@example.com', 'address-bad-character', { position: 3 }],
    ['zoë@example.com', 'address-not-ascii', { character: 'ë' }],
    ['"anna@example.com', 'address-quote-open', {}],
    ['an"na"@example.com', 'address-quote-open', {}],
    ['"anna"example.com', 'address-without-at', {}],
    [`anna@${'a.'.repeat(120)}example.com`, 'address-too-long', { limit: 254 }],
    [`${'a'.repeat(3_000)}@example.com`, 'address-too-long', { limit: 254 }],
  ])('%j is %s', (input, code, detail) => {
    const result = parse(input)
    expect(result).toMatchObject({ ok: false, failure: { code, detail } })
    if (!('suggestion' in detail) && !result.ok)
      expect(result.failure.detail).not.toHaveProperty('suggestion')
  })

  it.each([
    ['anna@[192.0.2.1]', 'domain-is-address'],
    ['anna@com', 'domain-is-public-suffix'],
    ['anna@exa_mple.com', 'domain-bad-character'],
    ['anna@-example.com', 'domain-bad-hyphen'],
    ['anna@example.com/path', 'domain-has-path'],
  ])('%s has a domain that is none: %s', (input, code) => {
    expect(parse(input)).toMatchObject({ ok: false, failure: { code } })
  })

  it('suggests the whole address where the domain can be corrected', () => {
    expect(parse('anna@example..com')).toMatchObject({
      failure: { code: 'domain-empty-label', detail: { suggestion: 'anna@example.com' } },
    })
  })

  it('reads its own answer back, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), text => {
        const result = parse(`${text}@example.com`)
        if (!result.ok) return
        expect(parse(result.value.address)).toEqual(result)
        // eslint-disable-next-line no-control-regex -- none may reach a server
        expect(result.value.address).not.toMatch(/[\u0000-\u001f\u007f]/)
      }),
    )
  })
})
