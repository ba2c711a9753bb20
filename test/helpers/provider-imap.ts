import { createServer, type Socket } from 'node:net'
import { eachLine } from './each-line.ts'
import type { KeptEntry, KeptFolder, ProviderBox } from './provider-box.ts'

/** How one provider's IMAP server differs from another's. */
export type ProviderProfile = {
  readonly greeting: string
  readonly capabilities: string
  /** Told after the login; the same as before where left out. */
  readonly capabilitiesInside?: string
  readonly permanentFlags: string
  /** What the server says of where a copy lies (RFC 4315); some say it without the numbers. */
  readonly copyUid: 'told' | 'without-numbers' | 'not-told'
  readonly isGmail: boolean
}

export type ProviderImap = {
  readonly port: number
  readonly box: ProviderBox
  /** Every line a client sent. */
  readonly lines: string[]
  /** A message arrives, and clients that wait in its folder hear of it. */
  deliver(
    path: string,
    messageId: string,
    more?: {
      readonly tab?: string
      readonly headers?: string
      readonly body?: string
      readonly receivedAt?: number
    },
  ): KeptEntry
  /** A whole message arrives, as an SMTP server hands it over. */
  deliverRaw(path: string, raw: string, more?: { readonly tab?: string; readonly receivedAt?: number }): void
  /** The Message-IDs that lie in a folder. */
  ids(path: string): string[]
  /** Tells every client something, such as a good-bye; `end` hangs up after it. */
  say(line: string, end?: boolean): void
  open(): number
  close(): Promise<void>
}

export type ProviderWishes = {
  /** Does something in place of the answer; true when it did. */
  intercept?(call: { tag: string; command: string; socket: Socket; folder: string | null }): boolean
  /** Messages that the search of Gmail does not know yet, for it needs a while for new ones. */
  notYetIndexed?(messageId: string): boolean
}

type Token = string | Token[]

type Client = {
  readonly socket: Socket
  folder: KeptFolder | null
  /** The messages of the folder as the client knows them. */
  view: number[]
  idleTag: string | null
  isInside: boolean
}

/** An IMAP server over one mailbox on 127.0.0.1, with the manners of one provider. Any password is right. */
export async function startProviderImap(
  profile: ProviderProfile,
  box: ProviderBox,
  wishes: ProviderWishes = {},
): Promise<ProviderImap> {
  const lines: string[] = []
  const clients = new Set<Client>()
  const capabilities = ({ isInside }: Client) =>
    isInside ? (profile.capabilitiesInside ?? profile.capabilities) : profile.capabilities
  const has = (name: string) => (profile.capabilitiesInside ?? profile.capabilities).split(' ').includes(name)

  const folderNamed = (name: Token | undefined): KeptFolder | undefined => {
    const path = decoded(String(name ?? ''))
    const isInbox = path.toUpperCase() === 'INBOX'
    return [...box.folders.values()].find(one =>
      isInbox ? one.path.toUpperCase() === 'INBOX' : one.path === path,
    )
  }
  /** What became different in the open folder since the client last heard of it (RFC 9051 §7.5). */
  const news = (client: Client): string[] => {
    if (client.folder === null) return []
    const now = client.folder.entries.map(({ uid }) => uid)
    const told: string[] = []
    for (let index = client.view.length - 1; index >= 0; index -= 1) {
      if (now.includes(client.view[index] ?? 0)) continue
      told.push(`* ${index + 1} EXPUNGE`)
      client.view.splice(index, 1)
    }
    if (now.length !== client.view.length) told.push(`* ${now.length} EXISTS`)
    client.view = now
    return told
  }
  const tellAll = () => {
    for (const client of clients) {
      if (client.idleTag !== null) for (const line of news(client)) client.socket.write(`${line}\r\n`)
    }
  }

  const answer = (client: Client, line: string) => {
    const { socket } = client
    const say = (text: string) => void (socket.writable && socket.write(`${text}\r\n`, 'latin1'))
    if (line.toUpperCase() === 'DONE') {
      const tag = client.idleTag
      client.idleTag = null
      return say([...news(client), `${tag} OK IDLE terminated (Success)`].join('\r\n'))
    }
    const [, tag = '', command = ''] = /^(\S+) (.*)$/s.exec(line) ?? []
    if (wishes.intercept?.({ tag, command, socket, folder: client.folder?.path ?? null })) return
    const words = tokensOf(command)
    const isUid = named(words[0]) === 'UID'
    const [first, ...args] = isUid ? words.slice(1) : words
    const verb = named(first)
    const done = (...untagged: string[]) =>
      say([...untagged, ...news(client), `${tag} OK ${verb} completed.`].join('\r\n'))
    const refuse = (why: string) => say(`${tag} ${why}`)
    const { folder } = client

    switch (verb) {
      case 'CAPABILITY':
        return done(`* CAPABILITY ${capabilities(client)}`)
      case 'LOGIN':
      case 'AUTHENTICATE':
        client.isInside = true
        return done(...(profile.isGmail ? [`* CAPABILITY ${capabilities(client)}`] : []))
      case 'LOGOUT':
        say(`* BYE LOGOUT Requested\r\n${tag} OK good day`)
        return void socket.end()
      case 'ID':
        return has('ID') ? done('* ID ("name" "server")') : refuse('BAD Unknown command')
      case 'NAMESPACE':
        return has('NAMESPACE') ? done('* NAMESPACE (("" "/")) NIL NIL') : refuse('BAD Unknown command')
      case 'LIST':
      case 'LSUB':
        if (args[1] === '') return done(`* ${verb} (\\Noselect) "/" ""`)
        return done(...listed(box, String(args[1] ?? '*'), verb))
      case 'SUBSCRIBE':
      case 'NOOP':
      case 'CHECK':
        return done()
      case 'CREATE':
        return box.create(decoded(String(args[0]))) ? done() : refuse('NO [ALREADYEXISTS] Folder exists')
      case 'SELECT':
      case 'EXAMINE': {
        const opened = folderNamed(args[0])
        client.folder = null
        if (opened === undefined) return refuse(`NO [NONEXISTENT] Unknown Mailbox: ${String(args[0])}`)
        client.folder = opened
        client.view = opened.entries.map(({ uid }) => uid)
        return done(
          `* FLAGS (${profile.permanentFlags.replace(' \\*', '')})`,
          `* OK [PERMANENTFLAGS (${profile.permanentFlags})] Flags permitted.`,
          `* OK [UIDVALIDITY ${opened.uidValidity}] UIDs valid.`,
          `* ${opened.entries.length} EXISTS`,
          '* 0 RECENT',
          `* OK [UIDNEXT ${opened.uidNext}] Predicted next UID.`,
        )
      }
      case 'IDLE':
        if (!has('IDLE')) return refuse('BAD Unknown command')
        client.idleTag = tag
        return say(['+ idling', ...news(client)].join('\r\n'))
    }
    if (folder === null) return refuse('BAD Command not valid in this state')
    const chosen = (set: Token | undefined) => entriesIn(folder, String(set ?? ''), isUid)
    switch (verb) {
      case 'FETCH':
        return done(...chosen(args[0]).map(entry => fetched(entry, folder, args[1] ?? [], box)))
      case 'SEARCH': {
        const found = searched(args, folder, wishes)
        if (found === null) return refuse('BAD Could not parse command')
        return done(`* SEARCH ${found.map(({ uid }) => uid).join(' ')}`.trim())
      }
      case 'STORE': {
        const [set, item, values] = args
        const isAdded = !named(item).startsWith('-')
        const stored = chosen(set)
        const flags = [values ?? []].flat().map(String)
        const told: string[] = []
        for (const entry of stored) {
          if (named(item).includes('X-GM-LABELS')) {
            if (!profile.isGmail) return refuse('BAD Command Argument Error. 11')
            for (const label of flags) box.label(entry, folder, decoded(label), isAdded)
          } else {
            if (
              !profile.permanentFlags.includes('\\*') &&
              flags.some(flag => !profile.permanentFlags.includes(flag))
            )
              return refuse('BAD Command Argument Error. 11')
            mark(entry, flags, isAdded)
            if (entry.isDeleted && box.expungesAtOnce) box.remove(entry, folder)
          }
          if (!named(item).includes('SILENT') && folder.entries.includes(entry))
            told.push(fetched(entry, folder, ['UID', 'FLAGS'], box))
        }
        done(...told)
        return tellAll()
      }
      case 'COPY':
      case 'MOVE': {
        if (!has('MOVE') && verb === 'MOVE') return refuse('BAD Unknown command')
        const target = folderNamed(args[1])
        if (target === undefined) return refuse(`NO [TRYCREATE] No folder ${String(args[1])} (Failure)`)
        const taken = chosen(args[0])
        const there = taken.map(entry =>
          verb === 'COPY' ? box.copy(entry, target) : box.move(entry, folder, target),
        )
        const numbers = `${target.uidValidity} ${taken.map(({ uid }) => uid).join(',')} ${there.join(',')}`
        const code = {
          told: `[COPYUID ${numbers}] `,
          'without-numbers': `[COPYUID ${target.uidValidity}  ] `,
          'not-told': '',
        }[profile.copyUid]
        if (verb === 'MOVE') done(...(code === '' ? [] : [`* OK ${code}`.trimEnd()]))
        else say([...news(client), `${tag} OK ${code}COPY completed.`].join('\r\n'))
        return tellAll()
      }
      case 'EXPUNGE': {
        if (isUid && !has('UIDPLUS')) return refuse('BAD Unknown command')
        const of = isUid ? chosen(args[0]) : [...folder.entries]
        for (const entry of of) if (entry.isDeleted) box.remove(entry, folder)
        done()
        return tellAll()
      }
    }
    refuse('BAD Unknown command')
  }

  const server = createServer(socket => {
    const client: Client = { socket, folder: null, view: [], idleTag: null, isInside: false }
    clients.add(client)
    socket.on('close', () => clients.delete(client))
    socket.on('error', () => socket.destroy())
    const reader = eachLine(line => {
      lines.push(line)
      answer(client, line)
    })
    socket.on('data', reader.take)
    socket.write(`${profile.greeting}\r\n`)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const deliverRaw: ProviderImap['deliverRaw'] = (path, raw, more = {}) => {
    box.arrive(path, raw, more)
    tellAll()
  }
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    box,
    lines,
    deliver: (path, messageId, { headers = '', body = 'Yes, at noon.\r\n', ...more } = {}) => {
      const raw = `Message-ID: ${messageId}\r\nSubject: x\r\n${headers}\r\n${body}`
      const entry = box.arrive(path, raw, more)
      tellAll()
      return entry
    },
    deliverRaw,
    ids: path => (box.folders.get(path)?.entries ?? []).map(({ mail }) => idOf(mail.raw)),
    say: (line, end = false) => {
      for (const { socket } of clients) {
        socket.write(`${line}\r\n`)
        if (end) socket.end()
      }
    },
    open: () => clients.size,
    close: async () => {
      for (const { socket } of clients) socket.destroy()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}

/** Atoms, strings and lists of a command; what stands in brackets belongs to its atom. */
function tokensOf(text: string): Token[] {
  const open: Token[][] = [[]]
  const pattern = /\s*(?:(\()|(\))|"((?:[^"\\]|\\.)*)"|([^\s()"[]*(?:\[[^\]]*\][^\s()]*)?))/gsy
  for (let match = pattern.exec(text); match !== null && match[0] !== ''; match = pattern.exec(text)) {
    const [, begins, ends, quoted, atom] = match
    if (begins) open.push([])
    else if (ends) {
      const list = open.pop() ?? []
      open.at(-1)?.push(list)
    } else if (quoted !== undefined) open.at(-1)?.push(quoted.replace(/\\(.)/g, '$1'))
    else if (atom) open.at(-1)?.push(atom)
  }
  return open[0] ?? []
}

function named(token: Token | undefined): string {
  return typeof token === 'string' ? token.toUpperCase() : ''
}

function entriesIn(folder: KeptFolder, set: string, isUid: boolean): KeptEntry[] {
  const last = isUid ? folder.uidNext - 1 : folder.entries.length
  return folder.entries.filter(({ uid }, index) => {
    const value = isUid ? uid : index + 1
    return set.split(',').some(part => {
      const [from = 0, to = from] = part.split(':').map(end => (end === '*' ? last : Number(end)))
      return value >= Math.min(from, to) && value <= Math.max(from, to)
    })
  })
}

function mark(entry: KeptEntry, flags: readonly string[], isAdded: boolean): void {
  for (const flag of flags) {
    if (flag === '\\Deleted') entry.isDeleted = isAdded
    else if (isAdded) entry.mail.flags.add(flag)
    else entry.mail.flags.delete(flag)
  }
}

function fetched(entry: KeptEntry, folder: KeptFolder, items: Token, box: ProviderBox): string {
  const { mail, uid } = entry
  const parts = [items].flat().map(item => {
    const name = named(item)
    if (name === 'UID') return `UID ${uid}`
    if (name === 'FLAGS')
      return `FLAGS (${[...mail.flags, ...(entry.isDeleted ? ['\\Deleted'] : [])].join(' ')})`
    if (name === 'INTERNALDATE') return `INTERNALDATE "${imapDate(mail.receivedAt)}"`
    if (name === 'RFC822.SIZE') return `RFC822.SIZE ${mail.raw.length}`
    if (name === 'X-GM-MSGID') return `X-GM-MSGID ${mail.gmailId}`
    if (name === 'X-GM-THRID') return `X-GM-THRID ${mail.threadId}`
    if (name === 'X-GM-LABELS') return `X-GM-LABELS (${box.labels(entry, folder).map(quotedLabel).join(' ')})`
    const body = /^BODY(?:\.PEEK)?\[(\w*)\](?:<(\d+)\.(\d+)>)?$/.exec(name)
    if (body === null) return `${name} NIL`
    const [, section = '', from, most] = body
    const whole = section === 'HEADER' ? mail.raw.slice(0, mail.raw.indexOf('\r\n\r\n') + 4) : mail.raw
    const octets = from === undefined ? whole : whole.slice(Number(from), Number(from) + Number(most))
    return `BODY[${section}]${from === undefined ? '' : `<${from}>`} {${octets.length}}\r\n${octets}`
  })
  return `* ${folder.entries.indexOf(entry) + 1} FETCH (${parts.join(' ')})`
}

/** The entries of a folder that a search finds; null when it cannot be read. */
function searched(keys: readonly Token[], folder: KeptFolder, wishes: ProviderWishes): KeptEntry[] | null {
  let found = [...folder.entries]
  for (let at = 0; at < keys.length; at += 1) {
    const key = named(keys[at])
    const next = () => String(keys[(at += 1)] ?? '')
    if (key === 'ALL') continue
    if (key === 'DELETED' || key === 'UNDELETED')
      found = found.filter(({ isDeleted }) => isDeleted === (key === 'DELETED'))
    else if (key === 'UID') {
      const inSet = entriesIn(folder, next(), true)
      found = found.filter(entry => inSet.includes(entry))
    } else if (key === 'HEADER') {
      const [name, value] = [next().toLowerCase(), next().toLowerCase()]
      found = found.filter(
        ({ mail }) => headOf(mail.raw).includes(`${name}: `) && headOf(mail.raw).includes(value),
      )
    } else if (key === 'X-GM-RAW') {
      const asked = next()
      found = found.filter(({ mail }) => !wishes.notYetIndexed?.(idOf(mail.raw)) && isMeant(mail, asked))
    } else return null
  }
  return found
}

/** The few operators of Gmail's own search that are asked for; what stands in braces is one or the other. */
function isMeant({ raw, tab }: KeptEntry['mail'], asked: string): boolean {
  const [, either] = /^\{(.*)\}$/.exec(asked) ?? []
  if (either !== undefined)
    return either.split(' ').some(one => isMeant({ raw, tab } as KeptEntry['mail'], one))
  const [, operator = '', value = ''] = /^(\w+):(.*)$/.exec(asked) ?? []
  if (operator === 'category') return value === (tab ?? 'primary')
  if (operator === 'rfc822msgid') return idOf(raw).slice(1, -1) === value
  return false
}

function listed(box: ProviderBox, pattern: string, verb: string): string[] {
  const wanted = decoded(pattern)
  return [...box.folders.values()]
    .filter(({ path }) => wanted === '*' || wanted === '%' || wanted.toUpperCase() === path.toUpperCase())
    .map(({ path, attributes }) => `* ${verb} (${attributes.join(' ')}) "/" "${encoded(path)}"`)
}

/** Modified UTF-7 (RFC 3501 §5.1.3), in which names of folders travel. */
function encoded(path: string): string {
  return path.replace(/&/g, '&-').replace(/[^ -~]+/g, some => {
    const octets = Buffer.from(some, 'utf16le').swap16()
    return `&${octets.toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-`
  })
}

function decoded(path: string): string {
  return path.replace(/&([^-]*)-/g, (_, some: string) =>
    some === '' ? '&' : Buffer.from(some.replaceAll(',', '/'), 'base64').swap16().toString('utf16le'),
  )
}

const quotedLabel = (label: string) => (label.startsWith('\\') ? `"\\${label}"` : `"${encoded(label)}"`)
const headOf = (raw: string) => raw.slice(0, raw.indexOf('\r\n\r\n') + 2).toLowerCase()
const idOf = (raw: string) => /^message-id:\s*(<[^>]*>)/im.exec(raw)?.[1] ?? ''

function imapDate(at: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(at).toUTCString()) ?? []
  return `${day}-${month}-${year} ${time} +0000`
}
