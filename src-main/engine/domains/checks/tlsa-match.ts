import { createHash, X509Certificate } from 'node:crypto'
import type { TlsaValue } from '#shared/model/lookup.ts'

/** RFC 7672 §3.1: for mail only these two count; the others need a list of authorities that mail servers do not share. */
export const mailUsages: readonly number[] = [2, 3]

/**
 * Whether a TLSA record stands for a server that showed this chain (DER in base64, the server's own certificate first):
 * usage 3 for its own certificate, usage 2 for any of the chain (RFC 6698 §2.1, RFC 7671 §5). False for a usage that mail does
 * not use and for data that cannot be read.
 */
export function matchesChain(tlsa: TlsaValue, chain: readonly string[]): boolean {
  const candidates = tlsa.usage === 3 ? chain.slice(0, 1) : tlsa.usage === 2 ? chain : []
  return candidates.some(
    der => dataOf(Buffer.from(der, 'base64'), tlsa) === tlsa.certificateHex.toLowerCase(),
  )
}

function dataOf(der: Buffer, { selector, matchingType }: TlsaValue): string | null {
  const selected = selector === 0 ? der : selector === 1 ? publicKeyOf(der) : null
  if (selected === null) return null
  if (matchingType === 0) return selected.toString('hex')
  const digest = matchingType === 1 ? 'sha256' : matchingType === 2 ? 'sha512' : null
  return digest === null ? null : createHash(digest).update(selected).digest('hex')
}

function publicKeyOf(der: Buffer): Buffer | null {
  try {
    return new X509Certificate(der).publicKey.export({ type: 'spki', format: 'der' })
  } catch {
    // Whatever a server sends in the place of a certificate matches nothing.
    return null
  }
}
