import type { Store } from '../storage/open.ts'
import type { TenantApi } from './api.ts'
import { putReputation, reputationsToAsk } from './agreed.ts'
import { heldUntilAt, noteTrouble, readConnection } from './connection.ts'
import { listingTrouble, meaningOf, waitAfter } from './trouble.ts'

/** A reputation is good for a day; the night comes a little early some days. */
const reputationFreshMs = 20 * 60 * 60_000
const atOnce = 4
const batch = 40

export type Reputations = {
  /** Asks for every reputation that is not fresh. Resolves to when to go on, or null when all are fresh. */
  refresh(signal: AbortSignal): Promise<number | null>
}

/** What the server says of the domains, asked for with the tag of what is known. Each answer is kept by itself, so nothing is asked twice. */
export function createReputations({
  store,
  api,
  random,
  now,
}: {
  readonly store: Store
  readonly api: TenantApi
  random(): number
  now(): number
}): Reputations {
  const ask = async (name: string, etag: string | null, signal: AbortSignal): Promise<number | null> => {
    const connection = readConnection(store)
    if (connection === null) return null
    const read = await api.readReputation({ name, etag }, signal)
    if (signal.aborted || readConnection(store)?.connectedAt !== connection.connectedAt) return null
    // The server has none of it, or refuses this one alone; tomorrow again.
    if (!read.ok && meaningOf(read.failure).kind !== 'stop') {
      store.write(writes => putReputation(writes, name, null, now()))
      return null
    }
    if (!read.ok) {
      const { trouble, waitMs } = listingTrouble(read.failure)
      const failures = connection.failures + 1
      const againAt = now() + (waitMs ?? waitAfter(failures, random()))
      const nextTryAt = trouble === 'needs-sign-in' ? null : againAt
      // What stops this stops the changes too (S-27).
      store.write(writes => noteTrouble(writes, { trouble, failure: read.failure, failures, nextTryAt }))
      return againAt
    }
    const { value } = read
    store.write(writes =>
      putReputation(writes, name, value.kind === 'unchanged' ? null : value.reputation, now()),
    )
    return null
  }

  return {
    refresh: async signal => {
      const before = now() - reputationFreshMs
      for (;;) {
        const connection = readConnection(store)
        if (signal.aborted || connection === null) return null
        // Without a token that is accepted there is no sense in it; while changes must wait, so must this.
        if (connection.trouble === 'needs-sign-in') return null
        const untilAt = heldUntilAt(connection, now())
        if (untilAt !== null) return untilAt
        const due = reputationsToAsk(store, { before, now: now() }, batch)
        if (due.length === 0) return null
        let againAt: number | null = null
        const waiting = due.values()
        const work = async () => {
          for (const { name, etag } of waiting) {
            if (againAt !== null || signal.aborted) return
            againAt = (await ask(name, etag, signal)) ?? againAt
          }
        }
        await Promise.all(Array.from({ length: atOnce }, work))
        if (againAt !== null) return againAt
      }
    },
  }
}
