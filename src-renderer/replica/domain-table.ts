import type { Domain, DomainStatus } from '#shared/model/domain.ts'

export type DomainSort = {
  by: 'name' | 'score' | 'checkedAt' | 'status' | 'provider' | 'mailboxes'
  descending: boolean
}
export type DomainFilter = {
  search: string
  status: DomainStatus | 'all'
  tag: string | null
  attention: boolean
}
export type DomainCounts = { all: number; failed: number; pending: number; verified: number }

/** A domain, with its name as a list sorts it. */
export type DomainRow = Domain & { readonly sortName: string }

/**
 * - `loading`: what the window remembers has not been read yet
 * - `partial`: rows may be missing; a full reading is under way or to come
 * - `complete`: every row is there, as of some moment
 */
export type Completeness = 'loading' | 'partial' | 'complete'

/**
 * Every domain of the store, in this window's memory. A row is the same object for as long as nothing in it changes,
 * and so is whatever is derived from rows, between two tellings.
 */
export type DomainTable = {
  row(id: string): DomainRow | undefined
  rows(): Iterable<DomainRow>
  completeness(): Completeness
  /** Raised with each telling. */
  version(): number
  /** Calls back after changes, at most ten times a second; returns a function that stops it. */
  subscribe(callback: () => void): () => void
  /**
   * Ids in order, of those that pass; the same array for as long as it holds. Rows that were changed since the last
   * telling may stand where they stood.
   */
  ids(sort: DomainSort, filter: DomainFilter): readonly string[]
  counts(): DomainCounts
  tags(): readonly string[]
  /** Returns the ids of rows that were new or different. */
  put(rows: readonly Domain[]): string[]
  /** Puts rows that were in a table before. They are kept as they are handed over. */
  putBack(rows: readonly DomainRow[]): void
  /** Returns the ids of rows that were there. */
  remove(ids: readonly string[]): string[]
  /** Removes every row but these; returns the ids of those it removed. */
  keepOnly(ids: ReadonlySet<string>): string[]
  setCompleteness(completeness: Completeness): void
}

/** A bulk check changes rows all the time: drawing them more often than this would only be work. */
const tellEveryMs = 100
/** Until every row is there: whoever uses the first rows should not wait for the counting of the others. */
const tellPartlyEveryMs = 500
/** Orders and filters whose answers are remembered: what is shown, and what was before it. */
const answersKept = 4

export function isFiltering(filter: DomainFilter): boolean {
  return filter.search.trim() !== '' || filter.status !== 'all' || filter.tag !== null || filter.attention
}

export function createDomainTable(): DomainTable {
  const table = new Map<string, DomainRow>()
  const subscribers = new Set<() => void>()
  const orders = new Map<DomainSort['by'], { changes: number; ids: string[] }>()
  let completeness: Completeness = 'loading'
  let version = 0
  /** How often rows have changed, and how often they had at the last telling. */
  let changes = 0
  let toldChanges = 0
  let toldRows = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let isUntold = false

  const tell = () => {
    isUntold = false
    version += 1
    toldChanges = changes
    toldRows = table.size
    clearTimeout(timer)
    timer = setTimeout(
      () => {
        timer = undefined
        if (isUntold) tell()
      },
      completeness === 'complete' ? tellEveryMs : tellPartlyEveryMs,
    )
    for (const callback of subscribers) callback()
  }
  const tellSoon = () => {
    isUntold = true
    // The first rows of all are what somebody waits for.
    if (timer === undefined || (toldRows === 0 && table.size > 0)) tell()
  }
  const rowsChanged = () => {
    changes += 1
    tellSoon()
  }
  const derive = <Value>(make: () => Value): (() => Value) => {
    let made: { changes: number; value: Value } | undefined
    return () => {
      if (made?.changes !== toldChanges) made = { changes: toldChanges, value: make() }
      return made.value
    }
  }

  /** Ascending. Sorts what was sorted before: rows seldom move, and a list that is nearly in order is quick to sort. */
  const order = (by: DomainSort['by']): string[] => {
    const before = orders.get(by)
    if (before?.changes === toldChanges) return before.ids
    const known = new Set<string>()
    const rows: DomainRow[] = []
    for (const id of before?.ids ?? []) {
      const row = table.get(id)
      if (row === undefined) continue
      known.add(id)
      rows.push(row)
    }
    if (rows.length < table.size) for (const [id, row] of table) if (!known.has(id)) rows.push(row)
    const ids = rows.toSorted(comparisons[by]).map(({ id }) => id)
    orders.set(by, { changes: toldChanges, ids })
    return ids
  }

  const find = ({ by, descending }: DomainSort, filter: DomainFilter): readonly string[] => {
    const ascending = order(by)
    const ids = descending ? ascending.toReversed() : ascending
    if (!isFiltering(filter)) return ids
    const wanted = filter.search.trim().toLowerCase()
    return ids.filter(id => {
      const row = table.get(id)
      return row !== undefined && matches(row, filter, wanted)
    })
  }
  const answers = new Map<string, { changes: number; ids: readonly string[] }>()

  return {
    row: id => table.get(id),
    rows: () => table.values(),
    completeness: () => completeness,
    version: () => version,
    subscribe: callback => {
      subscribers.add(callback)
      return () => subscribers.delete(callback)
    },
    ids: (sort, filter) => {
      const question = JSON.stringify([sort, filter])
      const before = answers.get(question)
      if (before?.changes === toldChanges) return before.ids
      const found = find(sort, filter)
      const ids = before && isSameList(before.ids, found) ? before.ids : found
      if (before === undefined && answers.size >= answersKept) answers.clear()
      answers.set(question, { changes: toldChanges, ids })
      return ids
    },
    counts: derive(() => {
      const counts = { all: table.size, failed: 0, pending: 0, verified: 0 }
      for (const { status } of table.values()) counts[status] += 1
      return counts
    }),
    tags: derive(() => {
      const tags = new Set<string>()
      for (const row of table.values()) for (const tag of row.tags) tags.add(tag)
      return [...tags].toSorted()
    }),
    put: rows => {
      const different: string[] = []
      for (const row of rows) {
        const before = table.get(row.id)
        const after = withSortName(row)
        if (before !== undefined && isSame(before, after)) continue
        table.set(row.id, after)
        different.push(row.id)
      }
      if (different.length > 0) rowsChanged()
      return different
    },
    putBack: rows => {
      for (const row of rows) {
        row.marks = sharedMarks(row.marks)
        const before = table.get(row.id)
        if (before !== undefined && isSame(before, row)) continue
        table.set(row.id, row)
      }
      if (rows.length > 0) rowsChanged()
    },
    remove: ids => {
      const gone = ids.filter(id => table.delete(id))
      if (gone.length > 0) rowsChanged()
      return gone
    },
    keepOnly: ids => {
      const gone = [...table.keys()].filter(id => !ids.has(id))
      for (const id of gone) table.delete(id)
      if (gone.length > 0) rowsChanged()
      return gone
    },
    setCompleteness: next => {
      if (next === completeness) return
      completeness = next
      tell()
    },
  }
}

/** The domains of this window. */
export const domains: DomainTable = createDomainTable()

function withSortName(row: Domain): DomainRow {
  return { ...row, marks: sharedMarks(row.marks), sortName: sortName(row.displayName) }
}

/** Rows with the same marks share one object: most are alike, and what shows them can tell at a glance. */
const marksSeen = new Map<string, Domain['marks']>()

function sharedMarks(marks: Domain['marks']): Domain['marks'] {
  let key = ''
  for (const mark of [marks.spf, marks.dkim, marks.dmarc, marks.mx])
    key += mark === null ? '-' : `${mark.verdict} ${mark.state},`
  const seen = marksSeen.get(key)
  if (seen === undefined) marksSeen.set(key, marks)
  return seen ?? marks
}

function sortName(displayName: string): string {
  const lower = displayName.toLowerCase()
  // Most names are ASCII, and taking marks off costs ten times the rest.
  return /^[\x20-\x7e]*$/.test(lower) ? lower : lower.normalize('NFKD').replaceAll(/\p{Mark}/gu, '')
}

function isSame(before: DomainRow, after: DomainRow): boolean {
  return JSON.stringify(before) === JSON.stringify(after)
}

const isSameList = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((id, index) => id === b[index])

const everything: DomainFilter = { search: '', status: 'all', tag: null, attention: false }

/** The first rows by name, as they were last told. */
export function firstByName(table: DomainTable, most: number): DomainRow[] {
  const ids = table.ids({ by: 'name', descending: false }, everything)
  return ids.slice(0, most).flatMap(id => table.row(id) ?? [])
}

/** The first rows by name that have this in their name, in lower case. */
export function findByName(table: DomainTable, wanted: string, most: number): DomainRow[] {
  return [...table.rows()]
    .filter(({ name, displayName }) => name.includes(wanted) || displayName.toLowerCase().includes(wanted))
    .toSorted(byName)
    .slice(0, most)
}

const statusOrder = { failed: 0, pending: 1, verified: 2 } as const
type Comparison = (a: DomainRow, b: DomainRow) => number

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const byName: Comparison = (a, b) => byText(a.sortName, b.sortName) || byText(a.id, b.id)

/** What is not known comes before the rest. */
const comparisons: Record<DomainSort['by'], Comparison> = {
  name: byName,
  score: (a, b) => (a.score ?? -1) - (b.score ?? -1) || byName(a, b),
  checkedAt: (a, b) => (a.checkedAt ?? 0) - (b.checkedAt ?? 0) || byName(a, b),
  status: (a, b) => statusOrder[a.status] - statusOrder[b.status] || byName(a, b),
  provider: (a, b) => byText(a.dnsProvider ?? '', b.dnsProvider ?? '') || byName(a, b),
  mailboxes: (a, b) => a.mailboxes - b.mailboxes || byName(a, b),
}

function matches(row: Domain, filter: DomainFilter, wanted: string): boolean {
  if (filter.status !== 'all' && row.status !== filter.status) return false
  if (filter.tag !== null && !row.tags.includes(filter.tag)) return false
  if (filter.attention && row.critical + row.high === 0) return false
  return (
    wanted === '' ||
    row.name.includes(wanted) ||
    row.displayName.toLowerCase().includes(wanted) ||
    row.tags.some(tag => tag.toLowerCase().includes(wanted))
  )
}
