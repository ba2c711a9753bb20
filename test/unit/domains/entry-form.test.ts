import { describe, expect, test } from 'vitest'
import { planRecords, zoneOf } from '#engine/domains/plan.ts'
import { dnsProviders, mailProviders } from '#engine/domains/providers.ts'
import { literalReport } from './literal-report.ts'
import { nothing, plan } from './planned.ts'

const typed = (provider: string | null, zone = 'example.com', domain = 'example.com') => {
  const report = literalReport({ ...nothing, ns: { provider, zone } })
  return plan(report, 'fastmail', domain).records.map(record => `${record.enterName}|${record.enterValue}`)
}

const dkim = (n: number, domain = 'example.com') => `fm${n}.${domain}.dkim.fmhosted.com`

describe('as the DNS provider wants it typed', () => {
  test('bare names, @ for the zone, the priority in its own box', () => {
    expect(typed('godaddy')).toEqual([
      '@|v=spf1 include:spf.messagingengine.com ~all',
      '_dmarc|v=DMARC1; p=none; rua=mailto:dmarc@example.com',
      `fm1._domainkey|${dkim(1)}`,
      `fm2._domainkey|${dkim(2)}`,
      `fm3._domainkey|${dkim(3)}`,
      '@|in1-smtp.messagingengine.com',
      '@|in2-smtp.messagingengine.com',
    ])
    expect(typed(null)).toEqual(typed('godaddy'))
  })
  test('quotes, an empty box for the zone, priority and host in one box', () => {
    const route53 = typed('route53')
    expect(route53[0]).toBe('|"v=spf1 include:spf.messagingengine.com ~all"')
    expect(route53.at(-1)).toBe('|20 in2-smtp.messagingengine.com')
  })
  test('an ending dot on targets', () => {
    expect(typed('digitalocean').slice(2)).toEqual([
      ...[1, 2, 3].map(n => `fm${n}._domainkey|${dkim(n)}.`),
      '@|in1-smtp.messagingengine.com.',
      '@|in2-smtp.messagingengine.com.',
    ])
  })
  test('full names', () => {
    expect(
      typed('netlify')
        .slice(0, 2)
        .map(line => line.split('|')[0]),
    ).toEqual(['example.com', '_dmarc.example.com'])
  })
  test('a subdomain inside the zone of its parent', () => {
    const names = typed('godaddy', 'example.com', 'mail.example.com').map(line => line.split('|')[0])
    expect(names.slice(0, 3)).toEqual(['mail', '_dmarc.mail', 'fm1._domainkey.mail'])
    expect(zoneOf('mail.example.co.uk', null)).toBe('example.co.uk')
    expect(zoneOf('a.b.example.com', literalReport({ ns: { zone: 'b.example.com' } }))).toBe('b.example.com')
  })
  test('a record above the zone keeps its full name', () => {
    const report = literalReport({ ns: { provider: 'godaddy', zone: 'mail.example.com' } })
    expect(plan(report, null, 'mail.example.com').dmarc?.enterName).toBe('_dmarc.example.com')
  })
  test('long texts in quoted strings of at most 255 octets, which join to the value', () => {
    const record = `v=DKIM1; p=${'A'.repeat(400)}; n="ä\\"`
    const selectors = [
      { selector: 's', state: 'found', verdict: 'pass', keyType: 'rsa', keyBits: 2048, record },
    ] as const
    const report = literalReport({ ns: { provider: 'hetzner' }, dkim: { selectors: [...selectors] } })
    const { enterValue } = plan(report).of('dkim')[0] ?? {}
    const strings = [...(enterValue ?? '').matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(match =>
      (match[1] ?? '').replaceAll(/\\(.)/g, '$1'),
    )
    expect(strings.length).toBe(2)
    for (const text of strings) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(255)
    expect(strings.join('')).toBe(record)
  })

  test('every DNS provider gets a name and a value for every record that has one', () => {
    for (const dns of dnsProviders) {
      for (const mail of mailProviders) {
        for (const record of plan(literalReport({ ...nothing, ns: { provider: dns.id } }), mail.id).records) {
          expect(record.enterValue === null).toBe(record.value === null)
          if (dns.nameField === 'bare') expect(record.enterName).not.toContain('example.com')
          expect((record.action === 'add') === (record.value !== null)).toBe(true)
        }
      }
    }
  })
})

test('a chosen DNS provider counts more than the one that was detected', () => {
  const report = literalReport({ ...nothing, ns: { provider: 'godaddy' } })
  const chosen = planRecords({
    domain: 'example.com',
    report,
    mailProvider: 'google',
    dnsProvider: 'route53',
  })
  expect(chosen).toMatchObject({ dnsProvider: 'route53', zone: 'example.com' })
  expect(chosen.records[0]).toMatchObject({
    enterName: '',
    enterValue: '"v=spf1 include:_spf.google.com ~all"',
  })
  expect(plan(report, 'google')).toMatchObject({ dnsProvider: 'godaddy', zone: 'example.com' })
})
