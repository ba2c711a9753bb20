import type { Deadline } from '../../net/deadline.ts'
import { limits } from '../../net/limits.ts'
import type { FolderPlace, SeenMessage } from '../../net/mail-world.ts'
import { done, type Trouble } from '../../net/trouble.ts'
import type { Clock, Log } from '../../platform.ts'
import type { ConnectionUse } from './connection.ts'
import type { MailFolder, MailFolders } from './folders.ts'
import type { Asked } from './messages.ts'
import { type Batch, nextBatch } from './new-messages.ts'
import type { MailSession } from './open-session.ts'

/** How a look ended; `isHeld` when a message was not taken and has to come again. */
export type Looked =
  | { readonly ok: true; readonly isHeld: boolean }
  | { readonly ok: false; readonly line: string | null; readonly needsPerson: boolean }
export const fine: Looked = { ok: true, isHeld: false }
const held: Looked = { ok: true, isHeld: true }

/** Attempts at one message before it is passed over, by what goes wrong each time. */
const passedOverAfter: Readonly<Record<string, number>> = {
  'net.too-much-data': limits.mailMessageTries,
  'server.misbehaves': limits.mailMessageTries,
  'net.closed': 4 * limits.mailMessageTries,
  'net.reset': 4 * limits.mailMessageTries,
}

type ReaderOptions = {
  readonly mailboxId: string
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly log: Log
  lineOf(trouble: Trouble): string | null
  using<T>(
    work: (session: MailSession, folders: MailFolders, deadline: Deadline) => Promise<Asked<T>>,
  ): Promise<ConnectionUse<T>>
  onPlace(place: FolderPlace): void
  /** Throws when the message was not taken and has to come again. */
  onMessage(seen: SeenMessage): Promise<void>
}

/**
 * Reads what is new in the folders of a mailbox, from the places given, and hands it over. A message that fails again and
 * again, on the way or with whoever takes it, is passed over.
 */
export function createReader(places: readonly FolderPlace[], options: ReaderOptions) {
  const { mailboxId, signal, clock, log, lineOf, using, onPlace, onMessage } = options
  const known = new Map(places.map(place => [place.folder, place]))
  const tries = new Map<string, { readonly uid: number; readonly count: number }>()

  /** How often this UID of a folder has failed, this time included. */
  const failedAt = (folder: string, uid: number): number => {
    const before = tries.get(folder)
    const count = before?.uid === uid ? before.count + 1 : 1
    tries.set(folder, { uid, count })
    return count
  }
  const moveTo = (place: FolderPlace) => {
    const before = known.get(place.folder)
    if (before?.lastUid === place.lastUid && before.uidValidity === place.uidValidity) return
    known.set(place.folder, place)
    if (!signal.aborted) onPlace(place)
  }

  /** Everything new in one folder. */
  const lookInto = async (folder: MailFolder): Promise<Looked> => {
    while (!signal.aborted) {
      const place = known.get(folder.path) ?? null
      // After trouble one message at a time, so that one that cannot be read holds up none but itself.
      const most = tries.has(folder.path) ? 1 : limits.mailHeadsAtOnce
      let fetching: readonly number[] = []
      const end = await using<Batch>(async (session, _folders, deadline) => {
        const batch = await nextBatch(session, folder, place, { most, deadline, now: clock.now() })
        if (batch.ok) return done(batch.value)
        fetching = batch.uids
        return { ok: false, trouble: batch.trouble }
      })
      if (end.kind === 'unreachable')
        return { ok: false, line: end.why.line, needsPerson: end.why.needsPerson }
      if (end.asked === 'gone') return fine
      if (!end.asked.ok) {
        const { code } = end.asked.trouble
        const [uid] = fetching
        if (uid !== undefined && place !== null) {
          const count = failedAt(folder.path, uid)
          const most = passedOverAfter[code]
          if (most !== undefined && fetching.length === 1 && count > most)
            passOver(folder.path, place, uid, code)
        }
        return { ok: false, line: lineOf(end.asked.trouble), needsPerson: false }
      }
      const batch = end.asked.value
      if (!(await handOver(batch))) return held
      tries.delete(folder.path)
      moveTo(batch.place)
      if (!batch.more) return fine
    }
    return fine
  }

  const passOver = (folder: string, place: FolderPlace, uid: number, reason: string) => {
    log.warn('mail.message-passed-over', { mailboxId, folder, uid, reason })
    tries.delete(folder)
    moveTo({ ...place, lastUid: uid })
  }

  /** Gives messages to whoever watches, one after the other; false when one was not taken and has to come again. */
  const handOver = async ({ messages, place }: Batch): Promise<boolean> => {
    for (const seen of messages) {
      if (signal.aborted) return false
      if (!(await taken(seen))) {
        const count = failedAt(seen.folder, seen.uid)
        if (count < limits.mailMessageTries) return false
        passOver(seen.folder, place, seen.uid, 'not-taken')
      }
      moveTo({ folder: seen.folder, uidValidity: seen.uidValidity, lastUid: seen.uid })
    }
    return !signal.aborted
  }
  const taken = async (seen: SeenMessage): Promise<boolean> => {
    try {
      await onMessage(seen)
      return true
    } catch (error) {
      log.error('mail.message-not-taken', {
        mailboxId,
        folder: seen.folder,
        uid: seen.uid,
        error: error instanceof Error ? error.name : 'unknown',
      })
      return false
    }
  }

  return {
    lookInto,
    /** How far a folder has been read; undefined before the first look. */
    placeOf: (folder: string) => known.get(folder),
  }
}
