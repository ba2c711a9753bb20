import type { FetchMessageObject, ImapFlow, MessageStructureObject } from 'imapflow'
import { fail, type Failure } from '#shared/failure.ts'
import type { ConnectionFailure } from '#shared/model/connection.ts'
import { limits } from '../net/limits.ts'
import { refused } from './part.ts'
import { type ReadPart, readReportFile } from './read-report-file.ts'
import { mayBeReport } from './read-report-mail.ts'

/** What is needed of a mailbox that is logged in to. */
export type FolderClient = {
  run<T>(
    work: (client: ImapFlow) => Promise<T>,
  ): Promise<
    { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: ConnectionFailure }
  >
}

/** How far a folder has been read: UIDs mean something within one UIDVALIDITY alone (RFC 9051 §2.3.1.1). */
export type FolderMark = { readonly uidValidity: string; readonly uid: number }

export type FolderRead =
  | {
      readonly ok: true
      readonly mark: FolderMark
      /** Messages that were looked at, and that are left for the next time. */
      readonly messages: number
      readonly left: number
    }
  | { readonly ok: false; readonly connection: ConnectionFailure; readonly failure: null }
  | { readonly ok: false; readonly connection: null; readonly failure: Failure }

const dayMs = 24 * 60 * 60_000
/** Base64 and its line ends. */
const encodedBytes = limits.dmarcFileBytes * 1.4

/**
 * Reads the reports among the messages of a folder that came after `since` (null: within the last thirteen months), the
 * oldest first, and hands each over as it is read. The folder is opened for reading alone and only attachments that look
 * like reports are fetched, with BODY.PEEK, so no message is marked. Bounded by `limits.dmarcMessagesPerReading` and
 * `limits.dmarcAttachmentsPerReading`. Fails with `mailbox-folder-missing` {folder} or as the connection does; what was
 * handed over by then stands.
 */
export async function readReportsFromMailbox(
  client: FolderClient,
  folder: string,
  since: FolderMark | null,
  { now, onPart }: { readonly now: number; onPart(file: string, part: ReadPart): void },
): Promise<FolderRead> {
  const found = await client.run(async one => (await one.list()).find(({ path }) => isFolder(path, folder)))
  if (!found.ok) return broken(found.failure)
  if (found.value === undefined)
    return { ok: false, connection: null, failure: fail('mailbox-folder-missing', { folder }).failure }
  const { path } = found.value
  const opened = await client.run(one => one.mailboxOpen(path, { readOnly: true }))
  if (!opened.ok) return broken(opened.failure)

  const uidValidity = String(opened.value.uidValidity)
  const after = since !== null && since.uidValidity === uidValidity ? since.uid : 0
  const searched = await client.run(one => newUids(one, after, now))
  if (!searched.ok) return broken(searched.failure)
  const uids = searched.value.slice(0, limits.dmarcMessagesPerReading)

  let read = after
  let messages = 0
  let attachments = 0
  for (let from = 0; from < uids.length; from += limits.dmarcMessagesAtOnce) {
    const some = uids.slice(from, from + limits.dmarcMessagesAtOnce)
    const listed = await client.run(one =>
      one.fetchAll(some.join(','), { uid: true, envelope: true, bodyStructure: true }, { uid: true }),
    )
    if (!listed.ok) return broken(listed.failure)
    for (const message of listed.value.toSorted((a, b) => a.uid - b.uid)) {
      const wanted = attachmentsOf(message).slice(0, limits.dmarcParts)
      const isFull = attachments > 0 && attachments + wanted.length > limits.dmarcAttachmentsPerReading
      if (isFull) return ended()
      attachments += wanted.length
      for (const attachment of wanted) {
        const failure = await readAttachment(message.uid, attachment)
        if (failure !== null) return broken(failure)
      }
      messages += 1
      read = message.uid
    }
    // Messages that went away meanwhile are not looked for again.
    read = Math.max(read, some.at(-1) ?? read)
  }
  return ended()

  function ended(): FolderRead {
    const left = searched.ok ? searched.value.filter(uid => uid > read).length : 0
    return { ok: true, mark: { uidValidity, uid: read }, messages, left }
  }

  async function readAttachment(uid: number, { part, name, sizeBytes }: Attachment) {
    if (sizeBytes > encodedBytes) {
      onPart(name, refused(null, 'file-too-large', { megabytes: limits.dmarcFileBytes / 1e6 }))
      return null
    }
    const fetched = await client.run(one => download(one, uid, part))
    if (!fetched.ok) return fetched.failure
    for (const one of await readReportFile(fetched.value, now)) onPart(name, one)
    return null
  }
}

function broken(connection: ConnectionFailure): FolderRead {
  return { ok: false, connection, failure: null }
}

function isFolder(path: string, wanted: string): boolean {
  return path === wanted || (wanted.toUpperCase() === 'INBOX' && path.toUpperCase() === 'INBOX')
}

async function newUids(client: ImapFlow, after: number, now: number): Promise<number[]> {
  const since = new Date(now - limits.dmarcKeptDays * dayMs)
  const found = await client.search({ uid: `${after + 1}:*`, since }, { uid: true })
  // `n:*` holds the last message even when its UID is below n (RFC 9051 §9, seq-range).
  return (found || []).filter(uid => uid > after).toSorted((a, b) => a - b)
}

type Attachment = { readonly part: string; readonly name: string; readonly sizeBytes: number }

/** The attachments that look like reports: by type or name, in a message or under a name as RFC 9990 §3.5.2 has them. */
function attachmentsOf({ bodyStructure, envelope }: FetchMessageObject): Attachment[] {
  const isReport = /report\s+domain|dmarc/i.test(envelope?.subject ?? '')
  return leavesOf(bodyStructure).flatMap(leaf => {
    const name = leaf.dispositionParameters?.['filename'] ?? leaf.parameters?.['name'] ?? null
    const isNamed = name !== null && /^[^!]+![^!]+!\d+!\d+|dmarc/i.test(name)
    if (!mayBeReport(leaf.type, name) || !(isReport || isNamed)) return []
    const shown = (name ?? leaf.type).slice(0, limits.dmarcTextCharacters)
    return [{ part: leaf.part ?? '1', name: shown, sizeBytes: leaf.size ?? 0 }]
  })
}

function leavesOf(node: MessageStructureObject | undefined, depth = 0): MessageStructureObject[] {
  if (node === undefined || depth > limits.mailPartsDepth) return []
  return node.childNodes === undefined || node.childNodes.length === 0
    ? [node]
    : node.childNodes.flatMap(child => leavesOf(child, depth + 1))
}

async function download(client: ImapFlow, uid: number, part: string): Promise<Uint8Array> {
  const { content } = await client.download(String(uid), part, { uid: true, maxBytes: encodedBytes })
  const chunks: Buffer[] = []
  // A message that went away has no content.
  if (content !== undefined) for await (const chunk of content) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
