import type { FetchMessageObject } from 'imapflow'
import type { Deadline } from '../../net/deadline.ts'
import { limits } from '../../net/limits.ts'
import type { FolderPlace, FolderRole, SeenMessage } from '../../net/mail-world.ts'
import { done, type Stage } from '../../net/trouble.ts'
import type { MailFolder } from './folders.ts'
import { unlessFalse } from './answers.ts'
import type { MailSession } from './open-session.ts'
import { type Look, type OpenFolder, placeAfter, planLook } from './plan-look.ts'
import { type FolderNow, headQuery, seenMessage } from './seen-message.ts'

export type Batch = {
  /** Lowest UID first. */
  readonly messages: readonly SeenMessage[]
  /** Where the folder stands when all of them are done with. */
  readonly place: FolderPlace
  /** There is more to look at. */
  readonly more: boolean
}

export type BatchEnd =
  | { readonly ok: true; readonly value: Batch }
  /** `uids` are those that were being fetched when it went wrong. */
  | {
      readonly ok: false
      readonly trouble: Extract<Stage<never>, { ok: false }>['trouble']
      readonly uids: readonly number[]
    }

/**
 * The next messages of a folder since a place, at most `most`, with their headers. Leaves them unread. Messages that go
 * away while they are looked at are passed over.
 */
export async function nextBatch(
  session: MailSession,
  folder: MailFolder,
  place: FolderPlace | null,
  options: { readonly most: number; readonly deadline: Deadline; readonly now: number },
): Promise<BatchEnd> {
  const { deadline, most } = options
  const opened = await openFolder(session, folder.path, deadline, true)
  if (!opened.ok) return { ...opened, uids: [] }
  const look = planLook(place, opened.value)
  const end = placeAfter(place, opened.value)
  if (look.kind === 'nothing') return { ok: true, value: { messages: [], place: end, more: false } }
  const found =
    look.kind === 'newest'
      ? await newestUids(session, opened.value, look, deadline)
      : await uidsBetween(session, look, deadline)
  if (!found.ok) return { ...found, uids: [] }
  const { uids, upTo } = found.value
  const some = uids.slice(0, most)
  const fetched = await fetchHeads(session, some, { ...opened.value, role: folder.role }, options)
  if (!fetched.ok) return { ...fetched, uids: some }
  const isAll = some.length === uids.length
  const lastUid = isAll ? (upTo ?? Math.max(end.lastUid, some.at(-1) ?? 0)) : (some.at(-1) ?? 0)
  const messages = await withCategories(session, fetched.value, folder.role, deadline)
  return {
    ok: true,
    value: { messages, place: { ...end, lastUid }, more: !isAll || (upTo !== null && upTo < end.lastUid) },
  }
}

/** Opens a folder, for looking only unless something is to be changed in it. */
export async function openFolder(
  session: MailSession,
  path: string,
  deadline: Deadline,
  readOnly: boolean,
): Promise<Stage<OpenFolder>> {
  const opened = await session.call('folder', deadline, client => client.mailboxOpen(path, { readOnly }))
  if (!opened.ok) return opened
  const { uidValidity, uidNext, exists } = opened.value
  return done({
    path,
    uidValidity: String(uidValidity ?? 0),
    uidNext: typeof uidNext === 'number' && uidNext > 0 ? uidNext : null,
    exists: Math.max(0, exists ?? 0),
  })
}

type Found = {
  readonly uids: readonly number[]
  /** How far it was looked; null when to the end. */
  readonly upTo: number | null
}

export async function newestUids(
  session: MailSession,
  { exists }: OpenFolder,
  { count, above }: Pick<Extract<Look, { kind: 'newest' }>, 'count' | 'above'>,
  deadline: Deadline,
): Promise<Stage<Found>> {
  const range = `${Math.max(1, exists - count + 1)}:*`
  const fetched = await session.call('command', deadline, client =>
    collect(client.fetch(range, { uid: true }), count),
  )
  if (!fetched.ok) return fetched
  return done({ uids: ascending(fetched.value.map(({ uid }) => uid).filter(uid => uid > above)), upTo: null })
}

async function uidsBetween(
  session: MailSession,
  { from, to }: Extract<Look, { kind: 'range' }>,
  deadline: Deadline,
): Promise<Stage<Found>> {
  if (to - from < limits.mailHeadsAtOnce) {
    return done({ uids: Array.from({ length: to - from + 1 }, (_, index) => from + index), upTo: null })
  }
  const upTo = Math.min(to, from + limits.mailSearchedUids - 1)
  const searched = unlessFalse(
    await session.call('command', deadline, client =>
      client.search({ uid: `${from}:${upTo}` }, { uid: true }),
    ),
  )
  if (!searched.ok) return searched
  // `n:m` is answered with the last message even where its UID is outside (RFC 9051 §9, seq-range with `*`).
  const uids = Array.isArray(searched.value) ? searched.value.filter(uid => uid >= from && uid <= upTo) : []
  return done({ uids: ascending(uids), upTo: upTo === to ? null : upTo })
}

export async function fetchHeads(
  session: MailSession,
  uids: readonly number[],
  folder: FolderNow,
  { deadline, now }: { readonly deadline: Deadline; readonly now: number },
): Promise<Stage<SeenMessage[]>> {
  if (uids.length === 0) return done([])
  const wanted = new Set(uids)
  const fetched = await session.call(
    'command',
    deadline,
    // Servers also tell of flags that change meanwhile, so more answers than asked for may come.
    client => collect(client.fetch(packed(uids), headQuery, { uid: true }), 4 * uids.length + 100),
    limits.mailSearchMs,
  )
  if (!fetched.ok) return fetched
  const seen = new Map<number, SeenMessage>()
  for (const message of fetched.value) {
    const one = wanted.has(message.uid) ? seenMessage(message, folder, now) : null
    if (one !== null && !seen.has(one.uid)) seen.set(one.uid, one)
  }
  return done([...seen.values()].toSorted((a, b) => a.uid - b.uid))
}

/**
 * Gmail keeps its tabs in no folder and no label that IMAP shows, but its own search knows them. A search that fails
 * leaves the messages in the inbox, where they are for every other program.
 */
export async function withCategories(
  session: MailSession,
  messages: readonly SeenMessage[],
  role: FolderRole,
  deadline: Deadline,
): Promise<readonly SeenMessage[]> {
  if (!session.isGmail || role !== 'inbox' || messages.length === 0) return messages
  const searched = await session.call('command', deadline, client =>
    client.search({ uid: packed(messages.map(({ uid }) => uid)), gmraw: gmailTabs }, { uid: true }),
  )
  const inTabs = new Set(searched.ok && Array.isArray(searched.value) ? searched.value : [])
  return messages.map(message => (inTabs.has(message.uid) ? { ...message, role: 'category' } : message))
}

const gmailTabs = '{category:promotions category:social category:updates category:forums}'

/** A set of UIDs as IMAP writes it, neighbours as ranges. */
export function packed(uids: readonly number[]): string {
  const parts: string[] = []
  let from = uids[0]
  for (const [index, uid] of uids.entries()) {
    if (uids[index + 1] === uid + 1) continue
    parts.push(from === uid ? `${uid}` : `${from}:${uid}`)
    from = uids[index + 1]
  }
  return parts.join(',')
}

function ascending(uids: readonly number[]): number[] {
  return [...new Set(uids)].toSorted((a, b) => a - b)
}

/** Everything a server sends, unless it sends more than was asked for by far. */
async function collect(
  messages: AsyncGenerator<FetchMessageObject, unknown, undefined>,
  most: number,
): Promise<FetchMessageObject[]> {
  const kept: FetchMessageObject[] = []
  for await (const message of messages) {
    kept.push(message)
    if (kept.length > most)
      throw Object.assign(new Error('more than was asked for'), { code: 'ResponseTooLarge' })
  }
  return kept
}
