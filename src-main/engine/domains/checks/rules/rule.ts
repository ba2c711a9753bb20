import type { FindingCode, Severity } from '#shared/model/finding.ts'

export type Rule = {
  /** What the catalogue of checks calls it, as `SPF-04`. */
  readonly ids: readonly string[]
  readonly severity: Severity
  readonly rfc: string
  /** The facts that a finding of this code carries. */
  readonly facts: readonly string[]
  /** What it takes from the health score of 100; `score.ts` says how they are chosen. */
  readonly points: number
}

/** One rule for every code of a check: a code without a rule does not compile. */
export type RulesOf<Check extends string> = Readonly<Record<Extract<FindingCode, `${Check}.${string}`>, Rule>>
