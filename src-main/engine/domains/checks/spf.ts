import { type SpfError, spfMechanisms, type SpfRecord } from '#shared/mail-auth/parse-spf.ts'
import type { SpfCost, SpfResult } from '#shared/model/audit.ts'
import type { Finding } from '#shared/model/finding.ts'
import { joinTxt, type Ask, type Lookup, type TxtValue } from '#shared/model/lookup.ts'
import { mendedRecord } from '../plan-spf.ts'
import { finding, sortFindings, verdictOf } from './rules.ts'
import { endingOf, openDoorsOf } from './spf-all.ts'
import { judgeRanges } from './spf-ranges.ts'
import { nearMisses, seamsOf, selectSpf } from './spf-selection.ts'
import { judgeSize } from './spf-size.ts'
import { gatherSurroundings, judgeSurroundings, type SpfSurroundings } from './spf-surroundings.ts'
import {
  allOf,
  branchesOf,
  costsOf,
  growSpfTree,
  redirectOf,
  totalOf,
  type SpfBranch,
  type SpfNode,
} from './spf-tree.ts'

export type SpfFacts = {
  readonly domain: string
  readonly txt: Lookup<'TXT'>
  readonly around: SpfSurroundings
  /** Null unless there is exactly one record. */
  readonly tree: SpfNode | null
}

/** RFC 7208 §4.6.4. */
const lookupLimit = 10
const voidLimit = 2
const mxHostLimit = 10
/** From here on one more service breaks the record. */
const manyLookups = 9

/** Asks for the record at the domain and for everything it refers to; `aside` for what no verdict rests on. */
export async function gatherSpf(domain: string, ask: Ask, aside: Ask = ask): Promise<SpfFacts> {
  const txt = await ask(domain, 'TXT')
  const records = txt.state === 'found' ? selectSpf(txt.values) : []
  const [only, second] = records
  const growing =
    only !== undefined && second === undefined ? growSpfTree(domain, only, ask) : Promise.resolve(null)
  const [tree, around] = await Promise.all([growing, gatherSurroundings(domain, txt, growing, ask, aside)])
  return { domain, txt, around, tree }
}

/** Who may send for the domain (RFC 7208), counted over the whole record: the worst case. Pure. */
export function judgeSpf(facts: SpfFacts): { result: SpfResult; findings: Finding[] } {
  const { domain, txt, tree } = facts
  const empty = { record: null, lookups: 0, voidLookups: 0, all: null, costs: [] }
  if (txt.state === 'unavailable')
    return { result: { state: txt.state, verdict: txt.state, ...empty }, findings: [] }
  const values = txt.state === 'found' ? txt.values : []
  const records = selectSpf(values)
  const findings = [
    ...judgeNearMisses(facts, values, records.length > 0),
    ...judgeSurroundings(domain, tree, values.map(joinTxt), facts.around),
  ]
  if (records.length === 0) {
    findings.push(finding('spf.missing', { domain }))
    const result: SpfResult = { state: 'absent', verdict: verdictOf(findings, true), ...empty }
    return { result, findings: sortFindings(findings) }
  }
  if (tree === null) {
    findings.push(finding('spf.multiple', { name: domain, count: records.length, records }))
    const result: SpfResult = { state: 'found', verdict: verdictOf(findings, true), ...empty }
    return { result, findings: sortFindings(findings) }
  }
  const costs = costsOf(tree)
  const total = totalOf(costs)
  const branches = branchesOf(tree)
  const complete = branches.every(branch => branch.state !== 'unavailable')
  findings.push(
    ...judgeSeams(
      domain,
      values.filter(value => joinTxt(value) === tree.text),
    ),
    ...judgeSyntax(tree.name, tree.text, tree.record),
    ...judgeEnding(tree),
    ...judgeOrder(tree.record),
    ...judgeRanges(tree),
    ...judgeSize(domain, tree.text, values),
    ...judgeTotals(costs, branches, complete),
    ...branches.flatMap(judgeBranch),
  )
  const ending = endingOf(tree)
  const result: SpfResult = {
    state: 'found',
    record: tree.text,
    verdict: verdictOf(findings, complete),
    ...total,
    all: ending.kind === 'all' ? ending.all : null,
    costs,
  }
  return { result, findings: sortFindings(withoutRepeats(findings)) }
}

function judgeNearMisses(facts: SpfFacts, values: readonly TxtValue[], hasRecord: boolean): Finding[] {
  const name = facts.domain
  // Beside a good record a broken one does no harm.
  const severity = hasRecord ? 'low' : undefined
  const misses = nearMisses(values).map(miss =>
    finding('spf.almost', { name, ...miss, expected: mendedRecord(miss.record) }, severity),
  )
  const { retired: answer } = facts.around
  const retired = answer?.state === 'found' && !hasRecord ? selectSpf(answer.values) : []
  const broken = values.filter(value => nearMisses([value]).length > 0)
  return [
    ...misses,
    ...judgeSeams(name, hasRecord ? [] : broken),
    ...retired.map(record =>
      finding('spf.almost', { name, record, reason: 'record-type', expected: record }),
    ),
  ]
}

function judgeSeams(name: string, values: readonly TxtValue[]): Finding[] {
  return values
    .flatMap(seamsOf)
    .map(({ spaced, ...seam }) =>
      finding('spf.string-seam', { name, ...seam, expected: mendedRecord(spaced) }),
    )
}

function judgeSyntax(name: string, text: string, record: SpfRecord): Finding[] {
  const [first] = record.errors
  if (first !== undefined) {
    const { term, start: position } = first
    const reason = reasonOf(first)
    const errors = record.errors.map(error => `${error.term}: ${reasonOf(error)}`)
    const expected = mendedRecord(text)
    return [finding('spf.syntax', { name, record: text, term, reason, position, errors, expected })]
  }
  // `include=x` reads as an unknown modifier, which receivers ignore, so the sender it was meant for is not named.
  const mistaken = record.terms.filter(
    term => term.kind === 'modifier' && (spfMechanisms as readonly string[]).includes(term.name),
  )
  const [slip] = mistaken
  if (slip === undefined) return []
  const reason = 'mechanism-as-modifier'
  const errors = mistaken.map(term => `${term.text}: ${reason}`)
  const at = { term: slip.text, position: slip.span.start, expected: mendedRecord(text) }
  return [finding('spf.syntax', { name, record: text, reason, errors, ...at }, 'high')]
}

/** Quotes and backslashes come along when a value is pasted; what is wrong is they, not the term. */
function reasonOf({ term, reason }: SpfError): SpfError['reason'] | 'quotes' {
  return /["'\\`\u2018-\u201f\u00ab\u00bb]/u.test(term) ? 'quotes' : reason
}

function judgeEnding(tree: SpfNode): Finding[] {
  const doors = openDoorsOf(tree).map(door => finding('spf.pass-all', door))
  const ending = endingOf(tree)
  if (ending.kind === 'none') return [...doors, finding('spf.no-all', { via: ending.via })]
  if (ending.kind === 'all' && ending.all === '?all') {
    return [...doors, finding('spf.neutral-all', { term: ending.term, via: ending.via })]
  }
  return doors
}

function judgeOrder(record: SpfRecord): Finding[] {
  const all = allOf(record)
  if (all === null) return []
  const terms = record.terms.filter(term => term.kind === 'directive' && term.span.start > all.span.start)
  const redirect = redirectOf(record)
  return [
    ...(terms.length > 0
      ? [finding('spf.terms-after-all', { terms: terms.map(term => term.text), all: all.text })]
      : []),
    ...(redirect === null ? [] : [finding('spf.redirect-ignored', { term: redirect.text, all: all.text })]),
  ]
}

function judgeTotals(
  costs: readonly SpfCost[],
  branches: readonly SpfBranch[],
  complete: boolean,
): Finding[] {
  const { lookups, voidLookups } = totalOf(costs)
  const findings: Finding[] = []
  const costliest = costs.toSorted((a, b) => b.lookups - a.lookups).slice(0, 2)
  const facts = {
    lookups,
    limit: lookupLimit,
    costliest: costliest.map(cost => cost.term),
    costliestLookups: totalOf(costliest).lookups,
  }
  if (lookups > lookupLimit) findings.push(finding('spf.too-many-lookups', facts))
  // With a part of the tree unseen the count is a lower bound, which is enough for `too many` and not for `just enough`.
  else if (lookups >= manyLookups && complete) findings.push(finding('spf.many-lookups', facts))
  if (voidLookups > voidLimit) {
    const targets = branches.flatMap(branch => (branch.voidReason === null ? [] : [branch.target ?? '']))
    findings.push(finding('spf.too-many-void-lookups', { voidLookups, limit: voidLimit, targets }))
  }
  return findings
}

/** What one term and the record under it come to. */
function judgeBranch(branch: SpfBranch): Finding[] {
  const term = branch.term.text
  const target = branch.target ?? ''
  const name = branch.path.at(-1) ?? ''
  if (branch.isLoop) return [finding('spf.loop', { term, target, path: [...branch.path, target] })]
  const isOwn = branch.path.length === 1
  if (branch.term.kind === 'directive' && branch.term.mechanism === 'ptr') {
    return isOwn ? [finding('spf.ptr', { term })] : []
  }
  if (branch.mxHosts !== null && branch.mxHosts > mxHostLimit) {
    return [finding('spf.too-many-mx-hosts', { name, term, hosts: branch.mxHosts, limit: mxHostLimit })]
  }
  if (branch.records === null) return []
  if (branch.records.length === 0) {
    return [
      finding('spf.include-without-record', { name, term, target, reason: branch.voidReason ?? 'not-spf' }),
    ]
  }
  if (branch.child === null) {
    return [finding('spf.include-without-record', { name, term, target, reason: 'several-records' })]
  }
  return branch.child.record.errors.length === 0
    ? []
    : judgeSyntax(target, branch.child.text, branch.child.record)
}

/** The same include in two places breaks in the same way; it is told once. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>()
  return findings.filter(entry => {
    const key = `${entry.code} ${JSON.stringify(entry.facts)}`
    return seen.has(key) ? false : seen.add(key) !== undefined
  })
}
