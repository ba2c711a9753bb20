import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { helpFacts } from '#engine/mailboxes/discovery/providers.ts'
import { type ConnectionFailureCode, connectionFailureCodes } from '#shared/model/connection.ts'
import { connectionLinkHosts, describeConnectionFailure } from '#shared/words/connection.ts'
import { connectionErrorsDocument } from '../../helpers/connection-errors-doc.ts'

test('docs/connection-errors.md is what the code and the tests say', () => {
  const written = readFileSync(new URL('../../../docs/connection-errors.md', import.meta.url), 'utf8')
  expect(written, 'run npm run connection-errors-doc').toBe(connectionErrorsDocument())
})

test('there are at least thirty failures, each with its own title and something to do', () => {
  expect(connectionFailureCodes.length).toBeGreaterThanOrEqual(30)
  const facts = { host: 'mail.example.com', port: 587 }
  const titles = connectionFailureCodes.map(code => describeConnectionFailure({ code, facts }).title)
  expect(new Set(titles).size).toBe(titles.length)
})

test.each(connectionFailureCodes)('%s has whole sentences, with facts and without', code => {
  for (const facts of [
    {},
    { host: 'mail.example.com', port: 993, names: [], issuer: '', seconds: 5, waitMs: 299_961 },
  ]) {
    const { title, cause, fixes, link } = describeConnectionFailure({ code, facts })
    expect(fixes.length).toBeGreaterThan(0)
    for (const sentence of [title, cause, ...fixes]) {
      expect(sentence).toMatch(/^(?:\p{Lu}|mail\.example\.com|the server|docs)/u)
      expect(sentence).toMatch(/[.)]$/)
      expect(sentence).not.toMatch(/undefined|NaN|\[object|,\.|!|  /)
    }
    if (link !== null) expect(link).toMatch(/^https:\/\//)
  }
})

test('a title never speaks of the password unless the login was refused', () => {
  const others = connectionFailureCodes.filter(code => !code.startsWith('auth.'))
  for (const code of others)
    expect(describeConnectionFailure({ code, facts: {} }).title).not.toMatch(/password/i)
})

const pageAt = (code: ConnectionFailureCode, host: string) =>
  describeConnectionFailure({ code, facts: { host, ...helpFacts(code, host) } }).link

test('the page of the provider stands where one is known, and nobody else’s', () => {
  expect(pageAt('auth.app-password-required', 'smtp.mail.yahoo.com')).toMatch(/help\.yahoo\.com/)
  expect(pageAt('auth.app-password-required', 'smtp.gmail.com')).toMatch(/support\.google\.com/)
  expect(pageAt('auth.imap-disabled', 'imap.zoho.eu')).toMatch(/zoho\.com/)
  expect(pageAt('auth.web-login-required', 'SMTP.GMAIL.COM')).toMatch(/support\.google\.com/)
  for (const code of ['auth.app-password-required', 'auth.imap-disabled', 'auth.web-login-required'] as const)
    expect(pageAt(code, 'mail.example.com')).toBe(null)
  for (const host of ['smtp.mail.me.com', 'smtp.gmail.com', 'mail.example.com']) {
    const { fixes } = describeConnectionFailure({
      code: 'auth.bad-credentials',
      facts: helpFacts('auth.bad-credentials', host),
    })
    expect(fixes[0]?.includes('app password')).toBe(host !== 'mail.example.com')
  }
})

test('pages lead to few hosts', () => {
  expect([...connectionLinkHosts].toSorted()).toEqual([
    'learn.microsoft.com',
    'support.google.com',
    'www.rfc-editor.org',
  ])
})
