import {
  type BlacklistReport,
  blacklistReportSchema,
  type CustomList,
  customListSchema,
  type ListResult,
  type SelfTest,
} from '#shared/model/blacklist.ts'
import { z } from 'zod'
import type { Reads, Row, Store, Writes } from '../storage/open.ts'
import { diffListings, type Standing } from './listings.ts'
import type { ListChoice } from './lists.ts'
import type { SelfTests } from './self-test.ts'

/** Told inside the transaction that keeps a report. */
export type ListingEvents = {
  listed(writes: Writes, listing: { domainId: string; target: string; result: ListResult }): void
  delisted(writes: Writes, listing: { domainId: string; target: string; zone: string }): void
}

/** Keeps the report of a domain and brings its listings up to it. Nothing is kept for a domain that was removed. */
export function keepBlacklistReport(
  writes: Writes,
  domainId: string,
  report: BlacklistReport,
  events: ListingEvents,
): void {
  if (!isListedDomain(writes, domainId)) return
  const standing = writes.all<Row & { target: string; zone: string }>(
    'SELECT target, zone FROM blacklist_listings WHERE domain_id = ?',
    domainId,
  )
  const { fresh, seen, ended } = diffListings(standing as readonly Standing[], report)
  for (const { target, zone, result } of fresh) {
    writes.run(
      'INSERT INTO blacklist_listings (domain_id, target, zone, since_at, name, weight) VALUES (?, ?, ?, ?, ?, ?)',
      domainId,
      target,
      zone,
      report.checkedAt,
      result.name,
      result.weight,
    )
    events.listed(writes, { domainId, target, result })
  }
  for (const { target, zone, result } of seen) {
    writes.run(
      'UPDATE blacklist_listings SET name = ?, weight = ? WHERE domain_id = ? AND target = ? AND zone = ?',
      result.name,
      result.weight,
      domainId,
      target,
      zone,
    )
  }
  for (const { target, zone } of ended) {
    writes.run(
      'DELETE FROM blacklist_listings WHERE domain_id = ? AND target = ? AND zone = ?',
      domainId,
      target,
      zone,
    )
    events.delisted(writes, { domainId, target, zone })
  }
  writes.run(
    'INSERT OR REPLACE INTO blacklist_reports (domain_id, checked_at, body, answered) VALUES (?, ?, ?, ?)',
    domainId,
    report.checkedAt,
    JSON.stringify(report),
    hasAnswer(report) ? 1 : 0,
  )
  writes.changed('domains', domainId, 'put')
}

function hasAnswer({ targets }: BlacklistReport): boolean {
  return targets.some(({ lists }) => lists.some(({ state }) => state === 'listed' || state === 'not-listed'))
}

function isListedDomain(reads: Reads, id: string): boolean {
  return reads.get('SELECT 1 FROM domains WHERE id = ? AND removed_at IS NULL', id) !== undefined
}

/** The last report of a domain, or null before the first; one that an older build wrote differently counts as none. */
export function lastBlacklistReport(reads: Reads, domainId: string): BlacklistReport | null {
  const row = reads.get<{ body: string }>('SELECT body FROM blacklist_reports WHERE domain_id = ?', domainId)
  if (row === undefined) return null
  const parsed = blacklistReportSchema.safeParse(JSON.parse(row.body))
  return parsed.success ? parsed.data : null
}

const choiceKey = 'blacklists'
const choiceSchema = z.object({
  off: z.array(z.string()),
  on: z.array(z.string()),
  custom: z.array(customListSchema),
})
const noChoice: ListChoice = { off: [], on: [], custom: [] }

/** Which lists are on, and the person's own. */
export function readChoice(reads: Reads): ListChoice {
  const stored = reads.get<{ value: string }>('SELECT value FROM settings WHERE key = ?', choiceKey)?.value
  if (stored === undefined) return noChoice
  const parsed = choiceSchema.safeParse(JSON.parse(stored))
  return parsed.success ? parsed.data : noChoice
}

export function writeChoice(writes: Writes, choice: ListChoice): void {
  writes.run('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)', choiceKey, JSON.stringify(choice))
}

export function withCustom(choice: ListChoice, list: CustomList): ListChoice {
  return { ...choice, custom: [...choice.custom, list] }
}

type TestRow = Row & {
  kind: SelfTest['kind']
  state: SelfTest['state']
  reason: string | null
  tested_at: number
}

const toTest = (row: TestRow): SelfTest => ({
  kind: row.kind,
  state: row.state,
  reason: row.reason,
  testedAt: row.tested_at,
})

/** The tests of the lists, kept for each list, kind and resolver. `resolver` names the servers that are asked now. */
export function keptSelfTests(store: Store, resolver: () => string): SelfTests {
  return {
    read: (list, kind) => {
      const row = store.get<TestRow>(
        'SELECT * FROM blacklist_tests WHERE zone = ? AND kind = ? AND resolver = ? AND keyed = ?',
        list.zone,
        kind,
        resolver(),
        list.hasKey ? 1 : 0,
      )
      return row === undefined ? null : toTest(row)
    },
    keep: (list, test) => {
      store.write(writes =>
        writes.run(
          'INSERT OR REPLACE INTO blacklist_tests (zone, kind, resolver, keyed, state, reason, tested_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
          list.zone,
          test.kind,
          resolver(),
          list.hasKey ? 1 : 0,
          test.state,
          test.reason,
          test.testedAt,
        ),
      )
    },
  }
}

/** The last tests of a list through this resolver, by kind. */
export function testsOf(reads: Reads, zone: string, resolver: string, hasKey: boolean): SelfTest[] {
  return reads
    .all<TestRow>(
      'SELECT * FROM blacklist_tests WHERE zone = ? AND resolver = ? AND keyed = ? ORDER BY kind',
      zone,
      resolver,
      hasKey ? 1 : 0,
    )
    .map(toTest)
}

/** Forgets what a list or all lists of a key said of themselves, so that they are tested anew. */
export function forgetTests(writes: Writes, zones: readonly string[]): void {
  for (const zone of zones) writes.run('DELETE FROM blacklist_tests WHERE zone = ?', zone)
}
