import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseDomainName } from '#engine/domains/domain-name.ts'
import { mailProviders } from '#engine/domains/providers.ts'
import {
  bundledConfigs,
  mailboxLinkHosts,
  mailboxProvider,
  mailboxProviders,
  providerOfHosts,
  rulesOf,
} from '#engine/mailboxes/discovery/providers.ts'
import { bundledConfigSchema, mailboxProviderSchema } from '#shared/model/mailbox-provider.ts'
import { providerRuleCodes } from '#shared/model/discovery.ts'

const rows = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../resources/${file}`, import.meta.url), 'utf8'))

const codes = (id: string) => mailboxProvider(id)?.rules.map(({ code }) => code)

describe('the tables', () => {
  it('match their schemas', () => {
    expect(z.array(mailboxProviderSchema).parse(rows('mailbox-providers.json')).length).toBeGreaterThan(35)
    expect(z.array(bundledConfigSchema).parse(rows('mail-autoconfig.json')).length).toBeGreaterThan(30)
  })

  it('have one row for an id, a domain, a pattern', () => {
    for (const values of [
      mailboxProviders.map(({ id }) => id),
      [...mailboxProviders, ...bundledConfigs].flatMap(({ domains }) => domains),
      mailboxProviders.flatMap(({ mx }) => mx),
    ]) {
      expect(values.filter((value, index) => values.indexOf(value) !== index)).toEqual([])
    }
  })

  it('hold only domains that can be typed', () => {
    for (const domain of [...mailboxProviders, ...bundledConfigs].flatMap(({ domains }) => domains)) {
      expect(parseDomainName(domain)).toMatchObject({ ok: true, value: { name: domain } })
    }
  })

  it('say how to log in wherever there are servers, and ask for no password in the clear', () => {
    for (const { id, smtp, imap, authentication, rules } of mailboxProviders) {
      expect(smtp.length === 0 || authentication.length > 0, id).toBe(true)
      expect(
        [...smtp, imap].every(server => server?.security !== 'plain'),
        id,
      ).toBe(true)
      expect(smtp.length > 0 || rules.length > 0, `${id} has neither servers nor a reason`).toBe(true)
    }
  })

  it('use every code of a rule, with dates as dates', () => {
    const used = new Set(mailboxProviders.flatMap(provider => rulesOf(provider).map(({ code }) => code)))
    expect([...providerRuleCodes].filter(code => !used.has(code))).toEqual([])
    for (const { facts } of mailboxProviders.flatMap(rulesOf)) {
      for (const key of ['since', 'until', 'finalAnnouncedBy']) {
        if (facts[key] !== undefined) expect(facts[key]).toMatch(/^20\d\d-[01]\d-[0-3]\d$/)
      }
    }
  })

  it('hold the rules and caps the field notes have', () => {
    expect(codes('microsoft365')).toEqual(expect.arrayContaining(['imap-oauth-only', 'smtp-password-ending']))
    expect(
      mailboxProvider('microsoft365')?.rules.find(({ code }) => code === 'smtp-password-ending')?.facts,
    ).toMatchObject({ until: '2026-12-31' })
    const caps = Object.fromEntries(
      mailboxProviders.map(({ id, caps }) => [id, caps.map(({ most }) => most)]),
    )
    expect(caps).toMatchObject({
      gmail: [500],
      microsoft365: [10_000, 30],
      'outlook-com': [300],
      icloud: [1_000],
    })
    expect(caps['google']?.[0]).toBe(2_000)
  })

  it('agree with the table of MX hosts about who is who', () => {
    for (const { id, mx } of mailProviders) {
      if (mailboxProvider(id) === null) continue
      for (const pattern of mx) {
        const host = pattern.replaceAll('*', '1')
        expect(providerOfHosts([host], 'mx')?.provider.id.split('-')[0], host).toBe(id.split('-')[0])
      }
    }
  })

  it('link only to https pages', () => {
    expect(mailboxLinkHosts).toContain('support.google.com')
    for (const host of mailboxLinkHosts) expect(host).toMatch(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/)
  })
})
