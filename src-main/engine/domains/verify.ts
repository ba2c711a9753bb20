import type { AuditReport } from '#shared/model/audit.ts'
import type { DomainStatus } from '#shared/model/domain.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/**
 * How long a domain may stay Pending. A changed record is seen everywhere within 24 to 48 hours, when resolvers have
 * dropped the old answer; a third day leaves room for a provider that publishes slowly.
 */
export const verificationMs = 72 * hourMs

/** Waits between looks while records spread: close together while a person watches, then hourly. */
const pollDelaysMs = [1, 2, 5, 10, 20, 30].map(minutes => minutes * minuteMs)

/**
 * The status after an audit. Verified: SPF, DMARC, DKIM and MX are found and none of them fails. When one of them could
 * not be looked up, nothing new is known and the status stays. Otherwise a domain that was right has Failed at once, and
 * a new one has until `verificationMs` after `addedAt`. Instants are epoch milliseconds.
 */
export function domainStatus(
  previous: { readonly status: DomainStatus; readonly addedAt: number },
  report: Pick<AuditReport, 'spf' | 'dmarc' | 'dkim' | 'mx'>,
  now: number,
): DomainStatus {
  const checks = [report.spf, report.dmarc, report.dkim, report.mx]
  if (checks.some(check => check.state === 'unavailable' || check.verdict === 'unavailable'))
    return previous.status
  // Absent and passing: keys of a domain that never sends.
  const isRight = (check: (typeof checks)[number]) =>
    check.state === 'found' ? check.verdict !== 'fail' : check.verdict === 'pass'
  if (checks.every(isRight)) return 'verified'
  if (previous.status !== 'pending') return 'failed'
  return now - previous.addedAt < verificationMs ? 'pending' : 'failed'
}

/**
 * When to look again at a Pending domain: after 1, 2, 5, 10, 20 and 30 minutes, then hourly, each moved by up to a tenth
 * so that many domains added together do not ask together; the same `seed` moves the same way. `attempt` counts the looks
 * already made, from 0. Null once `verificationMs` have passed since `startedAt`; the last look falls on that moment.
 */
export function nextPollAt(
  attempt: number,
  startedAt: number,
  now: number,
  seed: number = startedAt,
): number | null {
  const endsAt = startedAt + verificationMs
  if (now >= endsAt) return null
  const delayMs = pollDelaysMs[Math.max(0, Math.floor(attempt))] ?? hourMs
  const moved = delayMs * (0.9 + 0.2 * fraction(seed, attempt))
  return Math.min(Math.round(now + moved), endsAt)
}

/** A number in [0, 1) that looks random and depends on nothing else: the finaliser of MurmurHash3. */
function fraction(seed: number, step: number): number {
  let hash = (Math.imul(Math.trunc(seed) | 0, 0x9e3779b1) ^ Math.imul(step + 1, 0x85ebca6b)) >>> 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
