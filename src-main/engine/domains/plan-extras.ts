import { createHash } from 'node:crypto'
import type { AuditReport } from '#shared/model/audit.ts'
import type { MtaStsMode, PolicyFile, RecordPlan } from '#shared/model/record-plan.ts'
import type { PlannedRecord } from './plan.ts'
import type { ReadChoices } from './plan-choices.ts'

type Extras = Pick<RecordPlan, 'policyFile' | 'leftOut'> & { readonly records: PlannedRecord[] }

/**
 * What a domain can do without, planned only when it was chosen. `mx` are its planned MX records: MTA-STS and TLS-RPT
 * mean nothing for a domain that takes no mail, or while it is not known who takes it; they are `leftOut` then.
 */
export function planExtras(
  domain: string,
  report: AuditReport | null,
  { mtaSts, tlsRpt, tracking }: ReadChoices,
  mx: readonly PlannedRecord[],
): Extras {
  const hosts = mx.flatMap(({ value }) =>
    value === null || value === '0 .' ? [] : [value.replace(/^\d+\s+/, '')],
  )
  const canReceive = hosts.length > 0
  const sts = mtaSts !== null && canReceive ? planMtaSts(domain, mtaSts, hosts, report) : null
  const chosen = [...(mtaSts === null ? [] : ['mta-sts' as const]), ...(tlsRpt ? ['tls-rpt' as const] : [])]
  return {
    records: [
      ...(sts === null ? [] : [sts.record]),
      ...(tlsRpt && canReceive ? [planTlsRpt(domain, report)] : []),
      ...(tracking === null ? [] : [planTracking(tracking, report)]),
    ],
    policyFile: sts?.file ?? null,
    leftOut: canReceive ? [] : chosen,
  }
}

/** The tracking name as an alias of the provider's (RFC 1034 §3.6.2: nothing else may stand at that name). */
function planTracking(
  { name, target }: NonNullable<ReadChoices['tracking']>,
  report: AuditReport | null,
): PlannedRecord {
  const record = { check: 'tracking', type: 'CNAME', name, value: target } as const
  const found = report?.rows.find(row => row.name === name && row.type === 'CNAME')?.found[0] ?? null
  if (found === null) return { ...record, action: 'add', current: null }
  const isSame = found.toLowerCase().replace(/\.$/, '') === target
  return { ...record, action: isSame ? 'keep' : 'replace', current: found }
}

/** Seconds a sender keeps the policy: a day while it is tried, two weeks once it counts (RFC 8461 §3.2). */
const maxAgeS: Record<MtaStsMode, number> = { testing: 86_400, enforce: 1_209_600 }

/**
 * The MTA-STS record and the file it announces (RFC 8461 §3.1, §3.2), for the hosts that take mail. The id is made from
 * the file, so it changes exactly when the file does.
 */
function planMtaSts(
  domain: string,
  mode: MtaStsMode,
  mxHosts: readonly string[],
  report: AuditReport | null,
): { readonly record: PlannedRecord; readonly file: PolicyFile } {
  const hosts = [...new Set(mxHosts.map(host => host.toLowerCase().replace(/\.$/, '')))].toSorted()
  const text = [
    'version: STSv1',
    `mode: ${mode}`,
    ...hosts.map(host => `mx: ${host}`),
    `max_age: ${maxAgeS[mode]}`,
    '',
  ].join('\n')
  const id = createHash('sha256').update(text).digest('hex').slice(0, 20)
  const host = `mta-sts.${domain}`
  return {
    record: planText(report, 'mta-sts', `_mta-sts.${domain}`, `v=STSv1; id=${id};`, record =>
      new RegExp(`^v=STSv1\\s*;\\s*id=${id}\\s*;?$`).test(record.trim()),
    ),
    file: { host, url: `https://${host}/.well-known/mta-sts.txt`, text, mode },
  }
}

/** The TLS-RPT record (RFC 8460 §3): one that already sends reports somewhere is kept. */
function planTlsRpt(domain: string, report: AuditReport | null): PlannedRecord {
  const value = `v=TLSRPTv1; rua=mailto:tls-reports@${domain}`
  return planText(report, 'tls-rpt', `_smtp._tls.${domain}`, value, record =>
    /^v=TLSRPTv1\s*;\s*rua=(?:mailto:|https:)\S+\s*;?$/.test(record.trim()),
  )
}

/** One record at a name of its own: a right one is kept, anything else there gives way, and what was not seen is left. */
function planText(
  report: AuditReport | null,
  check: PlannedRecord['check'],
  name: string,
  value: string,
  isRight: (record: string) => boolean,
): PlannedRecord {
  const record = { check, type: 'TXT', name } as const
  const row = report?.rows.find(entry => entry.name === name && entry.type === 'TXT')
  if (row?.state === 'unavailable') return { ...record, value: null, action: 'keep', current: null }
  const found = row?.found ?? []
  const [first] = found
  if (first === undefined) return { ...record, value, action: 'add', current: null }
  if (found.length === 1 && isRight(first)) return { ...record, value: first, action: 'keep', current: first }
  return { ...record, value, action: 'replace', current: found.join('\n') }
}
