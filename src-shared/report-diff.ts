import type { AuditReport, AuditRow } from './model/audit.ts'
import type { CheckId, Finding, Severity, Verdict } from './model/finding.ts'

type Place = {
  readonly check: CheckId
  /** The row, as in the report: `spf`, `dkim:s1`. */
  readonly row: string
  readonly name: string
  readonly type: string
}

/**
 * One thing that differs between two reports of a domain. What could not be looked up on one side is never called
 * added, removed, new or gone.
 */
export type ReportChange =
  | { readonly kind: 'score'; readonly before: number | null; readonly after: number | null }
  | { readonly kind: 'verdict'; readonly check: CheckId; readonly before: Verdict; readonly after: Verdict }
  | (Place & { readonly kind: 'record-added'; readonly after: readonly string[] })
  | (Place & { readonly kind: 'record-removed'; readonly before: readonly string[] })
  | (Place & {
      readonly kind: 'record-changed'
      readonly before: readonly string[]
      readonly after: readonly string[]
    })
  /** It was known before, and could not be looked up after. */
  | (Place & { readonly kind: 'record-lost-sight'; readonly reason: string | null })
  /** It could not be looked up before, and is known after. */
  | (Place & { readonly kind: 'record-in-sight'; readonly after: readonly string[] })
  | { readonly kind: 'finding-new'; readonly finding: Finding }
  | { readonly kind: 'finding-gone'; readonly finding: Finding }
  | { readonly kind: 'finding-changed'; readonly before: Finding; readonly after: Finding }
  /** It is made after, and before it its check could not be looked up. */
  | { readonly kind: 'finding-seen'; readonly finding: Finding }
  /** It was made before, and after it its check could not be looked up. */
  | { readonly kind: 'finding-unknown'; readonly finding: Finding }

/** What the reports are compared by; anything with these can be. */
export type Comparable = Pick<AuditReport, 'rows' | 'findings' | 'score'>

/**
 * What changed from one report to another: the score, the verdicts in the order of the rows, the records, and the
 * findings, worst first. Times, servers and remaining TTLs are no changes. Pure.
 */
export function diffReports(before: Comparable, after: Comparable): ReportChange[] {
  return [
    ...scoreChanges(before, after),
    ...verdictChanges(before, after),
    ...recordChanges(before, after),
    ...findingChanges(before, after),
  ]
}

function scoreChanges(before: Comparable, after: Comparable): ReportChange[] {
  const [was, is] = [before, after].map(({ score }) => (score.state === 'known' ? score.value : null))
  return was === is || was === undefined || is === undefined
    ? []
    : [{ kind: 'score', before: was, after: is }]
}

function checksOf(...reports: readonly Comparable[]): CheckId[] {
  return [...new Set(reports.flatMap(({ rows }) => rows.map(row => row.check)))]
}

const worstFirst: readonly Verdict[] = ['fail', 'unavailable', 'warn', 'pass']

function verdictOf({ rows }: Comparable, check: CheckId): Verdict | undefined {
  const verdicts = rows.filter(row => row.check === check).map(row => row.verdict)
  return worstFirst.find(verdict => verdicts.includes(verdict))
}

function verdictChanges(before: Comparable, after: Comparable): ReportChange[] {
  return checksOf(after, before).flatMap((check): ReportChange[] => {
    const [was, is] = [verdictOf(before, check), verdictOf(after, check)]
    return was === undefined || is === undefined || was === is
      ? []
      : [{ kind: 'verdict', check, before: was, after: is }]
  })
}

function recordChanges(before: Comparable, after: Comparable): ReportChange[] {
  const ids = [...new Set([...after.rows, ...before.rows].map(row => row.id))]
  return ids.flatMap((id): ReportChange[] => {
    const was = before.rows.find(row => row.id === id)
    const is = after.rows.find(row => row.id === id)
    const row = is ?? was
    if (row === undefined) return []
    const place = { check: row.check, row: id, name: row.name, type: row.type }
    const wasKnown = isKnown(was, before, row.check)
    const isKnownNow = isKnown(is, after, row.check)
    const [old, current] = [valuesOf(was), valuesOf(is)]
    if (!wasKnown && !isKnownNow) return []
    if (!isKnownNow) {
      // A selector that was not looked for again says nothing.
      return was === undefined ? [] : [{ ...place, kind: 'record-lost-sight', reason: is?.reason ?? null }]
    }
    if (!wasKnown) return is === undefined ? [] : [{ ...place, kind: 'record-in-sight', after: current }]
    if (old.join('\n') === current.join('\n')) return []
    if (old.length === 0) return [{ ...place, kind: 'record-added', after: current }]
    if (current.length === 0) return [{ ...place, kind: 'record-removed', before: old }]
    return [{ ...place, kind: 'record-changed', before: old, after: current }]
  })
}

/** A row that is not there is known to be absent only when its whole check could be looked up. */
function isKnown(row: AuditRow | undefined, report: Comparable, check: CheckId): boolean {
  if (row !== undefined) return row.state !== 'unavailable'
  return isCheckKnown(report, check)
}

function isCheckKnown({ rows }: Comparable, check: CheckId): boolean {
  const own = rows.filter(row => row.check === check)
  return own.length > 0 && own.every(row => row.state !== 'unavailable' && row.verdict !== 'unavailable')
}

function valuesOf(row: AuditRow | undefined): string[] {
  return row === undefined || row.state !== 'found' ? [] : row.found.toSorted()
}

function findingChanges(before: Comparable, after: Comparable): ReportChange[] {
  const old = [...before.findings]
  const fresh: Finding[] = []
  for (const finding of after.findings) {
    const same = old.findIndex(other => textOf(other) === textOf(finding))
    if (same < 0) fresh.push(finding)
    else old.splice(same, 1)
  }
  const changes = fresh.map((finding): ReportChange => {
    const index = old.findIndex(
      other => other.code === finding.code && subjectOf(other) === subjectOf(finding),
    )
    const [was] = index < 0 ? [] : old.splice(index, 1)
    if (was !== undefined) return { kind: 'finding-changed', before: was, after: finding }
    const kind = isCheckKnown(before, finding.check) ? 'finding-new' : 'finding-seen'
    return { kind, finding }
  })
  const ended = old.map(
    (finding): ReportChange => ({
      kind: isCheckKnown(after, finding.check) ? 'finding-gone' : 'finding-unknown',
      finding,
    }),
  )
  return [...changes, ...ended].toSorted((a, b) => rankOf(a) - rankOf(b))
}

function textOf({ code, severity, facts }: Finding): string {
  const sorted = Object.entries(facts).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([code, severity, sorted])
}

/** What a finding is about, where a report can make the same one several times. */
function subjectOf({ facts }: Finding): string {
  return JSON.stringify([facts.selector, facts.host, facts.name, facts.include].map(fact => fact ?? null))
}

/** Written out, because the window carries no schemas, and those of the model come with their lists. */
const severityOrder: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info']

function rankOf(change: ReportChange): number {
  const finding =
    'finding' in change ? change.finding : change.kind === 'finding-changed' ? change.after : null
  return finding === null ? 0 : severityOrder.indexOf(finding.severity)
}
