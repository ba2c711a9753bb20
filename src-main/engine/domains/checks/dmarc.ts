import {
  isDmarc,
  type DmarcError,
  type DmarcPolicy,
  type DmarcRecord,
} from '#shared/mail-auth/parse-dmarc.ts'
import { isSpf } from '#shared/mail-auth/parse-spf.ts'
import type { DmarcResult } from '#shared/model/audit.ts'
import type { Finding } from '#shared/model/finding.ts'
import { joinTxt, type Ask, type Lookup } from '#shared/model/lookup.ts'
import { appliedRecord, walkDmarc, type DmarcStep } from './dmarc-walk.ts'
import { finding, sortFindings, verdictOf } from './rules.ts'

export type DmarcFacts = {
  readonly domain: string
  readonly steps: readonly DmarcStep[]
  /** TXT at the domain itself, asked when it has no record of its own: the record may stand one label too high. */
  readonly apex: Lookup<'TXT'> | null
}

const strength: Record<DmarcPolicy, number> = { none: 0, quarantine: 1, reject: 2 }

/** Walks the tree and, without a record of the domain's own, looks for one in the wrong place. */
export async function gatherDmarc(domain: string, ask: Ask): Promise<DmarcFacts> {
  const steps = await walkDmarc(domain, ask)
  const [own] = steps
  const mayBeMisplaced = own !== undefined && own.record === null && own.answer.state !== 'unavailable'
  return { domain, steps, apex: mayBeMisplaced ? await ask(domain, 'TXT') : null }
}

/** What receivers do with mail that fails, and where they report it (RFC 9989). Pure. */
export function judgeDmarc(facts: DmarcFacts): { result: DmarcResult; findings: Finding[] } {
  const applied = appliedRecord(facts.steps)
  const findings = [...judgeOwnName(facts), ...facts.steps.flatMap(judgeMultiple)]
  const nothing = { record: null, policy: null, foundAt: null }
  if (applied.state !== 'found') {
    const own = facts.steps[0]
    const state = own !== undefined && own.records.length > 1 ? 'found' : applied.state
    if (applied.state === 'absent' && !findings.some(entry => entry.code === 'dmarc.multiple')) {
      const asked = facts.steps.map(step => `_dmarc.${step.domain}`)
      findings.push(finding('dmarc.missing', { domain: facts.domain, asked }))
    }
    const verdict = verdictOf(findings, applied.state === 'absent')
    return { result: { state, verdict, ...nothing }, findings: sortFindings(findings) }
  }
  const { record, inherited, step } = applied
  const name = `_dmarc.${step.domain}`
  const text = step.records[0] ?? ''
  const policy = policyOf(record, inherited)
  findings.push(
    ...judgeSyntax(name, text, record),
    ...judgePolicy(name, text, record, inherited, policy),
    ...judgeReports(name, record),
  )
  if (record.psd === 'y' && !inherited) findings.push(finding('dmarc.psd', { name }))
  const result: DmarcResult = {
    state: 'found',
    record: text,
    verdict: verdictOf(findings, true),
    policy,
    foundAt: name,
  }
  return { result, findings: sortFindings(findings) }
}

/** RFC 9989 §4.7: without `p`, a usable report address makes the policy none; without both there is no policy. */
function policyOf(record: DmarcRecord, inherited: boolean): DmarcPolicy | null {
  const base = record.p ?? (record.rua.some(uri => uri.reason === null) ? 'none' : null)
  return base === null ? null : inherited ? (record.sp ?? base) : base
}

function judgePolicy(
  name: string,
  text: string,
  record: DmarcRecord,
  inherited: boolean,
  policy: DmarcPolicy | null,
): Finding[] {
  const findings: Finding[] = []
  const tag = inherited && record.sp !== null ? 'sp' : 'p'
  if (record.p === null) {
    findings.push(finding('dmarc.policy-missing', { name, record: text, applied: policy ?? 'nothing' }))
  }
  if (policy === 'none' && record[tag] === 'none') findings.push(finding('dmarc.policy-none', { name, tag }))
  if (!inherited) findings.push(...judgeSubdomains(name, record))
  if (record.testing && policy !== null && policy !== 'none') {
    const applied = policy === 'reject' ? 'quarantine' : 'none'
    findings.push(finding('dmarc.testing', { name, policy, applied }))
  }
  if (record.removed.length > 0)
    findings.push(finding('dmarc.removed-tag', { name, tags: [...record.removed] }))
  return findings
}

/** `np` falls back to `sp`, and `sp` to `p`, so only one that is written can be weaker. */
function judgeSubdomains(name: string, record: DmarcRecord): Finding[] {
  const policy = record.p
  if (policy === null) return []
  return (['sp', 'np'] as const).flatMap(tag => {
    const subdomainPolicy = record[tag]
    if (subdomainPolicy === null || strength[subdomainPolicy] >= strength[policy]) return []
    return [finding('dmarc.subdomain-policy-weaker', { name, tag, policy, subdomainPolicy })]
  })
}

function judgeReports(name: string, record: DmarcRecord): Finding[] {
  const invalid = (['rua', 'ruf'] as const).flatMap(tag =>
    record[tag].flatMap(uri =>
      uri.reason === null
        ? []
        : [finding('dmarc.report-address-invalid', { name, tag, address: uri.text, reason: uri.reason })],
    ),
  )
  return record.rua.length === 0 ? [finding('dmarc.no-reports', { name }), ...invalid] : invalid
}

function judgeSyntax(name: string, text: string, record: DmarcRecord): Finding[] {
  const [first] = record.errors
  if (first === undefined) return []
  const touchesPolicy = record.errors.some(error => ['v', 'p'].includes(error.tag?.toLowerCase() ?? ''))
  const told =
    (touchesPolicy ? record.errors.find(error => error.tag?.toLowerCase() === 'p') : undefined) ?? first
  const facts = {
    name,
    record: text,
    tag: told.tag ?? '',
    term: told.text,
    reason: told.reason,
    position: told.start,
    errors: record.errors.map((error: DmarcError) => `${error.text}: ${error.reason}`),
  }
  return [finding('dmarc.syntax', facts, touchesPolicy ? 'high' : undefined)]
}

function judgeMultiple(step: DmarcStep): Finding[] {
  if (step.records.length < 2) return []
  const facts = { name: `_dmarc.${step.domain}`, count: step.records.length, records: [...step.records] }
  return [finding('dmarc.multiple', facts)]
}

/** What stands at the domain's own name, or at the apex, and is no DMARC record there. */
function judgeOwnName({ domain, steps, apex }: DmarcFacts): Finding[] {
  const own = steps[0]
  if (own === undefined || own.answer.state !== 'found') return judgeApex(domain, apex)
  const name = `_dmarc.${domain}`
  const texts = own.answer.values.map(joinTxt).toSorted()
  // Beside a good record a broken one does no harm.
  const severity = own.records.length > 0 ? 'low' : undefined
  const almost = texts.flatMap(record => {
    const reason = isDmarc(record) ? null : nearMissReason(record)
    return reason === null ? [] : [finding('dmarc.almost', { name, record, reason }, severity)]
  })
  const misplaced = texts
    .filter(isSpf)
    .map(record =>
      finding('dmarc.wrong-location', { name, record, shouldBe: domain, holds: 'spf' }, severity),
    )
  return [...almost, ...misplaced, ...judgeApex(domain, apex)]
}

function judgeApex(domain: string, apex: Lookup<'TXT'> | null): Finding[] {
  if (apex?.state !== 'found') return []
  const records = apex.values.map(joinTxt).filter(isDmarc).toSorted()
  const shouldBe = `_dmarc.${domain}`
  return records.map(record =>
    finding('dmarc.wrong-location', { name: domain, record, shouldBe, holds: 'dmarc' }),
  )
}

export type DmarcNearMiss = 'quotes' | 'leading-text' | 'version' | 'order'

function nearMissReason(text: string): DmarcNearMiss | null {
  const head = text.slice(0, 400)
  if (/^[\s\\]*["'“”‘’„«`]+[\s\\"'“”‘’„«`]*v\s*=\s*dmarc/i.test(head)) return 'quotes'
  if (/^v\s*=\s*["'“”‘’\\]*dmarc/i.test(head) || /^dmarc1?\s*[;:=]/i.test(head)) return 'version'
  if (/^(?:p|sp|np|rua|ruf|adkim|aspf|fo|pct)\s*=[^;]{1,300};/i.test(head)) return 'order'
  return /(?:^|[^a-z0-9])v\s*=\s*DMARC1(?:\s|;|$)/i.test(head.slice(0, 80)) ? 'leading-text' : null
}
