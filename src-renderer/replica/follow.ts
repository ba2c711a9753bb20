import type { ChangeBatch } from '#shared/model/change.ts'
import type { Client } from '../client/client.ts'
import type { Connection } from '../client/connection.ts'
import { readStream } from '../client/stream.ts'
import { applyBatch } from './apply.ts'
import type { Replica } from './database.ts'

const pauseAfterTroubleMs = 1_000
/** So many rows of a full reading go in first and get a moment on the screen before the rest keeps the database busy. */
const firstRows = 60
const firstLookMs = 120

/**
 * Follows the engine's change feed into the replica for as long as the window lives: resumes by sequence number when
 * the wire comes back, starts afresh when the replica itself fails. Returns the function that ends it.
 */
export function followChanges(connection: Connection, replica: Replica): () => void {
  const stopped = new AbortController()
  void (async () => {
    while (!stopped.signal.aborted) {
      await untilOpen(connection, stopped.signal)
      if (stopped.signal.aborted) return
      const clean = await readFeed(connection.client, replica, stopped.signal)
      if (!clean) await startAfresh(replica)
      await pause(clean ? 50 : pauseAfterTroubleMs, stopped.signal)
    }
  })()
  return () => stopped.abort()
}

/** Reads until the feed ends. False when the replica could not be written. */
async function readFeed(client: Client, replica: Replica, stop: AbortSignal): Promise<boolean> {
  const feed = crypto.randomUUID()
  const seen = new Set<string>()
  const reading = new AbortController()
  const signal = AbortSignal.any([stop, reading.signal])
  const apply = async (batch: ChangeBatch) => {
    if (batch.kind !== 'rows' || seen.size > 0) return applyBatch(replica, batch, seen)
    await applyBatch(replica, { ...batch, rows: batch.rows.slice(0, firstRows) }, seen)
    await pause(firstLookMs, signal)
    await applyBatch(replica, { ...batch, rows: batch.rows.slice(firstRows) }, seen)
  }
  let writable = true
  let applied: Promise<void> = Promise.resolve()
  const state = await replica.state.get('state').catch(() => undefined)
  await readStream(
    client.changes.watch({ feed, since: state?.seq ?? null, dataId: state?.dataId ?? null }, { signal }),
    {
      signal,
      onEvent: batch => {
        applied = applied
          .then(() => (writable ? apply(batch) : undefined))
          .then(
            () => {
              if (batch.kind !== 'reset') void client.changes.acknowledge({ feed, page: batch.page })
            },
            () => {
              writable = false
              reading.abort()
            },
          )
      },
    },
  )
  await applied
  return writable
}

async function startAfresh(replica: Replica): Promise<void> {
  try {
    await replica.delete()
    await replica.open()
  } catch {
    // A browser that forbids storage leaves the window without a copy; the frame says so.
  }
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
