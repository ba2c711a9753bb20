import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  dnsProvider,
  dnsProviderOf,
  dnsProviders,
  linkHosts,
  mailProvider,
  mailProviderOf,
  mailProviders,
} from '#engine/domains/providers.ts'
import { parseDomainName } from '#engine/domains/domain-name.ts'
import {
  confidenceSchema,
  dnsProviderSchema,
  dnsQuirks,
  hostPatternSchema,
  mailProviderSchema,
} from '#shared/model/provider.ts'

function readRows(file: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../resources/${file}`, import.meta.url), 'utf8'))
}

describe('the tables', () => {
  test('match their schema, and an id stands for one row', () => {
    for (const rows of [
      z.array(dnsProviderSchema).parse(readRows('dns-providers.json')),
      z.array(mailProviderSchema).parse(readRows('mail-providers.json')),
    ]) {
      expect(new Set(rows.map(row => row.id)).size).toBe(rows.length)
      expect(rows.length).toBeGreaterThanOrEqual(30)
    }
  })

  test('the services whose include does nothing have names, and a source', () => {
    const row = z.strictObject({
      name: z.string().min(2),
      includes: z.array(hostPatternSchema).min(1),
      bounceHosts: z.array(hostPatternSchema),
      confidence: confidenceSchema,
      source: z.string().min(3),
    })
    const rows = z.array(row).parse(readRows('spf-services.json'))
    const includes = rows.flatMap(({ includes }) => includes)
    expect(new Set(includes).size).toBe(includes.length)
  })

  test('no host belongs to two providers of a kind', () => {
    for (const patterns of [
      dnsProviders.flatMap(row => row.nameservers),
      mailProviders.flatMap(row => row.mx),
    ]) {
      expect(new Set(patterns).size).toBe(patterns.length)
    }
  })

  test('every quirk is used, and a link template only knows {domain}', () => {
    expect(new Set(dnsProviders.flatMap(row => row.quirks))).toEqual(new Set(dnsQuirks))
    for (const row of dnsProviders) expect(row.deepLink?.replaceAll('{domain}', '') ?? '').not.toMatch(/[{}]/)
  })

  test.each(mailProviders.map(row => [row.id, row] as const))('%s is consistent', (id, row) => {
    for (const { host } of row.mxRecords ?? []) expect(mailProviderOf([host])).toBe(id)
    for (const name of [row.spfInclude, ...row.spfAlso]) {
      if (name !== null) expect(name).toMatch(/^_?[a-z0-9-]+(\._?[a-z0-9-]+)+$/)
    }
    if (row.dkimKind !== 'console') expect(row.dkimSelectors).not.toEqual([])
    if (row.dkimTargets !== null) {
      expect(row.dkimKind).toBe('cname')
      expect(Object.keys(row.dkimTargets)).toEqual(row.dkimSelectors)
      for (const target of Object.values(row.dkimTargets)) {
        const name = target.replaceAll('{domain}', 'example.com').replaceAll('_domainkey', 'domainkey')
        expect(parseDomainName(name).ok).toBe(true)
      }
    }
  })
})

describe('dnsProviderOf', () => {
  test.each([
    [['anna.ns.cloudflare.com', 'bob.ns.cloudflare.com'], 'cloudflare'],
    [['NS45.DOMAINCONTROL.COM.', 'ns46.domaincontrol.com'], 'godaddy'],
    [['dns1.registrar-servers.com'], 'namecheap'],
    [
      ['ns-2048.awsdns-64.com', 'ns-2049.awsdns-65.net', 'ns-2050.awsdns-66.org', 'ns-2051.awsdns-67.co.uk'],
      'route53',
    ],
    [['ns1-01.azure-dns.com', 'ns2-01.azure-dns.net'], 'azure'],
    [['dns1.p08.nsone.net'], 'netlify'],
    [['ns1.dns-parking.com'], 'hostinger'],
    [['helium.ns.hetzner.de', 'ns1.unknown.example'], 'hetzner'],
    [['ns1.evilcloudflare.com'], null],
    [['ns.cloudflare.com.evil.example'], null],
    [['awsdns-1.com.example'], null],
    [['a.domaincontrol.com', 'b.registrar-servers.com'], null],
    [['a.domaincontrol.com', 'b.domaincontrol.com', 'c.registrar-servers.com'], 'godaddy'],
    [[''], null],
    [[], null],
  ])('%j', (hosts, expected) => {
    expect(dnsProviderOf(hosts)).toBe(expected)
  })
})

describe('mailProviderOf', () => {
  test.each([
    [['aspmx.l.google.com', 'alt1.aspmx.l.google.com', 'alt2.aspmx.l.googlemail.com'], 'google'],
    [['smtp.google.com.'], 'google'],
    [['example-com.mail.protection.outlook.com'], 'microsoft365'],
    [['example-com.a-v1.mx.microsoft'], 'microsoft365'],
    [['mx.zoho.eu', 'mx2.zoho.eu'], 'zoho-eu'],
    [['inbound-smtp.eu-west-1.amazonaws.com'], 'amazon-workmail'],
    [['mx00.ionos.co.uk'], 'ionos'],
    [['mail.ionos.co.uk'], null],
    [['notgoogle.com'], null],
    [['aspmx.l.google.com', 'mx.zoho.com'], null],
  ])('%j', (hosts, expected) => {
    expect(mailProviderOf(hosts)).toBe(expected)
  })
})

test('an id leads to its row, and an unknown one to null', () => {
  expect(dnsProvider('porkbun')?.name).toBe('Porkbun')
  expect(mailProvider('google')?.spfInclude).toBe('_spf.google.com')
  expect([dnsProvider('nobody'), dnsProvider(null), mailProvider('nobody'), mailProvider(null)]).toEqual([
    null,
    null,
    null,
    null,
  ])
})

test('links may open the hosts of the tables and of the rules, and no other', () => {
  for (const row of dnsProviders) {
    if (row.deepLink !== null)
      expect(linkHosts).toContain(new URL(row.deepLink.replace('{domain}', 'a.example')).hostname)
  }
  for (const row of mailProviders)
    if (row.setupUrl !== null) expect(linkHosts).toContain(new URL(row.setupUrl).hostname)
  expect(linkHosts).toContain('www.rfc-editor.org')
  expect(linkHosts).not.toContain('example.com')
  expect(new Set(linkHosts).size).toBe(linkHosts.length)
})
