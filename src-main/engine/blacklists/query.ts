import { createHash } from 'node:crypto'
import { parseIpv4, parseIpv6 } from '#shared/mail-auth/ip-address.ts'
import type { Blacklist, BlacklistKind } from '#shared/model/blacklist.ts'
import { registrableDomain } from './targets.ts'

/** The labels that stand before the list's zone (RFC 5782 §2.1, §2.4, §3); several when more than one name is asked. */
export function queryLabels(
  target: { readonly target: string; readonly kind: BlacklistKind },
  list: Pick<Blacklist, 'registrableOnly'>,
): string[] {
  switch (target.kind) {
    case 'ip4':
      return [reverseIpv4(target.target)]
    case 'ip6':
      return [reverseIpv6(target.target)]
    case 'email':
      return [hashEmail(target.target)]
    case 'domain': {
      const registrable = registrableDomain(target.target) ?? target.target
      return list.registrableOnly === true ? [registrable] : [...new Set([target.target, registrable])]
    }
  }
}

export function queryName(list: { readonly queryZone: string }, labels: string): string {
  return `${labels}.${list.queryZone}`
}

/** `2.0.0.127` of `127.0.0.2`. */
export function reverseIpv4(address: string): string {
  return (parseIpv4(address) ?? []).toReversed().join('.')
}

/** The 32 nibbles, last first (RFC 5782 §2.4). */
export function reverseIpv6(address: string): string {
  const groups = parseIpv6(address) ?? []
  const digits = groups.map(group => group.toString(16).padStart(4, '0')).join('')
  return [...digits].toReversed().join('.')
}

/**
 * SHA-1 of an address as the lists of addresses want it: lower case, without a tag behind `+`; of Gmail also without dots,
 * and under its one name.
 */
export function hashEmail(address: string): string {
  const [local = '', domain = ''] = splitEmail(address.toLowerCase())
  const isGmail = domain === 'gmail.com' || domain === 'googlemail.com'
  const untagged = local.replace(/(?<=.)\+.*$/s, '')
  const plain = isGmail ? `${untagged.replaceAll('.', '')}@gmail.com` : `${untagged}@${domain}`
  return createHash('sha1').update(plain).digest('hex')
}

function splitEmail(address: string): [string, string] {
  const at = address.lastIndexOf('@')
  return [address.slice(0, at), address.slice(at + 1)]
}

/** The labels of the entries a list must have and must not have (RFC 5782 §5); `listed` is null when it has none. */
export function testNames(
  list: Pick<Blacklist, 'tests'>,
  kind: BlacklistKind,
): { listed: string | null; clean: string } {
  const standard = standardTests[kind]
  const own = list.tests?.[kind]
  if (own === null) return { listed: null, clean: standard.clean }
  return own ?? standard
}

const standardTests: Record<BlacklistKind, { listed: string; clean: string }> = {
  ip4: { listed: '2.0.0.127', clean: '1.0.0.127' },
  ip6: { listed: reverseIpv6('::ffff:7f00:2'), clean: reverseIpv6('::ffff:7f00:1') },
  domain: { listed: 'TEST', clean: 'INVALID' },
  email: { listed: 'TEST', clean: 'INVALID' },
}
