import type { AuditReport, DkimSelector } from '#shared/model/audit.ts'
import type { MailProvider } from '#shared/model/provider.ts'
import type { PlannedRecord } from './plan.ts'

/** A key made here: what stands under its selector. The private half is elsewhere. */
export type OwnKey = { readonly selector: string; readonly record: string }

/**
 * The DKIM records of a provider (RFC 6376 §3.6.2): an alias with a fixed target can be written down; a key is made by
 * the provider, so its value is null and the action `provider`. Keys that are published and right are kept. Where even
 * the selector is not known the name is that of the folder, `_domainkey.<domain>`. Keys made here come first; with one
 * of them nothing is asked of a provider that is not known.
 */
export function planDkim(
  domain: string,
  dkim: AuditReport['dkim'] | null,
  provider: MailProvider | null,
  ownKeys: readonly OwnKey[] = [],
): PlannedRecord[] {
  const own = ownKeys.map(key => planOwnKey(domain, key, dkim))
  const names = new Set(own.map(({ name }) => name))
  const others = planOthers(domain, dkim, provider).filter(({ name }) => !names.has(name))
  const needed = own.length === 0 || provider !== null
  return [
    ...own,
    ...others.filter(({ action, current }) => needed || action !== 'provider' || current !== null),
  ]
}

function planOwnKey(
  domain: string,
  { selector, record: value }: OwnKey,
  dkim: AuditReport['dkim'] | null,
): PlannedRecord {
  const record = { check: 'dkim', type: 'TXT', name: `${selector}._domainkey.${domain}` } as const
  const row = dkim?.selectors.find(entry => entry.selector === selector)
  if (row?.state === 'unavailable') return { ...record, value: null, action: 'keep', current: null }
  if (!row?.record) return { ...record, value, action: 'add', current: null }
  const isSame = row.record.replaceAll(/\s/g, '') === value.replaceAll(/\s/g, '')
  return isSame
    ? { ...record, value: row.record, action: 'keep', current: row.record }
    : { ...record, value, action: 'replace', current: row.record }
}

function planOthers(
  domain: string,
  dkim: AuditReport['dkim'] | null,
  provider: MailProvider | null,
): PlannedRecord[] {
  const right = dkim?.selectors.filter(row => row.state === 'found' && row.verdict !== 'fail') ?? []
  if (provider?.dkimKind === 'cname') {
    return provider.dkimSelectors.map(selector => planAlias(domain, selector, dkim, provider))
  }
  if (right.length > 0) return right.map(row => keepKey(domain, row))
  const known = provider?.dkimKind === 'txt' ? provider.dkimSelectors[0] : undefined
  const name = known === undefined ? `_domainkey.${domain}` : `${known}._domainkey.${domain}`
  const missing: PlannedRecord = {
    check: 'dkim',
    type: 'TXT',
    name,
    value: null,
    action: 'provider',
    current: null,
  }
  return [isUnknown(dkim, known) ? { ...missing, action: 'keep' } : missing]
}

function planAlias(
  domain: string,
  selector: string,
  dkim: AuditReport['dkim'] | null,
  provider: MailProvider,
): PlannedRecord {
  const published = dkim?.selectors.find(row => row.selector === selector)
  const target = provider.dkimTargets?.[selector]?.replaceAll('{domain}', domain) ?? null
  const record = {
    check: 'dkim',
    type: 'CNAME',
    name: `${selector}._domainkey.${domain}`,
    value: target,
    current: published?.record ?? null,
  } as const
  if (isUnknown(dkim, selector)) return { ...record, value: null, action: 'keep' }
  if (published?.state === 'found' && published.verdict !== 'fail') {
    return target === null ? keepKey(domain, published) : { ...record, action: 'keep' }
  }
  if (target === null) return { ...record, action: 'provider' }
  return { ...record, action: published?.state === 'found' ? 'replace' : 'add' }
}

function keepKey(domain: string, row: DkimSelector): PlannedRecord {
  const name = `${row.selector}._domainkey.${domain}`
  return { check: 'dkim', type: 'TXT', name, value: row.record, action: 'keep', current: row.record }
}

/** The look-up was made and gave no answer. Before the first audit nothing is known to stand in the way. */
function isUnknown(dkim: AuditReport['dkim'] | null, selector: string | undefined): boolean {
  if (dkim === null) return false
  const row = dkim.selectors.find(entry => entry.selector === selector)
  return row === undefined ? dkim.state === 'unavailable' : row.state === 'unavailable'
}
