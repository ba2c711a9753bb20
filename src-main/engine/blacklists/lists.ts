import { fail, ok, type Result } from '#shared/failure.ts'
import type { Blacklist, CustomList, DeniedZone, KeyService } from '#shared/model/blacklist.ts'
import deniedRows from '../../../resources/dnsbl-denied.json' with { type: 'json' }
import listRows from '../../../resources/dnsbl.json' with { type: 'json' }

/** The lists Rookery knows, vetted (`resources/dnsbl.json`). */
export const knownLists = listRows as unknown as readonly Blacklist[]
/** Lists that ended, or never were about spam (`resources/dnsbl-denied.json`). */
export const deniedZones = deniedRows as readonly DeniedZone[]

/** A list with the zone that is asked: for those with a key the key stands in it, so it is never shown, logged or stored. */
export type ActiveList = Blacklist & { readonly queryZone: string; readonly hasKey: boolean }

export type ListChoice = {
  /** Zones switched against their default. */
  readonly off: readonly string[]
  readonly on: readonly string[]
  readonly custom: readonly CustomList[]
}
export type ListKeys = Readonly<Partial<Record<KeyService, string>>>

/** The line of the deny-list that forbids this zone or a zone above it; null when it may be asked. */
export function deniedBy(zone: string): DeniedZone | null {
  const asked = zone.toLowerCase().replace(/\.$/, '')
  return deniedZones.find(row => asked === row.zone || asked.endsWith(`.${row.zone}`)) ?? null
}

/** Fails with `blacklist-denied` {zone, since, reason, source} when the zone stands on the deny-list. */
export function refuseDenied(zone: string): Result<null, 'blacklist-denied'> {
  const row = deniedBy(zone)
  return row === null
    ? ok(null)
    : fail('blacklist-denied', { zone, reason: row.reason, source: row.source, since: row.since ?? '' })
}

export function isOn(list: Blacklist, choice: Pick<ListChoice, 'on' | 'off'>): boolean {
  return list.offByDefault === true ? choice.on.includes(list.zone) : !choice.off.includes(list.zone)
}

/** The lists to ask: those that are on, with the keys there are, and the custom ones. What is denied is never among them. */
export function activeLists(choice: ListChoice, keys: ListKeys): ActiveList[] {
  const known = knownLists.filter(list => isOn(list, choice)).flatMap(list => withKey(list, keys))
  const zones = new Set(knownLists.map(list => list.zone))
  const custom = choice.custom
    .filter(list => !zones.has(list.zone) && !choice.off.includes(list.zone))
    .map(list => ({ ...customList(list), queryZone: list.zone, hasKey: false }))
  return [...known, ...custom].filter(list => deniedBy(list.zone) === null)
}

function withKey(list: Blacklist, keys: ListKeys): ActiveList[] {
  const key = list.keyed === undefined ? undefined : keys[list.keyed.service]
  if (list.keyed !== undefined && key !== undefined) {
    return [{ ...list, queryZone: list.keyed.zone.replace('{key}', key), hasKey: true }]
  }
  return list.keyed?.required === true ? [] : [{ ...list, queryZone: list.zone, hasKey: false }]
}

/** What RFC 5782 §2.1 says of any list: an entry is an address in 127.0.0.0/8. */
export function customList({ zone, kinds, weight, delistUrl }: CustomList): Blacklist {
  return {
    zone,
    name: zone,
    kinds,
    weight,
    codes: [{ address: '127.*.*.*', says: 'listed', meaning: 'Listed.' }],
    delistUrl,
    policy: null,
  }
}

/** Hosts of the pages about listings, so that the window may open them. */
export const delistHosts: readonly string[] = [
  ...new Set(knownLists.flatMap(list => (list.delistUrl === null ? [] : [new URL(list.delistUrl).hostname]))),
].toSorted()

/** The page about one target, or null when the list has none. */
export function delistUrlFor(list: Pick<Blacklist, 'delistUrl'>, target: string): string | null {
  return list.delistUrl?.replace('{target}', encodeURIComponent(target)) ?? null
}
