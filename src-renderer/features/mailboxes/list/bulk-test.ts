import type { Failure } from '#shared/failure.ts'
import type { BulkTestOutcome } from '#shared/model/mailbox.ts'
import { create } from 'zustand'
import type { Client } from '../../../client/client.ts'
import { readStream } from '../../../client/stream.ts'

export type BulkRun = {
  readonly done: number
  readonly total: number
  /** Those that failed, in the order in which they ended. */
  readonly failed: readonly string[]
  readonly isRunning: boolean
  readonly outcome: BulkTestOutcome | null
  readonly failure: Failure | null
}

type BulkTestState = {
  run: BulkRun | null
  /** Tests the logins of these mailboxes; no message is sent. A run under way is ended. */
  start(client: Client, ids: string[]): void
  stop(): void
  dismiss(): void
}

let cancel: AbortController | null = null

/** One run of many tests; it goes on while the person looks at other pages of the window. */
export const useBulkTest = create<BulkTestState>((set, get) => ({
  run: null,
  start: (client, ids) => {
    cancel?.abort()
    const own = new AbortController()
    cancel = own
    set({
      run: { done: 0, total: ids.length, failed: [], isRunning: true, outcome: null, failure: null },
    })
    void readStream(client.mailboxes.testMany({ ids, testEmail: false }, { signal: own.signal }), {
      signal: own.signal,
      onEvent: event => {
        const { run } = get()
        if (cancel !== own || run === null || event.kind !== 'ended') return
        const failed = event.result === 'failed' ? [...run.failed, event.id] : run.failed
        set({ run: { ...run, done: event.done, total: event.total, failed } })
      },
    }).then(result => {
      const { run } = get()
      if (cancel !== own || run === null) return
      set({
        run: {
          ...run,
          isRunning: false,
          outcome: result.ok ? result.value : null,
          failure: result.ok ? null : result.failure,
        },
      })
    })
  },
  stop: () => cancel?.abort(),
  dismiss: () => set({ run: null }),
}))
