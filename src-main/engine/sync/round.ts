import type { Failure } from '#shared/failure.ts'
import type { SyncEvent } from '#shared/model/sync.ts'
import type { Log } from '../platform.ts'
import { toReadAgain } from './agreed.ts'
import { endDrain, noteState, noteSynced, noteTrouble, readConnection } from './connection.ts'
import { countItems, nextItem } from './items.ts'
import { pull, type PullOptions } from './pull.ts'
import { push, type PushOptions } from './push.ts'
import { listingTrouble, meaningOf, waitAfter } from './trouble.ts'

/** How long the list of domains counts as fresh. */
const listFreshMs = 60_000
/** The state of a long drain is written to the feed no more often than this. */
const tellEveryMs = 250
/** What is taken in may ask for something to be sent, and the other way round; more rounds than this are left for later. */
const turnsMost = 5

export type Rounds = {
  /**
   * Sends what waits and takes in what is new; with `fresh` a list that is fresh enough is not asked for. One at a time: a second call follows
   * the one that runs. Resolves when the round has ended, however it did; how stands in the connection.
   */
  run(asked: { fresh: boolean; signal: AbortSignal; tell?: (event: SyncEvent) => void }): Promise<void>
  isRunning(): boolean
  /** Calls off what runs: the connection it began with holds no longer, and what comes of it is not about the new one. */
  stop(): void
}

export type RoundOptions = PushOptions & PullOptions & { readonly log: Log }

export function createRounds(options: RoundOptions): Rounds {
  const { store, log, now } = options
  const followers = new Set<(event: SyncEvent) => void>()
  let running: Promise<void> | null = null
  let leaving = new AbortController()
  let toldAt = 0

  const tell = (event: SyncEvent) => {
    for (const follower of followers) follower(event)
  }
  const tellSent = () => {
    const drained = readConnection(store)?.drained ?? 0
    tell({ kind: 'sending', done: drained, total: drained + countItems(store, 'open') })
    if (now() - toldAt >= 0 && now() - toldAt < tellEveryMs) return
    toldAt = now()
    store.write(noteState)
  }

  const turn = async (fresh: boolean, signal: AbortSignal): Promise<Failure | null> => {
    // S-33: the first time both sides are brought together before anything is sent.
    if (readConnection(store)?.joined === true) {
      const failure = await push(options, signal, tellSent)
      if (failure !== null || signal.aborted) return failure
    }
    const { pulledAt = null, listedAt = null } = readConnection(store) ?? {}
    const isFresh =
      listedAt !== null && pulledAt !== null && now() - pulledAt >= 0 && now() - pulledAt < listFreshMs
    if (fresh && isFresh && toReadAgain(store).length === 0) return null
    tell({ kind: 'fetching' })
    const failure = await pull(options, signal, (done, total) => tell({ kind: 'taking-in', done, total }))
    return failure
  }

  const round = async (fresh: boolean, signal: AbortSignal): Promise<void> => {
    const begun = readConnection(store)
    if (begun === null) return
    store.write(noteState)
    let failure = await turn(fresh, signal)
    for (let turns = 1; failure === null && !signal.aborted && turns < turnsMost; turns += 1) {
      if (nextItem(store, now(), []) === null) break
      failure = await turn(true, signal)
    }
    if (signal.aborted) return
    const ended = readConnection(store)
    // Another server, or another token, was connected meanwhile: what came of this one is not about it.
    if (ended === null || ended.connectedAt !== begun.connectedAt || ended.baseUrl !== begun.baseUrl) return
    if (failure === null) {
      store.write(writes => {
        noteTrouble(writes, { trouble: null, failure: null, failures: 0, nextTryAt: null })
        if (countItems(writes, 'open') > 0) return
        endDrain(writes)
        noteSynced(writes, now())
      })
      return
    }
    const meaning = meaningOf(failure)
    const { trouble, waitMs } = meaning.kind === 'stop' ? meaning : listingTrouble(failure)
    const failures = ended.failures + 1
    log.info('sync-stopped', { trouble, code: failure.code, failures })
    const nextTryAt =
      trouble === 'needs-sign-in' ? null : now() + (waitMs ?? waitAfter(failures, options.random()))
    store.write(writes => noteTrouble(writes, { trouble, failure, failures, nextTryAt }))
  }

  /** Waits for a round that was called off: it says nothing about what is connected now. */
  const calledOff = async (): Promise<void> => {
    if (running === null || !leaving.signal.aborted) return
    await running.catch(() => {})
    await calledOff()
  }

  return {
    isRunning: () => running !== null,
    stop: () => leaving.abort(),
    run: async ({ fresh, signal, tell: follower }) => {
      if (follower !== undefined) followers.add(follower)
      try {
        await calledOff()
        if (running === null) {
          leaving = new AbortController()
          running = round(fresh, AbortSignal.any([signal, leaving.signal])).finally(() => {
            running = null
          })
        }
        await running
      } finally {
        if (follower !== undefined) followers.delete(follower)
        // Not before: it says whether something runs.
        if (readConnection(store) !== null) store.write(noteState)
      }
    },
  }
}
