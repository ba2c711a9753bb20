import type { Finding } from '#shared/model/finding.ts'
import { joinTxt, type TxtValue } from '#shared/model/lookup.ts'
import { finding } from './rules.ts'
import { longestString, octetsOf } from './spf-selection.ts'

/** RFC 7208 §3.4: up to here the answer fits the 512 octets of plain DNS over UDP, with room for the name. */
const shortRecord = 450
const plainAnswer = 512
/** What resolvers ask for so that no datagram is cut into fragments, and the largest answer most will take over UDP. */
const unfragmented = 1_232
/** Header, question and EDNS of a message, without the name. */
const frameOctets = 12 + 4 + 11
/** What stands before the data of one record: a pointer to the name, type, class, TTL, length. */
const recordOctets = 12

/** Whether the record, and all TXT records of its name together, fit what DNS carries well. Pure. */
export function judgeSize(name: string, record: string, values: readonly TxtValue[]): Finding[] {
  return [...judgeStrings(name, record, values), ...judgeRecord(name, record), ...judgeAnswer(name, values)]
}

function judgeStrings(name: string, record: string, values: readonly TxtValue[]): Finding[] {
  const strings = values.filter(value => joinTxt(value) === record).flatMap(value => value.strings)
  const octets = Math.max(0, ...strings.map(octetsOf))
  if (octets <= longestString) return []
  return [finding('spf.string-too-long', { name, record, octets, limit: longestString })]
}

function judgeRecord(name: string, record: string): Finding[] {
  const octets = octetsOf(record)
  if (octets <= shortRecord) return []
  const severity = octets <= plainAnswer ? 'low' : undefined
  return [finding('spf.record-long', { name, octets, limit: shortRecord }, severity)]
}

function judgeAnswer(name: string, values: readonly TxtValue[]): Finding[] {
  const data = values.flatMap(value => value.strings).reduce((sum, text) => sum + 1 + octetsOf(text), 0)
  const octets = frameOctets + name.length + 2 + values.length * recordOctets + data
  if (octets <= unfragmented) return []
  return [finding('spf.answer-large', { name, octets, limit: unfragmented, count: values.length })]
}
