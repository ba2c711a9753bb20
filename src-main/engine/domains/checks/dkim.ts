import type { DkimResult } from '#shared/model/audit.ts'
import type { Finding } from '#shared/model/finding.ts'
import type { Lookup } from '#shared/model/lookup.ts'
import { judgeAcross } from './dkim-across.ts'
import { contentOf, type SelectorAnswer } from './dkim-answers.ts'
import { isNothingBelow, type DkimFacts } from './dkim-search.ts'
import { judgeSelector } from './dkim-selector.ts'
import { finding, sortFindings, verdictOf } from './rules.ts'

/**
 * Which keys receivers can find (RFC 6376 §3.6, RFC 8301, RFC 8463). A domain that never sends needs none; `neverSends` is
 * null when that is not known, and then nothing is said of missing keys. Pure.
 */
export function judgeDkim(
  facts: DkimFacts,
  neverSends: boolean | null = false,
): { result: DkimResult; findings: Finding[] } {
  const { domain, root, tried, onlyKnown } = facts
  const severity = neverSends === true ? 'info' : undefined
  const note: Record<string, boolean> = neverSends === true ? { neverSends } : {}
  if (isNothingBelow(root)) {
    const none = finding('dkim.none-possible', { name: `_domainkey.${domain}`, ...note }, severity)
    const findings = [...(neverSends === null ? [] : [none]), ...judgeAcross(facts, [], true)]
    const verdict = verdictOf(findings, neverSends !== null)
    return {
      result: { state: 'absent', verdict, selectors: [], tried: 0 },
      findings: sortFindings(findings),
    }
  }
  const { own, hidden } = withoutWildcard(facts)
  const judged = own.flatMap(entry => judgeSelector(domain, entry))
  const usable = judged.some(entry => entry.key !== null)
  const unanswered = judged.some(entry => entry.row.state === 'unavailable')
  const complete = !onlyKnown && !hidden && !unanswered && root.state !== 'unavailable'
  const findings = [...judged.flatMap(entry => entry.findings), ...judgeAcross(facts, judged, complete)]
  const revoked = judged.filter(entry => entry.findings.some(({ code }) => code === 'dkim.revoked'))
  const found = judged.some(entry => entry.row.state === 'found')
  const isNoneFound = !usable && complete && revoked.length === judged.length
  if (isNoneFound && neverSends !== null) {
    const selectors = revoked.map(entry => entry.row.selector)
    findings.push(finding('dkim.none-found', { tried: tried.length, revoked: selectors, ...note }, severity))
  }
  const result: DkimResult = {
    state: found ? 'found' : complete ? 'absent' : 'unavailable',
    verdict: verdictOf(findings, usable || (complete && !(isNoneFound && neverSends === null))),
    selectors: judged.map(entry => entry.row),
    tried: tried.length,
  }
  return { result, findings: sortFindings(findings) }
}

/**
 * Takes out what a wildcard puts under every selector, and shows it once as `*`. When the probe got no answer, alike
 * answers may be keys or a wildcard: they are left out and `hidden` says so.
 */
function withoutWildcard({ tried, probe }: DkimFacts): { own: readonly SelectorAnswer[]; hidden: boolean } {
  if (probe === null) return { own: tried, hidden: false }
  if (probe.state === 'unavailable') {
    const own = tried.filter(({ answer }) => answer.state === 'unavailable' || isUnique(answer, tried))
    return { own, hidden: own.length < tried.length }
  }
  const everywhere = contentOf(probe)
  if (everywhere === null) return { own: tried, hidden: false }
  const own = tried.filter(({ answer }) => contentOf(answer) !== everywhere)
  return { own: [{ selector: '*', answer: probe }, ...own], hidden: false }
}

function isUnique(answer: Lookup<'TXT'>, tried: readonly SelectorAnswer[]): boolean {
  const content = contentOf(answer)
  if (content === null || content.startsWith('alias ')) return content === null
  return tried.filter(other => contentOf(other.answer) === content).length === 1
}
