import type { AuditReport, AuditRow } from '#shared/model/audit.ts'
import type { Finding, RequiredCheckId } from '#shared/model/finding.ts'
import { joinTxt, type Lookup } from '#shared/model/lookup.ts'
import type { DkimFacts } from './checks/dkim-search.ts'
import { appliedRecord } from './checks/dmarc-walk.ts'
import type { DmarcFacts } from './checks/dmarc.ts'
import type { MxFacts } from './checks/mx.ts'
import type { NsFacts } from './checks/ns.ts'
import { baseRow } from './checks/row.ts'
import type { SpfFacts } from './checks/spf.ts'
import { nearMisses, selectSpf } from './checks/spf-selection.ts'
import { presentValues } from './source.ts'

type Judged<K extends RequiredCheckId> = {
  readonly result: AuditReport[K]
  readonly findings: readonly Finding[]
}

export function nsRow(facts: NsFacts, { result, findings }: Judged<'ns'>): AuditRow {
  const answer = facts.answers.at(-1)
  return {
    ...row('ns', answer, findings),
    name: result.zone ?? facts.domain,
    verdict: result.verdict,
    found: result.hosts,
  }
}

export function mxRow(facts: MxFacts, { result, findings }: Judged<'mx'>): AuditRow {
  const found = facts.mx.state === 'found' ? presentValues(facts.mx) : []
  const open = facts.targets.flatMap(({ addresses }) =>
    addresses === null ? [] : [addresses.four, addresses.six],
  )
  const own = facts.own === null ? [] : [facts.own.four, facts.own.six]
  const base = row('mx', facts.mx, findings)
  return {
    ...base,
    name: facts.domain,
    verdict: result.verdict,
    found,
    reason: base.reason ?? openReason(result, [...open, ...own]),
  }
}

/** `found` holds the records, or without any the texts that were meant as one. */
export function spfRow(
  facts: SpfFacts,
  { result, findings }: Judged<'spf'>,
  expected: string | null,
): AuditRow {
  const values = facts.txt.state === 'found' ? facts.txt.values : []
  const records = selectSpf(values)
  const found = records.length > 0 ? records : nearMisses(values).map(miss => miss.record)
  return {
    ...row('spf', facts.txt, findings),
    name: facts.domain,
    state: result.state,
    verdict: result.verdict,
    found,
    expected,
  }
}

/** Named after where the policy was found; without one, after where it belongs. */
export function dmarcRow(
  facts: DmarcFacts,
  { result, findings }: Judged<'dmarc'>,
  expected: string | null,
): AuditRow {
  const applied = appliedRecord(facts.steps)
  const own = facts.steps[0]
  const deciding = applied.state === 'found' ? applied.step : own
  const answer = applied.state === 'unavailable' ? applied.answer : deciding?.answer
  const found =
    deciding === undefined || deciding.records.length > 0 || deciding.answer.state !== 'found'
      ? [...(deciding?.records ?? [])]
      : deciding.answer.values.map(joinTxt).toSorted()
  const name = result.foundAt ?? `_dmarc.${facts.domain}`
  return {
    ...row('dmarc', answer, findings),
    name,
    state: result.state,
    verdict: result.verdict,
    found,
    expected,
  }
}

/** A row for every selector that is there or could not be asked; without any, one for the place they would stand at. */
export function dkimRows(facts: DkimFacts, { result, findings }: Judged<'dkim'>): AuditRow[] {
  const name = `_domainkey.${facts.domain}`
  const silent = facts.tried.find(({ answer }) => answer.state === 'unavailable')?.answer
  if (result.selectors.length === 0) {
    const answer = result.state === 'unavailable' ? (silent ?? facts.root) : facts.root
    const base = row('dkim', answer, findings)
    const { state, verdict } = result
    const isUnasked = facts.onlyKnown && state === 'unavailable'
    return [{ ...base, name, state, verdict, reason: base.reason ?? (isUnasked ? 'not-asked' : null) }]
  }
  const listed = new Set(result.selectors.map(entry => entry.selector))
  return result.selectors.map((entry, index) => {
    const tried = facts.tried.find(({ selector }) => selector === entry.selector)
    const answer = tried?.answer ?? facts.probe ?? undefined
    // What is about a selector without a row stands with the first.
    const own = findings.filter(({ facts: { selector } }) =>
      typeof selector === 'string' && listed.has(selector) ? selector === entry.selector : index === 0,
    )
    const target = entry.state === 'absent' ? (entry.aliases ?? []).slice(-1) : []
    const base = row('dkim', answer, own)
    return {
      ...base,
      id: `dkim:${entry.selector}`,
      name: `${entry.selector}.${name}`,
      type: target.length > 0 ? 'CNAME' : 'TXT',
      state: entry.state,
      reason: entry.state === 'unavailable' ? base.reason : null,
      verdict: entry.verdict,
      found: answer?.state === 'found' ? answer.values.map(joinTxt).toSorted() : target,
    }
  })
}

const types = { ns: 'NS', mx: 'MX', spf: 'TXT', dmarc: 'TXT', dkim: 'TXT' } as const

function row(check: RequiredCheckId, answer: Lookup | undefined, findings: readonly Finding[]): AuditRow {
  return baseRow(check, types[check], answer, findings)
}

/** The records are known, but something they point to could not be looked up: why not. */
function openReason({ verdict }: { verdict: string }, answers: readonly Lookup[]): string | null {
  const failed =
    verdict === 'unavailable' ? answers.find(answer => answer.state === 'unavailable') : undefined
  return failed?.state === 'unavailable' ? failed.reason : null
}
