import { isIP } from 'node:net'
import { parse as parsePublicSuffix } from 'tldts'
import { fail, ok, type Result } from '#shared/failure.ts'
import { isPrivateAddress, parseIpv4, parseIpv6 } from '#shared/mail-auth/ip-address.ts'
import { parseSpf } from '#shared/mail-auth/parse-spf.ts'
import type { AuditReport } from '#shared/model/audit.ts'
import type { BlacklistTarget } from '#shared/model/blacklist.ts'
import { limits } from '../net/limits.ts'

/** A domain name as typed, in A-labels; how the engine reads one everywhere. */
export type ReadDomain = (input: string) => Result<{ readonly name: string }>

/** The registrable domain by the ICANN section of the public suffix list; null for a suffix itself. */
export function registrableDomain(name: string): string | null {
  return parsePublicSuffix(name, { allowPrivateDomains: false, validateHostname: false }).domain
}

/** Reads what a person wants looked up: an address, a mailbox or a domain. Fails as a domain name does. */
export function readTarget(input: string, readDomain: ReadDomain): Result<BlacklistTarget> {
  const typed = input.trim()
  const asked = { role: 'asked', shared: false } as const
  const family = isIP(typed)
  if (family === 4) return ok({ ...asked, target: typed, kind: 'ip4' })
  if (family === 6 && !typed.includes('%')) return ok({ ...asked, target: plainIpv6(typed), kind: 'ip6' })
  const mailbox = /^([^\s@"<>]{1,64})@([^\s@]+)$/.exec(typed)
  const domain = readDomain(mailbox?.[2] ?? typed)
  if (!domain.ok) return domain
  if (mailbox !== null) return ok({ ...asked, target: `${mailbox[1]}@${domain.value.name}`, kind: 'email' })
  return ok({ ...asked, target: domain.value.name, kind: 'domain' })
}

/** Reads several, each once; the first that cannot be read fails all, with `input`. */
export function readTargets(inputs: readonly string[], readDomain: ReadDomain): Result<BlacklistTarget[]> {
  const targets = new Map<string, BlacklistTarget>()
  for (const input of inputs) {
    const read = readTarget(input, readDomain)
    if (!read.ok) {
      const { code, detail, retry } = read.failure
      return fail(code, { ...detail, input: input.slice(0, 100) }, retry)
    }
    targets.set(`${read.value.kind} ${read.value.target}`, read.value)
  }
  return ok([...targets.values()])
}

/**
 * What to look up for a domain: itself with the names its mail carries, the addresses its own SPF record sends from, and
 * those of its mail servers, which weigh nothing. Only a domain's own `ip4` and `ip6` terms count as its own: what an
 * include brings is a pool others share. Ranges larger than `limits.blacklistRangeAddresses` are left out and named.
 */
export function targetsOf(
  domain: string,
  report: Pick<AuditReport, 'spf' | 'mx'> | null,
): { targets: BlacklistTarget[]; leftOut: string[] } {
  const targets = new Map<string, BlacklistTarget>()
  const leftOut: string[] = []
  const add = (target: BlacklistTarget) => {
    if (targets.has(target.target)) return
    if (targets.size < limits.blacklistTargets) targets.set(target.target, target)
    else leftOut.push(target.target)
  }
  add({ target: domain, kind: 'domain', role: 'domain', shared: false })
  const terms = report?.spf.record === null || report === null ? [] : ownAddresses(report.spf.record)
  for (const { address, prefix } of terms) {
    const addresses = addressesOf(address, prefix)
    if (addresses === null) leftOut.push(prefix === null ? address : `${address}/${prefix}`)
    for (const one of addresses ?? []) if (!isPrivateAddress(one)) add(ofAddress(one, 'sending-ip', false))
  }
  const shared = report !== null && report.mx.provider !== null
  for (const host of report?.mx.hosts.slice(0, limits.blacklistMxHosts) ?? []) {
    for (const address of host.addresses.slice(0, 2)) {
      if (!isPrivateAddress(address) && isIP(address) !== 0) add(ofAddress(address, 'mx-ip', shared))
    }
  }
  return { targets: [...targets.values()], leftOut }
}

/** What a listing weighs for this target: nothing for shared pools and for servers that only take mail. */
export function isActionable(target: Pick<BlacklistTarget, 'role' | 'shared'>): boolean {
  return !target.shared && target.role !== 'mx-ip'
}

function ofAddress(address: string, role: 'sending-ip' | 'mx-ip', shared: boolean): BlacklistTarget {
  const isSix = isIP(address) === 6
  return { target: isSix ? plainIpv6(address) : address, kind: isSix ? 'ip6' : 'ip4', role, shared }
}

function ownAddresses(record: string): { address: string; prefix: number | null }[] {
  const parsed = parseSpf(record)
  if (!parsed.ok) return []
  return parsed.record.terms.flatMap(term => {
    // What `-` and `?` name is not where the domain says its mail comes from.
    if (term.kind !== 'directive' || term.address === null || term.qualifier === '-') return []
    return [{ address: term.address, prefix: term.mechanism === 'ip4' ? term.prefix4 : term.prefix6 }]
  })
}

/** Every address of a small IPv4 range, a single IPv6 address, or null when there are too many. */
function addressesOf(address: string, prefix: number | null): string[] | null {
  const quad = parseIpv4(address)
  if (quad === null) return prefix === null || prefix === 128 ? [address] : null
  const count = 2 ** (32 - (prefix ?? 32))
  if (count > limits.blacklistRangeAddresses) return null
  const number = quad.reduce((sum, octet) => sum * 256 + octet, 0)
  const first = number - (number % count)
  return Array.from({ length: count }, (_, index) => quadOf(first + index))
}

function quadOf(number: number): string {
  return [24, 16, 8, 0].map(shift => Math.floor(number / 2 ** shift) % 256).join('.')
}

/** RFC 5952 enough to tell equal addresses: lower case groups without leading zeros, nothing shortened. */
function plainIpv6(address: string): string {
  const groups = parseIpv6(address) ?? []
  return new URL(`http://[${groups.map(group => group.toString(16)).join(':')}]/`).hostname.slice(1, -1)
}
