import type { Socket } from 'node:net'
import { fetched, isInSet, marksRead, meets } from './imap-message.ts'
import type { Folder, PostOffice, StoredMessage } from './post-office.ts'
import { type Argument, type ImapCommand, readCommands } from './read-command.ts'

const capabilities = 'IMAP4rev1 SASL-IR AUTH=PLAIN LITERAL+ IDLE MOVE UIDPLUS SPECIAL-USE ID UNSELECT'
const knownFlags = '\\Seen \\Answered \\Flagged \\Deleted \\Draft $Junk $NotJunk $Important'

/** A client that goes by numbers must not have them moved under it (RFC 9051 §7.5.1). */
const tellsNoRemoval: readonly string[] = ['FETCH', 'STORE', 'SEARCH']

type Opened = {
  readonly folder: Folder
  readonly readOnly: boolean
  /** UIDs in the order the client numbers them. */
  known: number[]
}

type Handler = (args: readonly Argument[], done: Done) => void
/** Ends the command: with OK and what the text begins with, or with a refusal. */
type Done = (text?: string, state?: 'OK' | 'NO' | 'BAD') => void

/**
 * One client of the demo's IMAP server: the part of RFC 9051 that a mail program needs, with IDLE, MOVE, UIDPLUS and
 * SPECIAL-USE. Others' changes in the open folder are told after each command and during IDLE.
 */
export function serveImap(socket: Socket, office: PostOffice): void {
  let user: string | null = null
  let opened: Opened | null = null
  let idling: ImapCommand | null = null
  /** Takes the next line instead of a command. */
  let awaiting: ((line: string) => void) | null = null
  const say = (line: string) => {
    if (socket.writable) socket.write(`${line}\r\n`, 'latin1')
  }
  const folders = () => (user === null ? null : office.foldersOf(user))

  /** Tells what was added and what is gone since the client was told last. */
  const tellChanges = () => {
    if (opened === null) return
    const now = opened.folder.messages.map(({ uid }) => uid)
    const present = new Set(now)
    for (let index = opened.known.length - 1; index >= 0; index -= 1) {
      if (!present.has(opened.known[index] ?? 0)) say(`* ${index + 1} EXPUNGE`)
    }
    const kept = opened.known.filter(uid => present.has(uid)).length
    opened.known = now
    if (now.length !== kept) say(`* ${now.length} EXISTS`)
  }
  const callOff = office.onChange(folder => {
    if (idling !== null && opened?.folder === folder) tellChanges()
  })
  socket.on('close', callOff)

  const logIn = (name: string, password: string, done: Done) => {
    if (office.foldersOf(name) === null || !office.rules.mayLogIn(name, password))
      return done('[AUTHENTICATIONFAILED] The demo refuses this password', 'NO')
    user = name
    done(`[CAPABILITY ${capabilities}] Welcome`)
  }

  const open =
    (readOnly: boolean): Handler =>
    ([name], done) => {
      const folder = folders()?.get(folderName(name))
      opened = null
      if (folder === undefined) return done('[NONEXISTENT] No folder of this name', 'NO')
      opened = { folder, readOnly, known: folder.messages.map(({ uid }) => uid) }
      say(`* FLAGS (${knownFlags})`)
      say(`* ${opened.known.length} EXISTS`)
      say('* 0 RECENT')
      say(`* OK [PERMANENTFLAGS (${knownFlags} \\*)] kept`)
      say(`* OK [UIDVALIDITY ${folder.uidValidity}] valid`)
      say(`* OK [UIDNEXT ${folder.uidNext}] next`)
      done(readOnly ? '[READ-ONLY] opened' : '[READ-WRITE] opened')
    }

  const list =
    (command: string): Handler =>
    ([, pattern], done) => {
      if (pattern === '') say(`* ${command} (\\Noselect) "/" ""`)
      else {
        for (const { name, use } of folders()?.values() ?? [])
          say(`* ${command} (\\HasNoChildren${use === null ? '' : ` ${use}`}) "/" "${name}"`)
      }
      done()
    }

  /** The messages of a set, by UID or by number, with their numbers. */
  const chosen = (set: Argument | undefined, byUid: boolean): [number, StoredMessage][] => {
    if (opened === null || typeof set !== 'string') return []
    const { folder, known } = opened
    const byId = new Map(folder.messages.map(message => [message.uid, message]))
    const last = byUid ? (known.at(-1) ?? 0) : known.length
    return known.flatMap((uid, index) => {
      const message = byId.get(uid)
      return message !== undefined && isInSet(set, byUid ? uid : index + 1, last)
        ? [[index + 1, message] as [number, StoredMessage]]
        : []
    })
  }
  const replace = (message: StoredMessage, flags: ReadonlySet<string>): StoredMessage => {
    const messages = opened?.folder.messages ?? []
    const next = { ...message, flags }
    messages[messages.indexOf(message)] = next
    return next
  }
  const remove = (messages: readonly StoredMessage[]) => {
    if (opened === null || messages.length === 0) return
    const gone = new Set(messages)
    opened.folder.messages = opened.folder.messages.filter(message => !gone.has(message))
    office.changed(opened.folder)
  }

  const copy = (args: readonly Argument[], done: Done, andMove: boolean) => {
    const target = folders()?.get(folderName(args[1]))
    if (target === undefined) return done('[TRYCREATE] No folder of this name', 'NO')
    const messages = chosen(args[0], true).map(([, message]) => message)
    const uids = messages.map(message => office.put(target, message))
    const told = `[COPYUID ${target.uidValidity} ${messages.map(({ uid }) => uid).join(',')} ${uids.join(',')}]`
    if (messages.length === 0) return done()
    if (!andMove) return done(told)
    say(`* OK ${told} moved`)
    remove(messages)
    done()
  }

  const fetch =
    (byUid: boolean): Handler =>
    ([set, asked], done) => {
      const listed = typeof asked === 'object' ? asked : asked === undefined ? [] : [asked]
      const items = byUid && !listed.includes('UID') ? ['UID', ...listed] : listed
      for (const [number, message] of chosen(set, byUid)) {
        const isRead = items.some(marksRead) && opened?.readOnly === false
        const current = isRead ? replace(message, new Set([...message.flags, '\\Seen'])) : message
        say(`* ${number} FETCH (${fetched(current, items)})`)
      }
      done()
    }

  const store =
    (byUid: boolean): Handler =>
    ([set, how, given], done) => {
      const what = String(how).toUpperCase()
      const flags = (typeof given === 'object' ? given : [given]).map(String)
      if (opened?.readOnly !== false) return done('The folder is open for reading', 'NO')
      for (const [number, message] of chosen(set, byUid)) {
        const kept = what.startsWith('FLAGS') ? [] : [...message.flags]
        const next = what.startsWith('-') ? kept.filter(flag => !flags.includes(flag)) : [...kept, ...flags]
        const changed = replace(message, new Set(next))
        if (!what.endsWith('.SILENT')) say(`* ${number} FETCH (${fetched(changed, ['UID', 'FLAGS'])})`)
      }
      done()
    }

  const search =
    (byUid: boolean): Handler =>
    (keys, done) => {
      if (opened === null) return done('No folder is open', 'BAD')
      const { folder } = opened
      const from = String(keys[0]).toUpperCase() === 'CHARSET' ? 2 : 0
      const found: number[] = []
      for (const [number, message] of chosen('1:*', false)) {
        const isFound = meets(message, folder, keys.slice(from))
        if (isFound === null) return done('The demo does not know this search', 'BAD')
        if (isFound) found.push(byUid ? message.uid : number)
      }
      say(['* SEARCH', ...found].join(' '))
      done()
    }

  const expunge = (set: Argument | undefined, done: Done) => {
    const among = set === undefined ? chosen('1:*', false) : chosen(set, true)
    remove(among.map(([, message]) => message).filter(({ flags }) => flags.has('\\Deleted')))
    done()
  }

  const byUid: Readonly<Record<string, Handler>> = {
    FETCH: fetch(true),
    STORE: store(true),
    SEARCH: search(true),
    COPY: (args, done) => copy(args, done, false),
    MOVE: (args, done) => copy(args, done, true),
    EXPUNGE: ([set], done) => expunge(set, done),
  }
  const withLogin: Readonly<Record<string, Handler>> = {
    SELECT: open(false),
    EXAMINE: open(true),
    LIST: list('LIST'),
    LSUB: list('LSUB'),
    CREATE: ([name], done) =>
      office.create(user ?? '', folderName(name)) ? done() : done('[ALREADYEXISTS] Not made', 'NO'),
    SUBSCRIBE: (_, done) => done(),
    UNSUBSCRIBE: (_, done) => done(),
    STATUS: ([name], done) => {
      const folder = folders()?.get(folderName(name))
      if (folder === undefined) return done('[NONEXISTENT] No folder of this name', 'NO')
      const { messages, uidNext, uidValidity } = folder
      say(
        `* STATUS "${folder.name}" (MESSAGES ${messages.length} UIDNEXT ${uidNext} UIDVALIDITY ${uidValidity})`,
      )
      done()
    },
    APPEND: (args, done) => {
      const folder = folders()?.get(folderName(args[0]))
      if (folder === undefined) return done('[TRYCREATE] No folder of this name', 'NO')
      const flags = args.find(arg => typeof arg === 'object')?.map(String) ?? []
      const raw = Buffer.from(String(args.at(-1) ?? ''), 'latin1')
      const uid = office.put(folder, { raw, flags: new Set(flags), receivedAt: office.rules.now() })
      done(`[APPENDUID ${folder.uidValidity} ${uid}] kept`)
    },
    FETCH: fetch(false),
    STORE: store(false),
    SEARCH: search(false),
    EXPUNGE: (_, done) => expunge(undefined, done),
    UID: ([name, ...args], done) => {
      const handler = byUid[String(name).toUpperCase()]
      if (handler === undefined || opened === null) return done('Not known here', 'BAD')
      handler(args, done)
    },
    CLOSE: (_, done) => {
      if (opened?.readOnly === false) expunge(undefined, () => undefined)
      opened = null
      done()
    },
    UNSELECT: (_, done) => {
      opened = null
      done()
    },
  }
  const always: Readonly<Record<string, Handler>> = {
    CAPABILITY: (_, done) => {
      say(`* CAPABILITY ${capabilities}`)
      done()
    },
    NOOP: (_, done) => done(),
    ID: (_, done) => {
      say('* ID ("name" "demo mail")')
      done()
    },
    LOGIN: ([name, password], done) => logIn(String(name), String(password), done),
    AUTHENTICATE: ([mechanism, initial], done) => {
      if (String(mechanism).toUpperCase() !== 'PLAIN') return done('PLAIN alone is known here', 'NO')
      const answer = (base64: string) => {
        const [, name = '', password = ''] = Buffer.from(base64, 'base64').toString('utf8').split('\0')
        logIn(name, password, done)
      }
      if (initial !== undefined) return answer(String(initial))
      awaiting = answer
      say('+ ')
    },
    LOGOUT: (_, done) => {
      say('* BYE')
      done()
      socket.end()
    },
  }

  readCommands(socket, {
    onLine: line => {
      if (awaiting !== null) {
        const answer = awaiting
        awaiting = null
        answer(line)
        return true
      }
      if (idling === null || line.toUpperCase() !== 'DONE') return false
      say(`${idling.tag} OK done`)
      idling = null
      return true
    },
    onCommand: command => {
      const { tag, name, args } = command
      if (name === 'IDLE' && opened !== null) {
        idling = command
        say('+ idling')
        return tellChanges()
      }
      const handler = always[name] ?? (user === null ? undefined : withLogin[name])
      const done: Done = (text = 'done', state = 'OK') => {
        if (!tellsNoRemoval.includes(name)) tellChanges()
        say(`${tag} ${state} ${text}`)
      }
      if (handler === undefined) return done('Not known here', 'BAD')
      handler(args, done)
    },
  })
  say(`* OK [CAPABILITY ${capabilities}] ready`)
}

function folderName(name: Argument | undefined): string {
  const text = typeof name === 'string' ? name : ''
  return text.toUpperCase() === 'INBOX' ? 'INBOX' : text
}
