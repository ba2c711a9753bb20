import type { AuditReport } from '#shared/model/audit.ts'
import type { MailProvider } from '#shared/model/provider.ts'
import type { PlannedRecord } from './plan.ts'

const brokenTargets = ['mx.target-is-address', 'mx.target-missing', 'mx.target-private']

/**
 * The MX records (RFC 5321 §5.1): those that lead somewhere are kept, whoever's they are; those that do not give way to
 * the provider's fixed set. A null MX (RFC 7505) is a decision and is kept.
 */
export function planMx(
  domain: string,
  report: Pick<AuditReport, 'mx' | 'findings'> | null,
  provider: MailProvider | null,
): PlannedRecord[] {
  const record = (
    value: string | null,
    action: PlannedRecord['action'],
    current: string | null,
  ): PlannedRecord => ({
    check: 'mx',
    type: 'MX',
    name: domain,
    value,
    action,
    current,
  })
  const mx = report?.mx ?? null
  if (mx?.state === 'unavailable') return [record(null, 'keep', null)]
  if (mx?.nullMx && mx.hosts.every(host => host.host === '' || host.host === '.'))
    return [record('0 .', 'keep', '0 .')]
  const hosts = (mx?.hosts ?? []).filter(host => host.host !== '' && host.host !== '.')
  const broken = new Set(
    report?.findings
      .filter(finding => brokenTargets.includes(finding.code))
      .map(finding => finding.facts.host),
  )
  const bad = hosts.filter(host => host.state === 'absent' || broken.has(host.host))
  const kept = hosts.filter(host => !bad.includes(host))
  const keeps = kept.map(({ preference, host }) =>
    record(`${preference} ${host}`, 'keep', `${preference} ${host}`),
  )
  const wrong = bad.map(({ preference, host }) => `${preference} ${host}`)
  if (kept.length > 0 && wrong.length === 0) return keeps
  if (!provider?.mxRecords) {
    const missing = wrong.length === 0 ? [null] : wrong
    return [...keeps, ...missing.map(current => record(null, 'provider', current))]
  }
  const wanted = provider.mxRecords.filter(row => !kept.some(host => host.host.toLowerCase() === row.host))
  const fresh = wanted.map((row, index) => {
    const current = wrong[index] ?? null
    return record(`${row.preference} ${row.host}`, current === null ? 'add' : 'replace', current)
  })
  return [...keeps, ...fresh, ...wrong.slice(wanted.length).map(current => record(null, 'provider', current))]
}
