import { setTimeout as sleep } from 'node:timers/promises'
import type { AuthenticationVerdict, Delivery } from '#shared/model/connection.ts'
import { parseAuthenticationResults } from '#shared/mail-auth/parse-authentication-results.ts'
import { partOf } from '../net/deadline.ts'
import { limits } from '../net/limits.ts'
import { done, type Stage, trouble } from '../net/trouble.ts'
import type { TestContext } from './options.ts'
import type { Folder, ImapSession } from './test-imap.ts'

/** Where each folder stood before the message was sent. */
export type Marks = ReadonlyMap<string, number>

/** The folders a message may arrive in, inbox and junk first; those of the sender's own copies are left out. */
export function arrivalFolders(folders: readonly Folder[]): Folder[] {
  const rank = { inbox: 0, junk: 1, other: 2 } as const
  return folders
    .filter(({ ofSender }) => !ofSender)
    .toSorted((a, b) => rank[a.kind] - rank[b.kind])
    .slice(0, limits.mailFolders)
}

/** Notes the next UID of every folder, so that later only what is new has to be looked at. */
export async function markFolders(session: ImapSession, folders: readonly Folder[]): Promise<Stage<Marks>> {
  const marks = new Map<string, number>()
  for (const { path } of folders) {
    const status = await session.call('command', client => client.status(path, { uidNext: true }))
    if (status.ok) marks.set(path, (status.value && status.value.uidNext) || 1)
    // A folder that cannot be read is not looked through; a connection that is gone ends the test.
    else if (status.trouble.code !== 'imap.command-refused') return status
  }
  return done(marks)
}

const firstPauseMs = 100

export type Arrival = { readonly folder: Folder; readonly uid: number; readonly delayMs: number }

/**
 * Looks for the message until it is there: in the inbox and the junk folder each time, in the others every third time.
 * Fails with `arrival.not-seen` when `waits.arrivalMs` or the deadline is over, or with what ended the connection.
 */
export async function awaitArrival(
  session: ImapSession,
  {
    folders,
    marks,
    messageId,
    acceptedAt,
  }: {
    readonly folders: readonly Folder[]
    readonly marks: Marks
    readonly messageId: string
    /** When the server took the message, on the clock of `performance.now`. */
    readonly acceptedAt: number
  },
  { deadline, waits }: TestContext,
): Promise<Stage<Arrival>> {
  const own = partOf(deadline, waits.arrivalMs)
  try {
    for (let round = 0; ; round++) {
      for (const folder of folders) {
        const from = marks.get(folder.path)
        if (from === undefined || (folder.kind === 'other' && round % 3 !== 1)) continue
        if (own.signal.aborted) break
        const uid = await findMessage(session, folder.path, from, messageId)
        if (!uid.ok) return uid
        if (uid.value !== null) {
          return done({ folder, uid: uid.value, delayMs: Math.round(performance.now() - acceptedAt) })
        }
      }
      // Most messages are there at once, some after a minute.
      const pauseMs = Math.min(waits.pollMs, firstPauseMs * 2 ** round)
      await sleep(pauseMs, null, { signal: own.signal }).catch(() => undefined)
      if (!own.signal.aborted) continue
      if (own.ended() === 'cancelled') return trouble('test.cancelled')
      const seconds = Math.round((performance.now() - acceptedAt) / 1_000)
      return trouble('arrival.not-seen', null, { seconds, folders: folders.map(({ path }) => path) })
    }
  } finally {
    own.end()
  }
}

async function findMessage(
  session: ImapSession,
  path: string,
  fromUid: number,
  messageId: string,
): Promise<Stage<number | null>> {
  const found = await session.call('command', async client => {
    await client.mailboxOpen(path, { readOnly: true })
    // `n:*` holds the last message even when its UID is below n (RFC 9051 §9, seq-range), so UIDs are compared too.
    let looked = 0
    for await (const message of client.fetch(`${fromUid}:*`, { uid: true, envelope: true }, { uid: true })) {
      if (message.uid >= fromUid && message.envelope?.messageId === messageId) return message.uid
      if (++looked >= limits.mailNewMessages) break
    }
    return null
  })
  if (found.ok || found.trouble.code !== 'imap.command-refused') return found
  return done(null)
}

/** What the receiving server wrote about SPF, DKIM and DMARC, read from the message's uppermost fields. */
export async function readDelivery(
  session: ImapSession,
  { folder, uid, delayMs }: Arrival,
): Promise<Stage<Delivery>> {
  const headers = await session.call('command', async client => {
    await client.mailboxOpen(folder.path, { readOnly: true })
    const message = await client.fetchOne(`${uid}`, { headers: ['authentication-results'] }, { uid: true })
    return message ? (message.headers?.toString('utf8') ?? '') : ''
  })
  if (!headers.ok) return headers
  const authentication = verdictsOf(headers.value)
  return done({ folder: folder.path, folderKind: folder.kind, delayMs, authentication })
}

/**
 * The verdicts of the uppermost field and of those from the same server right below it. Fields further down came with the
 * message, and anybody may have written them (RFC 8601 §5).
 */
export function verdictsOf(headers: string): AuthenticationVerdict[] {
  const fields = headers
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap(line => /^authentication-results:(.*)$/i.exec(line)?.[1] ?? [])
    .slice(0, limits.authenticationResults)
  const read = fields.map(field =>
    parseAuthenticationResults(field.slice(0, limits.authenticationResultCharacters)),
  )
  const own = read[0]?.authservId
  const strangers = read.findIndex(one => one?.authservId !== own)
  const trusted = strangers < 0 ? read : read.slice(0, strangers)
  return trusted
    .flatMap(one => one?.results ?? [])
    .map(({ method, result, properties }) => {
      const about = aboutOrder.map(name => properties[name]).find(value => value !== undefined)
      return { method, result, about: about?.slice(0, 253) ?? null }
    })
}

const aboutOrder = ['header.d', 'header.i', 'smtp.mailfrom', 'smtp.helo', 'header.from', 'smtp.remote-ip']

/** Methods that went wrong, of those that receivers judge by. A result that could not be had is no failure. */
export function failedMethods(authentication: readonly AuthenticationVerdict[]): string[] {
  const passed = new Set(authentication.filter(({ result }) => result === 'pass').map(({ method }) => method))
  const failed = authentication.filter(
    ({ method, result }) =>
      ['spf', 'dkim', 'dmarc'].includes(method) &&
      ['fail', 'softfail', 'permerror', 'policy'].includes(result) &&
      !passed.has(method),
  )
  return [...new Set(failed.map(({ method }) => method))]
}
