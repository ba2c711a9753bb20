import { fail, ok, type Result } from '#shared/failure.ts'
import type { ZoneOverview } from '#shared/model/offline.ts'
import { limits } from '../../net/limits.ts'
import { isSpf } from '#shared/mail-auth/parse-spf.ts'
import { joinTxt } from '#shared/model/lookup.ts'
import { zoneAsk, type ZoneContent } from '../../net/zone.ts'
import { parseZoneFile } from '../../net/zone-file.ts'
import type { ZoneFile } from '../../net/zone-records.ts'
import { parseDomainName } from '../domain-name.ts'
import type { AuditSource } from '../source.ts'

/** A zone file as given: its text, what it is called (which may name its zone), and the zone a person said it is for. */
export type GivenZone = {
  readonly text: string
  readonly fileName: string | null
  readonly origin: string | null
}

/**
 * Reads a zone file, with the zone it is for taken from the person, else from its name. Fails with the code of the
 * domain name when `origin` cannot be read, and with `file-too-large`.
 */
export function readZone({ text, fileName, origin }: GivenZone): Result<ZoneFile> {
  if (text.length > limits.zoneFileCharacters)
    return fail('file-too-large', { limit: limits.zoneFileCharacters })
  if (origin === null || origin.trim() === '') {
    return ok(parseZoneFile(text, { origin: fileName === null ? null : zoneOfFileName(fileName) }))
  }
  const parsed = parseDomainName(origin)
  return parsed.ok ? ok(parseZoneFile(text, { origin: parsed.value.name })) : parsed
}

/** `example.com` of `example.com.zone`, `db.example.com` and the like; null when the name of the file is none. */
export function zoneOfFileName(fileName: string): string | null {
  const base = fileName.replace(/^.*[/\\]/, '')
  const bare = base
    .replace(/^(?:db|pri|named|zone)\./i, '')
    .replace(/\.(?:zone|txt|db|bind|dns|hosts|json|csv)$/i, '')
  const parsed = parseDomainName(bare)
  return parsed.ok ? parsed.value.name : null
}

/** Answers of zones alone; nothing leaves this machine. `name` stands for the server in the answers. */
export function zoneSource(content: ZoneContent, name = 'the zone file'): AuditSource {
  return { ask: zoneAsk(content, name), queries: () => 0 }
}

/** Several files as one: a name that one hands on may stand in another. */
export function joinZones(contents: readonly ZoneContent[]): ZoneContent {
  return {
    zones: [...new Set(contents.flatMap(content => content.zones))],
    records: contents.flatMap(content => content.records),
    others: contents.flatMap(content => content.others),
    silent: contents.flatMap(content => content.silent),
  }
}

/**
 * The domains of zones that mail may be sent from, in the order of the alphabet: every zone that can be registered, and
 * every name with MX records, an SPF record or a DMARC record of its own. Names that only others refer to, such as
 * `_spf.example.com`, and wildcards are none.
 */
export function mailDomainsOf({ zones, records }: ZoneContent): string[] {
  const names = new Set(zones)
  for (const record of records) {
    if (record.type === 'MX') names.add(record.name)
    if (record.type !== 'TXT') continue
    if (record.name.startsWith('_dmarc.')) names.add(record.name.slice('_dmarc.'.length))
    else if (isSpf(joinTxt(record.value)) && isRegistrable(record.name)) names.add(record.name)
  }
  // A root zone beside others is there for the names that these point to.
  const own = zones.filter(zone => zone !== '.')
  const isOwn = (name: string) =>
    own.length === 0 || own.some(zone => name === zone || name.endsWith(`.${zone}`))
  return [...names].filter(name => isOwn(name) && isMailDomain(name)).toSorted()
}

function isMailDomain(name: string): boolean {
  if (name.startsWith('*') || name.split('.').some(label => label.startsWith('_'))) return false
  return parseDomainName(name).ok
}

/** Below that, a name with an SPF record is as likely one that others include. */
function isRegistrable(name: string): boolean {
  const parsed = parseDomainName(name)
  return parsed.ok && parsed.value.organisationalDomain === name
}

/** What a person is told of a zone file before it is audited. */
export function zoneOverview(file: ZoneFile): ZoneOverview {
  const counts = new Map<string, number>()
  for (const { type } of file.others) counts.set(type, (counts.get(type) ?? 0) + 1)
  return {
    format: file.format,
    zones: [...file.zones],
    domains: file.complete ? mailDomainsOf(file) : [],
    records: file.records.length,
    others: [...counts].map(([type, count]) => ({ type, count })),
    problems: [...file.problems],
    complete: file.complete,
  }
}

/** The failure for a file with mistakes: how many, and the place of the first. */
export function zoneFailure({ problems, complete }: ZoneFile) {
  const [first] = problems
  return fail('zone-problems', {
    count: problems.length,
    line: first?.line ?? 1,
    column: first?.column ?? 1,
    reason: first?.reason ?? '',
    complete,
  })
}
