import type { RecordType } from '#shared/model/lookup.ts'
import { limits } from './limits.ts'
import { type KnownName, readName } from './wire-name.ts'

/**
 * Questions out and messages in, by a writer and a reader of our own: a library takes RDATA that runs past the end of
 * the message, follows thousands of pointers for one name, gives up a whole message for one odd record in a section
 * nobody asked for, and takes several times as long.
 */

export type Question = { readonly name: string; readonly type: RecordType }

export const typeCodes: Readonly<Record<RecordType, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  DS: 43,
  DNSKEY: 48,
  TLSA: 52,
  SPF: 99,
  CAA: 257,
}
const optCode = 41
const internetClass = 1
const headerBytes = 12

const recursionDesired = 0x0100
const authenticData = 0x0020
const optBytes = 11

/**
 * Encodes a query with RD and AD set (RFC 6840 §5.7: AD asks for the verdict of the resolver), and EDNS unless told not
 * to. The name must be one that `nameProblem` finds nothing wrong with.
 */
export function encodeQuestion(id: number, question: Question, edns: boolean): Buffer {
  const name = question.name.includes('\\') ? question.name.replaceAll('\\032', ' ') : question.name
  const nameBytes = name === '.' ? 1 : name.length + 2
  const bytes = Buffer.allocUnsafe(headerBytes + nameBytes + 4 + (edns ? optBytes : 0))
  let at = writeWords(bytes, 0, [id, recursionDesired | authenticData, 1, 0, 0, edns ? 1 : 0])
  if (name !== '.') at = writeLabels(bytes, at, name)
  bytes[at++] = 0
  at = writeWords(bytes, at, [typeCodes[question.type], internetClass])
  if (edns) {
    // The root, OPT, the size we take, and no upper response code, version, flags or options (RFC 6891 §6.1.2).
    bytes[at++] = 0
    writeWords(bytes, at, [optCode, limits.dnsUdpPayloadBytes, 0, 0, 0])
  }
  return bytes
}

function writeWords(bytes: Buffer, from: number, words: readonly number[]): number {
  let at = from
  for (const word of words) {
    bytes[at++] = word >> 8
    bytes[at++] = word & 0xff
  }
  return at
}

function writeLabels(bytes: Buffer, from: number, name: string): number {
  let lengthAt = from
  let at = from + 1
  for (let index = 0; index < name.length; index++) {
    const octet = name.charCodeAt(index)
    if (octet === 0x2e) {
      bytes[lengthAt] = at - lengthAt - 1
      lengthAt = at++
    } else bytes[at++] = octet
  }
  bytes[lengthAt] = at - lengthAt - 1
  return at
}

/** Whether a message is a response that repeats the question of `sent` octet for octet; others may answer it as well. */
export function repeatsQuestion(message: Buffer, sent: Buffer): boolean {
  const end = questionEnd(sent)
  if (message.length < end || ((message[2] ?? 0) & 0x80) === 0) return false
  // One question, as was sent; the words before it are flags and the counts of the other sections.
  for (let at = 4; at < end; at++) {
    if (message[at] !== sent[at]) {
      if (at >= 6 && at < headerBytes) continue
      return false
    }
  }
  return true
}

/** A question of ours has no pointers. */
function questionEnd(sent: Buffer): number {
  let at = headerBytes
  for (let length = sent[at] ?? 0; length > 0; length = sent[at] ?? 0) at += length + 1
  return at + 5
}

/** What tells whose answer a message is. `bodyAt` is where its records begin. */
export type Envelope = {
  readonly id: number
  readonly response: boolean
  readonly rcode: number
  readonly question: { readonly name: string; readonly typeCode: number; readonly classCode: number } | null
  readonly bodyAt: number
}

/** Reads header and question; null when even these are unreadable, or there is more than one question (RFC 9619). */
export function readEnvelope(message: Buffer): Envelope | null {
  if (message.length < headerBytes) return null
  const flags = message.readUInt16BE(2)
  const questions = message.readUInt16BE(4)
  const envelope = { id: message.readUInt16BE(0), response: (flags & 0x8000) !== 0, rcode: flags & 0xf }
  if (questions === 0) return { ...envelope, question: null, bodyAt: headerBytes }
  if (questions > 1) return null
  const name = readName(message, headerBytes)
  if (name === null || name.end + 4 > message.length) return null
  return {
    ...envelope,
    question: {
      name: name.name,
      typeCode: message.readUInt16BE(name.end),
      classCode: message.readUInt16BE(name.end + 2),
    },
    bodyAt: name.end + 4,
  }
}

/** Whether a message answers this question. An error may come without the question: some servers send a bare header. */
export function answersQuestion(envelope: Envelope, question: Question): boolean {
  if (!envelope.response) return false
  if (envelope.question === null) return envelope.rcode !== 0 && envelope.rcode !== 3
  return (
    envelope.question.name === question.name &&
    envelope.question.typeCode === typeCodes[question.type] &&
    envelope.question.classCode === internetClass
  )
}

/** One record of class IN, its data still in the message from `dataAt` to `dataEnd`. */
export type WireRecord = {
  readonly owner: string
  readonly typeCode: number
  readonly ttlS: number
  readonly dataAt: number
  readonly dataEnd: number
}

export type Message = {
  readonly bytes: Buffer
  /** With the upper bits from EDNS (RFC 6891 §6.1.3). */
  readonly rcode: number
  readonly authoritative: boolean
  readonly truncated: boolean
  readonly authenticated: boolean
  readonly answers: readonly WireRecord[]
  readonly authority: readonly WireRecord[]
  /** The server's own words (extended error, RFC 8914), or null. */
  readonly explanation: string | null
}

export type Decoded =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly reason: 'malformed' | 'too-large' }

/** The envelope of a message that `repeatsQuestion` of this question. */
export function repeatedEnvelope(message: Buffer, question: Question, sent: Buffer): Envelope {
  return {
    id: message.readUInt16BE(0),
    response: true,
    rcode: (message[3] ?? 0) & 0xf,
    question: { name: question.name, typeCode: typeCodes[question.type], classCode: internetClass },
    bodyAt: questionEnd(sent),
  }
}

/** Reads a whole message of at most `limits.dnsRecords` records; of a truncated one only the header, as the rest is not to be used. */
export function decodeMessage(bytes: Buffer, envelope = readEnvelope(bytes)): Decoded {
  if (envelope === null) return { ok: false, reason: 'malformed' }
  const flags = bytes.readUInt16BE(2)
  const header = {
    bytes,
    rcode: envelope.rcode,
    authoritative: (flags & 0x0400) !== 0,
    truncated: (flags & 0x0200) !== 0,
    authenticated: (flags & 0x0020) !== 0,
  }
  if (header.truncated)
    return { ok: true, message: { ...header, answers: [], authority: [], explanation: null } }
  const counts = [bytes.readUInt16BE(6), bytes.readUInt16BE(8), bytes.readUInt16BE(10)] as const
  const total = counts[0] + counts[1] + counts[2]
  const smallestRecordBytes = 11
  if (total * smallestRecordBytes > bytes.length - envelope.bodyAt) return { ok: false, reason: 'malformed' }
  if (total > limits.dnsRecords) return { ok: false, reason: 'too-large' }
  const known = envelope.question === null ? undefined : { name: envelope.question.name, at: headerBytes }
  const answers = readRecords(bytes, envelope.bodyAt, counts[0], known)
  const authority = answers && readRecords(bytes, answers.end, counts[1], known)
  const additional = authority && readRecords(bytes, authority.end, counts[2], known)
  if (!answers || !authority || !additional) return { ok: false, reason: 'malformed' }
  return {
    ok: true,
    message: {
      ...header,
      rcode: (additional.upperRcode << 4) | header.rcode,
      answers: answers.records,
      authority: authority.records,
      explanation: additional.explanation,
    },
  }
}

type Section = { records: WireRecord[]; end: number; upperRcode: number; explanation: string | null }

function readRecords(
  bytes: Buffer,
  offset: number,
  count: number,
  known: KnownName | undefined,
): Section | null {
  const section: Section = { records: [], end: offset, upperRcode: 0, explanation: null }
  for (let index = 0; index < count; index++) {
    const owner = readName(bytes, section.end, known)
    if (owner === null || owner.end + 10 > bytes.length) return null
    const typeCode = bytes.readUInt16BE(owner.end)
    const classCode = bytes.readUInt16BE(owner.end + 2)
    const ttl = bytes.readUInt32BE(owner.end + 4)
    const dataAt = owner.end + 10
    const dataEnd = dataAt + bytes.readUInt16BE(owner.end + 8)
    if (dataEnd > bytes.length) return null
    section.end = dataEnd
    if (typeCode === optCode) {
      section.upperRcode = ttl >>> 24
      section.explanation = readExplanation(bytes.subarray(dataAt, dataEnd))
    } else if (classCode === internetClass) {
      // RFC 2181 §8: a TTL with the top bit set counts as zero.
      section.records.push({ owner: owner.name, typeCode, ttlS: ttl > 0x7fffffff ? 0 : ttl, dataAt, dataEnd })
    }
  }
  return section
}

const extendedErrorOption = 15

function readExplanation(options: Buffer): string | null {
  let at = 0
  while (at + 4 <= options.length) {
    const code = options.readUInt16BE(at)
    const end = at + 4 + options.readUInt16BE(at + 2)
    if (end > options.length) return null
    if (code === extendedErrorOption && end - at >= 6) {
      const text = options
        .toString('utf8', at + 6, Math.min(end, at + 6 + limits.dnsExplanationBytes))
        .replace(/\p{C}/gu, '')
        .trim()
      return `extended error ${options.readUInt16BE(at + 4)}${text === '' ? '' : `: ${text}`}`
    }
    at = end
  }
  return null
}
