import { getDomain } from 'tldts'
import type { NsResult } from '#shared/model/audit.ts'
import type { Finding } from '#shared/model/finding.ts'
import type { Ask, Lookup } from '#shared/model/lookup.ts'
import parking from '../../../../resources/parking-nameservers.json' with { type: 'json' }
import { dnsProviderOf } from '../providers.ts'
import { finding, sortFindings, verdictOf } from './rules.ts'

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

/** Who serves the zone (RFC 1034 §3.6.2 and §4.2.1, RFC 2182 §5). Pure. */
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
      ...judgeAlias(facts),
      finding('ns.missing', { domain: facts.domain }, last.reason === 'nxdomain' ? 'critical' : 'info'),
    ]
    return {
      result: { state: 'absent', verdict: verdictOf(findings, true), zone: null, hosts: [], provider: null },
      findings,
    }
  }
  const hosts = [...new Set(last.values.map(host => host.toLowerCase().replace(/\.$/, '')))].toSorted()
  const [host = ''] = hosts
  const findings = sortFindings([
    ...(hosts.length === 1 ? [finding('ns.single', { zone: last.name, host })] : []),
    ...judgeAlias(facts),
    ...judgeParking(last.name, hosts),
  ])
  const result: NsResult = {
    state: 'found',
    verdict: verdictOf(findings, true),
    zone: last.name,
    hosts,
    provider: dnsProviderOf(hosts),
  }
  return { result, findings }
}

/** Beside an alias nothing else may stand, and the domain itself needs NS, SOA and MX (RFC 1034 §3.6.2). */
function judgeAlias({ domain, answers }: NsFacts): Finding[] {
  const [own] = answers
  const target = own === undefined || own.state === 'unavailable' ? undefined : own.aliases[0]
  const isApex = (getDomain(domain, { allowPrivateDomains: false }) ?? domain) === domain
  return target !== undefined && isApex ? [finding('ns.cname-at-apex', { domain, target })] : []
}

/** A registrar puts a domain on such nameservers when it is for sale, or was not paid for. */
function judgeParking(zone: string, hosts: readonly string[]): Finding[] {
  const row = parking.find(({ suffixes }) =>
    hosts.every(host => suffixes.some(suffix => host === suffix || host.endsWith(`.${suffix}`))),
  )
  return row === undefined ? [] : [finding('ns.parked', { zone, hosts: [...hosts], kind: row.kind })]
}
