import {
  coversHost,
  isMtaSts,
  type MtaStsPolicy,
  parseMtaSts,
  parseMtaStsPolicy,
} from '#shared/mail-auth/parse-mta-sts.ts'
import type { AuditRow, MxResult } from '#shared/model/audit.ts'
import type { HttpsAnswer } from '#shared/model/exchange.ts'
import type { Finding, Severity } from '#shared/model/finding.ts'
import { joinTxt, type Lookup } from '#shared/model/lookup.ts'
import { limits } from '../../net/limits.ts'
import { type CheckContext, defineCheck, type Judged } from './check.ts'
import { rowOf } from './row.ts'
import { finding, sortFindings, verdictOf } from './rules.ts'

export type MtaStsFacts = {
  readonly domain: string
  readonly txt: Lookup<'TXT'>
  /** The policy file, fetched when there is a record; null when it could not even be asked for. */
  readonly policy: HttpsAnswer | null
  readonly mx: Pick<MxResult, 'state' | 'hosts'>
}

/** RFC 8461 §3.2 advises weeks; below a day a policy is gone before the next message comes. */
const shortAgeS = 86_400

async function gatherMtaSts(
  { domain, ask, fetchHttps }: CheckContext,
  mx: Promise<{ readonly result: MxResult }>,
): Promise<MtaStsFacts> {
  const txt = await ask(`_mta-sts.${domain}`, 'TXT')
  const isMeant = txt.state === 'found' && txt.values.map(joinTxt).some(isMtaSts)
  const url = `https://mta-sts.${domain}/.well-known/mta-sts.txt`
  const policy =
    isMeant && fetchHttps !== null
      ? await fetchHttps(url, { bodyBytes: limits.mtaStsPolicyBytes, redirects: 0 })
      : null
  return { domain, txt, policy, mx: (await mx).result }
}

/** Whether senders are told to insist on encryption, and can read how (RFC 8461). Having none is no fault. Pure. */
function judgeMtaSts({ domain, txt, policy, mx }: MtaStsFacts): Judged {
  if (txt.state === 'unavailable')
    return { result: { state: 'unavailable', verdict: 'unavailable' }, findings: [] }
  const records = txt.state === 'found' ? txt.values.map(joinTxt).filter(isMtaSts).toSorted() : []
  const [record] = records
  if (record === undefined) return { result: { state: 'absent', verdict: 'pass' }, findings: [] }
  const name = `_mta-sts.${domain}`
  const findings = [
    ...judgeRecord(name, records),
    ...(policy === null ? [] : judgePage(domain, policy)),
    ...(policy?.state === 'answered' && isServed(policy) ? judgePolicy(policy.body, mx) : []),
  ]
  const complete = policy !== null && policy.state !== 'unavailable' && mx.state !== 'unavailable'
  return {
    result: { state: 'found', verdict: verdictOf(findings, complete) },
    findings: sortFindings(findings),
  }
}

function judgeRecord(name: string, records: readonly string[]): Finding[] {
  const [record = '', second] = records
  if (second !== undefined)
    return [finding('mta-sts.multiple', { name, count: records.length, records: [...records] })]
  const parsed = parseMtaSts(record)
  return parsed.ok ? [] : [finding('mta-sts.record-invalid', { name, record, reason: parsed.reason })]
}

function isServed(page: Extract<HttpsAnswer, { state: 'answered' }>): boolean {
  return page.status === 200 && isPlainText(page.contentType)
}

function isPlainText(contentType: string | null): boolean {
  return /^text\/plain(?:\s*;|\s*$)/i.test(contentType ?? '')
}

/** RFC 8461 §3.3: status 200, no redirect, text/plain, a certificate for the host. */
function judgePage(domain: string, page: HttpsAnswer): Finding[] {
  const host = `mta-sts.${domain}`
  if (page.state === 'unavailable') return []
  if (page.state === 'failed')
    return [finding('mta-sts.policy-unreachable', { host, reason: page.fault, detail: page.detail ?? '' })]
  if (page.status !== 200)
    return [finding('mta-sts.policy-unreachable', { host, reason: 'status', detail: String(page.status) })]
  if (isPlainText(page.contentType)) return []
  const detail = page.contentType ?? ''
  return [finding('mta-sts.policy-unreachable', { host, reason: 'content-type', detail })]
}

function judgePolicy(body: string, mx: MtaStsFacts['mx']): Finding[] {
  const policy = parseMtaStsPolicy(body)
  const [first] = policy.errors
  if (first !== undefined) {
    const severity: Severity | undefined = policy.mode === 'enforce' ? 'high' : undefined
    const errors = policy.errors.map(({ reason, line }) => (line === '' ? reason : `${reason}: ${line}`))
    return [finding('mta-sts.policy-invalid', { reason: first.reason, line: first.line, errors }, severity)]
  }
  if (policy.mode === 'none') return []
  return [...judgeServers(policy, mx), ...judgeTerms(policy)]
}

function judgeServers({ mode, mx: patterns }: MtaStsPolicy, mx: MtaStsFacts['mx']): Finding[] {
  const uncovered = mx.hosts
    .map(({ host }) => host)
    .filter(host => !patterns.some(one => coversHost(one, host)))
  if (uncovered.length === 0 || mode === null) return []
  const severity: Severity | undefined = mode === 'enforce' ? undefined : 'medium'
  return [finding('mta-sts.mx-not-covered', { hosts: uncovered, patterns: [...patterns], mode }, severity)]
}

function judgeTerms({ mode, maxAgeS }: MtaStsPolicy): Finding[] {
  return [
    ...(maxAgeS !== null && maxAgeS < shortAgeS ? [finding('mta-sts.max-age-short', { maxAgeS })] : []),
    ...(mode === 'testing' ? [finding('mta-sts.testing', { mode })] : []),
  ]
}

function mtaStsRow(facts: MtaStsFacts, judged: Judged): AuditRow {
  const { txt, policy } = facts
  const open = policy === null ? 'not-asked' : policy.state === 'unavailable' ? policy.reason : null
  const base = rowOf('mta-sts', 'TXT', txt, judged, open)
  return {
    ...base,
    found: base.found.filter(isMtaSts),
    server: policy?.state === 'unavailable' ? `mta-sts.${facts.domain}` : base.server,
  }
}

export const mtaStsCheck = defineCheck({
  id: 'mta-sts',
  needs: ['mx'],
  gather: (context, needed) => gatherMtaSts(context, needed.mx),
  judge: judgeMtaSts,
  rows: (facts, judged) => [mtaStsRow(facts, judged)],
})
