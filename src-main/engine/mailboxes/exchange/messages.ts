import type { CopyResponseObject } from 'imapflow'
import { limits } from '../../net/limits.ts'
import type { SeenMessage } from '../../net/mail-world.ts'
import { done, type Stage, trouble } from '../../net/trouble.ts'
import { type Asking, commanded } from './asking.ts'
import { findIn } from './find-message.ts'
import type { MailFolder } from './folders.ts'
import { fetchHeads, openFolder, packed } from './new-messages.ts'
import type { MailSession } from './open-session.ts'
import type { OpenFolder } from './plan-look.ts'
import { arrivedAt } from './seen-message.ts'

/* What is done with single messages. Every message is checked to be the one that was seen before anything is done to it. */

/** `gone`: it lies there no more. */
export type Asked<T> = Stage<T> | 'gone'

/** At most `mostBytes` of a message, in pieces; leaves it unread. */
export async function readMessage(
  seen: SeenMessage,
  mostBytes: number,
  asking: Asking,
): Promise<Asked<Uint8Array>> {
  const opened = await openSeen(seen, asking, true)
  if (opened === 'gone' || !opened.ok) return opened
  const pieces: Buffer[] = []
  let size = 0
  while (size < mostBytes) {
    const wanted = Math.min(limits.mailReadPieceBytes, mostBytes - size)
    const source = { start: size, maxLength: wanted }
    const fetched = await asking.session.call('command', asking.deadline, client =>
      client.fetchOne(`${seen.uid}`, { source }, { uid: true }),
    )
    if (!fetched.ok) return fetched
    if (!fetched.value) return 'gone'
    const piece = fetched.value.source ?? Buffer.alloc(0)
    pieces.push(piece.subarray(0, wanted))
    size += Math.min(piece.length, wanted)
    if (piece.length < wanted) break
  }
  return done(new Uint8Array(Buffer.concat(pieces)))
}

/**
 * Sets and removes flags; a folder that takes no keywords of ours keeps the ones it takes. Important is a label of Gmail's
 * and a keyword elsewhere (RFC 8457).
 */
export async function flagMessage(
  seen: SeenMessage,
  { add, remove, important = false }: { add: string[]; remove?: string[]; important?: boolean },
  asking: Asking,
): Promise<Asked<null>> {
  const opened = await openSeen(seen, asking, false)
  if (opened === 'gone' || !opened.ok) return opened
  const { session, deadline } = asking
  const uid = `${seen.uid}`
  const removed = (remove ?? []).filter(flag => takesFlag(session, flag))
  if (removed.length > 0) {
    const stored = await session.call('command', deadline, client =>
      client.messageFlagsRemove(uid, removed, { uid: true }),
    )
    if (!stored.ok) return stored
  }
  // Where important is a label, the flag would be one that nobody sees.
  const flags = important && !session.isGmail ? [...add, '$Important'] : add
  const added = await session.call('command', deadline, client =>
    client.messageFlagsAdd(uid, flags, { uid: true }),
  )
  if (!added.ok) return added
  if (important && session.isGmail) {
    const labelled = await session.call('command', deadline, client =>
      client.messageFlagsAdd(uid, ['\\Important'], { uid: true, useLabels: true }),
    )
    if (!labelled.ok) return labelled
  }
  return session.isOpen() ? done(null) : trouble('net.closed')
}

/** Whether the open folder knows a flag; some servers call it an error to take away one that they do not know. */
function takesFlag({ client }: MailSession, flag: string): boolean {
  const known = client.mailbox === false ? undefined : client.mailbox.permanentFlags
  return known === undefined || known.has('\\*') || known.has(flag)
}

/**
 * Moves a message: with MOVE (RFC 6851), else by COPY and \Deleted, and then EXPUNGE of this one alone (UIDPLUS, RFC 4315).
 * Where a server cannot do that it stays, marked as deleted: EXPUNGE would take what a person marked, too. Tells where it
 * lies, or null where the server does not say and it is not found.
 */
export async function moveMessage(
  seen: SeenMessage,
  target: MailFolder,
  asking: Asking,
): Promise<Asked<SeenMessage | null>> {
  const { session, deadline } = asking
  const uid = `${seen.uid}`
  const hasMove = session.client.capabilities.has('MOVE')
  let there: SeenMessage | null = null
  if (!hasMove && seen.messageId !== null) {
    // Copied by an attempt that came no further: copying again would double it.
    const before = await findIn(target, { messageId: seen.messageId }, asking)
    if (!before.ok) return before
    there = before.value
  }
  const opened = await openSeen(seen, asking, false)
  if (opened === 'gone' || !opened.ok) return opened
  if (hasMove) {
    const moved = await commanded(session, deadline, client =>
      client.messageMove(uid, target.path, { uid: true }),
    )
    if (!moved.ok) return moved
    const there = await movedTo(target, seen, moved.value, asking)
    if (there !== null) return done(there)
  } else {
    if (there === null) {
      const copied = await commanded(session, deadline, client =>
        client.messageCopy(uid, target.path, { uid: true }),
      )
      if (!copied.ok) return copied
    }
    const deleted = await deleteUids([seen.uid], asking)
    if (!deleted.ok) return deleted
  }
  if (there !== null || seen.messageId === null) return done(there)
  return findIn(target, { messageId: seen.messageId }, asking)
}

/** The message where the server says it put it (COPYUID, RFC 4315); null where it does not say, or it is not there. */
async function movedTo(
  target: MailFolder,
  seen: SeenMessage,
  { uidMap, uidValidity }: CopyResponseObject,
  asking: Asking,
): Promise<SeenMessage | null> {
  const uid = uidMap?.get(seen.uid)
  if (uid === undefined) return null
  const opened = await openFolder(asking.session, target.path, asking.deadline, true)
  if (!opened.ok || opened.value.uidValidity !== String(uidValidity)) return null
  const heads = await fetchHeads(asking.session, [uid], { ...opened.value, role: target.role }, asking)
  const there = heads.ok ? heads.value.find(one => one.messageId === seen.messageId) : undefined
  return there ?? null
}

/** Marks messages of the open folder as deleted, and takes away exactly these where the server can. */
async function deleteUids(uids: readonly number[], { session, deadline }: Asking): Promise<Stage<boolean>> {
  const { capabilities } = session.client
  const range = packed(uids)
  if (capabilities.has('UIDPLUS') || capabilities.has('IMAP4rev2')) {
    return commanded(session, deadline, client => client.messageDelete(range, { uid: true }))
  }
  const marked = await commanded(session, deadline, client =>
    client.messageFlagsAdd(range, ['\\Deleted'], { uid: true }),
  )
  if (!marked.ok) return marked
  const all = await commanded(session, deadline, client => client.search({ deleted: true }, { uid: true }))
  if (!all.ok) return all
  const isOnlyOurs = Array.isArray(all.value) && all.value.every(uid => uids.includes(uid))
  if (!isOnlyOurs) return done(true)
  return commanded(session, deadline, client => client.messageDelete(range, { uid: true }))
}

/**
 * Deletes what is ours and older in one folder; on Gmail into the bin, for there deleting in a label only archives, and by
 * the label of the bin where the bin is hidden from IMAP.
 */
export async function tidyFolder(
  folder: MailFolder,
  { before, most, isOurs }: { before: number; most: number; isOurs: (seen: SeenMessage) => boolean },
  trash: MailFolder | null,
  asking: Asking,
): Promise<Stage<number>> {
  const { session, deadline } = asking
  const opened = await openFolder(session, folder.path, deadline, false)
  if (!opened.ok) return opened
  if (opened.value.exists === 0) return done(0)
  // By the moments themselves: a search compares days, in a zone of the server's own.
  const oldest = await session.call('command', deadline, client =>
    client.fetchAll(`1:${Math.min(opened.value.exists, limits.mailTidiedMessages)}`, {
      uid: true,
      internalDate: true,
    }),
  )
  if (!oldest.ok) return oldest
  const uids = oldest.value.filter(one => arrivedAt(one, asking.now) < before).map(({ uid }) => uid)
  const old: number[] = []
  for (let at = 0; at < uids.length && old.length < most; at += limits.mailHeadsAtOnce) {
    const some = uids.slice(at, at + limits.mailHeadsAtOnce)
    const heads = await fetchHeads(session, some, { ...opened.value, role: folder.role }, asking)
    if (!heads.ok) return heads
    for (const seen of heads.value) {
      if (old.length < most && seen.receivedAt < before && isOurs(seen)) old.push(seen.uid)
    }
  }
  if (old.length === 0) return done(0)
  const deleted = session.isGmail
    ? await commanded<unknown>(session, deadline, client =>
        trash === null
          ? client.messageFlagsAdd(packed(old), ['\\Trash'], { uid: true, useLabels: true })
          : client.messageMove(packed(old), trash.path, { uid: true }),
      )
    : await deleteUids(old, asking)
  return deleted.ok ? done(old.length) : deleted
}

/** Opens the folder a message was seen in, and looks whether it still lies there and is still the same. */
async function openSeen(seen: SeenMessage, asking: Asking, readOnly: boolean): Promise<Asked<OpenFolder>> {
  const { session, deadline } = asking
  const opened = await openFolder(session, seen.folder, deadline, readOnly)
  if (!opened.ok) return opened
  if (opened.value.uidValidity !== seen.uidValidity) return 'gone'
  const heads = await fetchHeads(session, [seen.uid], { ...opened.value, role: seen.role }, asking)
  if (!heads.ok) return heads
  const [there] = heads.value
  return there === undefined || there.messageId !== seen.messageId ? 'gone' : opened
}
