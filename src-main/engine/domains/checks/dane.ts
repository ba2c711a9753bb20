import type { AuditRow, MxResult } from '#shared/model/audit.ts'
import type { SmtpAnswer } from '#shared/model/exchange.ts'
import type { Finding } from '#shared/model/finding.ts'
import type { Lookup } from '#shared/model/lookup.ts'
import { type CheckContext, defineCheck, type Judged } from './check.ts'
import { openReason, rowOf, valuesOf } from './row.ts'
import { finding, sortFindings, verdictOf } from './rules.ts'
import { probeHosts } from './tls.ts'
import { mailUsages, matchesChain } from './tlsa-match.ts'

export type DaneFacts = {
  readonly domain: string
  readonly mx: Pick<MxResult, 'state' | 'hosts'>
  readonly mxAnswer: Lookup<'MX'>
  readonly hosts: readonly { readonly host: string; readonly tlsa: Lookup<'TLSA'> }[]
  /** The SOA of the root, which is signed: whoever does not vouch for it does not validate at all. */
  readonly root: Lookup<'SOA'> | null
  readonly probes: readonly SmtpAnswer[]
}

const hostsAsked = 4

async function gatherDane(
  { domain, ask, probeSmtp }: CheckContext,
  { result: mx, facts }: { readonly result: MxResult; readonly facts: { readonly mx: Lookup<'MX'> } },
): Promise<DaneFacts> {
  const names = [...new Set(mx.hosts.filter(({ state }) => state === 'found').map(({ host }) => host))]
  const hosts = await Promise.all(
    names.slice(0, hostsAsked).map(async host => ({ host, tlsa: await ask(`_25._tcp.${host}`, 'TLSA') })),
  )
  const isUsed = hosts.some(({ tlsa }) => tlsa.state === 'found')
  const [root, probes] = await Promise.all([
    isUsed ? ask('.', 'SOA') : null,
    isUsed && probeSmtp !== null ? probeHosts(mx, probeSmtp) : [],
  ])
  return { domain, mx, mxAnswer: facts.mx, hosts, root, probes }
}

/** Whether senders that use DANE can reach the mail servers (RFC 7672). Having none is no fault. Pure. */
function judgeDane(facts: DaneFacts): Judged {
  const { mx, hosts, root } = facts
  if (mx.state === 'unavailable')
    return { result: { state: 'unavailable', verdict: 'unavailable' }, findings: [] }
  const isAnswered = hosts.every(({ tlsa }) => tlsa.state !== 'unavailable')
  if (!hosts.some(({ tlsa }) => tlsa.state === 'found')) {
    const state = isAnswered ? 'absent' : 'unavailable'
    return { result: { state, verdict: isAnswered ? 'pass' : 'unavailable' }, findings: [] }
  }
  const validates = root?.state === 'found' && root.authenticated
  const findings = hosts.flatMap(({ host, tlsa }) => judgeHost(host, tlsa, validates, facts.probes))
  const complete = isAnswered && validates
  return {
    result: { state: 'found', verdict: verdictOf(findings, complete) },
    findings: sortFindings(findings),
  }
}

function judgeHost(
  host: string,
  tlsa: Lookup<'TLSA'>,
  validates: boolean,
  probes: readonly SmtpAnswer[],
): Finding[] {
  if (tlsa.state !== 'found') return []
  const name = `_25._tcp.${host}`
  // Whether the zone is signed is known only by a resolver that validates.
  if (!tlsa.authenticated) return validates ? [finding('dane.unsigned', { host, name })] : []
  const usable = tlsa.values.filter(({ usage }) => mailUsages.includes(usage))
  if (usable.length === 0) {
    const usages = [...new Set(tlsa.values.map(({ usage }) => String(usage)))].toSorted()
    return [finding('dane.usage', { host, name, usages })]
  }
  const probe = probes.find(one => one.host === host)
  const chain = probe?.state === 'answered' ? (probe.tls?.chain ?? []) : []
  const fits = chain.length === 0 || usable.some(value => matchesChain(value, chain))
  return [
    ...(fits ? [] : [finding('dane.mismatch', { host, name, records: valuesOf(tlsa) })]),
    ...(usable.length === 1 ? [finding('dane.single-record', { host, name })] : []),
  ]
}

function daneRow({ domain, mxAnswer, hosts }: DaneFacts, judged: Judged): AuditRow {
  const answers = hosts.map(({ tlsa }) => tlsa)
  const deciding = answers.find(({ state }) => state === judged.result.state) ?? answers[0]
  const open = openReason([mxAnswer, ...answers]) ?? 'not-asked'
  const base = rowOf('dane', 'TLSA', deciding, judged, open)
  return { ...base, name: deciding?.name ?? domain, found: [...new Set(answers.flatMap(valuesOf))] }
}

export const daneCheck = defineCheck({
  id: 'dane',
  needs: ['mx'],
  gather: async (context, needed) => gatherDane(context, await needed.mx),
  judge: judgeDane,
  rows: (facts, judged) => [daneRow(facts, judged)],
})
