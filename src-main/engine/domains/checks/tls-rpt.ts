import { isTlsRpt, parseTlsRpt } from '#shared/mail-auth/parse-tls-rpt.ts'
import type { AuditRow } from '#shared/model/audit.ts'
import { joinTxt, type Lookup } from '#shared/model/lookup.ts'
import { defineCheck, type Judged } from './check.ts'
import { rowOf } from './row.ts'
import { finding, verdictOf } from './rules.ts'

export type TlsRptFacts = { readonly domain: string; readonly txt: Lookup<'TXT'> }

/** Where senders report that they could not encrypt (RFC 8460 §3). Having none is no fault. Pure. */
function judgeTlsRpt({ domain, txt }: TlsRptFacts): Judged {
  if (txt.state === 'unavailable')
    return { result: { state: 'unavailable', verdict: 'unavailable' }, findings: [] }
  const records = txt.state === 'found' ? txt.values.map(joinTxt).filter(isTlsRpt).toSorted() : []
  const [record, second] = records
  if (record === undefined) return { result: { state: 'absent', verdict: 'pass' }, findings: [] }
  const name = `_smtp._tls.${domain}`
  const parsed = parseTlsRpt(record)
  const findings =
    second !== undefined
      ? [finding('tls-rpt.multiple', { name, count: records.length, records })]
      : parsed.ok
        ? []
        : [finding('tls-rpt.record-invalid', { name, record, reason: parsed.reason, term: parsed.text })]
  return { result: { state: 'found', verdict: verdictOf(findings, true) }, findings }
}

function tlsRptRow(facts: TlsRptFacts, judged: Judged): AuditRow {
  const base = rowOf('tls-rpt', 'TXT', facts.txt, judged)
  return { ...base, found: base.found.filter(isTlsRpt) }
}

export const tlsRptCheck = defineCheck({
  id: 'tls-rpt',
  needs: [],
  gather: async ({ domain, ask }) => ({ domain, txt: await ask(`_smtp._tls.${domain}`, 'TXT') }),
  judge: judgeTlsRpt,
  rows: (facts, judged) => [tlsRptRow(facts, judged)],
})
