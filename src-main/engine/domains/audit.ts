import type { AuditEvent, AuditReport, CheckState } from '#shared/model/audit.ts'
import type { DmarcEvidence } from '#shared/model/dmarc-report.ts'
import { type CheckId, checkOrder, type MoreCheckId, moreCheckIds } from '#shared/model/finding.ts'
import type {
  AnyCheck,
  CheckContext,
  Ended,
  Expected,
  Needed,
  NeededId,
  Outcomes,
  RequiredOutcomes,
} from './checks/check.ts'
import { appliedRecord } from './checks/dmarc-walk.ts'
import { registry } from './checks/registry.ts'
import { sortFindings } from './checks/rules.ts'
import { selectSpf } from './checks/spf-selection.ts'
import { coveredNames, isCostKnown } from './plan-spf.ts'
import { expectedRecords } from './plan.ts'
import { scoreOf } from './score.ts'
import { type AuditSource, recordingSource } from './source.ts'

export type AuditChoices = {
  /** The name that links in mail lead through. */
  readonly trackingHost?: string | null
  /** Which checks are made beside the required ones; null for all. */
  readonly more?: readonly MoreCheckId[] | null
  /** DKIM selectors that are known to be in use; they are looked at beside those that are guessed. */
  readonly selectors?: readonly string[]
  /** False: no others are looked at. */
  readonly guessSelectors?: boolean
  /** What stored aggregate reports show of the domain's mail. */
  readonly dmarcEvidence?: DmarcEvidence | null
  /** False: nobody reads on the way, so the rows of each check are made for the report alone. */
  readonly isWatched?: boolean
}

/**
 * Audits one domain (A-labels, lower case, no trailing dot): `started` at once, then `checked` for each check as it
 * finishes, and the report as the return value. Equal questions are asked once. Never throws for what the DNS says;
 * how long it may take is the source's deadline. `now` is epoch milliseconds. The same answers give the same report, apart
 * from `startedAt`, `tookMs`, `queries` and the times in `raw`. A streamed SPF or DMARC row lacks `expected` until
 * MX, on which it rests, is known, and what SPF comes to beside the other checks is told in the report alone.
 */
export async function* runAudit(
  domain: string,
  source: AuditSource,
  now: () => number,
  {
    trackingHost = null,
    more = null,
    selectors = [],
    guessSelectors = true,
    dmarcEvidence = null,
    isWatched = true,
  }: AuditChoices = {},
): AsyncGenerator<AuditEvent, AuditReport, void> {
  const startedAt = now()
  const began = performance.now()
  const recorded = recordingSource(source)
  const contextOf = ({ ask, askAt, fetchHttps, probeSmtp }: AuditSource): CheckContext => ({
    domain,
    startedAt,
    trackingHost,
    selectors,
    guessSelectors,
    dmarcEvidence,
    ask,
    askAside: recorded.optional.ask,
    askAt: askAt ?? null,
    fetchHttps: fetchHttps ?? null,
    probeSmtp: probeSmtp ?? null,
  })
  const contexts = { required: contextOf(recorded), more: contextOf(recorded.optional) }
  const contextFor = ({ id }: AnyCheck) => (isMore(id) ? contexts.more : contexts.required)
  const chosen = withNeeds(more).filter(check => check.isPossible(contextFor(check)))
  yield { kind: 'started', domain, checks: chosen.map(({ id }) => id) }

  const ended = new Map<CheckId, Ended>()
  const finished = inTurn(startChecks(chosen, contextFor))
  const expectedBy = { ids: '', expected: nothingExpected }
  /** Only these three bear on what is expected, so it is the same until another of them has ended. */
  const expectedNow = () => {
    const ids = [ended.has('mx'), ended.has('spf'), ended.has('dmarc')].join()
    if (ids !== expectedBy.ids) Object.assign(expectedBy, { ids, expected: expectedOf(ended) })
    return expectedBy.expected
  }
  for (let done = 1; done <= chosen.length; done++) {
    const { id, outcome } = await finished()
    ended.set(id, outcome)
    if (!isWatched) continue
    yield {
      kind: 'checked',
      check: id,
      rows: outcome.rows(expectedNow()),
      findings: [...outcome.findings],
      done,
      total: chosen.length,
      queries: recorded.queries(),
    }
  }

  const required = requiredOf(ended)
  for (const [id, outcome] of ended) ended.set(id, await outcome.beside(required))
  const { ns, mx, spf, dmarc, dkim } = requiredOf(ended)
  const results = { ns: ns.result, mx: mx.result, spf: spf.result, dmarc: dmarc.result, dkim: dkim.result }
  const expected = expectedOf(ended)
  const inOrder = checkOrder.flatMap(id => ended.get(id) ?? [])
  const findings = sortFindings([...ended.values()].flatMap(outcome => outcome.findings))
  return {
    domain,
    startedAt,
    tookMs: performance.now() - began,
    queries: recorded.queries(),
    ...results,
    reach: {
      direct: source.askAt !== undefined,
      https: source.fetchHttps !== undefined,
      smtp: source.probeSmtp !== undefined,
      trackingHost,
      selectors: [...selectors],
      guessSelectors,
      dmarcEvidence,
    },
    checks: Object.fromEntries(chosen.map(({ id }) => [id, stateOf(ended.get(id))])),
    views: inOrder.flatMap(outcome => outcome.views()),
    rows: inOrder.flatMap(outcome => outcome.rows(expected)),
    findings,
    score: scoreOf({ ...results, findings }),
    raw: recorded.answers(),
    rawHttps: recorded.pages(),
    rawSmtp: recorded.probes(),
  }
}

function isMore(id: CheckId): id is MoreCheckId {
  return (moreCheckIds as readonly CheckId[]).includes(id)
}

/** The required checks, the chosen ones, and what those rest on. */
function withNeeds(more: readonly MoreCheckId[] | null): AnyCheck[] {
  const wanted = new Set<CheckId>(more ?? moreCheckIds)
  for (const check of registry.toReversed()) {
    if (!isMore(check.id) || wanted.has(check.id)) for (const id of check.needs) wanted.add(id)
  }
  return registry.filter(({ id }) => !isMore(id) || wanted.has(id))
}

/** Starts all at once; each waits by itself for those it needs, which stand before it in the registry. */
function startChecks(
  checks: readonly AnyCheck[],
  contextFor: (check: AnyCheck) => CheckContext,
): Map<CheckId, Promise<Ended>> {
  const running = new Map<CheckId, Promise<Ended>>()
  for (const check of checks) {
    const needed = Object.fromEntries(check.needs.map(id => [id, running.get(id)]))
    // The registry gives each id the check whose outcome `Outcomes` names.
    running.set(check.id, check.run(contextFor(check), needed as unknown as Needed))
  }
  return running
}

type Finished = { readonly id: CheckId; readonly outcome: Ended }

/** Hands over what has ended, first come first served; rejects once it comes to one that has gone wrong. */
function inTurn(running: ReadonlyMap<CheckId, Promise<Ended>>): () => Promise<Finished> {
  const finished: Promise<Finished>[] = []
  let wake: (() => void) | null = null
  for (const [id, done] of running) {
    const one = done.then(outcome => ({ id, outcome }))
    const arrive = () => {
      finished.push(one)
      wake?.()
    }
    // Handled here too: whoever stops reading midway leaves the rest, and what goes wrong there.
    one.then(arrive, arrive)
  }
  return async () => {
    if (finished.length === 0) {
      await new Promise<void>(resolve => {
        wake = resolve
      })
    }
    const next = finished.shift()
    if (next === undefined) throw new Error('Every check has been handed over.')
    return next
  }
}

function outcomeOf<Id extends NeededId>(ended: ReadonlyMap<CheckId, Ended>, id: Id): Outcomes[Id] {
  const outcome = ended.get(id)
  if (outcome === undefined) throw new Error(`The check ${id} was not made.`)
  return outcome as unknown as Outcomes[Id]
}

function requiredOf(ended: ReadonlyMap<CheckId, Ended>): RequiredOutcomes {
  return {
    ns: outcomeOf(ended, 'ns'),
    mx: outcomeOf(ended, 'mx'),
    spf: outcomeOf(ended, 'spf'),
    dmarc: outcomeOf(ended, 'dmarc'),
    dkim: outcomeOf(ended, 'dkim'),
  }
}

function stateOf(outcome: Ended | undefined): CheckState {
  return { state: outcome?.result.state ?? 'unavailable', verdict: outcome?.result.verdict ?? 'unavailable' }
}

const nothingExpected: Expected = { spf: null, dmarc: null }

/** What Rookery would publish, from what stands there and the mail provider that MX names; nothing while MX is out. */
function expectedOf(ended: ReadonlyMap<CheckId, Ended>): Expected {
  if (!ended.has('mx')) return nothingExpected
  const mx = outcomeOf(ended, 'mx')
  const spf = ended.has('spf') ? outcomeOf(ended, 'spf') : null
  const dmarc = ended.has('dmarc') ? outcomeOf(ended, 'dmarc') : null
  const txt = spf?.facts.txt
  const costs = spf?.result.costs ?? []
  const walked = dmarc === null ? null : appliedRecord(dmarc.facts.steps)
  const standing = walked?.state === 'found' ? walked.step : dmarc?.facts.steps[0]
  return expectedRecords({
    domain: mx.facts.domain,
    spf: {
      // A name that could not be followed may already let the provider send.
      state: isCostKnown(costs) ? (txt?.state ?? 'unavailable') : 'unavailable',
      records: txt?.state === 'found' ? selectSpf(txt.values) : [],
      covered: coveredNames(costs),
    },
    dmarc: { state: walked?.state ?? 'unavailable', records: standing?.records ?? [] },
    mx: { state: mx.result.state, nullMx: mx.result.nullMx, provider: mx.result.provider },
  })
}
