import { mailboxReader, noTests } from '#engine/mailboxes/store.ts'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { alertReader } from '#engine/alerts/store.ts'
import { domainReader } from '#engine/domains/store.ts'
import { settingsReader } from '#engine/settings/store.ts'
import { syncReaders } from '#engine/sync/readers.ts'
import { headOf, watchChanges } from '#engine/storage/changes.ts'
import { openStore, type Store } from '#engine/storage/open.ts'
import { startChild } from '../helpers/child.ts'
import { temporaryFolder } from '../helpers/platform.ts'
import { type TestReplica, testReplica } from '../helpers/replica.ts'

const kills = 50

type Line =
  | { kind: 'ready'; ids: number }
  | { kind: 'doing'; op: 'add'; name: string }
  | { kind: 'doing'; op: 'import'; names: string[] }
  | { kind: 'doing'; op: 'tag'; id: string; tag: string }
  | { kind: 'doing'; op: 'remove'; id: string }
  | { kind: 'done'; op: 'add'; name: string; id: string }
  | { kind: 'done'; op: 'import'; added: { id: string; name: string }[] }
  | { kind: 'done'; op: 'tag'; id: string; tag: string }
  | { kind: 'done'; op: 'remove'; id: string }

let folder: ReturnType<typeof temporaryFolder>
beforeAll(() => {
  folder = temporaryFolder()
})
afterAll(() => folder.remove())

test(`${kills} kills at random moments lose nothing acknowledged, leave no gap in the feed, and replicas converge`, async () => {
  /** Names that must be there with their newest tag, and names that must be gone, as acknowledged. */
  const present = new Map<string, { name: string; tag: string }>()
  const gone = new Set<string>()
  const resumed = testReplica()
  let resets = 0
  let acknowledged = 0
  let midway = 0

  for (let round = 0; round < kills; round += 1) {
    const lines = await runAndKill(round)
    const last = lines.at(-1)
    const undecided = last?.kind === 'doing' ? last : null
    if (undecided) midway += 1
    for (const line of lines) if (line.kind === 'done') acknowledge(line)
    acknowledged += lines.filter(line => line.kind === 'done').length

    const store = await reopen()
    expect(store.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
    expect(store.all('PRAGMA foreign_key_check')).toEqual([])
    const head = headOf(store)
    expect(store.get('SELECT count(*) AS count, coalesce(max(seq), 0) AS last FROM changes')).toEqual({
      count: head,
      last: head,
    })
    checkNothingLost(store, undecided)
    // A reader that was away for some of the crashes has to catch up over several.
    if (round % 3 !== 1) resets += await follow(store, resumed)
    store.close()
  }

  const store = await reopen()
  const fresh = testReplica()
  resets += await follow(store, resumed)
  expect(resets).toBe(1)
  expect(await follow(store, fresh)).toBe(1)
  expect(sorted(resumed)).toEqual(sorted(fresh))
  expect(fresh.domains()).toHaveLength(
    Number(store.get('SELECT count(*) AS count FROM domains WHERE removed_at IS NULL')?.['count']),
  )
  store.close()
  console.log(
    `${kills} kills: ${acknowledged} acknowledged operations, ${midway} killed midway, ${fresh.domains().length} domains`,
  )
  expect(acknowledged).toBeGreaterThan(kills)
  expect(midway).toBeGreaterThan(0)

  function acknowledge(line: Extract<Line, { kind: 'done' }>): void {
    if (line.op === 'add') present.set(line.id, { name: line.name, tag: 'new' })
    else if (line.op === 'import') for (const { id, name } of line.added) present.set(id, { name, tag: '' })
    else if (line.op === 'tag')
      present.set(line.id, { name: present.get(line.id)?.name ?? '', tag: line.tag })
    else {
      present.delete(line.id)
      gone.add(line.id)
    }
  }

  function checkNothingLost(store: Store, undecided: Extract<Line, { kind: 'doing' }> | null): void {
    const rows = new Map(
      domainReader(store)
        .page(null, 1_000_000)
        .flatMap(row => (row.table === 'domains' ? [[row.key, row.row] as const] : [])),
    )
    const lost = [...present].filter(([id, { name, tag }]) => {
      const row = rows.get(id)
      if (undecided?.op === 'remove' && undecided.id === id && row === undefined) return false
      // Tagging takes the first tag away in the same transaction: it happened, and only the answer is missing.
      if (undecided?.op === 'tag' && undecided.id === id && row?.tags.includes(undecided.tag)) {
        present.set(id, { name, tag: undecided.tag })
        return row.name !== name
      }
      return row?.name !== name || (tag !== '' && !row.tags.includes(tag))
    })
    expect(lost).toEqual([])
    expect([...gone].filter(id => rows.has(id))).toEqual([])
    const unknown = [...rows.values()].filter(row => !present.has(row.id)).map(row => row.name)
    // What was under way is there whole or not at all.
    const allowed =
      undecided?.op === 'add' ? [undecided.name] : undecided?.op === 'import' ? undecided.names : []
    expect(unknown.length === 0 || unknown.length === allowed.length).toBe(true)
    expect(unknown.filter(name => !allowed.includes(name))).toEqual([])

    for (const row of rows.values())
      if (!present.has(row.id)) present.set(row.id, { name: row.name, tag: '' })
    if (undecided?.op === 'remove' && !rows.has(undecided.id)) {
      present.delete(undecided.id)
      gone.add(undecided.id)
    }
  }
}, 300_000)

function sorted(replica: TestReplica) {
  return [...replica.rows].toSorted(([a], [b]) => (a < b ? -1 : 1))
}

/** One life of the writer: killed some time after it began to work, or now and then while it starts. */
async function runAndKill(round: number): Promise<Line[]> {
  const child = startChild('write-until-killed.ts', folder.path, String(round))
  const lines: Line[] = []
  const reading = (async () => {
    for (let line = await child.line(); line !== null; line = await child.line()) lines.push(JSON.parse(line))
  })()
  if (round % 5 === 4) {
    await setTimeout(Math.random() * 500)
  } else {
    while (!lines.some(line => line.kind === 'ready')) await setTimeout(2)
    await setTimeout(Math.random() * 100)
  }
  await child.kill()
  await reading
  return lines
}

async function reopen(): Promise<Store> {
  const opened = await openStore(folder.path, Date.now)
  if (!opened.ok) throw new Error(`${opened.failure.code} ${JSON.stringify(opened.failure.detail)}`)
  return opened.value
}

/** Lets a replica catch up; returns how often it had to start afresh. */
async function follow(store: Store, replica: TestReplica): Promise<number> {
  const leave = new AbortController()
  const head = headOf(store)
  let resets = 0
  if (replica.position.since === head) return 0
  const feed = watchChanges(
    store,
    {
      domains: domainReader(store),
      mailboxes: mailboxReader(store, noTests),
      alerts: alertReader(store),
      warmup: { page: () => [], rows: () => [] },
      partners: { page: () => [], rows: () => [] },
      settings: settingsReader(store),
      ...syncReaders(store),
    },
    { ...replica.position, signal: leave.signal, credit: { room: async () => {} } },
  )
  for await (const batch of feed) {
    if (batch.kind === 'reset') resets += 1
    replica.apply(batch)
    if (replica.position.since === head) break
  }
  leave.abort()
  return resets
}
