import type { RecordPlan, RequiredRecord } from '../model/record-plan.ts'
import { characterStrings } from './character-strings.ts'

const ttlS = 3_600
const nameWidth = 28

/**
 * The plan as a piece of a master file (RFC 1035 §5.1), to be read into the zone: every record to add or replace, names
 * relative to `$ORIGIN`, targets with their dot, texts as quoted strings of at most 255 octets. What must make way, what
 * stands already and what cannot be written down are comments.
 */
export function zoneText(plan: RecordPlan): string {
  const open = plan.records.filter(record => isOpen(record) && isInZone(record.name, plan.zone))
  const rest = plan.records.filter(record => !open.includes(record))
  const lines = [
    `; Records to publish for ${comment(plan.domain)}`,
    `$ORIGIN ${ownerText(plan.zone)}.`,
    `$TTL ${ttlS}`,
    '',
    ...open.flatMap(record => [
      ...(record.action === 'replace' ? (record.current?.split('\n') ?? []) : []).map(
        text => `; Take away: ${comment(text)}`,
      ),
      recordLine(record, plan.zone),
    ]),
    ...rest.map(record => `; ${aside(record, plan.zone)}`),
    ...policyLines(plan),
  ]
  return `${lines.join('\n')}\n`
}

function recordLine({ name, type, value }: RequiredRecord, zone: string): string {
  return `${relativeName(name, zone).padEnd(nameWidth)} IN ${type.padEnd(5)} ${dataText(type, value ?? '')}`
}

function dataText(type: RequiredRecord['type'], value: string): string {
  if (type === 'TXT') return characterStrings(value).map(quote).join(' ')
  if (type === 'CNAME') return absolute(value)
  const [preference = '0', host = '.'] = value.split(/\s+/)
  return `${preference} ${absolute(host)}`
}

function absolute(host: string): string {
  return host.endsWith('.') ? ownerText(host) : `${ownerText(host)}.`
}

function isInZone(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`)
}

function relativeName(name: string, zone: string): string {
  return name === zone ? '@' : ownerText(name.slice(0, -zone.length - 1))
}

function aside(record: RequiredRecord, zone: string): string {
  const { name, type, action, value } = record
  const what = `${comment(name)} ${type}`
  if (action === 'provider') return `From your mail provider: ${what}`
  if (value === null) return `Could not be looked up: ${what}`
  if (action === 'keep') return `In place: ${what} ${comment(value)}`
  return `Outside ${comment(zone)}, publish it there: ${what} ${comment(value)}`
}

function policyLines({ policyFile }: RecordPlan): string[] {
  if (policyFile === null) return []
  return [
    '',
    `; ${comment(policyFile.host)} must lead to a web server that answers ${comment(policyFile.url)} with:`,
    ...policyFile.text.split('\n').flatMap(line => (line === '' ? [] : [`;   ${comment(line)}`])),
  ]
}

/** Octets that mean something in a master file, and all that are not printable ASCII, as `\X` or `\DDD`. */
function quote(text: string): string {
  return `"${escaped(text, /["\\]/)}"`
}

function ownerText(name: string): string {
  return escaped(name, /["\\;@$() ]/)
}

/** A comment ends with its line: nothing in a value may end it early. */
function comment(text: string): string {
  return escaped(text, /\\/)
}

function escaped(text: string, special: RegExp): string {
  return [...text]
    .map(character => {
      if (special.test(character)) return `\\${character}`
      if (character >= ' ' && character <= '~') return character
      return utf8(character)
        .map(octet => `\\${String(octet).padStart(3, '0')}`)
        .join('')
    })
    .join('')
}

/** RFC 3629 §3, written out: the shared code knows no encoder. */
function utf8(character: string): number[] {
  const point = character.codePointAt(0) ?? 0
  if (point < 0x80) return [point]
  const count = point < 0x800 ? 1 : point < 0x1_0000 ? 2 : 3
  const lead = [0, 0xc0, 0xe0, 0xf0][count] ?? 0
  const tail = Array.from(
    { length: count },
    (_, index) => 0x80 | ((point >> (6 * (count - 1 - index))) & 0x3f),
  )
  return [lead | (point >> (6 * count)), ...tail]
}

function isOpen({ action, value }: RequiredRecord): boolean {
  return value !== null && (action === 'add' || action === 'replace')
}
