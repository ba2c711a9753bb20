import { getDomain } from 'tldts'
import { parseIpv4 } from '#shared/mail-auth/ip-address.ts'
import type { AuditRow, CheckState } from '#shared/model/audit.ts'
import type { Finding } from '#shared/model/finding.ts'
import type { Ask, AskAt, Lookup, SoaValue } from '#shared/model/lookup.ts'
import { limits } from '../../net/limits.ts'
import { defineCheck, type Judged } from './check.ts'
import { openReason, rowOf } from './row.ts'
import { finding, sortFindings, verdictOf } from './rules.ts'
import { soaProblems } from './soa.ts'

export type ZoneServer = {
  readonly host: string
  readonly addresses: readonly string[]
  /** Both families could be looked up. */
  readonly isKnown: boolean
  /** What the server itself says, asked at its first address; null when it was not asked. */
  readonly soa: Lookup<'SOA'> | null
  readonly ns: Lookup<'NS'> | null
}

export type ZoneFacts = {
  readonly domain: string
  /** Null when nobody could say which zone it is. */
  readonly zone: string | null
  /** What the resolver said about the nameservers. */
  readonly listed: Lookup<'NS'> | undefined
  /** What the resolver says. */
  readonly soa: Lookup<'SOA'> | null
  readonly servers: readonly ZoneServer[]
  /** The answer of a server of the zone above, when one could be asked. */
  readonly parent: Lookup<'NS'> | null
}

type Asking = { readonly domain: string; readonly ask: Ask; readonly askAt: AskAt | null }

/** Servers of the zone above that are tried, one after the other. */
const parentServers = 2

/**
 * Asks each nameserver of the zone for its SOA and NS records, and one server of the zone above whom it delegates to. When
 * the resolver cannot say who serves the zone, the zone above is believed: a zone that is broken for resolvers is what this is for.
 */
async function gatherZone(
  { domain, ask, askAt }: Asking,
  ns: { readonly zone: string | null; readonly hosts: readonly string[] },
  listed: Lookup<'NS'> | undefined,
): Promise<ZoneFacts> {
  const zone = ns.zone ?? (isBroken(listed) ? getDomain(domain, { allowPrivateDomains: false }) : null)
  if (zone === null) return { domain, zone, listed, soa: null, servers: [], parent: null }
  const serversOf = (hosts: readonly string[]) =>
    Promise.all(hosts.slice(0, limits.directServers).map(host => gatherServer(zone, host, ask, askAt)))
  const [soa, known, parent] = await Promise.all([
    ask(zone, 'SOA'),
    serversOf(ns.hosts),
    askAt === null ? null : gatherParent(zone, ask, askAt),
  ])
  const servers = known.length > 0 ? known : await serversOf(referredHosts(parent, zone))
  const isKnown = servers.length > 0 || ns.zone !== null
  return { domain, zone: isKnown ? zone : null, listed, soa, servers, parent }
}

/** The resolver got an answer and cannot use it; one that says nothing would say nothing about anything else either. */
function isBroken(listed: Lookup<'NS'> | undefined): boolean {
  return listed?.state === 'unavailable' && listed.reason === 'servfail'
}

async function gatherServer(zone: string, host: string, ask: Ask, askAt: AskAt | null): Promise<ZoneServer> {
  const [four, six] = await Promise.all([ask(host, 'A'), ask(host, 'AAAA')])
  const addresses = [four, six].flatMap(answer => (answer.state === 'found' ? answer.values : []))
  const isKnown = four.state !== 'unavailable' && six.state !== 'unavailable'
  const [address] = addresses
  if (askAt === null || address === undefined) return { host, addresses, isKnown, soa: null, ns: null }
  const [soa, ns] = await Promise.all([askAt(address, zone, 'SOA'), askAt(address, zone, 'NS')])
  return { host, addresses, isKnown, soa, ns }
}

async function gatherParent(zone: string, ask: Ask, askAt: AskAt): Promise<Lookup<'NS'> | null> {
  for (let name = above(zone); name !== null; name = above(name)) {
    const servers = await ask(name, 'NS')
    if (servers.state === 'unavailable') return null
    if (servers.state === 'absent') continue
    for (const host of servers.values.toSorted().slice(0, parentServers)) {
      const four = await ask(host, 'A')
      const [address] = four.state === 'found' ? four.values : []
      const answer = address === undefined ? null : await askAt(address, zone, 'NS')
      if (answer !== null && (answer.state !== 'unavailable' || answer.referral !== undefined)) return answer
    }
    return null
  }
  return null
}

function above(name: string): string | null {
  const dot = name.indexOf('.')
  return dot === -1 ? null : name.slice(dot + 1)
}

function referredHosts(parent: Lookup<'NS'> | null, zone: string): readonly string[] {
  const referral = parent?.state === 'unavailable' ? parent.referral : undefined
  return referral?.zone === zone ? referral.hosts : []
}

/** Whether a server answered as one that holds the zone. */
export function holdsZone({ soa }: Pick<ZoneServer, 'soa'>): boolean {
  return soa?.state === 'found' && soa.authoritative === true
}

/**
 * Whether a server said that it does not hold the zone: no authority, a referral, a refusal. It counts only beside one that
 * does, because a network that answers in the place of every server (some providers redirect port 53) looks the same.
 */
export function isLame(
  server: Pick<ZoneServer, 'soa'>,
  servers: readonly Pick<ZoneServer, 'soa'>[],
): boolean {
  const { soa } = server
  if (soa === null || holdsZone(server) || !servers.some(holdsZone)) return false
  return soa.state !== 'unavailable' || soa.reason === 'refused'
}

/** How the zone is served (RFC 1034 §4.2.2, RFC 1912 §2.2 and §2.8, RFC 2182 §3.1). Pure. */
function judgeZone(facts: ZoneFacts): Judged {
  const { zone, servers, soa } = facts
  if (zone === null) {
    return { result: { state: 'unavailable', verdict: 'unavailable' }, findings: [] }
  }
  const holding = servers.filter(holdsZone)
  const findings = [
    ...servers
      .filter(server => isLame(server, servers))
      .map(({ host, soa }) =>
        finding('zone.lame-server', {
          zone,
          host,
          reason: soa?.state === 'unavailable' ? 'refused' : 'not-held',
        }),
      ),
    ...judgeNetworks(zone, servers),
    ...judgeParent(zone, facts),
    ...judgeSerials(zone, servers),
    ...judgeSoa(zone, soa?.state === 'found' ? soa.values[0] : undefined),
  ]
  const state: CheckState['state'] =
    holding.length > 0 || soa?.state === 'found' ? 'found' : (soa?.state ?? 'unavailable')
  const complete = servers.length > 0 && servers.every(server => server.soa !== null && !isSilent(server))
  return { result: { state, verdict: verdictOf(findings, complete) }, findings: sortFindings(findings) }
}

function isSilent({ soa }: ZoneServer): boolean {
  return soa?.state === 'unavailable' && soa.reason !== 'refused'
}

/** RFC 2182 §3.1: servers should not share one network. An IPv6 address elsewhere cannot be told apart so, and counts as another. */
function judgeNetworks(zone: string, servers: readonly ZoneServer[]): Finding[] {
  if (servers.length < 2 || servers.some(({ isKnown, addresses }) => !isKnown || addresses.length === 0))
    return []
  const networks = new Set(
    servers.flatMap(({ addresses }) =>
      addresses.map(address => parseIpv4(address)?.slice(0, 3).join('.') ?? address),
    ),
  )
  const [network = ''] = networks
  if (networks.size !== 1 || network.includes(':')) return []
  const hosts = servers.map(({ host }) => host)
  return [finding('zone.same-network', { zone, network: `${network}.0/24`, hosts })]
}

function judgeParent(zone: string, { parent, servers }: ZoneFacts): Finding[] {
  const referral = parent?.state === 'unavailable' ? parent.referral : undefined
  if (referral?.zone !== zone || referral.hosts.length === 0) return []
  const asked = servers.filter(server => server.ns !== null && !isLame(server, servers))
  const answers = asked.map(({ ns }) =>
    ns?.state === 'found' && ns.authoritative ? ns.values.map(plain) : null,
  )
  // One that could not be asked may list what the others leave out.
  if (answers.length === 0 || answers.includes(null)) return []
  const inside = new Set(answers.flatMap(hosts => hosts ?? []))
  const outside = new Set(referral.hosts.map(plain))
  const onlyParent = [...outside].filter(host => !inside.has(host)).toSorted()
  const onlyZone = [...inside].filter(host => !outside.has(host)).toSorted()
  if (onlyParent.length === 0 && onlyZone.length === 0) return []
  return [finding('zone.parent-differs', { zone, onlyParent, onlyZone })]
}

function judgeSerials(zone: string, servers: readonly ZoneServer[]): Finding[] {
  const told = servers.filter(holdsZone).flatMap(({ host, soa }) => {
    const serial = soa?.state === 'found' ? soa.values[0]?.serial : undefined
    return serial === undefined ? [] : [{ host, serial }]
  })
  if (new Set(told.map(({ serial }) => serial)).size < 2) return []
  const serials = told.map(({ host, serial }) => `${host}: ${serial}`).toSorted()
  return [finding('zone.serials-differ', { zone, serials })]
}

function judgeSoa(zone: string, soa: SoaValue | undefined): Finding[] {
  const problems = soa === undefined ? [] : soaProblems(soa)
  const [reason] = problems
  return reason === undefined ? [] : [finding('zone.soa-values', { zone, reason, problems })]
}

function plain(host: string): string {
  return host.toLowerCase().replace(/\.$/, '')
}

function zoneRow(facts: ZoneFacts, judged: Judged): AuditRow {
  const { zone, listed, soa, servers } = facts
  const answer = servers.find(holdsZone)?.soa ?? soa ?? listed
  const silent = openReason([listed, ...servers.map(server => server.soa)])
  const base = rowOf('zone', 'SOA', answer, judged, silent ?? 'not-asked')
  return { ...base, name: zone ?? facts.domain, found: answer?.type === 'SOA' ? base.found : [] }
}

export const zoneCheck = defineCheck({
  id: 'zone',
  needs: ['ns'],
  gather: async (context, needed) => {
    const { result, facts } = await needed.ns
    return gatherZone(context, result, facts.answers.at(-1))
  },
  judge: judgeZone,
  rows: (facts, judged) => [zoneRow(facts, judged)],
})
