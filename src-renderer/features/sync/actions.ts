import type { SyncEvent } from '#shared/model/sync.ts'
import { countOf } from '#shared/words/phrases.ts'
import { create } from 'zustand'
import type { Client } from '../../client/client.ts'
import { readStream } from '../../client/stream.ts'
import { showToast } from '../../ui/toast.tsx'
import { tellFailure } from '../frame/failures.ts'

/** The round a person asked for; what runs by itself is in the replica. */
export const useRound = create<{ round: SyncEvent | 'begun' | null; stop: (() => void) | null }>(() => ({
  round: null,
  stop: null,
}))

/** Synchronises now, told as it goes; only one round at a time. */
export async function syncNow(client: Client): Promise<void> {
  if (useRound.getState().round !== null) return
  const leaving = new AbortController()
  useRound.setState({ round: 'begun', stop: () => leaving.abort() })
  const result = await readStream(client.sync.now(undefined, { signal: leaving.signal }), {
    signal: leaving.signal,
    onEvent: round => useRound.setState({ round }),
  })
  useRound.setState({ round: null, stop: null })
  if (!result.ok) return tellFailure(result.failure)
  // Its own screen says how it stands.
  if (location.hash === '#/sync') return
  if (result.value.state === 'up-to-date') showToast({ tone: 'pass', title: 'Both sides have the same' })
  else if (result.value.failure !== null) tellFailure(result.value.failure)
}

export async function retryChanges(client: Client, ids: string[]): Promise<void> {
  const result = await client.sync.retry({ ids })
  if (result.ok)
    showToast({ tone: 'info', title: `${countOf(result.value.changed.length, 'change')} tried again` })
  else tellFailure(result.failure)
}

export async function discardChanges(client: Client, ids: string[]): Promise<void> {
  const result = await client.sync.discard({ ids })
  if (result.ok)
    showToast({ tone: 'info', title: `${countOf(result.value.changed.length, 'change')} given up` })
  else tellFailure(result.failure)
}

export async function undoConflict(client: Client, id: string): Promise<void> {
  const result = await client.sync.undoConflict({ id })
  if (!result.ok) return tellFailure(result.failure)
  if (result.value.changed.length > 0)
    showToast({ tone: 'pass', title: 'The other value holds now', detail: 'It goes out as a new change.' })
}

export async function acceptConflicts(client: Client, ids: string[]): Promise<void> {
  const result = await client.sync.acceptConflicts({ ids })
  if (!result.ok) tellFailure(result.failure)
}
