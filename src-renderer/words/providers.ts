import type { DnsProvider } from '#shared/model/provider.ts'
import dnsProviders from '../../resources/dns-providers.json' with { type: 'json' }
import mailProviders from '../../resources/mail-providers.json' with { type: 'json' }

const dnsById = new Map((dnsProviders as readonly DnsProvider[]).map(provider => [provider.id, provider]))
const mailNames = new Map(mailProviders.map(({ id, name }) => [id, name]))

export function dnsProviderName(id: string | null): string | null {
  return id === null ? null : (dnsById.get(id)?.name ?? null)
}

export function dnsProviderById(id: string | null): DnsProvider | null {
  return id === null ? null : (dnsById.get(id) ?? null)
}

export function mailProviderName(id: string | null): string | null {
  return id === null ? null : (mailNames.get(id) ?? null)
}

const byName = (a: { label: string }, b: { label: string }) => a.label.localeCompare(b.label)

export const dnsProviderOptions = dnsProviders.map(({ id, name }) => ({ id, label: name })).toSorted(byName)
export const mailProviderOptions = mailProviders.map(({ id, name }) => ({ id, label: name })).toSorted(byName)
