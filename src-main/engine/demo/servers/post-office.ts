import { limits } from '../../net/limits.ts'
import { readHead } from './read-head.ts'

export type StoredMessage = {
  readonly uid: number
  readonly raw: Buffer
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  readonly flags: ReadonlySet<string>
  readonly receivedAt: number
}

export type Folder = {
  readonly name: string
  /** What it is for (RFC 6154), such as `\Junk`. */
  readonly use: string | null
  readonly uidValidity: number
  uidNext: number
  /** Lowest UID first. */
  messages: StoredMessage[]
}

export type Envelope = { readonly from: string; readonly to: string; readonly raw: Buffer }

/** What becomes of a message: the reply of its server, and the folder of its recipient, or null when it is lost. */
export type Fate = { readonly reply: string; readonly folder: 'INBOX' | 'Junk' | null }

/** Whose servers they are, how they behave, and what time it is there. */
export type PostOfficeRules = {
  now(): number
  mayLogIn(user: string, password: string): boolean
  fateOf(envelope: Envelope): Fate
}

/** Every mailbox of the demo, in memory. Both servers work on it; addresses are told apart without regard to case. */
export type PostOffice = {
  readonly rules: PostOfficeRules
  /** The folders of a mailbox, by name; null when nobody has this address. */
  foldersOf(address: string): ReadonlyMap<string, Folder> | null
  /** False when there is one of that name, or there are too many. */
  create(address: string, name: string): boolean
  /** Takes a message over SMTP, and gives the reply. */
  take(envelope: Envelope): string
  /** Puts a message into a folder, the oldest giving way in a full one; gives its UID. */
  put(folder: Folder, message: Pick<StoredMessage, 'raw' | 'flags' | 'receivedAt'>): number
  /** Something in a folder has changed: whoever has it open is told. */
  changed(folder: Folder): void
  /** Calls back after each change; returns a function that calls it off. */
  onChange(callback: (folder: Folder) => void): () => void
}

const usualFolders = [
  ['INBOX', null],
  ['Junk', '\\Junk'],
  ['Sent', '\\Sent'],
  ['Trash', '\\Trash'],
] as const

export function createPostOffice(addresses: readonly string[], rules: PostOfficeRules): PostOffice {
  const listeners = new Set<(folder: Folder) => void>()
  let uidValidity = 1
  const folderOf = (name: string, use: string | null): Folder => ({
    name,
    use,
    uidValidity: uidValidity++,
    uidNext: 1,
    messages: [],
  })
  const boxes = new Map(
    addresses.map(address => [
      address.toLowerCase(),
      new Map(usualFolders.map(([name, use]) => [name as string, folderOf(name, use)])),
    ]),
  )

  const office: PostOffice = {
    rules,
    foldersOf: address => boxes.get(address.toLowerCase()) ?? null,
    create: (address, name) => {
      const folders = boxes.get(address.toLowerCase())
      if (!folders || folders.has(name) || folders.size >= limits.demoFolders) return false
      folders.set(name, folderOf(name, null))
      return true
    },
    take: envelope => {
      const folders = boxes.get(envelope.to.toLowerCase())
      if (!folders) return '550 5.1.1 Nobody here has this address'
      const { reply, folder: name } = rules.fateOf(envelope)
      const folder = name === null ? undefined : folders.get(name)
      if (folder !== undefined && reply.startsWith('2')) {
        office.put(folder, { raw: envelope.raw, flags: new Set(), receivedAt: rules.now() })
      }
      return reply
    },
    put: (folder, { raw, flags, receivedAt }) => {
      const uid = folder.uidNext++
      folder.messages.push({ uid, raw, flags, receivedAt, headers: readHead(raw) })
      if (folder.messages.length > limits.demoMessages) folder.messages.shift()
      office.changed(folder)
      return uid
    },
    changed: folder => {
      for (const listener of listeners) listener(folder)
    },
    onChange: callback => {
      listeners.add(callback)
      return () => void listeners.delete(callback)
    },
  }
  return office
}
