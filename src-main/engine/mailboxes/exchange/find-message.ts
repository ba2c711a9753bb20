import type { SearchObject } from 'imapflow'
import { limits } from '../../net/limits.ts'
import type { SeenMessage, SoughtMessage } from '../../net/mail-world.ts'
import { done, type Stage } from '../../net/trouble.ts'
import { type Asking, commanded } from './asking.ts'
import type { MailFolder, MailFolders } from './folders.ts'
import { fetchHeads, newestUids, openFolder, withCategories } from './new-messages.ts'
import type { MailSession } from './open-session.ts'
import type { OpenFolder } from './plan-look.ts'
import type { FolderNow } from './seen-message.ts'

/** The message in one folder that is sought, or null. With several of one ID the newest. */
export async function findIn(
  folder: MailFolder,
  sought: SoughtMessage,
  asking: Asking,
): Promise<Stage<SeenMessage | null>> {
  const { session, deadline } = asking
  const opened = await openFolder(session, folder.path, deadline, true)
  if (!opened.ok) return opened
  if (opened.value.exists === 0) return done(null)
  const now = { ...opened.value, role: folder.role }
  const byId = await searchedHeads(now, byMessageId(session, sought.messageId), asking)
  if (!byId.ok) return byId
  // A search finds parts of a header too.
  const isSought = (one: SeenMessage) => isTheOne(one, sought)
  let found = byId.value.filter(isSought)
  // Gmail's search takes a while to know what is new, so the newest are looked at themselves.
  if (found.length === 0 && session.isGmail && ['inbox', 'junk', 'ours', 'sent'].includes(folder.role)) {
    const newest = await newestHeads(session, opened.value, folder, asking)
    if (!newest.ok) return newest
    found = newest.value.filter(isSought)
  }
  for (const { header, value } of sought.marks ?? []) {
    if (found.length > 0) break
    const marked = await searchedHeads(now, { deleted: false, header: { [header]: value } }, asking)
    // A server that does not search headers it does not know says so; then it lies there under its own name or not at all.
    if (!marked.ok && !session.isOpen()) return marked
    found = marked.ok ? marked.value.filter(isSought) : []
  }
  const [seen] = await withCategories(session, found.slice(-1), folder.role, deadline)
  return done(seen ?? null)
}

function byMessageId({ isGmail }: MailSession, messageId: string): SearchObject {
  return isGmail
    ? { gmraw: `rfc822msgid:${messageId.replace(/[<>"\s]/g, '')}` }
    : // What is only marked as deleted, for a server that cannot take away one alone, lies there no more.
      { deleted: false, header: { 'message-id': messageId } }
}

function isTheOne({ messageId, headers }: SeenMessage, sought: SoughtMessage): boolean {
  if (messageId === sought.messageId) return true
  return (sought.marks ?? []).some(({ header, value }) => headers.get(header)?.split(/\s/, 1)[0] === value)
}

/** The newest messages of the open folder that a search finds. */
async function searchedHeads(
  folder: FolderNow,
  query: SearchObject,
  asking: Asking,
): Promise<Stage<SeenMessage[]>> {
  const { session, deadline } = asking
  const searched = await commanded(
    session,
    deadline,
    client => client.search(query, { uid: true }),
    limits.mailSearchMs,
  )
  if (!searched.ok) return searched
  const uids = Array.isArray(searched.value) ? searched.value.slice(-limits.mailSearchMatches) : []
  return fetchHeads(session, uids, folder, asking)
}

async function newestHeads(
  session: MailSession,
  opened: OpenFolder,
  { role }: MailFolder,
  asking: Asking,
): Promise<Stage<SeenMessage[]>> {
  const { deadline } = asking
  const uids = await newestUids(session, opened, { count: limits.mailHeadsAtOnce, above: 0 }, deadline)
  return uids.ok ? fetchHeads(session, uids.value.uids, { ...opened, role }, asking) : uids
}

/** Looks where our messages lie, then everywhere a person's filter may have put them. */
export async function findAnywhere(
  folders: MailFolders,
  sought: SoughtMessage,
  asking: Asking,
): Promise<Stage<SeenMessage | null>> {
  const first = [folders.inbox, folders.junk, folders.ours].flatMap(folder => folder ?? [])
  const later = folders.others.filter(({ ofSender }) => !ofSender).slice(0, limits.mailSearchedFolders)
  for (const folder of [...first, ...later]) {
    const found = await findIn(folder, sought, asking)
    // One that cannot be opened is not looked through; a connection that is gone ends the search.
    if (!found.ok && (folder === folders.inbox || !asking.session.isOpen())) return found
    if (found.ok && found.value !== null) return found
  }
  return done(null)
}

/** Looks where the person's own program or the server keeps copies of what was sent. */
export async function findSent(
  folders: MailFolders,
  sought: SoughtMessage,
  asking: Asking,
): Promise<Stage<SeenMessage | null>> {
  for (const folder of folders.others.filter(({ role }) => role === 'sent')) {
    const found = await findIn(folder, sought, asking)
    if (!found.ok || found.value !== null) return found
  }
  return done(null)
}
