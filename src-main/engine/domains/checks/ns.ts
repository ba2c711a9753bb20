import { getDomain } from 'tldts'
import type { NsResult } from '#shared/model/audit.ts'
import type { Finding } from '#shared/model/finding.ts'
import type { Ask, Lookup } from '#shared/model/lookup.ts'
import { dnsProviderOf } from '../providers.ts'
import { finding, verdictOf } from './rules.ts'

/** The answers from the domain upwards, the last one deciding: the first with NS records, or the first that failed. */
export type NsFacts = { readonly domain: string; readonly answers: readonly Lookup<'NS'>[] }

/** Looks for the zone's nameservers: at the domain, then at each name above it, not beyond the registrable domain. */
export async function gatherNs(domain: string, ask: Ask): Promise<NsFacts> {
  const highest = getDomain(domain, { allowPrivateDomains: false }) ?? domain
  const answers: Lookup<'NS'>[] = []
  for (let name = domain; name.length >= highest.length; name = name.slice(name.indexOf('.') + 1)) {
    const answer = await ask(name, 'NS')
    answers.push(answer)
    if (answer.state !== 'absent' || !name.includes('.')) break
  }
  return { domain, answers }
}

/** Who serves the zone (RFC 1034 §4.2.1, RFC 2182 §5). Pure. */
export function judgeNs(facts: NsFacts): { result: NsResult; findings: Finding[] } {
  const last = facts.answers.at(-1)
  if (last === undefined || last.state === 'unavailable') {
    return {
      result: { state: 'unavailable', verdict: 'unavailable', zone: null, hosts: [], provider: null },
      findings: [],
    }
  }
  if (last.state === 'absent') {
    // A name that exists is served by somebody: a server that holds its records without NS records is odd, not broken.
    const findings = [
      finding('ns.missing', { domain: facts.domain }, last.reason === 'nxdomain' ? 'critical' : 'info'),
    ]
    return {
      result: { state: 'absent', verdict: verdictOf(findings, true), zone: null, hosts: [], provider: null },
      findings,
    }
  }
  const hosts = [...new Set(last.values.map(host => host.toLowerCase().replace(/\.$/, '')))].toSorted()
  const [host = ''] = hosts
  const findings = hosts.length === 1 ? [finding('ns.single', { zone: last.name, host })] : []
  const result: NsResult = {
    state: 'found',
    verdict: verdictOf(findings, true),
    zone: last.name,
    hosts,
    provider: dnsProviderOf(hosts),
  }
  return { result, findings }
}
