import { getDomain } from 'tldts'
import { isMtaSts } from '#shared/mail-auth/parse-mta-sts.ts'
import type { AuditRow } from '#shared/model/audit.ts'
import type { Finding } from '#shared/model/finding.ts'
import { joinTxt, type Ask, type CaaValue, type Lookup } from '#shared/model/lookup.ts'
import { presentValue } from '../../net/presentation.ts'
import { type CheckContext, defineCheck, type Judged } from './check.ts'
import { openReason, rowOf } from './row.ts'
import { finding, sortFindings, verdictOf } from './rules.ts'

/** The answers from a name upwards; the last one decides (RFC 8659 §3). */
export type CaaClimb = { readonly name: string; readonly answers: readonly Lookup<'CAA'>[] }
export type CaaFacts = {
  readonly domain: string
  readonly own: CaaClimb
  /** Names below the domain that need a certificate for the mail to work, each with what holds for it. */
  readonly hosts: readonly CaaClimb[]
}

/** RFC 8659 §4 and the registry it opens: RFC 9495, RFC 8657 and the BIMI profile. */
const knownTags = ['issue', 'issuewild', 'iodef', 'contactemail', 'contactphone', 'issuevmc', 'issuemail']
const issuerTags = ['issue', 'issuewild', 'issuevmc', 'issuemail']
const criticalFlag = 128

async function climb(name: string, ask: Ask): Promise<CaaClimb> {
  const highest = getDomain(name, { allowPrivateDomains: false }) ?? name
  const answers: Lookup<'CAA'>[] = []
  for (let at = name; at.length >= highest.length; at = at.slice(at.indexOf('.') + 1)) {
    const answer = await ask(at, 'CAA')
    answers.push(answer)
    if (answer.state !== 'absent' || !at.includes('.')) break
  }
  return { name, answers }
}

async function gatherCaa({ domain, ask, trackingHost }: CheckContext): Promise<CaaFacts> {
  const sts = await ask(`_mta-sts.${domain}`, 'TXT')
  const hasSts = sts.state === 'found' && sts.values.map(joinTxt).some(isMtaSts)
  const hosts = [...(hasSts ? [`mta-sts.${domain}`] : []), ...(trackingHost === null ? [] : [trackingHost])]
  const [own, ...others] = await Promise.all([domain, ...hosts].map(name => climb(name, ask)))
  return { domain, own: own ?? { name: domain, answers: [] }, hosts: others }
}

/** Who may issue certificates for the domain (RFC 8659). Having no record lets every authority. Pure. */
function judgeCaa({ own, hosts }: CaaFacts): Judged {
  const last = own.answers.at(-1)
  if (last === undefined || last.state === 'unavailable')
    return { result: { state: 'unavailable', verdict: 'unavailable' }, findings: [] }
  const records = last.state === 'found' ? last.values.flatMap(value => judgeRecord(last.name, value)) : []
  const findings = [...records, ...hosts.flatMap(judgeHost)]
  const complete = hosts.every(({ answers }) => answers.at(-1)?.state !== 'unavailable')
  return {
    result: { state: last.state, verdict: verdictOf(findings, complete) },
    findings: sortFindings(findings),
  }
}

function judgeRecord(name: string, value: CaaValue): Finding[] {
  const reason = recordProblem(value)
  return reason === null
    ? []
    : [finding('caa.record-invalid', { name, record: presentValue('CAA', value), reason })]
}

export type CaaReason = 'unknown-tag' | 'unknown-critical' | 'issuer-invalid' | 'report-invalid'

function recordProblem({ flags, tag, value }: CaaValue): CaaReason | null {
  if (!knownTags.includes(tag)) return (flags & criticalFlag) !== 0 ? 'unknown-critical' : 'unknown-tag'
  if (issuerTags.includes(tag))
    return /^\s*(?:[a-z0-9-]+(?:\.[a-z0-9-]+)+)?\s*(?:;.*)?$/i.test(value) ? null : 'issuer-invalid'
  return tag === 'iodef' && !/^(?:mailto:\S+@\S+|https?:\/\/\S+)$/i.test(value) ? 'report-invalid' : null
}

function judgeHost({ name, answers }: CaaClimb): Finding[] {
  const last = answers.at(-1)
  if (last?.state !== 'found') return []
  const issuers = last.values.filter(({ tag }) => tag === 'issue')
  const forbidsAll = issuers.length > 0 && issuers.every(({ value }) => /^\s*(?:;.*)?$/.test(value))
  return forbidsAll ? [finding('caa.no-issuer', { host: name, name: last.name })] : []
}

function caaRow({ domain, own, hosts }: CaaFacts, judged: Judged): AuditRow {
  const answer = own.answers.at(-1)
  const base = rowOf('caa', 'CAA', answer, judged, openReason(hosts.map(({ answers }) => answers.at(-1))))
  return { ...base, name: answer?.state === 'found' ? answer.name : domain }
}

export const caaCheck = defineCheck({
  id: 'caa',
  needs: [],
  gather: gatherCaa,
  judge: judgeCaa,
  rows: (facts, judged) => [caaRow(facts, judged)],
})
