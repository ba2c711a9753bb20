import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openReplica, type Replica } from '../../../src-renderer/replica/database.ts'
import { blockOf, createBlockWriter, readDomains } from '../../../src-renderer/replica/domain-blocks.ts'
import { createDomainTable } from '../../../src-renderer/replica/domain-table.ts'
import { someDomain } from './some-domain.ts'

const dataId = 'data'
let replica: Replica
const opened: Replica[] = []
beforeEach(async () => {
  replica = connect()
  await replica.state.put({ id: 'state', dataId, seq: null })
})
afterEach(async () => {
  for (const each of opened.splice(0)) each.close()
  await openReplica().delete()
})

/** Another window on the same copy. */
function connect(): Replica {
  const one = openReplica()
  opened.push(one)
  return one
}

async function openWindow() {
  const connection = connect()
  const table = createDomainTable()
  const { position, domains } = await readDomains(connection)
  table.put(domains)
  const blocks = createBlockWriter(connection, table, position)
  return {
    table,
    put: (name: string, score: number) => blocks.note(table.put([someDomain(name, { score })])),
    remove: (name: string) => blocks.note(table.remove([name])),
    restart: blocks.restart,
    reach: (seq: number, data = dataId) => blocks.reach({ dataId: data, seq }),
    flush: blocks.flush,
  }
}

async function onDisk() {
  const { position, domains } = await readDomains(replica)
  const scores = domains.map(({ id, score }) => [id, score] as const)
  return { seq: position?.seq, scores: Object.fromEntries(scores.toSorted(([a], [b]) => (a < b ? -1 : 1))) }
}

const broken = () => {
  throw new Error('no room')
}

/** Names that share no block. */
const [a, b, c] = ['a', 'b', 'c'] as const

test('a block is a matter of the id alone', () => {
  expect(new Set([a, b, c].map(blockOf)).size).toBe(3)
  const blocks = Array.from({ length: 2_000 }, (_, index) => blockOf(`${index}-of-many`))
  expect(Math.min(...blocks)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...blocks)).toBeLessThan(64)
  expect(new Set(blocks).size).toBe(64)
})

describe('one window', () => {
  test('finds again what it had, with the number to go on after', async () => {
    const window = await openWindow()
    for (const name of [a, b, c]) window.put(name, 1)
    window.reach(3)
    await window.flush()
    expect(await onDisk()).toEqual({ seq: 3, scores: { a: 1, b: 1, c: 1 } })
    window.put(a, 2)
    window.remove(b)
    window.reach(5)
    await window.flush()
    expect(await onDisk()).toEqual({ seq: 5, scores: { a: 2, c: 1 } })
  })

  test('writes only blocks that changed', async () => {
    const window = await openWindow()
    for (const name of [a, b]) window.put(name, 1)
    window.reach(2)
    await window.flush()
    // Left alone, a block keeps what was put there behind the window's back.
    await replica.domainBlocks.put({
      block: blockOf(b),
      rows: [{ ...someDomain(b, { score: 77 }), sortName: b }],
    })
    window.put(a, 2)
    window.reach(3)
    await window.flush()
    expect(await onDisk()).toEqual({ seq: 3, scores: { a: 2, b: 77 } })
  })

  test('writes by itself a moment after it came further', async () => {
    const window = await openWindow()
    window.put(a, 1)
    window.reach(1)
    await expect.poll(onDisk, { timeout: 5_000 }).toEqual({ seq: 1, scores: { a: 1 } })
  })

  test('writes nothing before a full reading has ended', async () => {
    const window = await openWindow()
    window.put(a, 1)
    await window.flush()
    expect(await onDisk()).toEqual({ seq: null, scores: {} })
  })

  test('writes all after a new full reading, also when that ends where the last one did', async () => {
    const window = await openWindow()
    window.put(a, 1)
    window.reach(1)
    await window.flush()
    window.restart()
    await replica.domainBlocks.clear()
    await replica.state.put({ id: 'state', dataId, seq: null })
    window.reach(1)
    await window.flush()
    expect(await onDisk()).toEqual({ seq: 1, scores: { a: 1 } })
  })

  test('that could not write tries again with all that is due', async () => {
    const window = await openWindow()
    window.put(a, 1)
    window.reach(1)
    await window.flush()
    opened.at(-1)?.domainBlocks.hook('creating', broken)
    window.put(b, 1)
    window.reach(2)
    await window.flush()
    expect(await onDisk()).toEqual({ seq: 1, scores: { a: 1 } })
    opened.at(-1)?.domainBlocks.hook('creating').unsubscribe(broken)
    window.put(c, 1)
    window.reach(3)
    await window.flush()
    expect(await onDisk()).toEqual({ seq: 3, scores: { a: 1, b: 1, c: 1 } })
  })
})

describe('two windows on one copy', () => {
  test('the slower one takes nothing back', async () => {
    const first = await openWindow()
    for (const name of [a, b]) first.put(name, 1)
    first.reach(2)
    await first.flush()
    const slow = await openWindow()
    first.put(a, 2)
    first.reach(3)
    first.put(b, 2)
    first.reach(4)
    await first.flush()
    slow.put(a, 2)
    slow.reach(3)
    await slow.flush()
    expect(await onDisk()).toEqual({ seq: 4, scores: { a: 2, b: 2 } })
    slow.put(b, 2)
    slow.reach(4)
    slow.put(a, 5)
    slow.reach(5)
    await slow.flush()
    expect(await onDisk()).toEqual({ seq: 5, scores: { a: 5, b: 2 } })
  })

  test('what was thrown away meanwhile is written whole', async () => {
    const first = await openWindow()
    for (const name of [a, b]) first.put(name, 1)
    first.reach(2)
    await first.flush()
    await replica.domainBlocks.clear()
    await replica.state.put({ id: 'state', dataId, seq: null })
    first.put(a, 2)
    first.reach(3)
    await first.flush()
    expect(await onDisk()).toEqual({ seq: 3, scores: { a: 2, b: 1 } })
  })

  test('a copy of other data is left alone', async () => {
    const first = await openWindow()
    first.put(a, 1)
    first.reach(1)
    await first.flush()
    await replica.state.put({ id: 'state', dataId: 'other', seq: null })
    await replica.domainBlocks.clear()
    first.put(a, 2)
    first.reach(2)
    await first.flush()
    expect(await onDisk()).toEqual({ seq: null, scores: {} })
  })
})
