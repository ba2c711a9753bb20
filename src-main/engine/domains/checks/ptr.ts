import { getDomain } from 'tldts'
import { parseIpv4 } from '#shared/mail-auth/ip-address.ts'
import type { AuditRow } from '#shared/model/audit.ts'
import type { Finding } from '#shared/model/finding.ts'
import type { Ask, Lookup } from '#shared/model/lookup.ts'
import { defineCheck, type Judged, type Needed } from './check.ts'
import { openReason, rowOf } from './row.ts'
import { finding, sortFindings, verdictOf } from './rules.ts'
import { isSameAddress, reverseName, sendingAddresses } from './sending-addresses.ts'
import { selectSpf } from './spf-selection.ts'

export type PtrName = { readonly name: string; readonly forward: readonly Lookup[] }
export type PtrAddress = {
  readonly address: string
  /** `sender`: SPF names it; `mx`: it takes the mail, and may or may not send any. */
  readonly role: 'sender' | 'mx'
  readonly ptr: Lookup<'PTR'>
  readonly names: readonly PtrName[]
}
export type PtrFacts = {
  readonly domain: string
  /** Where the addresses come from. */
  readonly txt: Lookup<'TXT'>
  readonly addresses: readonly PtrAddress[]
}

/** Enough to see how somebody runs their servers; names of one address beyond the first few are an oddity. */
const sendersAsked = 16
const mxAsked = 4
const namesFollowed = 4

/** Looks up the name of each address that SPF itself lists, and of the domain's own mail servers, and follows it back. */
async function gatherPtr(domain: string, ask: Ask, needed: Needed<'spf' | 'mx'>): Promise<PtrFacts> {
  const [spf, mx] = await Promise.all([needed.spf, needed.mx])
  const { txt } = spf.facts
  const [record] = txt.state === 'found' ? selectSpf(txt.values) : []
  const senders = record === undefined ? [] : sendingAddresses(record, sendersAsked)
  // The servers of a known provider are its own matter, and without SPF nobody knows which of them send.
  const isOwn = mx.result.provider === null && txt.state !== 'unavailable'
  const hosts = isOwn ? mx.result.hosts.flatMap(host => host.addresses) : []
  const others = [...new Set(hosts)].filter(address => !senders.some(own => isSameAddress(own, address)))
  const addresses = await Promise.all([
    ...senders.map(address => gatherAddress(address, 'sender', ask)),
    ...others.slice(0, mxAsked).map(address => gatherAddress(address, 'mx', ask)),
  ])
  return { domain, txt, addresses: addresses.flatMap(one => one ?? []) }
}

async function gatherAddress(
  address: string,
  role: PtrAddress['role'],
  ask: Ask,
): Promise<PtrAddress | null> {
  const reversed = reverseName(address)
  if (reversed === null) return null
  const ptr = await ask(reversed, 'PTR')
  const found = ptr.state === 'found' ? ptr.values.toSorted().slice(0, namesFollowed) : []
  const type = parseIpv4(address) === null ? 'AAAA' : 'A'
  const names = await Promise.all(found.map(async name => ({ name, forward: [await ask(name, type)] })))
  return { address, role, ptr, names }
}

/**
 * Whether each sending address has a name that leads back to it (RFC 1912 §2.1, RFC 8601 §3), and not one that a provider
 * gives to any machine. For mail servers that only take mail it is a note. Pure.
 */
function judgePtr({ txt, addresses }: PtrFacts): Judged {
  const isOpen = txt.state === 'unavailable'
  const findings = addresses.flatMap(judgeAddress)
  const complete = !isOpen && addresses.every(isAnswered)
  if (addresses.length === 0) {
    const state = isOpen ? 'unavailable' : 'absent'
    return { result: { state, verdict: isOpen ? 'unavailable' : 'pass' }, findings: [] }
  }
  const named = addresses.some(({ ptr }) => ptr.state === 'found')
  const silent = addresses.some(({ ptr }) => ptr.state === 'unavailable')
  const state = named ? 'found' : silent ? 'unavailable' : 'absent'
  return { result: { state, verdict: verdictOf(findings, complete) }, findings: sortFindings(findings) }
}

function isAnswered({ ptr, names }: PtrAddress): boolean {
  return (
    ptr.state === 'absent' ||
    (ptr.state === 'found' &&
      names.every(({ forward }) => forward.every(answer => answer.state !== 'unavailable')))
  )
}

function judgeAddress(entry: PtrAddress): Finding[] {
  const { address, role, ptr, names } = entry
  const severity = role === 'mx' ? 'info' : undefined
  if (ptr.state === 'absent') return [finding('ptr.missing', { address, role }, severity)]
  if (ptr.state === 'unavailable') return []
  // A name that could not be followed may be the good one.
  if (!isAnswered(entry)) return []
  const confirmed = names.filter(name => leadsTo(name, address))
  const host = (confirmed[0] ?? names[0])?.name ?? ''
  if (confirmed.length === 0) return [finding('ptr.not-confirmed', { address, host, role }, severity)]
  return confirmed.every(({ name }) => isGeneric(name, address))
    ? [finding('ptr.generic', { address, host, role }, severity)]
    : []
}

function leadsTo({ forward }: PtrName, address: string): boolean {
  return forward.some(
    answer =>
      answer.state === 'found' &&
      answer.values.some(value => typeof value === 'string' && isSameAddress(value, address)),
  )
}

const genericWords =
  'dyn|dynamic|dsl|adsl|vdsl|pool|dhcp|ppp|dialup|cable|broadband|cust|customer|client|res|home'
/** A label further on, as in `p1.dsl.example.net`, or a first one with a number, as in `pool-17.example.net`. */
const genericLabel = new RegExp(`(?:^|-)(?:${genericWords})\\d*(?:-|$)`)
const genericFirstLabel = new RegExp(`(?:^|-)(?:${genericWords})-?\\d`)

/** A name made from the address, or of the words that providers give to lines of customers. */
export function isGeneric(name: string, address: string): boolean {
  const registrable = getDomain(name, { allowPrivateDomains: false })
  const own = registrable === null ? '' : name.toLowerCase().slice(0, -registrable.length - 1)
  const [first = '', ...others] = own.split('.')
  if (genericFirstLabel.test(first) || others.some(label => genericLabel.test(label))) return true
  const quad = parseIpv4(address)
  if (quad === null) return false
  const spellings = [quad, quad.toReversed()].flatMap(octets => [
    octets.join('-'),
    octets.join('.'),
    octets.map(octet => String(octet).padStart(3, '0')).join(''),
    octets.map(octet => octet.toString(16).padStart(2, '0')).join(''),
  ])
  return spellings.some(spelling => name.toLowerCase().includes(spelling))
}

function ptrRow({ domain, txt, addresses }: PtrFacts, judged: Judged): AuditRow {
  const answers = addresses.map(({ ptr }) => ptr)
  const forward = addresses.flatMap(({ names }) => names.flatMap(name => name.forward))
  const deciding = answers.find(({ state }) => state === judged.result.state)
  const found = addresses.flatMap(({ address, names }) => names.map(({ name }) => `${address} ${name}`))
  return {
    ...rowOf('ptr', 'PTR', deciding, judged, openReason([txt, ...answers, ...forward])),
    name: addresses.length === 1 ? (deciding?.name ?? domain) : domain,
    found,
  }
}

export const ptrCheck = defineCheck({
  id: 'ptr',
  needs: ['spf', 'mx'],
  gather: ({ domain, ask }, needed) => gatherPtr(domain, ask, needed),
  judge: judgePtr,
  rows: (facts, judged) => [ptrRow(facts, judged)],
})
