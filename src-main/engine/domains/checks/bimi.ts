import { getDomain } from 'tldts'
import { type BimiRecord, isBimi, logoProblems, parseBimi } from '#shared/mail-auth/parse-bimi.ts'
import type { DmarcRecord } from '#shared/mail-auth/parse-dmarc.ts'
import type { AuditRow, DmarcResult } from '#shared/model/audit.ts'
import type { FetchHttps, HttpsAnswer } from '#shared/model/exchange.ts'
import type { Finding } from '#shared/model/finding.ts'
import { joinTxt, type Ask, type Lookup } from '#shared/model/lookup.ts'
import { limits } from '../../net/limits.ts'
import { type CheckContext, defineCheck, type Judged } from './check.ts'
import { appliedRecord, type DmarcStep } from './dmarc-walk.ts'
import { markProblems } from './mark-certificate.ts'
import { openReason, rowOf } from './row.ts'
import { finding, sortFindings, verdictOf } from './rules.ts'

export type BimiFacts = {
  readonly domain: string
  readonly organisation: string
  readonly startedAt: number
  /** At the domain, then at its organisational domain; the first with a record decides. */
  readonly answers: readonly Lookup<'TXT'>[]
  readonly logo: HttpsAnswer | null
  readonly certificate: HttpsAnswer | null
  readonly dmarc: DmarcResult
  readonly dmarcRecord: DmarcRecord | null
}

type DmarcNeeded = { readonly result: DmarcResult; readonly facts: { readonly steps: readonly DmarcStep[] } }

async function gatherBimi(
  { domain, startedAt, ask, fetchHttps }: CheckContext,
  dmarc: Promise<DmarcNeeded>,
): Promise<BimiFacts> {
  const organisation = getDomain(domain, { allowPrivateDomains: false }) ?? domain
  const answers = await askBoth([...new Set([domain, organisation])], ask)
  const record = recordsIn(answers.at(-1))[0]
  const parsed = record === undefined ? null : parseBimi(record)
  const [logo, certificate] = await Promise.all([
    fetchPart(fetchHttps, partOf(parsed, 'logo'), limits.bimiLogoBytes),
    fetchPart(fetchHttps, partOf(parsed, 'certificate'), limits.bimiCertificateBytes),
  ])
  const { result, facts } = await dmarc
  const applied = appliedRecord(facts.steps)
  const dmarcRecord = applied.state === 'found' ? applied.record : null
  return { domain, organisation, startedAt, answers, logo, certificate, dmarc: result, dmarcRecord }
}

async function askBoth(names: readonly string[], ask: Ask): Promise<Lookup<'TXT'>[]> {
  const answers: Lookup<'TXT'>[] = []
  for (const name of names) {
    const answer = await ask(`default._bimi.${name}`, 'TXT')
    answers.push(answer)
    if (answer.state === 'unavailable' || recordsIn(answer).length > 0) break
  }
  return answers
}

function recordsIn(answer: Lookup<'TXT'> | undefined): string[] {
  return answer?.state === 'found' ? answer.values.map(joinTxt).filter(isBimi).toSorted() : []
}

function partOf(record: BimiRecord | null, part: 'logo' | 'certificate'): string | null {
  return record?.ok ? record[part] : null
}

async function fetchPart(
  fetchHttps: FetchHttps | null,
  url: string | null,
  bodyBytes: number,
): Promise<HttpsAnswer | null> {
  return fetchHttps === null || url === null ? null : fetchHttps(url, { bodyBytes, redirects: 1 })
}

/** Whether a logo can be shown beside the mail (BIMI). Having none is no fault. Pure. */
function judgeBimi(facts: BimiFacts): Judged {
  const { answers, logo, certificate, dmarc } = facts
  const last = answers.at(-1)
  if (last === undefined || last.state === 'unavailable')
    return { result: { state: 'unavailable', verdict: 'unavailable' }, findings: [] }
  const records = recordsIn(last)
  const [record, second] = records
  if (record === undefined) return { result: { state: 'absent', verdict: 'pass' }, findings: [] }
  const parsed = parseBimi(record)
  const isWanted = parsed.ok && parsed.logo !== null
  const findings = [
    ...(second === undefined
      ? []
      : [finding('bimi.multiple', { name: last.name, count: records.length, records })]),
    ...(parsed.ok
      ? []
      : [finding('bimi.record-invalid', { name: last.name, record, reason: parsed.reason })]),
    ...(isWanted ? [...judgePolicy(facts), ...judgeLogo(logo), ...judgeCertificate(facts)] : []),
  ]
  const parts = [
    ...(isWanted ? [logo] : []),
    ...(partOf(parsed, 'certificate') === null ? [] : [certificate]),
  ]
  const complete =
    parts.every(part => part !== null && part.state !== 'unavailable') && dmarc.state !== 'unavailable'
  return {
    result: { state: 'found', verdict: verdictOf(findings, complete) },
    findings: sortFindings(findings),
  }
}

/** The policy must stop forged mail, all of it, and that of subdomains too. */
function judgePolicy({ dmarc, dmarcRecord }: BimiFacts): Finding[] {
  if (dmarc.state === 'unavailable') return []
  if (dmarc.policy === null || dmarc.policy === 'none')
    return [finding('bimi.policy-too-weak', { reason: 'policy', policy: dmarc.policy ?? '' })]
  if (dmarcRecord?.sp === 'none')
    return [finding('bimi.policy-too-weak', { reason: 'subdomains', policy: dmarc.policy })]
  const isSampled = dmarcRecord?.tags.some(
    ({ name, value }) => name.toLowerCase() === 'pct' && value !== '100',
  )
  if (isSampled) return [finding('bimi.policy-too-weak', { reason: 'percentage', policy: dmarc.policy })]
  return []
}

function judgeLogo(page: HttpsAnswer | null): Finding[] {
  if (page === null || page.state === 'unavailable') return []
  const { url } = page
  if (page.state === 'failed')
    return [finding('bimi.logo-invalid', { url, reason: page.fault, problems: [page.fault] })]
  if (page.status !== 200)
    return [finding('bimi.logo-invalid', { url, reason: 'status', problems: [String(page.status)] })]
  const problems = logoProblems(page.body)
  const [reason] = problems
  return reason === undefined ? [] : [finding('bimi.logo-invalid', { url, reason, problems })]
}

function judgeCertificate({ certificate: page, domain, organisation, startedAt }: BimiFacts): Finding[] {
  if (page === null || page.state === 'unavailable') return []
  const { url } = page
  const told = (reason: string, problems: string[]) => [
    finding('bimi.certificate-invalid', { url, reason, problems }),
  ]
  if (page.state === 'failed') return told(page.fault, [page.fault])
  if (page.status !== 200) return told('status', [String(page.status)])
  const problems = markProblems(page.body, domain, organisation, startedAt)
  const [reason] = problems
  return reason === undefined ? [] : told(reason, problems)
}

function bimiRow({ answers, logo, certificate }: BimiFacts, judged: Judged): AuditRow {
  const last = answers.at(-1)
  const page = [logo, certificate].find(one => one?.state === 'unavailable')
  const open = openReason(answers) ?? (page?.state === 'unavailable' ? page.reason : 'not-asked')
  return {
    ...rowOf('bimi', 'TXT', last, judged, open),
    name: (last?.state === 'found' ? last : answers[0])?.name ?? '',
    found: recordsIn(last),
  }
}

export const bimiCheck = defineCheck({
  id: 'bimi',
  needs: ['dmarc'],
  gather: (context, needed) => gatherBimi(context, needed.dmarc),
  judge: judgeBimi,
  rows: (facts, judged) => [bimiRow(facts, judged)],
})
