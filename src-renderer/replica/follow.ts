import type { Client } from '../client/client.ts'
import type { Connection } from '../client/connection.ts'
import { readStream } from '../client/stream.ts'
import { applyBatch, type Copy, type SeenKeys } from './apply.ts'
import type { Replica } from './database.ts'
import { createBlockWriter, type Position, readDomains } from './domain-blocks.ts'
import type { DomainTable } from './domain-table.ts'
import { recallFirst } from './first-rows.ts'

const pauseAfterTroubleMs = 1_000

/** `drawn` resolves when the window shows what is in `domains`. */
export type Memory = { readonly domains: DomainTable; readonly drawn: Promise<void> }

/**
 * Reads what the window remembers, then follows the engine's change feed into it for as long as the window lives:
 * resumes by sequence number when the wire comes back, starts afresh when the replica itself fails. Returns the
 * function that ends it.
 */
export function followChanges(
  connection: Connection,
  replica: Replica,
  { domains, drawn }: Memory,
): () => void {
  const stopped = new AbortController()
  void (async () => {
    let position = await recall(replica, { domains, drawn })
    const copy: Copy = { replica, domains, blocks: createBlockWriter(replica, domains, position) }
    while (!stopped.signal.aborted) {
      await untilOpen(connection, stopped.signal)
      if (stopped.signal.aborted) return
      const reading = await readFeed(connection.client, copy, position, stopped.signal)
      position = reading.isWritable ? reading.position : await startAfresh(copy)
      await pause(reading.isWritable ? 50 : pauseAfterTroubleMs, stopped.signal)
    }
  })()
  return () => stopped.abort()
}

/** Fills memory with the rows of last time, those that are seen first before the others; returns where to resume. */
async function recall(replica: Replica, { domains, drawn }: Memory): Promise<Position | null> {
  const first = recallFirst()
  if (first.length > 0) {
    domains.putBack(first)
    domains.setCompleteness('partial')
    await drawn.catch(() => {})
  }
  const remembered = await readDomains(replica).catch(() => ({ position: null, domains: [] }))
  domains.putBack(remembered.domains)
  if (first.length > 0) domains.keepOnly(new Set(remembered.domains.map(({ id }) => id)))
  const { position } = remembered
  domains.setCompleteness(typeof position?.seq === 'number' ? 'complete' : 'partial')
  return position
}

/** Reads until the feed ends. `isWritable` is false when the replica could not be written. */
async function readFeed(
  client: Client,
  copy: Copy,
  from: Position | null,
  stop: AbortSignal,
): Promise<{ position: Position | null; isWritable: boolean }> {
  const feed = crypto.randomUUID()
  const seen: SeenKeys = new Map()
  const reading = new AbortController()
  const signal = AbortSignal.any([stop, reading.signal])
  let position = from
  let isWritable = true
  let written: Promise<void> = Promise.resolve()
  await readStream(
    client.changes.watch({ feed, since: from?.seq ?? null, dataId: from?.dataId ?? null }, { signal }),
    {
      signal,
      onEvent: batch => {
        const { at, write } = applyBatch(copy, batch, { at: position, seen })
        position = at
        written = written
          .then(() => (isWritable ? write() : undefined))
          .then(
            () => {
              if (batch.kind !== 'reset') void client.changes.acknowledge({ feed, page: batch.page })
            },
            () => {
              isWritable = false
              reading.abort()
            },
          )
      },
    },
  )
  await written
  return { position, isWritable }
}

async function startAfresh({ replica, blocks }: Copy): Promise<null> {
  blocks.restart()
  try {
    await replica.delete()
    await replica.open()
  } catch {
    // A browser that forbids storage leaves the window with what it has in memory.
  }
  return null
}

function untilOpen(connection: Connection, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const check = () => {
      if (connection.state().kind !== 'open' && !signal.aborted) return
      unsubscribe()
      resolve()
    }
    const unsubscribe = connection.subscribe(check)
    signal.addEventListener('abort', check, { once: true })
    check()
  })
}

function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, delayMs)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
}
