import { domainToASCII } from 'node:url'
import { nameProblem, normaliseName } from '../../net/wire-name.ts'

/** Who claims to send, as the macros of SPF need it. */
export type Identity = {
  /** The domain that SPF is asked about. */
  readonly domain: string
  readonly localPart: string
  /** `local-part@domain`. */
  readonly sender: string
  readonly helo: string
}

/** RFC 1035 §2.3.4, without the trailing dot. */
const longestName = 253

/**
 * The identity of MAIL FROM; an empty one stands for `postmaster@<helo>` (RFC 7208 §2.4), a missing local part is
 * `postmaster` (§4.3), and a text without `@` is a domain. International domains become A-labels (RFC 8616 §4).
 */
export function identityOf(mailFrom: string, helo: string): Identity {
  const plain = mailFrom.trim().replace(/^<(.*)>$/s, '$1')
  const host = asciiDomain(helo.trim())
  if (plain === '') return { domain: host, localPart: 'postmaster', sender: `postmaster@${host}`, helo: host }
  const at = plain.lastIndexOf('@')
  const localPart = plain.slice(0, Math.max(at, 0)) || 'postmaster'
  const domain = asciiDomain(plain.slice(at + 1))
  return { domain, localPart, sender: `${localPart}@${domain}`, helo: host }
}

/** Whether check_host may ask about a domain: several labels, each of a length the DNS can hold (RFC 7208 §4.3). */
export function isMailDomain(domain: string): boolean {
  return domain.includes('.') && !domain.startsWith('[') && isAskable(domain)
}

/**
 * The name that an expanded domain-spec stands for: without its trailing dot, cut from the left by whole labels to 253
 * octets (RFC 7208 §7.3). Null when no question can be made of it, which counts as a name that does not exist (§4.8).
 */
export function queryName(expanded: string): string | null {
  let name = expanded.endsWith('.') ? expanded.slice(0, -1) : expanded
  while (name.length > longestName) {
    const dot = name.indexOf('.')
    if (dot === -1) return null
    name = name.slice(dot + 1)
  }
  return isAskable(name) ? name : null
}

/** Whether the DNS can be asked for this name. */
export function isAskable(name: string): boolean {
  return nameProblem(normaliseName(name)) === null
}

function asciiDomain(text: string): string {
  const domain = text.endsWith('.') ? text.slice(0, -1) : text
  // eslint-disable-next-line no-control-regex
  return /^[\x00-\x7f]*$/.test(domain) ? domain : domainToASCII(domain) || domain
}
