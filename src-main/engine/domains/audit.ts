import type { AuditEvent, AuditReport, AuditRow } from '#shared/model/audit.ts'
import { checkIds, type CheckId, type Finding } from '#shared/model/finding.ts'
import { dkimRows, dmarcRow, mxRow, nsRow, spfRow } from './audit-rows.ts'
import { judgeDkim } from './checks/dkim.ts'
import { gatherDkim } from './checks/dkim-search.ts'
import { gatherDmarc, judgeDmarc } from './checks/dmarc.ts'
import { appliedRecord } from './checks/dmarc-walk.ts'
import { gatherMx, judgeMx } from './checks/mx.ts'
import { gatherNs, judgeNs } from './checks/ns.ts'
import { sortFindings, verdictOf } from './checks/rules.ts'
import { gatherProviderRecord, judgeAcross } from './checks/spf-across.ts'
import { gatherSpf, judgeSpf } from './checks/spf.ts'
import { saysNeverSends } from './checks/spf-sending.ts'
import { selectSpf } from './checks/spf-selection.ts'
import { coveredNames, isCostKnown } from './plan-spf.ts'
import { expectedRecords } from './plan.ts'
import { scoreOf } from './score.ts'
import { recordingSource, type AuditSource } from './source.ts'

type Outcome = { readonly findings: readonly Finding[]; readonly rows: readonly AuditRow[] }

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
): AsyncGenerator<AuditEvent, AuditReport, void> {
  const startedAt = now()
  const began = performance.now()
  const recorded = recordingSource(source)
  yield { kind: 'started', domain, checks: [...checkIds] }

  const checks = startChecks(domain, recorded.ask)
  const waiting = new Map(
    Object.values(checks).map(check => [check.id, check.done.then(outcome => ({ id: check.id, outcome }))]),
  )
  // The race below takes one rejection; the others must not go unhandled.
  for (const check of waiting.values()) check.catch(() => {})
  const total = waiting.size
  while (waiting.size > 0) {
    const { id, outcome } = await Promise.race(waiting.values())
    waiting.delete(id)
    const done = total - waiting.size
    const { rows, findings } = outcome
    yield {
      kind: 'checked',
      check: id,
      rows: [...rows],
      findings: [...findings],
      done,
      total,
      queries: recorded.queries(),
    }
  }

  const [ns, mx, spfAlone, dmarc, dkim] = await Promise.all([
    checks.ns.judged,
    checks.mx.judged,
    checks.spf.judged,
    checks.dmarc.judged,
    checks.dkim.judged,
  ])
  const spf = await besideOthers(spfAlone, mx, dmarc, dkim, recorded.ask)
  const findings = sortFindings([ns, mx, spf, dmarc, dkim].flatMap(judged => judged.findings))
  const results = { ns: ns.result, mx: mx.result, spf: spf.result, dmarc: dmarc.result, dkim: dkim.result }
  const expected = expectedOf(spf, dmarc, mx)
  return {
    domain,
    startedAt,
    tookMs: performance.now() - began,
    queries: recorded.queries(),
    ...results,
    rows: [
      spfRow(spf.facts, spf, expected.spf),
      ...dkimRows(dkim.facts, dkim),
      dmarcRow(dmarc.facts, dmarc, expected.dmarc),
      mxRow(mx.facts, mx),
      nsRow(ns.facts, ns),
    ],
    findings,
    score: scoreOf({ ...results, findings }),
    raw: recorded.answers(),
  }
}

type MxJudged = Awaited<ReturnType<typeof checkMx>>
type SpfJudged = Awaited<ReturnType<typeof checkSpf>>
type DmarcJudged = Awaited<ReturnType<typeof checkDmarc>>
type Ask = AuditSource['ask']

/** Starts all five at once; only DKIM waits, for the mail provider that MX names. */
function startChecks(domain: string, ask: Ask) {
  let knownMx: MxJudged | null = null
  const mx = checkMx(domain, ask).then(judged => {
    knownMx = judged
    return judged
  })
  const ns = checkNs(domain, ask)
  const spf = checkSpf(domain, ask)
  const dmarc = checkDmarc(domain, ask)
  const provider = mx.then(judged => judged.result.provider)
  // A fault is told by the MX check itself; DKIM may have ended before it waits for this.
  provider.catch(() => {})
  // Only a null MX makes it worth waiting for SPF.
  const neverSends = mx.then(async ({ result }) =>
    result.nullMx ? saysNeverSends(result, (await spf).facts) : saysNeverSends(result, nothingKnown),
  )
  neverSends.catch(() => {})
  const dkim = checkDkim(domain, ask, provider, neverSends)
  const expectedSpf = (judged: SpfJudged) => (knownMx === null ? null : expectedOf(judged, null, knownMx).spf)
  const expectedDmarc = (judged: DmarcJudged) =>
    knownMx === null ? null : expectedOf(null, judged, knownMx).dmarc
  return {
    ns: started('ns', ns, judged => [nsRow(judged.facts, judged)]),
    mx: started('mx', mx, judged => [mxRow(judged.facts, judged)]),
    spf: started('spf', spf, judged => [spfRow(judged.facts, judged, expectedSpf(judged))]),
    dmarc: started('dmarc', dmarc, judged => [dmarcRow(judged.facts, judged, expectedDmarc(judged))]),
    dkim: started('dkim', dkim, judged => dkimRows(judged.facts, judged)),
  }
}

function started<T extends { findings: readonly Finding[] }>(
  id: CheckId,
  judged: Promise<T>,
  rowsOf: (judged: T) => AuditRow[],
) {
  const done: Promise<Outcome> = judged.then(value => ({ findings: value.findings, rows: rowsOf(value) }))
  return { id, judged, done }
}

async function checkNs(domain: string, ask: Ask) {
  const facts = await gatherNs(domain, ask)
  return { facts, ...judgeNs(facts) }
}

async function checkMx(domain: string, ask: Ask) {
  const facts = await gatherMx(domain, ask)
  return { facts, ...judgeMx(facts) }
}

async function checkSpf(domain: string, ask: Ask) {
  const facts = await gatherSpf(domain, ask)
  return { facts, ...judgeSpf(facts) }
}

async function checkDmarc(domain: string, ask: Ask) {
  const facts = await gatherDmarc(domain, ask)
  return { facts, ...judgeDmarc(facts) }
}

async function checkDkim(
  domain: string,
  ask: Ask,
  provider: Promise<string | null>,
  neverSends: Promise<boolean | null>,
) {
  const facts = await gatherDkim(domain, ask, provider)
  return { facts, ...judgeDkim(facts, await neverSends) }
}

const nothingKnown = { txt: { state: 'unavailable' }, tree: null } as const

/** SPF with what the other checks add to it. */
async function besideOthers(
  spf: SpfJudged,
  mx: MxJudged,
  dmarc: DmarcJudged,
  dkim: Awaited<ReturnType<typeof checkDkim>>,
  ask: Ask,
): Promise<SpfJudged> {
  const neighbours = { spf, mx: mx.result, dmarc: dmarc.result, dkim: dkim.result }
  const added = judgeAcross(neighbours, await gatherProviderRecord(neighbours, ask))
  if (added.length === 0) return spf
  const findings = sortFindings([...spf.findings, ...added])
  const verdict = verdictOf(findings, spf.result.verdict !== 'unavailable')
  return { ...spf, findings, result: { ...spf.result, verdict } }
}

/** What Rookery would publish, from what stands there and the mail provider that MX names. */
function expectedOf(spf: SpfJudged | null, dmarc: DmarcJudged | null, mx: MxJudged) {
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
