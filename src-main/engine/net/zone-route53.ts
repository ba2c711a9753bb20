import { z } from 'zod'
import { type RecordType, recordTypes } from '#shared/model/lookup.ts'
import type { ZoneProblem } from '#shared/model/zone-problem.ts'
import { jsonFaultAt } from './json-fault.ts'
import { limits } from './limits.ts'
import type { ZoneRecord } from './zone.ts'
import { readZoneData, readZoneName } from './zone-data.ts'
import { unreadable, withoutDuplicates, type ZoneFile } from './zone-records.ts'
import { problemAt, zoneEntries, type ZoneToken } from './zone-text.ts'

const recordSetSchema = z.looseObject({
  Name: z.string(),
  Type: z.string(),
  TTL: z.number().int().min(0).max(0x7fff_ffff).optional(),
  ResourceRecords: z.array(z.looseObject({ Value: z.string() })).optional(),
  AliasTarget: z.unknown().optional(),
})
const listingSchema = z.looseObject({ ResourceRecordSets: z.array(z.unknown()) })

const knownTypes: ReadonlySet<string> = new Set(recordTypes)
/** An alias of Route 53 has no TTL of its own; the addresses it stands for are kept a minute. */
const aliasTtlS = 60

/**
 * Reads what `list-resource-record-sets` of Route 53 answers, whole or only its list. Names and texts escape octets in
 * octal there. The target of an alias is not in the file, so its name is silent about that type. Of record sets that
 * are weighted or chosen by place, all values are taken.
 */
export function readRoute53(given: string): ZoneFile {
  const text = given.replace(/^\uFEFF/, '')
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    const [place] = placesOf(text, [jsonFaultAt(text)])
    return unreadable('route53', 'json-syntax', place?.line, place?.column)
  }
  const listing = listingSchema.safeParse(Array.isArray(parsed) ? { ResourceRecordSets: parsed } : parsed)
  if (!listing.success) return unreadable('route53', 'json-shape')
  const places = placesOf(
    text,
    [...text.matchAll(/"Name"\s*:/g)].map(match => match.index),
  )
  const file = {
    zones: new Set<string>(),
    records: [] as ZoneRecord[],
    others: [] as { name: string; type: string }[],
    silent: [] as { name: string; type: RecordType | null; reason: 'zone-unreadable' | 'not-in-zone' }[],
    problems: [] as ZoneProblem[],
  }
  for (const [index, entry] of listing.data.ResourceRecordSets.entries()) {
    const place = places[index] ?? { line: 1, column: 1 }
    if (file.problems.length >= limits.zoneProblems || file.records.length >= limits.zoneRecords) {
      return unreadable('route53', 'too-many-records', place.line, place.column)
    }
    readRecordSet(file, entry, place)
  }
  const records = withoutDuplicates(file.records)
  return { ...file, records, format: 'route53', zones: [...file.zones], complete: true }
}

type Place = { readonly line: number; readonly column: number }
type Building = {
  readonly zones: Set<string>
  readonly records: ZoneRecord[]
  readonly others: { name: string; type: string }[]
  readonly silent: { name: string; type: RecordType | null; reason: 'zone-unreadable' | 'not-in-zone' }[]
  readonly problems: ZoneProblem[]
}

function readRecordSet(file: Building, entry: unknown, place: Place): void {
  const read = recordSetSchema.safeParse(entry)
  if (!read.success) return void file.problems.push(problemAt(place, 'json-shape'))
  const { Name, Type, TTL, ResourceRecords, AliasTarget } = read.data
  const name = readZoneName(tokenOf(Name.endsWith('.') ? Name : `${Name}.`, place), null, 8)
  if (!name.ok) return void file.problems.push(problemAt({ ...place, text: Name }, name.reason))
  if (!knownTypes.has(Type)) return void file.others.push({ name: name.value, type: Type })
  const type = Type as RecordType
  if (AliasTarget !== undefined) {
    return void file.silent.push({ name: name.value, type, reason: 'not-in-zone' })
  }
  for (const { Value } of ResourceRecords ?? []) {
    const [line, extra] = [...zoneEntries(` ${Value}`)]
    const tokens = (line?.tokens ?? []).map(token => ({ ...token, ...place }))
    const value = readZoneData(type, { tokens, origin: null, base: 8 })
    if (!value.ok || line?.problem || extra !== undefined) {
      const reason = value.ok ? (line?.problem?.reason ?? 'data-extra') : value.reason
      file.problems.push(problemAt({ ...place, text: Value }, reason))
      file.silent.push({ name: name.value, type, reason: 'zone-unreadable' })
      continue
    }
    if (type === 'SOA') file.zones.add(name.value)
    const record = { name: name.value, type, ttlS: TTL ?? aliasTtlS, value: value.value }
    file.records.push(record as ZoneRecord)
  }
}

function tokenOf(text: string, place: Place): ZoneToken {
  return { text, quoted: false, ...place }
}

/** Lines and columns of ascending offsets. */
function placesOf(text: string, offsets: readonly number[]): Place[] {
  let line = 1
  let lineStart = 0
  return offsets.map(offset => {
    for (
      let end = text.indexOf('\n', lineStart);
      end >= 0 && end < offset;
      end = text.indexOf('\n', lineStart)
    ) {
      line += 1
      lineStart = end + 1
    }
    return { line, column: offset - lineStart + 1 }
  })
}
