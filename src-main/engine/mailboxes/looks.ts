import type { ConnectionSecurity } from '#shared/model/connection.ts'
import { createSlots, type Slots } from '../net/slots.ts'
import { stopOf } from '../net/stop.ts'
import { type Stage, trouble } from '../net/trouble.ts'

/** What a look at a server is about: the same question has the same answer, whoever asks. */
export type LookQuestion = {
  readonly protocol: 'smtp' | 'imap' | 'tcp'
  readonly host: string
  readonly port: number
  readonly security: ConnectionSecurity
}

export type Look = { readonly offersStartTls: boolean }

/** Where the short looks of tests go through: connections beside the one that is tested. */
export type Looks = {
  run(question: LookQuestion, signal: AbortSignal, look: () => Promise<Stage<Look>>): Promise<Stage<Look>>
}

/** The looks of one test on its own: all at once. */
export const ownLooks: Looks = { run: (_question, _signal, look) => look() }

/**
 * The looks of many tests: one at a time at each host, and each question asked once, so that hundreds of mailboxes at a
 * server that is down knock there no more often than one. Fails with `test.cancelled` for who leaves while waiting.
 */
export function sharedLooks(): Looks {
  const answers = new Map<string, Stage<Look>>()
  const turns = new Map<string, Slots>()
  return {
    run: async ({ protocol, host, port, security }, signal, look) => {
      const key = `${protocol} ${host.toLowerCase()} ${port} ${security}`
      const turn = turns.get(host.toLowerCase()) ?? createSlots(1)
      turns.set(host.toLowerCase(), turn)
      if (!(await turn.take(stopOf(signal)))) return trouble('test.cancelled')
      try {
        const known = answers.get(key)
        if (known !== undefined) return known
        const answer = await look()
        // Cut short, it says nothing about the server.
        if (!signal.aborted) answers.set(key, answer)
        return answer
      } finally {
        turn.giveBack()
      }
    },
  }
}
