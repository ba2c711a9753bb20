import type { FetchMessageObject, FetchQueryObject } from 'imapflow'
import { limits } from '../../net/limits.ts'
import type { FolderRole, SeenMessage } from '../../net/mail-world.ts'

/** What is fetched of a message: with PEEK, so that looking leaves it unread, and no more of its headers than is bounded. */
export const headQuery: FetchQueryObject = {
  uid: true,
  flags: true,
  size: true,
  internalDate: true,
  bodyParts: [{ key: 'HEADER', start: 0, maxLength: limits.mailHeadBytes }],
}

export type FolderNow = {
  readonly path: string
  readonly role: FolderRole
  readonly uidValidity: string
}

/**
 * A fetched message; null for what a server says on its own about a message, such as new flags, which has no headers.
 * `now` stands in for a date that the server does not give.
 */
export function seenMessage(fetched: FetchMessageObject, folder: FolderNow, now: number): SeenMessage | null {
  const head = fetched.headers
  if (head === undefined) return null
  const headers = readHeaders(head.subarray(0, limits.mailHeadBytes).toString('utf8'))
  return {
    folder: folder.path,
    role: folder.role,
    uidValidity: folder.uidValidity,
    uid: fetched.uid,
    messageId: /<[^<>\s]{1,900}>/.exec(headers.get('message-id') ?? '')?.[0] ?? null,
    headers,
    sizeBytes: fetched.size ?? 0,
    isRead: fetched.flags?.has('\\Seen') ?? false,
    receivedAt: arrivedAt(fetched, now),
  }
}

/** When the server took a message, or `now` where it does not tell. */
export function arrivedAt({ internalDate }: FetchMessageObject, now: number): number {
  const at = internalDate === undefined ? Number.NaN : Number(new Date(internalDate))
  return Number.isFinite(at) ? at : now
}

/** The first value of each header (RFC 5322 §2.2), unfolded, names in lower case. */
function readHeaders(head: string): Map<string, string> {
  const headers = new Map<string, string>()
  const block = head.split(/\r?\n\r?\n/, 1)[0] ?? ''
  for (const line of block.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const [, name, value = ''] = /^([!-9;-~]{1,80})[ \t]*:[ \t]*(.*)$/.exec(line) ?? []
    const key = name?.toLowerCase()
    if (key !== undefined && !headers.has(key)) headers.set(key, value.trim())
  }
  return headers
}
