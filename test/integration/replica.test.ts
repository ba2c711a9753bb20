import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Client } from '../../src-renderer/client/client.ts'
import type { Connection } from '../../src-renderer/client/connection.ts'
import { openReplica, type Replica } from '../../src-renderer/replica/database.ts'
import { createDomainTable, type DomainTable } from '../../src-renderer/replica/domain-table.ts'
import { followChanges } from '../../src-renderer/replica/follow.ts'
import { type TestEngine, testEngine, until, valueOf } from '../helpers/engine.ts'

let engine: TestEngine
const windows: { replica: Replica; close(): void }[] = []
beforeEach(async () => {
  engine = await testEngine()
})
afterEach(async () => {
  for (const window of windows.splice(0)) window.close()
  await engine.stop()
  await openReplica().delete()
})

/** What the window asked the feed for. */
type Asked = { since: number | null; dataId: string | null }[]

/** A window's memory and disk, following an engine that is always there. */
function openWindow(of: TestEngine = engine) {
  const asked: Asked = []
  const replica = openReplica()
  const domains = createDomainTable()
  const changes: Client['changes'] = {
    watch: (input, options) => {
      asked.push({ since: input.since, dataId: input.dataId })
      return of.client.changes.watch(input, options?.signal ? { signal: options.signal } : {})
    },
    acknowledge: input => of.client.changes.acknowledge(input),
  }
  const connection: Connection = {
    client: { changes } as Client,
    state: () => ({ kind: 'open' }) as ReturnType<Connection['state']>,
    subscribe: () => () => {},
    close: () => {},
  }
  const stop = followChanges(connection, replica, { domains, drawn: Promise.resolve() })
  const window = {
    replica,
    domains,
    asked,
    close: () => {
      stop()
      replica.close()
    },
  }
  windows.push(window)
  return window
}

const namesIn = (domains: DomainTable) => [...domains.rows()].map(({ name }) => name).toSorted()
const seqOnDisk = async (replica: Replica) => (await replica.state.get('state'))?.seq ?? null
const everything = { search: '', status: 'all', tag: null, attention: false } as const

async function importNames(names: readonly string[]) {
  return valueOf(await engine.client.domains.import({ text: names.join('\n'), tags: [] })).added
}

test('a new window reads everything, follows, and finds it again when it is opened anew', async () => {
  const names = Array.from({ length: 1_100 }, (_, index) => `n${index}.example`)
  const added = await importNames(names)
  const first = openWindow()
  await until(() => first.domains.completeness() === 'complete')
  expect(namesIn(first.domains)).toEqual(names.toSorted())
  expect(first.domains.ids({ by: 'name', descending: false }, everything)).toHaveLength(1_100)
  expect(first.asked).toEqual([{ since: null, dataId: null }])

  valueOf(await engine.client.domains.remove({ ids: added.slice(0, 3).map(({ id }) => id) }))
  await importNames(['late.example'])
  await until(() => namesIn(first.domains).includes('late.example'))
  const expected = [
    ...names.filter(name => !added.slice(0, 3).some(gone => gone.name === name)),
    'late.example',
  ]
  expect(namesIn(first.domains)).toEqual(expected.toSorted())
  const reached = 1_100 + 4
  await until(async () => (await seqOnDisk(first.replica)) === reached)
  first.close()

  await importNames(['meanwhile.example'])
  const second = openWindow()
  await until(() => namesIn(second.domains).includes('meanwhile.example'))
  expect(second.asked).toEqual([{ since: reached, dataId: engine.dataId }])
  expect(namesIn(second.domains)).toEqual([...expected, 'meanwhile.example'].toSorted())
})

test('what was removed while nobody followed is gone, when the feed no longer reaches back', async () => {
  const [gone, ...others] = await importNames(['a.example', 'b.example', 'c.example'])
  const first = openWindow()
  await until(async () => (await seqOnDisk(first.replica)) !== null)
  first.close()
  valueOf(await engine.client.domains.remove({ ids: [gone?.id ?? ''] }))
  // As far ahead as no feed reaches: the copy must be read anew.
  const disk = openReplica()
  await disk.state.update('state', { seq: 1_000_000 })
  disk.close()
  const second = openWindow()
  await until(async () => namesIn(second.domains).length === others.length)
  expect(namesIn(second.domains)).toEqual(['b.example', 'c.example'])
})

test('the copy of other data is thrown away', async () => {
  await importNames(['mine.example'])
  const first = openWindow()
  await until(async () => (await seqOnDisk(first.replica)) !== null)
  first.close()
  const other = await testEngine()
  valueOf(await other.client.domains.import({ text: 'theirs.example', tags: [] }))
  const second = openWindow(other)
  await until(() => namesIn(second.domains).join() === 'theirs.example')
  await until(async () => (await seqOnDisk(second.replica)) !== null)
  second.close()
  const third = openWindow(other)
  await until(() => third.domains.completeness() === 'complete')
  expect(namesIn(third.domains)).toEqual(['theirs.example'])
  third.close()
  await other.stop()
})
