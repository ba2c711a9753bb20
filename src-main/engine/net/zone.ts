import type { Ask, Lookup, RecordType, UnavailableReason, ValueOf } from '#shared/model/lookup.ts'
import { limits } from './limits.ts'
import { normaliseName } from './wire-name.ts'

/** One record, its names lower case without the trailing dot; the root is `.`. */
export type ZoneRecord = {
  readonly [T in RecordType]: {
    readonly name: string
    readonly type: T
    readonly ttlS: number
    readonly value: ValueOf[T]
  }
}[RecordType]

/** Records, and what they speak for. */
export type ZoneContent = {
  /** The apex of every zone that is here whole: what is not in it does not exist. `.` is the whole world. */
  readonly zones: readonly string[]
  readonly records: readonly ZoneRecord[]
  /** Names that exist for records of types that nobody asks for. */
  readonly others: readonly { readonly name: string; readonly type: string }[]
  /** Questions the records cannot answer although the zone is here; a null type stands for all of them. */
  readonly silent: readonly {
    readonly name: string
    readonly type: RecordType | null
    readonly reason: UnavailableReason
  }[]
}

type RecordSet = { readonly values: unknown[]; ttlS: number }
type Node = {
  readonly sets: Map<RecordType, RecordSet>
  readonly silent: Map<RecordType | null, UnavailableReason>
  /** RFC 6672: every name below it is somewhere else. */
  isRedirected: boolean
}

/** What is not in a zone may be kept as long as the SOA says; without an SOA, not at all (RFC 2308 §5). */
const noSoaTtlS = 0

/**
 * Answers from records as their servers would: NODATA for a name that exists without the type or only has names below it
 * (RFC 8020 §2), NXDOMAIN otherwise, wildcards of the closest encloser alone (RFC 4592 §3.3), CNAMEs followed. A name
 * outside the zones, and one below a delegation (RFC 1034 §4.2.1), is `not-in-zone`: never absent. Where there is no
 * zone around a name, its records are found and everything else about it is `not-in-zone`. `server` names the source in
 * the answers.
 */
export function zoneAsk(
  content: ZoneContent,
  server: string,
  options: { readonly negativeTtlS?: number } = {},
): Ask {
  const nodes = nodesOf(content)
  const apexes = new Set(content.zones)
  const existing = existingNames(nodes, apexes)

  const negativeTtlOf = (apex: string): number => {
    const soa = nodes.get(apex)?.sets.get('SOA')
    const minimum = (soa?.values[0] as ValueOf['SOA'] | undefined)?.minimum
    return soa === undefined || minimum === undefined
      ? (options.negativeTtlS ?? noSoaTtlS)
      : Math.min(soa.ttlS, minimum)
  }

  /** The node that answers for a name of the zone: its own, that of a wildcard, an empty one, or none. */
  const nodeIn = (apex: string, name: string): Node | null => {
    const own = nodes.get(name)
    if (own !== undefined) return own
    if (existing.has(name)) return emptyNode
    const encloser = ancestorsOf(name).find(ancestor => ancestor === apex || existing.has(ancestor))
    return encloser === undefined ? null : (nodes.get(encloser === '.' ? '*' : `*.${encloser}`) ?? null)
  }

  return async <T extends RecordType>(asked: string, type: T): Promise<Lookup<T>> => {
    const name = normaliseName(asked)
    const unavailable = (reason: UnavailableReason, detail: string | null = null): Lookup<T> => ({
      state: 'unavailable',
      name: asked,
      type,
      reason,
      server,
      detail,
    })
    const aliases: string[] = []
    let ttlS = Number.MAX_SAFE_INTEGER
    let at = name
    for (;;) {
      const apex = apexOf(at, type, apexes)
      const node = apex === null ? (nodes.get(at) ?? null) : nodeIn(apex, at)
      const silent = node?.silent.get(type) ?? node?.silent.get(null)
      if (silent !== undefined) return unavailable(silent)
      if (apex !== null && isElsewhere(nodes, apex, at, type)) return unavailable('not-in-zone', at)
      const set = node?.sets.get(type)
      if (set !== undefined) {
        // Kept by type; only the map has forgotten which.
        const values = set.values as readonly ValueOf[T][]
        const common = { name: asked, type, ttlS: Math.min(ttlS, set.ttlS), server, aliases }
        return { ...common, state: 'found', values, authenticated: false }
      }
      const alias = node?.sets.get('CNAME')
      if (alias === undefined) {
        if (apex === null) return unavailable('not-in-zone', at)
        const reason = node === null ? 'nxdomain' : 'nodata'
        const common = { name: asked, type, ttlS: Math.min(ttlS, negativeTtlOf(apex)), server, aliases }
        return { ...common, state: 'absent', reason, authenticated: false }
      }
      at = alias.values[0] as ValueOf['CNAME']
      ttlS = Math.min(ttlS, alias.ttlS)
      if (at === name || aliases.includes(at) || aliases.length >= limits.dnsAliases) {
        return unavailable('cname-loop', at)
      }
      aliases.push(at)
    }
  }
}

const emptyNode: Node = { sets: new Map(), silent: new Map(), isRedirected: false }

function nodesOf({ records, others, silent }: ZoneContent): Map<string, Node> {
  const nodes = new Map<string, Node>()
  const nodeAt = (name: string): Node => {
    const known = nodes.get(name)
    if (known !== undefined) return known
    const made: Node = { sets: new Map(), silent: new Map(), isRedirected: false }
    nodes.set(name, made)
    return made
  }
  for (const { name, type, ttlS, value } of records) {
    const { sets } = nodeAt(name)
    const set = sets.get(type)
    if (set === undefined) sets.set(type, { values: [value], ttlS })
    else {
      set.values.push(value)
      // RFC 2181 §5.2: records of a set have one TTL; of several the lowest is safe.
      set.ttlS = Math.min(set.ttlS, ttlS)
    }
  }
  for (const { name, type } of others) {
    const node = nodeAt(name)
    if (type === 'DNAME') node.isRedirected = true
  }
  for (const { name, type, reason } of silent) nodeAt(name).silent.set(type, reason)
  return nodes
}

/** Every name of a zone and every name between it and its apex. */
function existingNames(nodes: ReadonlyMap<string, Node>, apexes: ReadonlySet<string>): Set<string> {
  const names = new Set<string>(apexes)
  for (const name of nodes.keys()) {
    for (let at = name; at !== '.' && !names.has(at); at = parentOf(at)) names.add(at)
  }
  return names
}

/** The closest zone around a name. The DS records of a zone stand in the one above it (RFC 4035 §3.1.4.1). */
function apexOf(name: string, type: RecordType, apexes: ReadonlySet<string>): string | null {
  const above = type === 'DS' && name !== '.' ? ancestorsOf(name) : [name, ...ancestorsOf(name)]
  return above.find(ancestor => apexes.has(ancestor)) ?? null
}

/** Whether the zone hands the name to other servers, or renames it. The delegation's own NS and DS records stand here. */
function isElsewhere(
  nodes: ReadonlyMap<string, Node>,
  apex: string,
  name: string,
  type: RecordType,
): boolean {
  const isOwn = type === 'NS' || type === 'DS'
  for (let at = name; at !== apex && at !== '.'; at = parentOf(at)) {
    const node = nodes.get(at)
    if (node === undefined) continue
    if (node.isRedirected && at !== name) return true
    if (node.sets.has('NS') && !(at === name && isOwn)) return true
  }
  return false
}

function parentOf(name: string): string {
  const dot = unescapedDot(name)
  return dot < 0 ? '.' : name.slice(dot + 1)
}

/** The names above a name, nearest first, the root last. */
function ancestorsOf(name: string): string[] {
  const names: string[] = []
  for (let at = name; at !== '.'; ) {
    at = parentOf(at)
    names.push(at)
  }
  return names
}

function unescapedDot(name: string): number {
  for (let at = 0; at < name.length; at += name[at] === '\\' ? 2 : 1) if (name[at] === '.') return at
  return -1
}
