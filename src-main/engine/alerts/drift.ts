import type { AlertCause } from '#shared/model/alert.ts'
import type { AuditReport } from '#shared/model/audit.ts'
import type { DomainStatus } from '#shared/model/domain.ts'

export type Drift = Pick<AlertCause, 'code' | 'severity' | 'subject' | 'facts'>

/** RFC 7208 §4.6.4. */
const lookupLimit = 10

type Checked = 'spf' | 'dmarc' | 'mx' | 'dkim'

/**
 * What got worse between the stored reports before (newest first) and the one after. Each check is compared with the
 * newest earlier report in which it could be looked up, and nothing is said of a check that is unavailable now. Pure.
 */
export function driftOf(
  before: readonly AuditReport[],
  after: AuditReport,
  status: { readonly before: DomainStatus; readonly after: DomainStatus },
): Drift[] {
  const known = (check: Checked) => before.find(report => isKnown(report, check)) ?? null
  return [
    ...(['spf', 'dmarc', 'mx', 'dkim'] as const).flatMap(check => vanished(check, known(check), after)),
    ...weakenedDmarc(known('dmarc'), after),
    ...weakenedSpf(known('spf'), after),
    ...overLimit(known('spf'), after),
    ...fallen(status, after),
  ]
}

/** Whether what an alert told of is over, as far as this report knows. False when it could not be looked up. Pure. */
export function isOver(
  alert: Pick<AlertCause, 'code' | 'subject' | 'facts'>,
  after: AuditReport,
  status: DomainStatus,
): boolean {
  switch (alert.code) {
    case 'drift.record-vanished': {
      const check = alert.subject as Checked
      return isKnown(after, check) && after[check].state === 'found'
    }
    case 'drift.policy-weakened': {
      const wanted = String(alert.facts.before ?? '')
      if (alert.subject === 'dmarc') {
        return isKnown(after, 'dmarc') && dmarcRank(after.dmarc.policy) >= dmarcRank(wanted)
      }
      return isKnown(after, 'spf') && spfRank(after.spf.all) >= spfRank(wanted)
    }
    case 'drift.lookup-limit':
      return isKnown(after, 'spf') && after.spf.lookups <= lookupLimit
    case 'drift.status-fell':
      return status === 'verified'
    case 'blacklist.listed':
    case 'mailbox.auth-failed':
    case 'mailbox.unreachable':
    case 'dkim.key-old':
    case 'warmup.paused':
    case 'warmup.rules':
      return false
  }
}

function isKnown(report: AuditReport, check: Checked): boolean {
  return report[check].state !== 'unavailable' && report[check].verdict !== 'unavailable'
}

function vanished(check: Checked, before: AuditReport | null, after: AuditReport): Drift[] {
  if (before === null || before[check].state !== 'found' || after[check].state !== 'absent') return []
  if (!isKnown(after, check)) return []
  return [
    {
      code: 'drift.record-vanished',
      severity: check === 'dkim' ? 'medium' : 'high',
      subject: check,
      facts: { check, before: recordOf(before, check) },
    },
  ]
}

function recordOf(report: AuditReport, check: Checked): string {
  if (check === 'mx') return report.mx.hosts.map(({ preference, host }) => `${preference} ${host}`).join(', ')
  if (check === 'dkim') return report.dkim.selectors.map(({ selector }) => selector).join(', ')
  return report[check].record ?? ''
}

const dmarcOrder = ['none', 'quarantine', 'reject']
const spfOrder = ['+all', '?all', '~all', '-all']

function dmarcRank(policy: string | null): number {
  return dmarcOrder.indexOf(policy ?? '')
}

function spfRank(all: string | null): number {
  // Without `all` a record ends as with `?all` (RFC 7208 §4.7).
  return spfOrder.indexOf(all === null || all === '' ? '?all' : all)
}

function weakenedDmarc(before: AuditReport | null, after: AuditReport): Drift[] {
  if (before?.dmarc.state !== 'found' || after.dmarc.state !== 'found' || !isKnown(after, 'dmarc')) return []
  const [old, now] = [before.dmarc.policy, after.dmarc.policy]
  if (dmarcRank(now) >= dmarcRank(old)) return []
  const facts = { check: 'dmarc', before: old ?? '', after: now ?? '', record: after.dmarc.record ?? '' }
  return [{ code: 'drift.policy-weakened', severity: 'high', subject: 'dmarc', facts }]
}

function weakenedSpf(before: AuditReport | null, after: AuditReport): Drift[] {
  if (before?.spf.state !== 'found' || after.spf.state !== 'found' || !isKnown(after, 'spf')) return []
  const [old, now] = [before.spf.all, after.spf.all]
  if (spfRank(now) >= spfRank(old)) return []
  const facts = { check: 'spf', before: old ?? '', after: now ?? '', record: after.spf.record ?? '' }
  const severity = now === '+all' ? 'critical' : 'high'
  return [{ code: 'drift.policy-weakened', severity, subject: 'spf', facts }]
}

function overLimit(before: AuditReport | null, after: AuditReport): Drift[] {
  if (before === null || !isKnown(after, 'spf')) return []
  if (before.spf.lookups > lookupLimit || after.spf.lookups <= lookupLimit) return []
  const facts = { before: before.spf.lookups, after: after.spf.lookups, limit: lookupLimit }
  return [{ code: 'drift.lookup-limit', severity: 'high', subject: 'spf', facts }]
}

function fallen(status: { before: DomainStatus; after: DomainStatus }, after: AuditReport): Drift[] {
  if (status.before !== 'verified' || status.after !== 'failed') return []
  const wrong = (['spf', 'dkim', 'dmarc', 'mx'] as const).filter(
    check => after[check].verdict === 'fail' || after[check].state === 'absent',
  )
  return [{ code: 'drift.status-fell', severity: 'high', subject: 'status', facts: { checks: [...wrong] } }]
}
