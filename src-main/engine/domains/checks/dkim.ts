import { parseDkimKey, type DkimKeyRecord } from '#shared/mail-auth/parse-dkim-key.ts'
import type { DkimResult, DkimSelector } from '#shared/model/audit.ts'
import type { Finding } from '#shared/model/finding.ts'
import type { Lookup } from '#shared/model/lookup.ts'
import { contentOf, isNothingBelow, keyTexts, type DkimFacts, type SelectorAnswer } from './dkim-search.ts'
import { finding, sortFindings, verdictOf } from './rules.ts'

/** RFC 8301 §3.2: verifiers must not take RSA keys below the first; signers should use the second. */
const shortestBits = 1024
const goodBits = 2048
/** RFC 6376 §3.3.3: beyond it a key may not fit a DNS answer, and verifiers need not take it. */
const longestBits = 4096

/** The second key of these is made at the first rotation, so its alias leads nowhere before. */
const lateKeyHosts = ['onmicrosoft.com', 'dkim.mail.microsoft']

type Judged = { readonly row: DkimSelector; readonly findings: readonly Finding[]; readonly usable: boolean }

/**
 * Which keys receivers can find (RFC 6376 §3.6, RFC 8301, RFC 8463). A domain that never sends needs none; `neverSends` is
 * null when that is not known, and then nothing is said of missing keys. Pure.
 */
export function judgeDkim(
  facts: DkimFacts,
  neverSends: boolean | null = false,
): { result: DkimResult; findings: Finding[] } {
  const { domain, root, tried } = facts
  const severity = neverSends === true ? 'info' : undefined
  const note: Record<string, boolean> = neverSends === true ? { neverSends } : {}
  if (isNothingBelow(root)) {
    const none = finding('dkim.none-possible', { name: `_domainkey.${domain}`, ...note }, severity)
    const findings = neverSends === null ? [] : [none]
    const verdict = verdictOf(findings, neverSends !== null)
    return { result: { state: 'absent', verdict, selectors: [], tried: 0 }, findings }
  }
  const { own, hidden } = withoutWildcard(facts)
  const judged = own.flatMap(entry => judgeSelector(domain, entry))
  const findings = judged.flatMap(entry => entry.findings)
  const usable = judged.some(entry => entry.usable)
  const unanswered = judged.some(entry => entry.row.state === 'unavailable')
  const complete = !hidden && !unanswered && root.state !== 'unavailable'
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

/** Nothing when the selector does not exist. */
function judgeSelector(domain: string, { selector, answer }: SelectorAnswer): Judged[] {
  const name = `${selector}._domainkey.${domain}`
  const blank = { selector, keyType: null, keyBits: null, record: null } as const
  if (answer.state === 'unavailable') {
    return [{ row: { ...blank, state: 'unavailable', verdict: 'unavailable' }, findings: [], usable: false }]
  }
  const texts = keyTexts(answer)
  const [text, second] = texts
  if (text === undefined) {
    const target = answer.state === 'absent' ? answer.aliases.at(-1) : undefined
    if (target === undefined || answer.state === 'found' || selector === '*') return []
    const isLate = lateKeyHosts.some(host => target === host || target.endsWith(`.${host}`))
    const facts = { selector, name, target, reason: answer.reason }
    const findings = [finding('dkim.alias-dangling', facts, isLate ? 'medium' : undefined)]
    return [
      { row: { ...blank, state: 'absent', verdict: verdictOf(findings, true) }, findings, usable: false },
    ]
  }
  if (second !== undefined) {
    const findings = [finding('dkim.multiple-records', { selector, name, count: texts.length })]
    return [{ row: { ...blank, state: 'found', verdict: 'fail' }, findings, usable: false }]
  }
  const parsed = parseDkimKey(text)
  if (!parsed.ok) return []
  const { key } = parsed.record
  const findings = sortFindings(judgeKey({ selector, name }, text, parsed.record))
  const row: DkimSelector = {
    selector,
    state: 'found',
    verdict: verdictOf(findings, true),
    keyType: key.type,
    keyBits: key.state === 'usable' ? key.bits : null,
    record: text,
  }
  return [{ row, findings, usable: key.state === 'usable' }]
}

function judgeKey(at: { selector: string; name: string }, text: string, record: DkimKeyRecord): Finding[] {
  const findings: Finding[] = []
  const { key } = record
  if (key.state === 'revoked') return [finding('dkim.revoked', at)]
  if (!record.versionValid)
    findings.push(finding('dkim.version-invalid', { ...at, version: record.version ?? '' }))
  if (key.state === 'invalid') {
    const reason = key.errors[0]?.reason ?? 'syntax'
    return [...findings, finding('dkim.key-invalid', { ...at, reason, record: text })]
  }
  if (key.type === 'rsa') {
    const facts = { ...at, keyBits: key.bits }
    if (key.bits < shortestBits) findings.push(finding('dkim.key-too-short', facts))
    else if (key.bits < goodBits) findings.push(finding('dkim.key-short', facts))
    else if (key.bits > longestBits) findings.push(finding('dkim.key-very-long', facts))
  }
  if (record.hashes !== null && !record.hashes.includes('sha256') && record.hashes.includes('sha1')) {
    findings.push(finding('dkim.sha1-only', { ...at, hashes: [...record.hashes] }))
  }
  if (!record.services.some(service => service === '*' || service === 'email')) {
    findings.push(finding('dkim.not-for-email', { ...at, services: [...record.services] }))
  }
  if (record.testing) findings.push(finding('dkim.testing', at))
  return findings
}
