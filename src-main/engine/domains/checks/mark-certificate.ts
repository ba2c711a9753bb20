import { X509Certificate } from 'node:crypto'

const markReasons = [
  'not-pem',
  'expired',
  'not-yet-valid',
  'name',
  'purpose',
  'logo-missing',
  'chain',
] as const
export type MarkReason = (typeof markReasons)[number]

/** id-kp-BrandIndicatorforMessageIdentification, of the BIMI certificate profile. */
const markPurpose = '1.3.6.1.5.5.7.3.31'
/** The extension id-pe-logotype, 1.3.6.1.5.5.7.1.12 (RFC 9399 §4.1), as DER has it. */
const logotype = Buffer.from('06082b0601050507010c', 'hex')
const certificatesRead = 6

/**
 * What can be told about a mark certificate by itself: that it is one, holds for the domain now, carries a logo and comes
 * with whoever issued it. Whether its authority may issue marks, and whether the logo is the published one, is not judged.
 * `at` is epoch milliseconds. Worst first. Pure.
 */
export function markProblems(pem: string, domain: string, organisation: string, at: number): MarkReason[] {
  const chain = readChain(pem)
  const [leaf, ...issuers] = chain ?? []
  if (leaf === undefined) return ['not-pem']
  const names = [...(leaf.subjectAltName ?? '').matchAll(/DNS:([^,\s]+)/g)].map(([, name = '']) =>
    name.toLowerCase(),
  )
  const wanted = [domain, organisation].flatMap(name => [name, `default._bimi.${name}`])
  const problems: readonly (readonly [MarkReason, boolean])[] = [
    ['expired', Date.parse(leaf.validTo) < at],
    ['not-yet-valid', Date.parse(leaf.validFrom) > at],
    ['name', !names.some(name => wanted.includes(name))],
    ['purpose', !leaf.keyUsage?.includes(markPurpose)],
    ['logo-missing', !leaf.raw.includes(logotype)],
    ['chain', issuers.length > 0 && !issuers.some(issuer => leaf.checkIssued(issuer))],
  ]
  return problems.flatMap(([reason, isWrong]) => (isWrong ? [reason] : []))
}

function readChain(pem: string): X509Certificate[] | null {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  try {
    return blocks.slice(0, certificatesRead).map(block => new X509Certificate(block))
  } catch {
    // Anybody can publish anything under this name.
    return null
  }
}
