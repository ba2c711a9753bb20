import { crc32 } from 'node:zlib'
import { limits } from '../net/limits.ts'
import { inflate, type InflateBudget } from './inflate.ts'
import { type Part, type Refused, refused } from './part.ts'

/* The ZIP format, APPNOTE.TXT 6.3: 4.3.16 the end of the directory, 4.3.12 its entries, 4.3.7 what stands before data. */
const endSignature = 0x06054b50
const directorySignature = 0x02014b50
const localSignature = 0x04034b50
const zip64LocatorSignature = 0x07064b50
const endBytes = 22
const directoryBytes = 46
const localBytes = 30
const longestCommentBytes = 65_535

type Entry = {
  readonly name: string
  readonly flags: number
  readonly method: number
  readonly checksum: number
  readonly packedBytes: number
  readonly at: number
}

/**
 * Reads the entries of an archive, stored or deflated, in their order. Directories and what macOS adds are passed over.
 * Sizes that the archive states are never trusted: each entry is inflated within the bounds of the file. The whole is
 * refused with `zip-damaged`, `zip-64` or `too-many-entries`; one entry with `zip-encrypted`, `zip-method`, or as
 * `inflate` does.
 */
export async function readZip(octets: Uint8Array, budget: InflateBudget): Promise<Part[]> {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength)
  const listed = readDirectory(octets, view)
  if (!Array.isArray(listed)) return [listed]
  const parts: Part[] = []
  for (const entry of listed) parts.push(await readEntry(octets, view, entry, budget))
  return parts
}

function readDirectory(octets: Uint8Array, view: DataView): Entry[] | Refused {
  const end = findEnd(view)
  if (end === null) return refused(null, 'zip-damaged')
  const count = view.getUint16(end + 10, true)
  const sizeBytes = view.getUint32(end + 12, true)
  let at = view.getUint32(end + 16, true)
  const hasLocator = end >= 20 && view.getUint32(end - 20, true) === zip64LocatorSignature
  if (hasLocator || count === 0xffff || sizeBytes === 0xffffffff || at === 0xffffffff)
    return refused(null, 'zip-64')
  if (count > limits.dmarcParts) return refused(null, 'too-many-entries', { count, most: limits.dmarcParts })
  const entries: Entry[] = []
  for (let index = 0; index < count; index += 1) {
    if (at + directoryBytes > end || view.getUint32(at, true) !== directorySignature)
      return refused(null, 'zip-damaged')
    const nameBytes = view.getUint16(at + 28, true)
    const restBytes = view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    const name = nameOf(octets.subarray(at + directoryBytes, at + directoryBytes + nameBytes))
    const entry = {
      name,
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      checksum: view.getUint32(at + 16, true),
      packedBytes: view.getUint32(at + 20, true),
      at: view.getUint32(at + 42, true),
    }
    if (entry.packedBytes === 0xffffffff || entry.at === 0xffffffff) return refused(name, 'zip-64')
    if (!name.endsWith('/') && !name.startsWith('__MACOSX/')) entries.push(entry)
    at += directoryBytes + nameBytes + restBytes
  }
  return entries
}

/** The end of the directory: it is looked for from behind, because a comment of any text may follow it. */
function findEnd(view: DataView): number | null {
  const last = view.byteLength - endBytes
  for (let at = last; at >= 0 && at >= last - longestCommentBytes; at -= 1) {
    if (view.getUint32(at, true) === endSignature) return at
  }
  return null
}

async function readEntry(
  octets: Uint8Array,
  view: DataView,
  { name, flags, method, checksum, packedBytes, at }: Entry,
  budget: InflateBudget,
): Promise<Part> {
  if ((flags & 1) === 1) return refused(name, 'zip-encrypted')
  if (method !== 0 && method !== 8) return refused(name, 'zip-method', { method })
  if (at + localBytes > octets.length || view.getUint32(at, true) !== localSignature)
    return refused(name, 'zip-damaged')
  const from = at + localBytes + view.getUint16(at + 26, true) + view.getUint16(at + 28, true)
  if (from + packedBytes > octets.length) return refused(name, 'zip-damaged')
  const packed = octets.subarray(from, from + packedBytes)
  const read: Part =
    method === 8
      ? await inflate(packed, { kind: 'deflate', part: name, budget })
      : stored(name, packed, budget)
  if (!read.ok || crc32(read.octets) === checksum) return read
  return refused(name, 'zip-damaged')
}

/** Counted like the others: entries may share the same octets. */
function stored(name: string, octets: Uint8Array, budget: InflateBudget): Part {
  if (octets.length > Math.min(limits.dmarcDocumentBytes, budget.leftBytes))
    return refused(name, 'inflated-too-large', { megabytes: limits.dmarcDocumentBytes / 1e6 })
  budget.leftBytes -= octets.length
  return { part: name, ok: true, octets }
}

function nameOf(octets: Uint8Array): string {
  return new TextDecoder().decode(octets.subarray(0, 1_000)).slice(0, limits.dmarcTextCharacters)
}
