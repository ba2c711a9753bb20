import { createHash } from 'node:crypto'
import type { DnskeyValue, DsValue } from '#shared/model/lookup.ts'

const digestNames: Readonly<Record<number, string>> = { 1: 'sha1', 2: 'sha256', 4: 'sha384' }

/** The key tag of a DNSKEY record (RFC 4034 appendix B). */
export function keyTagOf(key: DnskeyValue): number {
  let sum = 0
  for (const [index, octet] of keyData(key).entries()) sum += index % 2 === 0 ? octet << 8 : octet
  return (sum + (sum >>> 16)) & 0xffff
}

/**
 * Whether a DS record at the zone above stands for this key of the zone `owner` (A-labels): same tag, same algorithm, and
 * the digest of the owner's name and the key (RFC 4034 §5.1.4). Null for a digest type nobody here can compute.
 */
export function isDsOf(owner: string, ds: DsValue, key: DnskeyValue): boolean | null {
  if (ds.algorithm !== key.algorithm || ds.keyTag !== keyTagOf(key)) return false
  const digest = digestNames[ds.digestType]
  if (digest === undefined) return null
  const hex = createHash(digest).update(wireName(owner)).update(keyData(key)).digest('hex')
  return hex === ds.digestHex.toLowerCase()
}

/** Flags, the protocol, which is always 3 (RFC 4034 §2.1.2), the algorithm, the key. */
function keyData({ flags, algorithm, keyBase64 }: DnskeyValue): Buffer {
  const head = Buffer.from([flags >> 8, flags & 0xff, 3, algorithm])
  return Buffer.concat([head, Buffer.from(keyBase64, 'base64')])
}

/** The canonical form of a name (RFC 4034 §6.2): lower case, uncompressed. */
function wireName(name: string): Buffer {
  const labels = name === '.' ? [] : name.toLowerCase().split('.')
  const parts = labels.flatMap(label => [Buffer.from([label.length]), Buffer.from(label, 'latin1')])
  return Buffer.concat([...parts, Buffer.from([0])])
}
