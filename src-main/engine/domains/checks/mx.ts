import { isPrivateAddress, parseIpv4, parseIpv6 } from '#shared/mail-auth/ip-address.ts'
import type { MxResult } from '#shared/model/audit.ts'
import type { Finding } from '#shared/model/finding.ts'
import type { Ask, Lookup } from '#shared/model/lookup.ts'
import { mailProvider, mailProviderOf } from '../providers.ts'
import { finding, sortFindings, verdictOf } from './rules.ts'

type Addresses = { readonly four: Lookup<'A'>; readonly six: Lookup<'AAAA'> }

export type MxTarget = {
  readonly preference: number
  /** Lower case, without the trailing dot. */
  readonly host: string
  /** Null for an address written in place of a name and for a leftover name, which are not looked up. */
  readonly addresses: Addresses | null
}

export type MxFacts = {
  readonly domain: string
  readonly mx: Lookup<'MX'>
  readonly targets: readonly MxTarget[]
  /** A record `0 .` stands there: the domain takes no mail (RFC 7505 §3). */
  readonly hasNull: boolean
  /** The addresses of the domain itself, asked when the name exists and has no MX. */
  readonly own: Addresses | null
}

/** Targets resolved; a real MX set has at most a dozen, and an answer may hold a thousand. */
const targetsResolved = 30

/** Asks for MX, then for the addresses of every target, or of the domain itself when there is no MX. */
export async function gatherMx(domain: string, ask: Ask): Promise<MxFacts> {
  const mx = await ask(domain, 'MX')
  const addressesOf = async (name: string): Promise<Addresses> => {
    const [four, six] = await Promise.all([ask(name, 'A'), ask(name, 'AAAA')])
    return { four, six }
  }
  if (mx.state !== 'found') {
    const mayHaveOwn = mx.state === 'absent' && mx.reason === 'nodata'
    return { domain, mx, targets: [], hasNull: false, own: mayHaveOwn ? await addressesOf(domain) : null }
  }
  const records = mx.values
    .map(value => ({ preference: value.preference, host: value.exchange.toLowerCase().replace(/\.$/, '') }))
    .toSorted((a, b) => a.preference - b.preference || (a.host < b.host ? -1 : a.host > b.host ? 1 : 0))
  const hosts = records.filter(record => record.host !== '')
  const targets = await Promise.all(
    hosts.slice(0, targetsResolved).map(async record => ({
      ...record,
      addresses: isAddress(record.host) || isLeftover(record.host) ? null : await addressesOf(record.host),
    })),
  )
  return { domain, mx, targets, hasNull: hosts.length < records.length, own: null }
}

/** Where the domain's mail goes (RFC 5321 §5.1, RFC 7505, RFC 2181 §10.3). Pure. */
export function judgeMx(facts: MxFacts): { result: MxResult; findings: Finding[] } {
  const { domain, mx } = facts
  const none = { nullMx: false, hosts: [], provider: null }
  if (mx.state === 'unavailable')
    return { result: { state: mx.state, verdict: mx.state, ...none }, findings: [] }
  if (mx.state === 'absent') {
    const { findings, complete } = judgeOwnAddresses(domain, facts.own)
    return { result: { state: mx.state, verdict: verdictOf(findings, complete), ...none }, findings }
  }
  const findings: Finding[] = []
  const nullMx = facts.hasNull && facts.targets.length === 0
  if (nullMx) findings.push(finding('mx.null', { domain }))
  else if (facts.hasNull) {
    findings.push(finding('mx.null-with-others', { others: facts.targets.map(target => target.host) }))
  }
  const hosts = facts.targets.map(target => {
    const judged = judgeTarget(target)
    findings.push(...judged.findings)
    return judged.host
  })
  const provider = mailProviderOf(hosts.map(host => host.host))
  findings.push(...judgeSet(hosts, provider))
  const complete = hosts.every(host => host.state !== 'unavailable')
  const verdict = verdictOf(findings, complete)
  return { result: { state: 'found', verdict, nullMx, hosts, provider }, findings: sortFindings(findings) }
}

/** What the hosts are together: of one provider, each once, more than one. */
function judgeSet(hosts: MxResult['hosts'], provider: string | null): Finding[] {
  const names = hosts.map(({ host }) => host).filter(host => !isLeftover(host))
  const counts = new Map<string, number>()
  for (const host of names) counts.set(host, (counts.get(host) ?? 0) + 1)
  const findings = [...counts]
    .filter(([, count]) => count > 1)
    .map(([host, count]) => finding('mx.duplicate-host', { host, count }))
  const [only] = counts.keys()
  if (counts.size === 1 && provider === null && only !== undefined && !isAddress(only))
    findings.push(finding('mx.single', { host: only }))
  return [...findings, ...judgeMixture([...counts.keys()])]
}

/** Mail for one domain is kept at one provider; what another one takes is found by nobody. */
function judgeMixture(names: readonly string[]): Finding[] {
  const hosts = new Map<string, string[]>()
  for (const host of names) {
    const id = mailProviderOf([host])
    if (id !== null) hosts.set(id, [...(hosts.get(id) ?? []), host])
  }
  if (hosts.size < 2) return []
  const byCount = [...hosts].toSorted((a, b) => b[1].length - a[1].length)
  const providers = byCount.map(([id]) => mailProvider(id)?.name ?? id)
  return [finding('mx.mixed-providers', { providers, hosts: byCount.slice(1).flatMap(([, own]) => own) })]
}

/** Without an MX record mail goes to the domain's own address, if it has one. */
function judgeOwnAddresses(
  domain: string,
  own: Addresses | null,
): { findings: Finding[]; complete: boolean } {
  if (own === null) return { findings: [finding('mx.missing', { domain })], complete: true }
  const { addresses, state } = addressesIn(own)
  if (state === 'found') return { findings: [finding('mx.implicit', { domain, addresses })], complete: true }
  if (state === 'unavailable') return { findings: [], complete: false }
  return { findings: [finding('mx.missing', { domain })], complete: true }
}

function judgeTarget(target: MxTarget): { host: MxResult['hosts'][number]; findings: Finding[] } {
  const { host, preference } = target
  if (isLeftover(host)) {
    const findings = [finding('mx.verification-leftover', { host })]
    return { host: { preference, host, addresses: [], state: 'absent' }, findings }
  }
  if (target.addresses === null) {
    const findings = [finding('mx.target-is-address', { host, preference })]
    return { host: { preference, host, addresses: [], state: 'absent' }, findings }
  }
  const { addresses, state } = addressesIn(target.addresses)
  const findings: Finding[] = []
  const canonical = canonicalName(target.addresses)
  if (canonical !== null) findings.push(finding('mx.target-is-alias', { host, canonical }))
  if (state === 'absent') findings.push(finding('mx.target-missing', { host, preference }))
  const unreachable = addresses.filter(isPrivateAddress)
  if (unreachable.length > 0) findings.push(finding('mx.target-private', { host, addresses: unreachable }))
  return { host: { preference, host, addresses, state }, findings }
}

/** Found when either family is; absent only when both are. */
function addressesIn({ four, six }: Addresses): { addresses: string[]; state: Lookup['state'] } {
  const addresses = [
    ...(four.state === 'found' ? four.values : []),
    ...(six.state === 'found' ? six.values : []),
  ]
  if (addresses.length > 0) return { addresses: addresses.toSorted(), state: 'found' }
  const failed = four.state === 'unavailable' || six.state === 'unavailable'
  return { addresses: [], state: failed ? 'unavailable' : 'absent' }
}

function canonicalName({ four, six }: Addresses): string | null {
  for (const answer of [four, six]) {
    const last = answer.state === 'unavailable' ? undefined : answer.aliases.at(-1)
    if (last !== undefined) return last
  }
  return null
}

function isAddress(host: string): boolean {
  return parseIpv4(host) !== null || parseIpv6(host.replace(/^\[|\]$/g, '')) !== null
}

/** The name by which Microsoft 365 once had a domain verified; it never had an address and takes no mail. */
function isLeftover(host: string): boolean {
  return host.endsWith('.msv1.invalid')
}
