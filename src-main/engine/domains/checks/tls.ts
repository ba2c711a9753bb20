import type { AuditRow, MxResult } from '#shared/model/audit.ts'
import type { ProbeSmtp, SmtpAnswer } from '#shared/model/exchange.ts'
import type { Finding } from '#shared/model/finding.ts'
import type { Lookup } from '#shared/model/lookup.ts'
import { defineCheck, type Judged } from './check.ts'
import { baseRow, openReason } from './row.ts'
import { finding, sortFindings, verdictOf } from './rules.ts'

export type TlsFacts = {
  readonly domain: string
  readonly startedAt: number
  readonly mx: Pick<MxResult, 'state' | 'hosts'>
  readonly mxAnswer: Lookup<'MX'>
  readonly probes: readonly SmtpAnswer[]
}

/** The servers that mail is brought to first; the others are run by the same hand. */
const hostsProbed = 2
const soonMs = 14 * 24 * 60 * 60_000
const oldProtocols = ['SSLv3', 'TLSv1', 'TLSv1.1']

/** Connects to the first mail servers that have an address. */
export function probeHosts(
  mx: Pick<MxResult, 'hosts'>,
  probe: ProbeSmtp,
  most = hostsProbed,
): Promise<SmtpAnswer[]> {
  const reachable = mx.hosts.filter(({ addresses }) => addresses.length > 0)
  const hosts = new Map(reachable.map(({ host, addresses }) => [host, addresses.toSorted(byFamily)]))
  return Promise.all([...hosts].slice(0, most).map(([host, addresses]) => probe(host, addresses)))
}

/** IPv4 first: many networks have no other. */
function byFamily(a: string, b: string): number {
  return Number(a.includes(':')) - Number(b.includes(':'))
}

/** Whether mail to the domain can travel encrypted (RFC 3207, RFC 8996), as its servers offer it. Pure. */
function judgeTls({ startedAt, mx, probes }: TlsFacts): Judged {
  if (mx.state === 'unavailable')
    return { result: { state: 'unavailable', verdict: 'unavailable' }, findings: [] }
  if (mx.hosts.length === 0) return { result: { state: 'absent', verdict: 'pass' }, findings: [] }
  const findings = probes.flatMap(probe => judgeProbe(probe, startedAt))
  const answered = probes.filter(({ state }) => state === 'answered')
  const state = answered.length > 0 ? 'found' : 'unavailable'
  const complete = probes.length > 0 && answered.length === probes.length
  return { result: { state, verdict: verdictOf(findings, complete) }, findings: sortFindings(findings) }
}

function judgeProbe(probe: SmtpAnswer, startedAt: number): Finding[] {
  if (probe.state === 'unavailable') return []
  const { host, tls } = probe
  if (!probe.startTls) return [finding('tls.not-offered', { host, reason: 'not-offered' })]
  if (tls === null) return [finding('tls.not-offered', { host, reason: 'handshake' })]
  const { problem, names, validToAt, protocol } = tls
  const certificate =
    problem !== null
      ? [finding('tls.certificate-invalid', { host, reason: problem, names: names.slice(0, 10) })]
      : validToAt !== null && validToAt - startedAt < soonMs
        ? [
            finding('tls.certificate-expires-soon', {
              host,
              days: Math.max(0, Math.floor((validToAt - startedAt) / 86_400_000)),
            }),
          ]
        : []
  const version = oldProtocols.includes(protocol) ? [finding('tls.old-version', { host, protocol })] : []
  return [...certificate, ...version]
}

function tlsRow({ domain, mxAnswer, probes }: TlsFacts, { result, findings }: Judged): AuditRow {
  const open = probes.find(({ state }) => state === 'unavailable')
  return {
    ...baseRow('tls', 'SMTP', undefined, findings),
    name: probes[0]?.host ?? domain,
    state: result.state,
    verdict: result.verdict,
    reason:
      result.verdict !== 'unavailable'
        ? null
        : open?.state === 'unavailable'
          ? open.reason
          : (openReason([mxAnswer]) ?? 'not-asked'),
    server: open?.host ?? null,
    found: probes.flatMap(probe => (probe.state === 'answered' ? [`${probe.host} ${offered(probe)}`] : [])),
  }
}

function offered({ startTls, tls }: Extract<SmtpAnswer, { state: 'answered' }>): string {
  return tls?.protocol ?? (startTls ? 'STARTTLS failed' : 'no STARTTLS')
}

export const tlsCheck = defineCheck({
  id: 'tls',
  needs: ['mx'],
  isPossible: ({ probeSmtp }) => probeSmtp !== null,
  gather: async ({ domain, startedAt, probeSmtp }, needed) => {
    const { result, facts } = await needed.mx
    const probes = probeSmtp === null ? [] : await probeHosts(result, probeSmtp)
    return { domain, startedAt, mx: result, mxAnswer: facts.mx, probes }
  },
  judge: judgeTls,
  rows: (facts, judged) => [tlsRow(facts, judged)],
})
