import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isBimi, logoProblems, parseBimi } from '#shared/mail-auth/parse-bimi.ts'
import { coversHost, isMtaSts, parseMtaSts, parseMtaStsPolicy } from '#shared/mail-auth/parse-mta-sts.ts'
import { isTlsRpt, parseTlsRpt } from '#shared/mail-auth/parse-tls-rpt.ts'

describe('the record of MTA-STS', () => {
  it.each([
    ['v=STSv1; id=20160831085700Z', '20160831085700Z'],
    ['v=STSv1;id=1;', '1'],
    ['v=STSv1 ; id = a ; more=x', 'a'],
    [`v=STSv1; id=${'a'.repeat(32)}`, 'a'.repeat(32)],
  ])('%s', (text, id) => {
    expect(parseMtaSts(text)).toEqual({ ok: true, id })
  })

  it.each([
    ['v=stsv1; id=1', 'version'],
    [' v=STSv1; id=1', 'version'],
    ['"v=STSv1; id=1"', 'version'],
    ['v=STSv1', 'id-missing'],
    ['v=STSv1; id=', 'id-invalid'],
    ['v=STSv1; id=2026-01-01', 'id-invalid'],
    [`v=STSv1; id=${'a'.repeat(33)}`, 'id-invalid'],
    ['v=STSv1; 20260101', 'syntax'],
  ])('%s is void: %s', (text, reason) => {
    expect(isMtaSts(text)).toBe(true)
    expect(parseMtaSts(text)).toEqual({ ok: false, reason })
  })

  it.each(['some text', 'v=spf1 -all', 'v=TLSRPTv1; rua=x'])('%s is no such record', text => {
    expect(isMtaSts(text)).toBe(false)
  })
})

describe('the policy of MTA-STS', () => {
  const good = [
    'version: STSv1',
    'mode: enforce',
    'mx: mail.example.com',
    'mx: *.example.net',
    'max_age: 604800',
  ]

  it('is read, whatever ends its lines', () => {
    const expected = {
      mode: 'enforce',
      maxAgeS: 604_800,
      mx: ['mail.example.com', '*.example.net'],
      errors: [],
    }
    expect(parseMtaStsPolicy(good.join('\r\n'))).toEqual(expected)
    expect(parseMtaStsPolicy(`${good.join('\n')}\n\n`)).toEqual(expected)
  })

  it('of the keys that may stand once the first counts', () => {
    expect(parseMtaStsPolicy([...good, 'mode: none'].join('\n')).mode).toBe('enforce')
  })

  it('without a mail server is right only for mode none', () => {
    const none = ['version: STSv1', 'mode: none', 'max_age: 86400'].join('\n')
    expect(parseMtaStsPolicy(none)).toMatchObject({ mode: 'none', mx: [], errors: [] })
    expect(parseMtaStsPolicy(none.replace('none', 'testing')).errors).toEqual([
      { reason: 'mx-missing', line: '' },
    ])
  })

  it.each([
    ['version: STSv2', 0, 'version'],
    ['mode: strict', 1, 'mode'],
    ['mx: mail.*.example.com', 2, 'mx-invalid'],
    ['mx: *', 2, 'mx-invalid'],
    ['mx: 192.0.2.1', 2, 'mx-invalid'],
    ['max_age: -1', 4, 'max-age'],
    ['max_age: 31557601', 4, 'max-age'],
    ['max_age: never', 4, 'max-age'],
    ['nonsense', 4, 'syntax'],
  ])('%s makes it void', (line, place, reason) => {
    const lines = good.with(place, line)
    expect(parseMtaStsPolicy(lines.join('\n')).errors).toContainEqual({ reason, line })
  })

  it('never throws and stays within what it was given', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 500 }), text => {
        const policy = parseMtaStsPolicy(text)
        return policy.errors.length > 0 && policy.mx.length <= text.length
      }),
    )
  })

  it.each([
    ['mail.example.com', 'MAIL.example.com.', true],
    ['*.example.com', 'mail.example.com', true],
    ['*.example.com', 'a.mail.example.com', false],
    ['*.example.com', 'example.com', false],
    ['mail.example.com', 'mail.example.org', false],
    ['*.example.com', '.example.com', false],
  ])('%s covers %s: %s', (pattern, host, covers) => {
    expect(coversHost(pattern, host)).toBe(covers)
  })
})

describe('the record of TLS reporting', () => {
  it.each([
    ['v=TLSRPTv1; rua=mailto:tls@example.com', ['mailto:tls@example.com']],
    [
      'v=TLSRPTv1;rua=mailto:tls@example.com , https://reports.example.net/v1?a=b',
      ['mailto:tls@example.com', 'https://reports.example.net/v1?a=b'],
    ],
  ])('%s', (text, addresses) => {
    expect(parseTlsRpt(text)).toEqual({ ok: true, addresses })
  })

  it.each([
    ['v=TLSRPTv2; rua=mailto:a@example.com', 'version'],
    ['v=TLSRPTv1', 'rua-missing'],
    ['v=TLSRPTv1; rua=', 'rua-missing'],
    ['v=TLSRPTv1; rua=tls@example.com', 'address-invalid'],
    ['v=TLSRPTv1; rua=http://example.com/', 'address-invalid'],
    ['v=TLSRPTv1; mailto:a@example.com', 'syntax'],
  ])('%s is void: %s', (text, reason) => {
    if (reason !== 'version') expect(isTlsRpt(text)).toBe(true)
    expect(parseTlsRpt(text)).toMatchObject({ ok: false, reason })
  })
})

describe('BIMI', () => {
  it.each([
    [
      'v=BIMI1; l=https://example.com/a.svg',
      { ok: true, logo: 'https://example.com/a.svg', certificate: null },
    ],
    ['v=BIMI1; l=; a=;', { ok: true, logo: null, certificate: null }],
    [
      'v=BIMI1;l=https://e.test/a.svg;a=https://e.test/a.pem;avp=brand',
      { ok: true, logo: 'https://e.test/a.svg', certificate: 'https://e.test/a.pem' },
    ],
    ['v=BIMI1; a=https://example.com/a.pem', { ok: false, reason: 'logo-missing' }],
    ['v=BIMI1; l=http://example.com/a.svg', { ok: false, reason: 'logo-not-https' }],
    ['v=BIMI1; l=https://e.test/a.svg; a=e.test/a.pem', { ok: false, reason: 'certificate-not-https' }],
    ['v=BIMI1; logo', { ok: false, reason: 'syntax' }],
    ['v=bimi1; l=https://example.com/a.svg', { ok: false, reason: 'version' }],
  ])('%s', (text, expected) => {
    expect(isBimi(text)).toBe(true)
    expect(parseBimi(text)).toEqual(expected)
  })

  const logo =
    '<svg version="1.2" baseProfile="tiny-ps" viewBox="0 0 10 10"><title>A</title><path d="M0 0"/></svg>'
  it.each([
    [logo, []],
    ['just text', ['not-svg']],
    [logo.replace('tiny-ps', 'full'), ['profile']],
    [logo.replace('1.2', '1.1'), ['version']],
    [logo.replace('<title>A</title>', ''), ['title-missing']],
    [logo.replace('<title>A</title>', '<title> </title>'), ['title-missing']],
    [logo.replace('viewBox', 'x="0" viewBox'), ['position']],
    [logo.replace('0 0 10 10', '0 0 10 20'), ['not-square']],
    [logo.replace('viewBox="0 0 10 10"', ''), ['not-square']],
    [logo.replace('<path', '<script>1</script><path'), ['script']],
    [logo.replace('<path', '<path onclick="x()"'), ['script']],
    [logo.replace('<path', '<image href="https://e.test/a.png"/><path'), ['external']],
    [logo.replace('<path', '<use href="#a"/><path'), []],
    [logo.replace('</svg>', `<!--${'x'.repeat(33_000)}--></svg>`), ['too-large']],
  ])('a logo %#', (svg, problems) => {
    expect(logoProblems(svg)).toEqual(problems)
  })
})
