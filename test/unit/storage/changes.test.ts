import { mailboxReader, noTests } from '#engine/mailboxes/store.ts'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { alertReader } from '#engine/alerts/store.ts'
import { domainReader, putDomain, removeDomain } from '#engine/domains/store.ts'
import { settingsReader, writeSettings } from '#engine/settings/store.ts'
import { createFeeds, type Credit, headOf, pruneChanges, watchChanges } from '#engine/storage/changes.ts'
import { openStore, type Store } from '#engine/storage/open.ts'
import type { ChangeBatch } from '#shared/model/change.ts'

const empty = { page: () => [], rows: () => [] }
let store: Store
let leave: AbortController
const at = Date.UTC(2026, 10, 22)
const warmup = { startsByItself: true, tidyAfterDays: 7 }
const everywhere = { direct: true, https: true, smtp: true }
const unbounded: Credit = { room: async () => {} }

beforeEach(async () => {
  const opened = await openStore(null, () => at)
  if (!opened.ok) throw new Error(opened.failure.code)
  store = opened.value
  leave = new AbortController()
})
afterEach(() => {
  leave.abort()
  store.close()
})

function watch(since: number | null, options: { dataId?: string; credit?: Credit } = {}) {
  const readers = {
    domains: domainReader(store),
    mailboxes: mailboxReader(store, noTests),
    alerts: alertReader(store),
    warmup: { page: () => [], rows: () => [] },
    partners: empty,
    settings: settingsReader(store),
    sync: empty,
    outbox: empty,
    conflicts: empty,
    serverDomains: empty,
  }
  const { dataId = store.dataId, credit = unbounded } = options
  return watchChanges(store, readers, { since, dataId, credit, signal: leave.signal })
}
type Feed = ReturnType<typeof watch>

function add(name: string): string {
  return store.write(writes => putDomain(writes, { name, displayName: name }, [], at)) ?? ''
}

function addMany(count: number, prefix = 'd'): string[] {
  return store.write(writes =>
    Array.from({ length: count }, (_, index) => {
      const name = `${prefix}${index}.example`
      return putDomain(writes, { name, displayName: name }, [], at) ?? ''
    }),
  )
}

async function next(feed: Feed): Promise<ChangeBatch> {
  const step = await feed.next()
  if (step.done) throw new Error('The feed ended.')
  return step.value
}

/** Reads until nothing is left to tell. */
async function readTo(feed: Feed, seq: number): Promise<ChangeBatch[]> {
  const batches: ChangeBatch[] = []
  while (true) {
    const batch = await next(feed)
    batches.push(batch)
    if ('seq' in batch && batch.seq >= seq) return batches
  }
}

describe('a new reader', () => {
  test('gets a reset, every row by name in pages of which the first is short, and the number to go on after', async () => {
    addMany(1_203)
    const batches = await readTo(watch(null), headOf(store))
    expect(batches[0]).toEqual({ kind: 'reset', dataId: store.dataId })
    const pages = batches.filter(batch => batch.kind === 'rows')
    expect(pages.map(page => page.rows.length)).toEqual([60, 500, 500, 143, 1])
    expect(pages.map(page => page.page)).toEqual([1, 2, 3, 4, 5])
    const names = pages.flatMap(page =>
      page.rows.flatMap(entry => (entry.table === 'domains' ? [entry.row.name] : [])),
    )
    expect(names).toEqual(Array.from({ length: 1_203 }, (_, index) => `d${index}.example`).toSorted())
    expect(pages[4]?.rows).toEqual([
      {
        table: 'settings',
        key: 'settings',
        row: { theme: 'system', resolvers: [], reach: everywhere, compareMail: true, warmup },
      },
    ])
    expect(batches.at(-1)).toEqual({ kind: 'caught-up', page: 6, seq: 1_203 })
  })

  test('then gets what is committed while and after it read', async () => {
    const [first = '', ...others] = addMany(600)
    const feed = watch(null)
    await next(feed)
    await next(feed)
    store.write(writes => removeDomain(writes, first, at))
    const late = add('late.example')
    const batches = await readTo(feed, headOf(store))
    const caughtUp = batches.find(batch => batch.kind === 'caught-up')
    expect(caughtUp).toMatchObject({ seq: 600 })
    const changes = batches.filter(batch => batch.kind === 'changes')
    expect(changes.flatMap(batch => batch.remove)).toEqual([{ table: 'domains', key: first }])
    expect(changes.flatMap(batch => batch.put.map(row => row.key))).toEqual([late])
    expect(others).toHaveLength(599)
  })
})

describe('a reader that resumes', () => {
  test('gets only what it has not seen, in order', async () => {
    add('a.example')
    const since = headOf(store)
    const b = add('b.example')
    store.write(writes =>
      writeSettings(writes, { theme: 'dark', resolvers: [], reach: everywhere, compareMail: true, warmup }),
    )
    expect(await readTo(watch(since), headOf(store))).toMatchObject([
      {
        kind: 'changes',
        page: 1,
        seq: 3,
        put: [
          { table: 'domains', key: b },
          { table: 'settings', row: { theme: 'dark' } },
        ],
        remove: [],
      },
    ])
  })

  test('at the head waits, and wakes on the next commit', async () => {
    add('a.example')
    const feed = watch(headOf(store))
    const pending = next(feed)
    expect(await Promise.race([pending.then(() => 'told'), setTimeout(60, 'silent')])).toBe('silent')
    const id = add('b.example')
    expect(await pending).toMatchObject({ kind: 'changes', seq: 2, put: [{ key: id }] })
  })

  test('sees a burst of commits as one batch, each key once as it is now', async () => {
    const id = add('a.example')
    const feed = watch(headOf(store))
    const pending = next(feed)
    await setTimeout(5)
    for (const theme of ['dark', 'light', 'dark', 'light'] as const) {
      store.write(writes =>
        writeSettings(writes, { theme, resolvers: [], reach: everywhere, compareMail: true, warmup }),
      )
    }
    const short = add('short-lived.example')
    store.write(writes => removeDomain(writes, short, at))
    store.write(writes => writes.changed('domains', id, 'put'))
    const batch = await pending
    expect(batch).toMatchObject({ kind: 'changes', seq: headOf(store) })
    if (batch.kind !== 'changes') throw new Error(batch.kind)
    expect(batch.put.map(row => row.key).toSorted()).toEqual([id, 'settings'].toSorted())
    expect(batch.put.find(row => row.table === 'settings')?.row).toMatchObject({ theme: 'light' })
    expect(batch.remove).toEqual([{ table: 'domains', key: short }])
  })

  test.each([
    ['of other data', () => ({ since: 1, dataId: 'other' })],
    ['that has seen more than there is', () => ({ since: 99, dataId: store.dataId })],
    ['that is too far behind', () => ({ since: 1, dataId: store.dataId })],
  ])('%s starts afresh', async (_name, reader) => {
    addMany(20)
    store.write(writes => pruneChanges(writes, 10))
    const { since, dataId } = reader()
    const feed = watch(since, { dataId })
    expect(await next(feed)).toMatchObject({ kind: 'reset' })
  })

  test('just within what is kept goes on', async () => {
    addMany(20)
    store.write(writes => pruneChanges(writes, 10))
    const batches = await readTo(watch(10), 20)
    expect(batches.map(batch => batch.kind)).toEqual(['changes'])
    store.write(writes => pruneChanges(writes, 0))
    expect(headOf(store)).toBe(20)
    const feed = watch(20)
    add('after.example')
    expect(await next(feed)).toMatchObject({ kind: 'changes', seq: 21 })
  })

  test('that is pruned past while it waits for credit starts afresh', async () => {
    const feeds = createFeeds(1)
    const credit = feeds.open('slow', leave.signal)
    addMany(10)
    const feed = watch(0, { credit })
    expect(await next(feed)).toMatchObject({ kind: 'changes', page: 1 })
    add('x.example')
    const pending = next(feed)
    await setTimeout(40)
    addMany(30, 'more')
    store.write(writes => pruneChanges(writes, 5))
    feeds.acknowledge('slow', 1)
    expect(await pending).toMatchObject({ kind: 'reset' })
  })
})

describe('a slow reader', () => {
  test('is at most so many pages behind, and stops nobody else', async () => {
    addMany(5_000)
    const feeds = createFeeds(3)
    const slow = watch(null, { credit: feeds.open('slow', leave.signal) })
    const quick = watch(null)
    const got: ChangeBatch[] = []
    const reading = (async () => {
      for (let batch = await slow.next(); !batch.done; batch = await slow.next()) got.push(batch.value)
    })()
    const quickBatches = await readTo(quick, headOf(store))
    await setTimeout(50)
    expect(quickBatches).toHaveLength(14)
    expect(got.map(batch => ('page' in batch ? batch.page : 0))).toEqual([0, 1, 2, 3])
    feeds.acknowledge('slow', 2)
    feeds.acknowledge('somebody-else', 100)
    await setTimeout(50)
    expect(got).toHaveLength(6)
    leave.abort()
    await reading
  })

  test('ends when it leaves, also while it waits', async () => {
    add('a.example')
    const waiting = watch(headOf(store))
    const pending = waiting.next()
    const starved = watch(null, { credit: createFeeds(0).open('starved', leave.signal) })
    await starved.next()
    const starving = starved.next()
    leave.abort()
    expect(await pending).toEqual({ done: true, value: { ok: true, value: null } })
    expect(await starving).toEqual({ done: true, value: { ok: true, value: null } })
  })
})
