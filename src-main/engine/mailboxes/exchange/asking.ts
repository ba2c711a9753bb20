import type { Deadline } from '../../net/deadline.ts'
import { type Stage, trouble } from '../../net/trouble.ts'
import { unlessFalse } from './answers.ts'
import type { MailSession } from './open-session.ts'

/** What every question about messages is asked with. */
export type Asking = {
  readonly session: MailSession
  readonly deadline: Deadline
  readonly now: number
}

/** A command that the library answers with `false` when it failed. */
export async function commanded<T>(
  session: MailSession,
  deadline: Deadline,
  work: (client: MailSession['client']) => Promise<T | false | undefined>,
  waitMs?: number,
): Promise<Stage<T>> {
  const called = await session.call('command', deadline, work, waitMs)
  if (!called.ok) return called
  const stage = unlessFalse<T>(called)
  return stage.ok || session.isOpen() ? stage : trouble('net.closed')
}
