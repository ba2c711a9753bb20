import type {
  AuditRow,
  CheckState,
  DkimResult,
  DmarcResult,
  MxResult,
  NsResult,
  RecordView,
  SpfResult,
} from '#shared/model/audit.ts'
import type { DmarcEvidence } from '#shared/model/dmarc-report.ts'
import type { FetchHttps, ProbeSmtp } from '#shared/model/exchange.ts'
import type { CheckId, Finding, RequiredCheckId } from '#shared/model/finding.ts'
import type { Ask, AskAt } from '#shared/model/lookup.ts'
import type { DkimFacts } from './dkim-search.ts'
import type { DmarcFacts } from './dmarc.ts'
import type { MxFacts } from './mx.ts'
import type { NsFacts } from './ns.ts'
import type { SpfFacts } from './spf.ts'
import type { ZoneFacts } from './zone.ts'

/** What a check may ask. What the source of the audit cannot do is null. */
export type CheckContext = {
  /** A-labels, lower case, no trailing dot. */
  readonly domain: string
  /** When the audit began, in epoch milliseconds: the moment that certificates are judged by. */
  readonly startedAt: number
  /** The name that links in mail lead through, when the person gave one. */
  readonly trackingHost: string | null
  /** DKIM selectors that are known to be in use. */
  readonly selectors: readonly string[]
  /** Whether others are looked for. */
  readonly guessSelectors: boolean
  /** What stored aggregate reports show; null without any. */
  readonly dmarcEvidence: DmarcEvidence | null
  readonly ask: Ask
  /** For what no verdict rests on: unanswered, it leaves the audit complete. */
  readonly askAside: Ask
  readonly askAt: AskAt | null
  readonly fetchHttps: FetchHttps | null
  readonly probeSmtp: ProbeSmtp | null
}

export type Judged<Result extends CheckState = CheckState> = {
  readonly result: Result
  readonly findings: readonly Finding[]
}
export type Outcome<Facts, Result extends CheckState> = Judged<Result> & { readonly facts: Facts }

/** The checks that others rest on, and what they hand on. */
export type Outcomes = {
  readonly ns: Outcome<NsFacts, NsResult>
  readonly mx: Outcome<MxFacts, MxResult>
  readonly spf: Outcome<SpfFacts, SpfResult>
  readonly dmarc: Outcome<DmarcFacts, DmarcResult>
  readonly dkim: Outcome<DkimFacts & { readonly neverSends: boolean | null }, DkimResult>
  readonly zone: Outcome<ZoneFacts, CheckState>
}
export type NeededId = keyof Outcomes
export type RequiredOutcomes = Pick<Outcomes, RequiredCheckId>
/** A check waits for an outcome when it comes to need it, not before it begins. */
export type Needed<Id extends NeededId = NeededId> = { readonly [K in Id]: Promise<Outcomes[K]> }

/** What Rookery would publish; null until it is known. */
export type Expected = { readonly spf: string | null; readonly dmarc: string | null }

export type Check<Need extends NeededId, Facts, Result extends CheckState> = {
  readonly id: CheckId
  /** They stand before it in the registry. */
  readonly needs: readonly Need[]
  /** Whether the source can answer it at all; a check that cannot be made is left out of the audit. */
  isPossible?(context: CheckContext): boolean
  gather(context: CheckContext, needed: Needed<Need>): Promise<Facts>
  /** Pure. */
  judge(facts: Facts): Judged<Result>
  rows(facts: Facts, judged: Judged<Result>, expected: Expected): AuditRow[]
  /** What it comes to beside the required ones, once these are known; told in the report alone. */
  beside?(
    context: CheckContext,
    outcome: Outcome<Facts, Result>,
    required: RequiredOutcomes,
  ): Promise<Judged<Result>>
  /** What it adds to the report's views. */
  views?(facts: Facts): RecordView[]
}

export type Ended<Facts = unknown, Result extends CheckState = CheckState> = Outcome<Facts, Result> & {
  rows(expected: Expected): AuditRow[]
  views(): RecordView[]
  beside(required: RequiredOutcomes): Promise<Ended<Facts, Result>>
}

/** A check whose types only it knows. */
export type AnyCheck = {
  readonly id: CheckId
  readonly needs: readonly NeededId[]
  isPossible(context: CheckContext): boolean
  run(context: CheckContext, needed: Needed): Promise<Ended>
}

export function defineCheck<Need extends NeededId, Facts, Result extends CheckState>(
  check: Check<Need, Facts, Result>,
): AnyCheck {
  return {
    id: check.id,
    needs: check.needs,
    isPossible: context => check.isPossible?.(context) ?? true,
    run: async (context, needed) => {
      const facts = await check.gather(context, needed)
      return endedAs(check, context, facts, check.judge(facts))
    },
  }
}

function endedAs<Need extends NeededId, Facts, Result extends CheckState>(
  check: Check<Need, Facts, Result>,
  context: CheckContext,
  facts: Facts,
  judged: Judged<Result>,
): Ended<Facts, Result> {
  const { result, findings } = judged
  const ended: Ended<Facts, Result> = {
    facts,
    result,
    findings,
    rows: expected => check.rows(facts, judged, expected),
    views: () => check.views?.(facts) ?? [],
    beside: async required =>
      check.beside
        ? endedAs(check, context, facts, await check.beside(context, { facts, result, findings }, required))
        : ended,
  }
  return ended
}
