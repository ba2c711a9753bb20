import { fail, ok, type Result } from '#shared/failure.ts'
import { type Deadline, startDeadline } from '../../net/deadline.ts'
import { limits } from '../../net/limits.ts'
import type { MailHandle } from '../../net/mail-world.ts'
import { done, type Stage } from '../../net/trouble.ts'
import { unreachableFailure } from './answers.ts'
import type { Asking } from './asking.ts'
import { findAnywhere, findSent } from './find-message.ts'
import type { MailFolder, MailFolders } from './folders.ts'
import { type Asked, flagMessage, moveMessage, readMessage, tidyFolder } from './messages.ts'
import type { MailSession, Unreachable } from './open-session.ts'

/** A session for one thing that is asked, nobody else using it meanwhile. */
export type WithSession = <T>(
  deadline: Deadline,
  work: (session: MailSession, folders: MailFolders) => Promise<Asked<T>>,
) => Promise<
  | { readonly kind: 'asked'; readonly asked: Asked<T> }
  | { readonly kind: 'unreachable'; readonly why: Unreachable }
>

export type HandleOptions = {
  readonly withSession: WithSession
  readonly oursName: string
  /** Told when the folder of ours was made. */
  onOurs(folder: MailFolder): void
  /** Aborted when the mailbox is watched no more. */
  readonly stopping: AbortSignal
  now(): number
}

/** What can be asked of a mailbox, over whatever connection it has at the moment. */
export function createHandle({ withSession, oursName, onOurs, stopping, now }: HandleOptions): MailHandle {
  const ask = async <T>(
    signal: AbortSignal,
    work: (asking: Asking, folders: MailFolders) => Promise<Asked<T>>,
  ): Promise<Result<T>> => {
    const deadline = startDeadline(limits.mailAskMs, AbortSignal.any([signal, stopping]))
    try {
      const end = await withSession<T>(deadline, (session, folders) =>
        work({ session, deadline, now: now() }, folders),
      )
      const ended = deadline.ended()
      if (end.kind === 'asked' && end.asked !== 'gone' && end.asked.ok) return ok(end.asked.value)
      if (ended !== null) return fail(ended === 'late' ? 'timed-out' : 'cancelled', {}, 'later')
      if (end.kind === 'unreachable') return unreachableFailure(end.why.reason, end.why.line)
      if (end.asked === 'gone') return fail('message-gone')
      return end.asked.ok ? ok(end.asked.value) : unreachableFailure(end.asked.trouble.code)
    } finally {
      deadline.end()
    }
  }

  /** The folder of ours, made and subscribed to where it is not there. */
  const ours = async ({ session, deadline }: Asking, folders: MailFolders): Promise<Stage<MailFolder>> => {
    if (folders.ours !== null) return done(folders.ours)
    const made = await session.call('command', deadline, client => client.mailboxCreate(oursName))
    if (!made.ok) return made
    const folder: MailFolder = { path: made.value.path, role: 'ours', ofSender: false }
    await session.call('command', deadline, client => client.mailboxSubscribe(folder.path))
    onOurs(folder)
    return done(folder)
  }

  return {
    find: (sought, signal) => ask(signal, (asking, folders) => findAnywhere(folders, sought, asking)),
    findSent: (sought, signal) => ask(signal, (asking, folders) => findSent(folders, sought, asking)),
    read: (seen, mostBytes, signal) => ask(signal, asking => readMessage(seen, mostBytes, asking)),
    rescue: (seen, signal) =>
      ask(signal, async (asking, folders) => {
        const flags = { add: ['$NotJunk'], remove: ['$Junk', 'Junk'] }
        const flagged = await flagMessage(seen, flags, asking)
        if (flagged === 'gone' || !flagged.ok) return flagged
        return moveMessage(seen, folders.inbox, asking)
      }),
    markRead: (seen, { flagged, important }, signal) =>
      ask(signal, asking => {
        const add = ['\\Seen', ...(flagged ? ['\\Flagged'] : [])]
        return flagMessage(seen, { add, important }, asking)
      }),
    file: (seen, signal) =>
      ask<null>(signal, async (asking, folders) => {
        if (seen.role === 'ours') return done(null)
        const target = await ours(asking, folders)
        if (!target.ok) return target
        const moved = await moveMessage(seen, target.value, asking)
        return moved === 'gone' || !moved.ok ? moved : done(null)
      }),
    tidy: (before, most, isOurs, signal) =>
      ask<number>(signal, async (asking, folders) =>
        folders.ours === null || most < 1
          ? done(0)
          : tidyFolder(folders.ours, { before, most, isOurs }, folders.trash, asking),
      ),
  }
}
