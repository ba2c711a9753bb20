import { type IpRange, isInRange, readIpAddress } from '#shared/mail-auth/ip-range.ts'
import type { Sender } from '#shared/model/dmarc-report.ts'
import mailProviders from '../../../resources/mail-providers.json' with { type: 'json' }
import reportSenders from '../../../resources/report-senders.json' with { type: 'json' }
import sendingServices from '../../../resources/sending-services.json' with { type: 'json' }
import { isSameOrganisation, organisationOf } from './passage.ts'
import type { DayRow } from './store.ts'

/** Addresses that a domain lets send, and the name in its SPF record that they stand under; null for its own. */
export type KnownRange = { readonly range: IpRange; readonly via: string | null }

type Named = { readonly name: string; readonly names: readonly string[] }

/** By what services sign with and send from. */
const byDomain: readonly Named[] = reportSenders.map(({ name, domains }) => ({ name, names: domains }))
/** By what SPF records include for them. */
const byInclude: readonly Named[] = [
  ...sendingServices.map(({ name, spf }) => ({ name, names: spf })),
  ...mailProviders.map(({ name, spfInclude, spfAlso }) => ({
    name,
    names: spfInclude === null ? spfAlso : [spfInclude, ...spfAlso],
  })),
]
/** Selectors that one provider uses, and no other. */
const bySelector = new Map<string, string | null>()
for (const { name, dkimSelectors } of mailProviders) note(name, dkimSelectors)
for (const { name, selectors } of sendingServices) note(name, selectors)

function note(name: string, selectors: readonly string[]): void {
  for (const selector of selectors.map(one => one.toLowerCase()))
    bySelector.set(selector, bySelector.has(selector) && bySelector.get(selector) !== name ? null : name)
}

/**
 * Who most likely sent a row of reports, told from what is known offline: the domains that passed, the selector of the
 * domain's own signature, the addresses of its SPF record. Otherwise the bare address. Nobody is asked. Pure.
 */
export function senderNames(known: readonly KnownRange[]): (row: DayRow) => Sender {
  const viaOf = remember((ip: string) => rangeOf(ip, known))
  return row => {
    const passed = [...row.dkim, ...row.spf].filter(({ result }) => result === 'pass').map(one => one.domain)
    const strangers = passed.filter(domain => !isSameOrganisation(domain, row.headerFrom))
    const service = strangers.map(domain => nameOf(byDomain, domain)).find(name => name !== null)
    if (service) return { kind: 'service', name: service }
    const via = viaOf(row.ip)?.via ?? null
    if (via !== null) {
      const named = nameOf(byInclude, via)
      return named === null ? { kind: 'domain', name: via } : { kind: 'service', name: named }
    }
    // A signature stays on what others pass on, so it only names the sender of what came directly.
    const own = row.passage === 'direct' ? selectorName(row) : null
    if (own !== null) return { kind: 'service', name: own }
    const [stranger] = strangers
    return stranger === undefined
      ? { kind: 'address', name: row.ip }
      : { kind: 'domain', name: organisationOf(stranger) }
  }
}

function selectorName({ dkim, headerFrom }: DayRow): string | null {
  const names = dkim
    .filter(({ domain, result }) => result === 'pass' && isSameOrganisation(domain, headerFrom))
    .map(({ selector }) => bySelector.get(selector ?? '') ?? null)
  return names.find(name => name !== null) ?? null
}

function nameOf(rows: readonly Named[], domain: string): string | null {
  return (
    rows.find(({ names }) => names.some(name => domain === name || domain.endsWith(`.${name}`)))?.name ?? null
  )
}

export function rangeOf(ip: string, known: readonly KnownRange[]): KnownRange | null {
  const address = readIpAddress(ip)
  return address === null ? null : (known.find(({ range }) => isInRange(address, range)) ?? null)
}

function remember<T>(work: (key: string) => T): (key: string) => T {
  const done = new Map<string, T>()
  return key => {
    if (!done.has(key)) done.set(key, work(key))
    return done.get(key) as T
  }
}
