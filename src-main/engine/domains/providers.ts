import { labelsOfHost, matchesHost } from '#shared/host-pattern.ts'
import type { DnsProvider, MailProvider } from '#shared/model/provider.ts'
import { remembered } from '#shared/remembered.ts'
import dnsProviderRows from '../../../resources/dns-providers.json' with { type: 'json' }
import mailProviderRows from '../../../resources/mail-providers.json' with { type: 'json' }

export const dnsProviders = dnsProviderRows as readonly DnsProvider[]
export const mailProviders = mailProviderRows as unknown as readonly MailProvider[]

/** The DNS provider of this id, or null. */
export function dnsProvider(id: string | null): DnsProvider | null {
  return dnsProviders.find(provider => provider.id === id) ?? null
}

/** The mail provider of this id, or null. */
export function mailProvider(id: string | null): MailProvider | null {
  return mailProviders.find(provider => provider.id === id) ?? null
}

/** The id of the DNS provider most of these nameservers belong to; null when none is known, or two are level. */
export function dnsProviderOf(hosts: readonly string[]): string | null {
  return majority(hosts, dnsProviderAt)
}

/** The id of the mail provider most of these MX hosts belong to; null when none is known, or two are level. */
export function mailProviderOf(mxHosts: readonly string[]): string | null {
  return majority(mxHosts, mailProviderAt)
}

/** The domains of a list share many of their hosts. */
const hostsKnown = 1_000

const dnsProviderAt = remembered(host => {
  const labels = labelsOfHost(host)
  return dnsProviders.find(row => row.nameservers.some(p => matchesHost(labels, p)))?.id ?? null
}, hostsKnown)

const mailProviderAt = remembered(host => {
  const labels = labelsOfHost(host)
  return mailProviders.find(row => row.mx.some(p => matchesHost(labels, p)))?.id ?? null
}, hostsKnown)

/** Pages of the rules that findings cite. */
const referenceHosts = ['www.rfc-editor.org', 'datatracker.ietf.org', 'publicsuffix.org']

/** The https hosts a link may open: those of the providers' pages in the data, and of the rules. */
export const linkHosts: readonly string[] = [
  ...new Set([
    ...referenceHosts,
    ...[...dnsProviders.map(row => row.deepLink), ...mailProviders.map(row => row.setupUrl)]
      .filter(url => url !== null)
      .map(url => new URL(url).hostname),
  ]),
].toSorted()

function majority(hosts: readonly string[], idOf: (host: string) => string | null): string | null {
  const votes = new Map<string, number>()
  for (const host of hosts) {
    const id = idOf(host)
    if (id !== null) votes.set(id, (votes.get(id) ?? 0) + 1)
  }
  const [first, second] = [...votes].toSorted((a, b) => b[1] - a[1])
  if (first === undefined || first[1] === second?.[1]) return null
  return first[0]
}
