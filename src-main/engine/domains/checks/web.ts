import { getDomain } from 'tldts'
import type { AuditRow } from '#shared/model/audit.ts'
import type { Lookup } from '#shared/model/lookup.ts'
import { defineCheck, type Judged } from './check.ts'
import { openReason, rowOf, valuesOf } from './row.ts'
import { finding, verdictOf } from './rules.ts'

/** The addresses of the domain, of its organisational domain, and of `www` in front of that. */
export type WebFacts = { readonly domain: string; readonly answers: readonly Lookup[] }

/** Whether somebody who looks the sender up finds a website. It needs only one name with one address. Pure. */
function judgeWeb({ domain, answers }: WebFacts): Judged {
  if (answers.some(({ state }) => state === 'found'))
    return { result: { state: 'found', verdict: 'pass' }, findings: [] }
  if (answers.some(({ state }) => state === 'unavailable'))
    return { result: { state: 'unavailable', verdict: 'unavailable' }, findings: [] }
  const findings = [finding('web.no-address', { domain })]
  return { result: { state: 'absent', verdict: verdictOf(findings, true) }, findings }
}

function webRow({ domain, answers }: WebFacts, judged: Judged): AuditRow {
  const deciding = answers.find(({ state }) => state === judged.result.state)
  return {
    ...rowOf('web', deciding?.type ?? 'A', deciding, judged, openReason(answers)),
    name: deciding?.name ?? domain,
    found: [...new Set(answers.flatMap(valuesOf))].toSorted(),
  }
}

export const webCheck = defineCheck({
  id: 'web',
  needs: [],
  gather: async ({ domain, ask }) => {
    const organisation = getDomain(domain, { allowPrivateDomains: false }) ?? domain
    const names = [...new Set([domain, organisation, `www.${organisation}`])]
    const four = await Promise.all(names.map(name => ask(name, 'A')))
    // One address is enough; most domains have one of IPv4.
    if (four.some(({ state }) => state === 'found')) return { domain, answers: four }
    const six = await Promise.all(names.map(name => ask(name, 'AAAA')))
    return { domain, answers: [...four, ...six] }
  },
  judge: judgeWeb,
  rows: (facts, judged) => [webRow(facts, judged)],
})
