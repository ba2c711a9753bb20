/** A message as a provider keeps it. Under Gmail one message lies in many folders, each of which is one of its labels. */
export type KeptMail = {
  readonly raw: string
  readonly flags: Set<string>
  readonly receivedAt: number
  /** What Gmail gives each message and each conversation for good. */
  readonly gmailId: string
  readonly threadId: string
  /** The tab of Gmail's inbox, which no folder and no label shows. */
  readonly tab: string | null
}

export type KeptEntry = { readonly uid: number; readonly mail: KeptMail; isDeleted: boolean }

export type KeptFolder = {
  readonly path: string
  /** As LIST shows them. */
  readonly attributes: readonly string[]
  readonly uidValidity: number
  uidNext: number
  entries: KeptEntry[]
}

/** The folders of one mailbox, and what becomes of messages in them. */
export type ProviderBox = {
  readonly folders: Map<string, KeptFolder>
  /** A message arrives. */
  arrive(path: string, raw: string, more?: { readonly tab?: string; readonly receivedAt?: number }): KeptEntry
  create(path: string): boolean
  /** Puts a message into one more folder; gives its UID there. */
  copy(entry: KeptEntry, to: KeptFolder): number
  move(entry: KeptEntry, from: KeptFolder, to: KeptFolder): number
  /** What EXPUNGE does to one message. */
  remove(entry: KeptEntry, from: KeptFolder): void
  /** Where messages go at the moment they are marked as deleted, without an EXPUNGE. */
  readonly expungesAtOnce: boolean
  /** Labels of a message but that of the folder it is looked at in. */
  labels(entry: KeptEntry, seenIn: KeptFolder): string[]
  label(entry: KeptEntry, seenIn: KeptFolder, label: string, isAdded: boolean): void
}

let made = 0

function keptMail(raw: string, { tab, receivedAt }: { tab?: string; receivedAt?: number }): KeptMail {
  made += 1
  return {
    raw,
    flags: new Set(),
    receivedAt: receivedAt ?? Date.now(),
    gmailId: String(1_278_455_344_230_334_000n + BigInt(made)),
    threadId: String(1_266_894_439_832_287_000n + BigInt(made)),
    tab: tab ?? null,
  }
}

function emptyFolder(path: string, attributes: readonly string[], uidValidity: number): KeptFolder {
  return { path, attributes, uidValidity, uidNext: 1, entries: [] }
}

function attach(folder: KeptFolder, mail: KeptMail): KeptEntry {
  const there = folder.entries.find(entry => entry.mail === mail)
  if (there) return there
  const entry = { uid: folder.uidNext++, mail, isDeleted: false }
  folder.entries.push(entry)
  return entry
}

function detach(folder: KeptFolder, mail: KeptMail): void {
  folder.entries = folder.entries.filter(entry => entry.mail !== mail)
}

function folderOf(folders: ReadonlyMap<string, KeptFolder>, path: string): KeptFolder {
  const folder = folders.get(path)
  if (folder === undefined) throw new Error(`There is no folder ${path}.`)
  return folder
}

function copyTo({ mail }: KeptEntry, to: KeptFolder): number {
  return attach(to, { ...mail, flags: new Set(mail.flags) }).uid
}

/** Folders as RFC 9051 has them: each message lies in one, and a copy is another message. */
export function plainBox(named: Readonly<Record<string, readonly string[]>>): ProviderBox {
  const folders = new Map(
    Object.entries(named).map(([path, attributes], index) => [
      path,
      emptyFolder(path, attributes, 14 + index),
    ]),
  )
  return {
    folders,
    arrive: (path, raw, more = {}) => attach(folderOf(folders, path), keptMail(raw, more)),
    create: path => {
      if (folders.has(path)) return false
      folders.set(path, emptyFolder(path, ['\\HasNoChildren'], 200 + folders.size))
      return true
    },
    copy: copyTo,
    move: (entry, from, to) => {
      const uid = copyTo(entry, to)
      detach(from, entry.mail)
      return uid
    },
    remove: ({ mail }, from) => detach(from, mail),
    expungesAtOnce: false,
    labels: () => [],
    label: () => undefined,
  }
}

/** What Gmail calls its folders; they are translated with the language of the account, and any may be hidden from IMAP. */
export type GmailNames = Readonly<
  Record<'all' | 'drafts' | 'important' | 'sent' | 'spam' | 'starred' | 'trash', string | null>
>

const gmailUses: Readonly<Record<keyof GmailNames, readonly [attribute: string, label: string]>> = {
  all: ['\\All', '\\All'],
  drafts: ['\\Drafts', '\\Draft'],
  important: ['\\Important', '\\Important'],
  sent: ['\\Sent', '\\Sent'],
  spam: ['\\Junk', '\\Spam'],
  starred: ['\\Flagged', '\\Starred'],
  trash: ['\\Trash', '\\Trash'],
}

/**
 * Folders as Gmail has them with its own settings: a folder is a label; every message but spam and what is in the bin lies
 * in All Mail too; what is marked as deleted loses the label of its folder at once and stays in All Mail; only in the bin
 * and in spam it is gone. Spam and the bin take a message out of everywhere else.
 */
export function gmailBox(names: GmailNames): ProviderBox {
  const shown = new Map<string, KeptFolder>([['INBOX', emptyFolder('INBOX', ['\\HasNoChildren'], 1)]])
  const labelsOf = new Map<KeptFolder, string>()
  const inbox = folderOf(shown, 'INBOX')
  labelsOf.set(inbox, '\\Inbox')
  const own = {} as Record<keyof GmailNames, KeptFolder>
  for (const [index, [use, [attribute, label]]] of Object.entries(gmailUses).entries()) {
    const path = names[use as keyof GmailNames]
    const folder = emptyFolder(path ?? `hidden ${use}`, ['\\HasNoChildren', attribute], 11 + index)
    own[use as keyof GmailNames] = folder
    labelsOf.set(folder, label)
    if (path !== null) shown.set(path, folder)
  }
  const apart = [own.spam, own.trash]
  const everywhere = () => [...labelsOf.keys()]

  const put = (mail: KeptMail, to: KeptFolder): KeptEntry => {
    const isApart = apart.includes(to)
    for (const folder of everywhere()) {
      if (isApart ? folder !== to : apart.includes(folder)) detach(folder, mail)
    }
    if (!isApart) attach(own.all, mail)
    if (to === own.starred) mail.flags.add('\\Flagged')
    return attach(to, mail)
  }
  const takeOut = ({ mail }: KeptEntry, from: KeptFolder) => {
    // All Mail is no label, so nothing can be taken out of it.
    if (from === own.all) return
    detach(from, mail)
  }
  const byLabel = (label: string): KeptFolder => {
    const known = everywhere().find(folder => labelsOf.get(folder)?.toLowerCase() === label.toLowerCase())
    if (known) return known
    const folder = emptyFolder(label, ['\\HasNoChildren'], 600 + labelsOf.size)
    shown.set(label, folder)
    labelsOf.set(folder, label)
    return folder
  }

  return {
    folders: shown,
    arrive: (path, raw, more = {}) => put(keptMail(raw, more), folderOf(shown, path)),
    create: path => {
      if (shown.has(path)) return false
      byLabel(path)
      return true
    },
    copy: ({ mail }, to) => put(mail, to).uid,
    move: (entry, from, to) => {
      const { uid } = put(entry.mail, to)
      if (from !== to) takeOut(entry, from)
      return uid
    },
    remove: (entry, from) => {
      if (apart.includes(from)) for (const folder of everywhere()) detach(folder, entry.mail)
      else takeOut(entry, from)
    },
    expungesAtOnce: true,
    labels: ({ mail }, seenIn) =>
      everywhere()
        .filter(folder => folder !== seenIn && folder !== own.all && !apart.includes(folder))
        .filter(folder => folder.entries.some(entry => entry.mail === mail))
        .map(folder => labelsOf.get(folder) ?? folder.path),
    label: (entry, _seenIn, label, isAdded) => {
      const folder = byLabel(label)
      if (isAdded) put(entry.mail, folder)
      else takeOut(entry, folder)
    },
  }
}
