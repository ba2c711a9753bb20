import { matchesHost, starIn } from '#shared/host-pattern.ts'
import type { MailboxAddress } from '#shared/mail-auth/parse-address.ts'
import type { ConnectionFailureCode, ServerAddress } from '#shared/model/connection.ts'
import type { DiscoveryCandidate, DiscoverySource, ProviderRule } from '#shared/model/discovery.ts'
import type { BundledConfig, MailboxProvider, UserForm } from '#shared/model/mailbox-provider.ts'
import bundledRows from '../../../../resources/mail-autoconfig.json' with { type: 'json' }
import providerRows from '../../../../resources/mailbox-providers.json' with { type: 'json' }

export const mailboxProviders = providerRows as unknown as readonly MailboxProvider[]
export const bundledConfigs = bundledRows as unknown as readonly BundledConfig[]

/** The https hosts that rules and help pages of providers lead to. */
export const mailboxLinkHosts: readonly string[] = [
  ...new Set(
    mailboxProviders
      .flatMap(row => [row.helpUrl, ...row.rules.map(({ link }) => link)])
      .flatMap(url => (url === null ? [] : [new URL(url).hostname])),
  ),
].toSorted()

/** The provider of this id, or null. */
export function mailboxProvider(id: string | null): MailboxProvider | null {
  return mailboxProviders.find(row => row.id === id) ?? null
}

/** The provider that gives out addresses of this domain, or null. */
export function providerOfDomain(domain: string): MailboxProvider | null {
  return mailboxProviders.find(row => row.domains.includes(domain)) ?? null
}

const appPassword = ['app-password-needed', 'app-password-with-two-step', 'authorisation-code-needed']

/** Rules of providers that explain a refused login. */
const explaining: Partial<Record<ConnectionFailureCode, readonly string[]>> = {
  'auth.bad-credentials': appPassword,
  'auth.app-password-required': appPassword,
  'auth.web-login-required': [],
  'auth.oauth-required': ['oauth-only', 'imap-oauth-only'],
  'auth.imap-disabled': ['imap-to-be-enabled', 'other-apps-to-be-allowed'],
}

/** The provider's own page about a refused login, as a fact of the failure; nothing where none is known. */
export function helpFacts(
  code: ConnectionFailureCode,
  host: string,
): { help?: string; appPassword?: boolean } {
  const rules = explaining[code]
  const provider = rules && providerOfHosts([host.toLowerCase()], 'hosts')?.provider
  if (!provider) return {}
  const rule = provider.rules.find(one => rules.includes(one.code))
  const help = rule?.link ?? (code === 'auth.bad-credentials' ? null : provider.helpUrl)
  return {
    ...(help === null ? {} : { help }),
    ...(rule !== undefined && rules === appPassword ? { appPassword: true } : {}),
  }
}

export type ProviderMatch = {
  readonly provider: MailboxProvider
  readonly host: string
  /** What stood for a star of the pattern. */
  readonly region: string
}

/** The provider that one of these hosts belongs to, the first host being the one mail is tried at first. */
export function providerOfHosts(
  hosts: readonly string[],
  kind: 'mx' | 'autodiscover' | 'hosts',
): ProviderMatch | null {
  for (const host of hosts) {
    for (const provider of mailboxProviders) {
      for (const pattern of provider[kind]) {
        const region = starIn(host, pattern)
        if (region !== null) return { provider, host, region }
      }
    }
  }
  return null
}

/** Its servers filled in for one address; null for a provider that has none to log in to. */
export function presetCandidate(
  { provider, region }: Pick<ProviderMatch, 'provider' | 'region'>,
  address: MailboxAddress,
  source: DiscoverySource,
  from: string,
): DiscoveryCandidate | null {
  const [smtp] = provider.smtp
  if (smtp === undefined) return null
  const fill = (server: ServerAddress): ServerAddress => ({
    ...server,
    host: server.host.replace('{domain}', address.domain).replace('{region}', region),
  })
  return {
    source,
    from,
    trusted: true,
    distrust: null,
    provider: nameOf(provider),
    smtp: fill(smtp),
    imap: provider.imap === null ? null : fill(provider.imap),
    smtpUser: userOf(address, provider.smtpUser),
    imapUser: userOf(address, provider.imapUser),
    authentication: [...provider.authentication],
  }
}

/** The bundled servers for a domain, or for the domain of its mail servers. */
export function bundledCandidate(
  address: MailboxAddress,
  domains: readonly string[],
): DiscoveryCandidate | null {
  for (const domain of domains) {
    const row = bundledConfigs.find(({ domains: own }) => own.includes(domain))
    if (row === undefined) continue
    const fill = (server: ServerAddress): ServerAddress => ({
      ...server,
      host: server.host.replace('{domain}', domain),
    })
    return {
      source: 'bundled',
      from: domain,
      trusted: true,
      distrust: null,
      provider: null,
      smtp: fill(row.smtp),
      imap: fill(row.imap),
      smtpUser: userOf(address, row.user),
      imapUser: userOf(address, row.user),
      authentication: [...row.authentication],
    }
  }
  return null
}

/** What a person should know about a provider before logging in: its rules, and how much it lets a mailbox send. */
export function rulesOf(provider: MailboxProvider): ProviderRule[] {
  const caps = provider.caps.map(({ most, per, counts, plan, confidence }) => ({
    code: 'sending-cap' as const,
    facts: { most, per, counts, ...(plan === null ? {} : { plan }), sure: confidence !== 'experience' },
    link: null,
  }))
  return [...provider.rules, ...caps].map(rule => ({
    ...rule,
    facts: { provider: provider.name, ...rule.facts },
  }))
}

/** Whether both hosts stand below names of one provider. */
export function isSameProvider(one: string, other: string): boolean {
  const provider = providerOfHosts([one], 'hosts')?.provider
  return provider !== undefined && [...provider.hosts, ...provider.mx].some(name => matchesHost(other, name))
}

export function nameOf({ id, name }: MailboxProvider): { id: string; name: string } {
  return { id, name }
}

function userOf({ address, localPart }: MailboxAddress, form: UserForm): string {
  return form === 'address' ? address : localPart
}
