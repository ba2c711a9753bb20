import type { AuditRow } from '#shared/model/audit.ts'
import type { CheckId, Finding } from '#shared/model/finding.ts'
import { joinTxt, type Lookup } from '#shared/model/lookup.ts'
import { presentValues } from '../source.ts'
import type { Judged } from './check.ts'

/** What every row has in common; the answer is the one that decided. */
export function baseRow(
  check: CheckId,
  type: string,
  answer: Lookup | undefined,
  findings: readonly Finding[],
): AuditRow {
  return {
    id: check,
    check,
    name: answer?.name ?? '',
    type,
    state: answer?.state ?? 'unavailable',
    reason: answer?.state === 'unavailable' ? answer.reason : null,
    verdict: 'unavailable',
    found: [],
    expected: null,
    ttlS: answer === undefined || answer.state === 'unavailable' ? null : answer.ttlS,
    server: answer?.server ?? null,
    codes: [...new Set(findings.map(({ code }) => code))],
  }
}

/** One row for a check: its state and verdict, the values of the answer that decided; `reason` for what else stayed open. */
export function rowOf(
  check: CheckId,
  type: string,
  answer: Lookup | undefined,
  { result, findings }: Judged,
  reason: string | null = null,
): AuditRow {
  const base = baseRow(check, type, answer, findings)
  const open = result.state === 'unavailable' || result.verdict === 'unavailable'
  return {
    ...base,
    state: result.state,
    verdict: result.verdict,
    found: answer === undefined ? [] : valuesOf(answer),
    reason: open ? (base.reason ?? reason) : null,
  }
}

/** What an answer holds, as a person types it: texts joined, everything else in presentation form. */
export function valuesOf(answer: Lookup): string[] {
  if (answer.state !== 'found') return []
  if (answer.type === 'TXT')
    return (answer as Lookup<'TXT'> & { state: 'found' }).values.map(joinTxt).toSorted()
  return presentValues(answer)
}

/** The reason of the first answer that could not be had. */
export function openReason(answers: readonly (Lookup | null | undefined)[]): string | null {
  const failed = answers.find(answer => answer?.state === 'unavailable')
  return failed?.state === 'unavailable' ? failed.reason : null
}
