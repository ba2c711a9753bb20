import { isAscii } from 'node:buffer'
import type { RecordType, SoaValue, TxtValue, ValueOf } from '#shared/model/lookup.ts'
import type { WireRecord } from './message.ts'
import { nameEnd, readName } from './wire-name.ts'

type Read<T> = (message: Buffer, at: number, end: number) => T | null

/** Reads the data of one record; null when it does not fill its RDLENGTH exactly as its type demands. */
export function readRecordData<T extends RecordType>(
  message: Buffer,
  record: WireRecord,
  type: T,
): ValueOf[T] | null {
  const read: Read<ValueOf[T]> = readers[type]
  return read(message, record.dataAt, record.dataEnd)
}

const readers: { readonly [T in RecordType]: Read<ValueOf[T]> } = {
  A: (message, at, end) =>
    end - at === 4 ? `${message[at]}.${message[at + 1]}.${message[at + 2]}.${message[at + 3]}` : null,
  AAAA: (message, at, end) =>
    end - at === 16
      ? ipv6Text(Array.from({ length: 8 }, (_, index) => message.readUInt16BE(at + index * 2)))
      : null,
  CNAME: readWholeName,
  NS: readWholeName,
  PTR: readWholeName,
  MX: (message, at, end) => {
    if (end - at < 3) return null
    const exchange = readWholeName(message, at + 2, end)
    return exchange === null ? null : { preference: message.readUInt16BE(at), exchange }
  },
  SOA: readSoa,
  TXT: readStrings,
  SPF: readStrings,
  CAA: (message, at, end) => {
    const tagLength = message[at + 1] ?? 0
    if (end - at < 3 || tagLength === 0 || at + 2 + tagLength > end) return null
    return {
      flags: message.readUInt8(at),
      tag: message.toString('latin1', at + 2, at + 2 + tagLength).toLowerCase(),
      value: octetsText(message.subarray(at + 2 + tagLength, end)),
    }
  },
  TLSA: (message, at, end) =>
    end - at < 3
      ? null
      : {
          usage: message.readUInt8(at),
          selector: message.readUInt8(at + 1),
          matchingType: message.readUInt8(at + 2),
          certificateHex: message.toString('hex', at + 3, end),
        },
  DS: (message, at, end) =>
    end - at < 4
      ? null
      : {
          keyTag: message.readUInt16BE(at),
          algorithm: message.readUInt8(at + 2),
          digestType: message.readUInt8(at + 3),
          digestHex: message.toString('hex', at + 4, end),
        },
  DNSKEY: (message, at, end) =>
    end - at < 4
      ? null
      : {
          flags: message.readUInt16BE(at),
          algorithm: message.readUInt8(at + 3),
          keyBase64: message.toString('base64', at + 4, end),
        },
}

function readWholeName(message: Buffer, at: number, end: number): string | null {
  const name = readName(message, at)
  return name !== null && name.end === end ? name.name : null
}

/** Reads an SOA (RFC 1035 §3.3.13). */
function readSoa(message: Buffer, at: number, end: number): SoaValue | null {
  const mname = readName(message, at)
  const rname = mname && readName(message, mname.end)
  if (!mname || !rname || rname.end + 20 !== end) return null
  const long = (index: number) => message.readUInt32BE(rname.end + index * 4)
  return {
    mname: mname.name,
    rname: rname.name,
    serial: long(0),
    refresh: long(1),
    retry: long(2),
    expire: long(3),
    minimum: long(4),
  }
}

/** The MINIMUM of an SOA, in seconds, the source of negative TTLs; null where the whole record could not be read. */
export function readSoaMinimum(message: Buffer, { dataAt, dataEnd }: WireRecord): number | null {
  const mnameEnd = nameEnd(message, dataAt)
  const rnameEnd = mnameEnd < 0 ? -1 : nameEnd(message, mnameEnd)
  return rnameEnd < 0 || rnameEnd + 20 !== dataEnd ? null : message.readUInt32BE(dataEnd - 4)
}

function readStrings(message: Buffer, at: number, end: number): TxtValue | null {
  const strings: string[] = []
  let next = at
  while (next < end) {
    const stringEnd = next + 1 + (message[next] ?? 0)
    if (stringEnd > end) return null
    strings.push(octetsText(message.subarray(next + 1, stringEnd)))
    next = stringEnd
  }
  // RFC 1035 §3.3.14: one or more character-strings.
  return strings.length === 0 ? null : { strings }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Octets as text: UTF-8 where they are valid UTF-8, else Latin-1, so that nothing is lost. */
export function octetsText(octets: Buffer): string {
  if (isAscii(octets)) return octets.toString('latin1')
  try {
    return utf8.decode(octets)
  } catch {
    return octets.toString('latin1')
  }
}

/** Eight groups as text by RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups as `::`, the first of equals. */
export function ipv6Text(groups: readonly number[]): string {
  let best = { start: 0, length: 1 }
  for (let start = 0; start < 8; start++) {
    let length = 0
    while (groups[start + length] === 0) length++
    if (length > best.length) best = { start, length }
    start += length
  }
  const hex = groups.map(group => group.toString(16))
  if (best.length < 2) return hex.join(':')
  return `${hex.slice(0, best.start).join(':')}::${hex.slice(best.start + best.length).join(':')}`
}
