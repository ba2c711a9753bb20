import { asksForReports, type DmarcPolicy, type DmarcRecord } from '#shared/mail-auth/parse-dmarc.ts'
import type { OlderDifference, OlderReceiver } from '#shared/model/audit.ts'

export type OlderFacts = {
  readonly domain: string
  /** By the public suffix list, which is how RFC 7489 §3.2 finds it. */
  readonly organisationalDomain: string
  /** The record of that domain; null when it has none, or more than one. */
  readonly organisationRecord: DmarcRecord | null
  /** What a receiver of RFC 9989 does: null where it applies no record, or where that is not known. */
  readonly newer: {
    readonly policy: DmarcPolicy | null
    readonly foundAt: string | null
    readonly organisationalDomain: string | null
  }
}

/**
 * What a receiver that still goes by RFC 7489 does (§6.6.3): the domain's own record, else that of its organisational
 * domain by the public suffix list; `pct` counts, and `t`, `np` and `psd` do not exist. `own` is the domain's own record, or
 * null. Pure.
 */
export function olderReceiver(own: DmarcRecord | null, facts: OlderFacts): OlderReceiver {
  const { domain, organisationalDomain, organisationRecord, newer } = facts
  const record = own ?? organisationRecord
  const inherited = own === null && organisationalDomain !== domain
  const foundAt = record === null ? null : `_dmarc.${own === null ? organisationalDomain : domain}`
  const policy = record === null ? null : olderPolicy(record, inherited)
  const percentage = record?.percentage ?? 100
  const differs: Record<OlderDifference, boolean> = {
    'organisational-domain':
      newer.organisationalDomain !== null && newer.organisationalDomain !== organisationalDomain,
    record: foundAt !== newer.foundAt,
    policy: policy !== newer.policy,
    percentage: policy !== null && policy !== 'none' && percentage < 100,
    'test-mode': record?.testing === true && policy !== null && policy !== 'none',
    'missing-subdomains':
      record !== null && !inherited && olderPolicy(record, true) !== missingPolicy(record),
    'policy-not-second': record !== null && record.tags[1]?.name.toLowerCase() !== 'p',
    'report-size': record !== null && [...record.rua, ...record.ruf].some(uri => uri.sizeLimit !== null),
  }
  const differences = (Object.keys(differs) as OlderDifference[]).filter(name => differs[name])
  return { policy, organisationalDomain, foundAt, percentage, differences }
}

/** RFC 7489 §6.6.3 step 6: an `sp` that is no policy spoils `p` too; an unknown `np` is passed over. */
function olderPolicy(record: DmarcRecord, inherited: boolean): DmarcPolicy | null {
  const spoilt = record.p === null || (record.sp === null && writes(record, 'sp'))
  if (spoilt) return asksForReports(record) ? 'none' : null
  return inherited ? (record.sp ?? record.p) : record.p
}

/** What RFC 9989 asks for subdomains that do not exist. */
function missingPolicy(record: DmarcRecord): DmarcPolicy | null {
  return record.policiesValid ? (record.np ?? record.sp ?? record.p) : olderPolicy(record, true)
}

function writes(record: DmarcRecord, name: string): boolean {
  return (
    record.tags.some(tag => tag.name.toLowerCase() === name) ||
    record.errors.some(error => error.tag?.toLowerCase() === name && error.reason !== 'duplicate')
  )
}
