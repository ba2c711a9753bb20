import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isDmarc, parseDmarc, type DmarcRecord } from '#shared/mail-auth/parse-dmarc.ts'
import { cpuTime } from '../../helpers/cpu-time.ts'

function read(text: string): DmarcRecord {
  const parsed = parseDmarc(text)
  if (!parsed.ok) throw new Error(`not DMARC: ${text}`)
  return parsed.record
}

describe('version', () => {
  it.each(['v=DMARC1', 'v=DMARC1;p=none', 'v = DMARC1 ; p=none', 'v=DMARC1 '])('takes %j', text => {
    expect(isDmarc(text)).toBe(true)
  })
  it.each([
    'v=dmarc1; p=none',
    'v=DMARC1x',
    ' v=DMARC1',
    'p=none; v=DMARC1',
    'v=DMARC1 p=none',
    '"v=DMARC1"',
    '',
  ])('refuses %j', text => {
    expect(parseDmarc(text)).toEqual({ ok: false, reason: 'not-dmarc' })
  })
})

describe('tags', () => {
  it('reads every tag', () => {
    const record = read(
      'v=DMARC1; p=reject; sp=quarantine; np=none; adkim=s; aspf=R; t=y; psd=n; fo=1:d:s; rua=mailto:a@example.org,mailto:b@example.net!10m; ruf=mailto:c@example.org;',
    )
    expect(record).toMatchObject({
      p: 'reject',
      sp: 'quarantine',
      np: 'none',
      adkim: 's',
      aspf: 'r',
      psd: 'n',
    })
    expect(record).toMatchObject({ testing: true, fo: ['1', 'd', 's'], errors: [], removed: [], unknown: [] })
    expect(record.rua.map(uri => uri.address)).toEqual(['a@example.org', 'b@example.net'])
    expect(record.rua[1]?.sizeLimit).toBe('10m')
    expect(record.ruf.map(uri => uri.address)).toEqual(['c@example.org'])
  })

  it('gives the defaults of RFC 9989 §4.7', () => {
    expect(read('v=DMARC1')).toMatchObject({
      p: null,
      adkim: 'r',
      aspf: 'r',
      testing: false,
      psd: 'u',
      fo: ['0'],
    })
  })

  it('names what was removed and what nobody knows, and takes neither for an error', () => {
    const record = read('v=DMARC1; p=none; pct=50; ri=86400; rf=afrf; zz=1')
    expect(record.removed).toEqual(['pct', 'rf', 'ri'])
    expect(record.unknown).toEqual(['zz'])
    expect(record.errors).toEqual([])
  })

  it.each([
    ['v=DMARC1; p=none; p=reject', 'duplicate', 'p=reject'],
    ['v=DMARC1; p=strict', 'unknown-value', 'strict'],
    ['v=DMARC1; p', 'equals-missing', 'p'],
    ['v=DMARC1; p=', 'value-invalid', 'p='],
    ['v=DMARC1; p=none;; sp=none', 'empty-tag', ''],
    ['v=DMARC1; p=none; fo=2', 'unknown-value', '2'],
    ['v=DMARC1; p=none; t=maybe', 'unknown-value', 'maybe'],
    ['v=DMARC1; p=none; -x=1', 'name-invalid', '-x=1'],
    ['v=DMARC1; p=“none”', 'value-invalid', 'p=“none”'],
  ])('%j: %s', (text, reason, told) => {
    const [error] = read(text).errors
    expect(error).toMatchObject({ reason, text: told })
    expect(text.slice(error?.start, error?.end)).toBe(told)
  })

  it('keeps the first of a tag written twice', () => {
    expect(read('v=DMARC1; p=none; p=reject').p).toBe('none')
  })

  it.each([
    ['reports@example.org', 'scheme-missing'],
    ['https://example.org/r', 'scheme-not-mailto'],
    ['mailto:', 'address-invalid'],
    ['mailto:nobody', 'address-invalid'],
    ['mailto:a@localhost', 'address-invalid'],
    ['mailto:a@example.org!x', 'address-invalid'],
    ['mailto:a@example.org,', 'empty'],
  ])('rua=%s is %s', (uri, reason) => {
    expect(read(`v=DMARC1; p=none; rua=${uri}`).rua.at(-1)?.reason).toBe(reason)
  })
})

/** Any UTF-16 unit, lone surrogates too. */
const anyUnit = fc.integer({ min: 0, max: 0xffff }).map(code => String.fromCharCode(code))

describe('any text', () => {
  it('never throws, and every position lies inside the text', () => {
    const text = fc.oneof(
      fc.string({ unit: anyUnit }),
      fc.string().map(rest => `v=DMARC1;${rest}`),
      fc
        .array(fc.constantFrom('p', '=', ';', ' ', 'rua', 'mailto:', '@', 'a.b', ',', '!', 'none', '\t'))
        .map(parts => `v=DMARC1;${parts.join('')}`),
    )
    fc.assert(
      fc.property(text, value => {
        const parsed = parseDmarc(value)
        if (!parsed.ok) return
        const { record } = parsed
        const spans = [
          ...record.errors,
          ...record.rua,
          ...record.ruf,
          ...record.tags.flatMap(tag => [tag.nameSpan, tag.valueSpan]),
        ]
        for (const { start, end } of spans) {
          expect(start).toBeGreaterThanOrEqual(0)
          expect(end).toBeGreaterThanOrEqual(start)
          expect(end).toBeLessThanOrEqual(value.length)
        }
        for (const tag of record.tags) {
          expect(value.slice(tag.valueSpan.start, tag.valueSpan.end)).toBe(tag.value)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('a printed record is read back', () => {
    const policy = fc.constantFrom('none', 'quarantine', 'reject')
    const space = fc.constantFrom('', ' ', '  ', '\t')
    fc.assert(
      fc.property(
        policy,
        policy,
        fc.constantFrom('r', 's'),
        fc.constantFrom('y', 'n'),
        space,
        (p, sp, adkim, t, gap) => {
          const tags = [
            `p=${p}`,
            `sp${gap}=${gap}${sp}`,
            `adkim=${adkim}`,
            `t=${t}`,
            'rua=mailto:a@example.org',
          ]
          const record = read(['v=DMARC1', ...tags].join(`${gap};${gap}`))
          expect(record).toMatchObject({ p, sp, adkim, testing: t === 'y', errors: [] })
          expect(record.rua[0]?.address).toBe('a@example.org')
        },
      ),
    )
  })

  it('64 KiB of anything is read in a moment', () => {
    const parts = [';', 'a;', 'a=1;', 'rua=mailto:a@a.', ',', ' ', 'rua=mailto:a.']
    const tookMs = cpuTime()
    for (const part of parts) parseDmarc(`v=DMARC1; rua=mailto:${part.repeat(65_536 / part.length)}`)
    for (const part of parts) parseDmarc(`v=DMARC1; ${part.repeat(65_536 / part.length)}`)
    expect(tookMs()).toBeLessThan(5_000)
  })
})

describe('policies together', () => {
  it.each([
    ['v=DMARC1; p=none', true],
    ['v=DMARC1; p=none; sp=reject; np=reject', true],
    ['v=DMARC1', false],
    ['v=DMARC1; p=block', false],
    ['v=DMARC1; p=none; sp=block', false],
    ['v=DMARC1; p=none; np=', false],
    ['v=DMARC1; p=none; sp=none; sp=block', true],
    ['v=DMARC1; p=none; adkim=x', true],
  ])('%s: %s', (text, valid) => {
    expect(read(text).policiesValid).toBe(valid)
  })

  it.each([
    ['v=DMARC1; p=none; pct=40', 40],
    ['v=DMARC1; p=none; pct=101', null],
    ['v=DMARC1; p=none; pct=half', null],
    ['v=DMARC1; p=none', null],
  ])('%s: %s of a hundred', (text, percentage) => {
    expect(read(text).percentage).toBe(percentage)
  })
})

describe('addresses that no comma parts', () => {
  it.each([
    ['rua=mailto:a@example.org; mailto:b@example.net', [null, 'separator']],
    ['rua=mailto:a@example.org; b@example.net; p=reject', [null, 'separator']],
    ['rua=mailto:a@example.org mailto:b@example.net', ['separator']],
    ['rua=mailto:a@example.org,mailto:b@example.net', [null, null]],
  ])('%s', (tags, reasons) => {
    const record = read(`v=DMARC1; p=none; ${tags}`)
    expect(record.rua.map(uri => uri.reason)).toEqual(reasons)
    expect(record.errors.filter(error => error.reason === 'equals-missing')).toEqual([])
  })

  it('a stray address after another tag stays an error', () => {
    expect(read('v=DMARC1; p=none; mailto:b@example.net').errors[0]?.reason).toBe('equals-missing')
  })
})
