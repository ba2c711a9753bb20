import type {
  FolderPlace,
  FolderRole,
  MailHandle,
  MailWorld,
  OutgoingMessage,
  SeenMessage,
  SendOutcome,
  SoughtMessage,
  WatchEvents,
} from '#engine/net/mail-world.ts'
import type { Clock } from '#engine/platform.ts'
import { fail, ok, type Result } from '#shared/failure.ts'

/** What becomes of one message: how sending ends, and where, when and how often it arrives. */
export type Fate = {
  readonly outcome: SendOutcome
  /** Null when it never arrives. */
  readonly role: 'inbox' | 'category' | 'junk' | null
  readonly delayMs: number
  readonly copies: number
  /** The Message-ID the server that takes it gives it; its own unless told. */
  readonly receivedId: string | null
}

export type HeldMessage = {
  readonly messageId: string | null
  readonly headers: ReadonlyMap<string, string>
  readonly raw: Uint8Array
  readonly sizeBytes: number
  readonly receivedAt: number
  role: FolderRole
  uidValidity: string
  uid: number
  isRead: boolean
  flagged: boolean
}

type Box = {
  readonly messages: HeldMessage[]
  readonly nextUid: Map<FolderRole, number>
  events: { told: Map<FolderRole, number>; events: WatchEvents; mail: MailHandle } | null
  state: 'up' | 'offline' | 'refused'
  uidValidity: string
}

export type MemoryMailWorld = MailWorld & {
  /** Every arrival, in order. */
  readonly arrivals: { readonly messageId: string | null; readonly to: string; readonly at: number }[]
  /** Every message that was handed over, whatever came of it. */
  readonly sends: {
    readonly message: OutgoingMessage
    readonly at: number
    readonly state: SendOutcome['state']
  }[]
  /** Decides what becomes of messages from now on. */
  decide(fateOf: (message: OutgoingMessage) => Partial<Fate> | 'hang'): void
  /** Puts a message into a mailbox that nobody of the pool sent. */
  deliver(
    address: string,
    message: { headers: Record<string, string>; body?: string; role?: FolderRole; sizeBytes?: number },
  ): void
  /** What lies in a mailbox now. */
  held(address: string): readonly HeldMessage[]
  /** From now on the server of a mailbox keeps a copy of what it sends. */
  keepCopies(address: string): void
  /** Deletes what lies there as a person would. */
  remove(address: string, messageId: string): void
  /** The server numbers the messages of a mailbox anew, so that all of them are told again. */
  renumber(address: string): void
  /** A server goes away, or refuses the login, or is back. */
  turn(address: string, state: Box['state']): void
  /** Events still to be taken in by whoever watches. */
  busy(): number
  /** Octets that were read of messages, the most at once. */
  mostRead(): number
}

const accepted: Fate = {
  outcome: { state: 'accepted', line: '250 2.0.0 Ok' },
  role: 'inbox',
  delayMs: 3_000,
  copies: 1,
  receivedId: null,
}
const folders: Readonly<Record<FolderRole, string>> = {
  inbox: 'INBOX',
  category: 'Promotions',
  junk: 'Junk',
  sent: 'Sent',
  trash: 'Trash',
  archive: 'Archive',
  ours: 'Warm',
  other: 'Other',
}
const watched: readonly FolderRole[] = ['inbox', 'category', 'junk']
const lookedThrough: readonly FolderRole[] = ['inbox', 'category', 'junk', 'ours', 'archive', 'other']

const usualFate = (_message: OutgoingMessage): Partial<Fate> | 'hang' => ({})

/** Mail servers in memory, on the given clock: what is sent arrives, unless its fate is another. */
export function memoryMailWorld(clock: Clock): MemoryMailWorld {
  const boxes = new Map<string, Box>()
  const arrivals: MemoryMailWorld['arrivals'] = []
  const sends: MemoryMailWorld['sends'] = []
  const keeping = new Set<string>()
  let fateOf = usualFate
  let busy = 0
  let mostRead = 0

  const boxOf = (address: string): Box => {
    const key = address.toLowerCase()
    const known = boxes.get(key)
    if (known !== undefined) return known
    const made: Box = { messages: [], nextUid: new Map(), events: null, state: 'up', uidValidity: '1' }
    boxes.set(key, made)
    return made
  }

  const put = (box: Box, message: HeldMessage, role: FolderRole) => {
    const uid = box.nextUid.get(role) ?? 1
    box.nextUid.set(role, uid + 1)
    message.role = role
    message.uidValidity = box.uidValidity
    message.uid = uid
    if (!box.messages.includes(message)) box.messages.push(message)
  }

  const arrive = (address: string, message: HeldMessage, role: FolderRole) => {
    const box = boxOf(address)
    put(box, message, role)
    arrivals.push({ messageId: message.messageId, to: address, at: clock.now() })
    void tell(box)
  }

  /** Tells a watcher what it has not been told, one message after the other. */
  const tell = async (box: Box) => {
    busy += 1
    try {
      const watch = box.events
      if (watch === null) return
      for (const role of watched) {
        while (box.events === watch && box.state === 'up') {
          const told = watch.told.get(role) ?? 0
          const next = box.messages
            .filter(message => message.role === role && message.uid > told)
            .toSorted((a, b) => a.uid - b.uid)[0]
          if (next === undefined) break
          watch.told.set(role, next.uid)
          try {
            await watch.events.onMessage(seenOf(next), watch.mail)
          } catch {
            // Not taken: it comes again when the mailbox is watched anew.
            watch.told.set(role, next.uid - 1)
            return
          }
          if (box.events !== watch) return
          watch.events.onPlace({ folder: folders[role], uidValidity: box.uidValidity, lastUid: next.uid })
        }
      }
    } finally {
      busy -= 1
    }
  }

  const handleOf = (box: Box): MailHandle => {
    const asked = async <T>(signal: AbortSignal, work: () => Result<T>): Promise<Result<T>> => {
      if (signal.aborted) return fail('cancelled', {}, 'now')
      return box.state === 'up' ? work() : fail('timed-out', {}, 'later')
    }
    const find = (seen: SeenMessage) =>
      box.messages.find(({ role, uid }) => role === seen.role && uid === seen.uid)
    const withFound = <T>(seen: SeenMessage, work: (message: HeldMessage) => T): Result<T> => {
      const found = find(seen)
      return found === undefined ? fail('timed-out', {}, 'later') : ok(work(found))
    }
    return {
      find: (sought, signal) =>
        asked(signal, () => {
          const found = box.messages.find(
            message => isSought(message, sought) && lookedThrough.includes(message.role),
          )
          return ok(found === undefined ? null : seenOf(found))
        }),
      findSent: (sought, signal) =>
        asked(signal, () => {
          const found = box.messages.find(message => isSought(message, sought) && message.role === 'sent')
          return ok(found === undefined ? null : seenOf(found))
        }),
      read: (seen, mostBytes, signal) =>
        asked(signal, () =>
          withFound(seen, ({ raw }) => {
            const part = raw.subarray(0, mostBytes)
            mostRead = Math.max(mostRead, part.length)
            return part
          }),
        ),
      rescue: (seen, signal) =>
        asked(signal, () =>
          withFound(seen, message => {
            put(box, message, 'inbox')
            void tell(box)
            return seenOf(message)
          }),
        ),
      markRead: (seen, marks, signal) =>
        asked(signal, () =>
          withFound(seen, message => {
            message.isRead = true
            message.flagged = marks.flagged
            return null
          }),
        ),
      file: (seen, signal) =>
        asked(signal, () =>
          withFound(seen, message => {
            put(box, message, 'ours')
            return null
          }),
        ),
      tidy: (before, most, isOurs, signal) =>
        asked(signal, () => {
          const old = box.messages
            .filter(({ role, receivedAt }) => role === 'ours' && receivedAt < before)
            .filter(message => isOurs(seenOf(message)))
            .slice(0, most)
          for (const message of old) box.messages.splice(box.messages.indexOf(message), 1)
          return ok(old.length)
        }),
    }
  }

  const send: MailWorld['send'] = async (access, message, signal) => {
    const given = fateOf(message)
    if (given === 'hang') {
      sends.push({ message, at: clock.now(), state: 'unknown' })
      arrive(message.to.address, heldOf(message, clock.now()), 'inbox')
      return await new Promise<SendOutcome>(resolve => {
        signal.addEventListener('abort', () => resolve({ state: 'unknown', reason: 'aborted' }))
      })
    }
    const fate = { ...accepted, ...given }
    await Promise.resolve()
    if (boxOf(access.address).state === 'offline') {
      return { state: 'failed', reason: 'ECONNREFUSED', offline: true }
    }
    sends.push({ message, at: clock.now(), state: fate.outcome.state })
    const isTaken =
      fate.outcome.state === 'accepted' || (fate.outcome.state === 'unknown' && fate.role !== null)
    if (isTaken && keeping.has(access.address.toLowerCase())) {
      put(boxOf(access.address), heldOf(message, clock.now(), fate.receivedId), 'sent')
    }
    for (let copy = 0; copy < fate.copies && fate.role !== null; copy += 1) {
      const role = fate.role
      const held = heldOf(message, clock.now() + fate.delayMs, fate.receivedId)
      if (fate.delayMs === 0) arrive(message.to.address, held, role)
      else clock.after(fate.delayMs, () => arrive(message.to.address, held, role))
    }
    return fate.outcome
  }

  return {
    arrivals,
    sends,
    send,
    watch: (access, places, events) => {
      const box = boxOf(access.address)
      const mail = handleOf(box)
      const told = new Map<FolderRole, number>(
        watched.map(role => [role, toldBefore(box, places, role)] as const),
      )
      const watch = { told, events, mail }
      box.events = watch
      busy += 1
      void Promise.resolve()
        .then(async () => {
          if (box.state === 'up') await tell(box)
          if (box.events !== watch) return
          const kind = box.state === 'up' ? 'watching' : box.state
          events.onState({ kind, line: kind === 'refused' ? '535 5.7.8 Bad credentials' : null })
        })
        .finally(() => {
          busy -= 1
        })
      return {
        mail,
        stop: async () => {
          if (box.events === watch) box.events = null
        },
      }
    },
    decide: next => {
      fateOf = next
    },
    deliver: (address, { headers, body = '', role = 'inbox', sizeBytes }) => {
      const names = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
      const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
      const raw = new TextEncoder().encode(`${head.join('')}\r\n${body}`)
      const known = new Map(names)
      arrive(
        address,
        {
          messageId: known.get('message-id') ?? null,
          headers: known,
          raw,
          sizeBytes: sizeBytes ?? raw.length,
          receivedAt: clock.now(),
          role,
          uidValidity: '1',
          uid: 0,
          isRead: false,
          flagged: false,
        },
        role,
      )
    },
    keepCopies: address => void keeping.add(address.toLowerCase()),
    held: address => boxOf(address).messages,
    remove: (address, messageId) => {
      const { messages } = boxOf(address)
      const index = messages.findIndex(message => message.messageId === messageId)
      if (index >= 0) messages.splice(index, 1)
    },
    renumber: address => {
      const box = boxOf(address)
      box.uidValidity = `${Number(box.uidValidity) + 1}`
      box.nextUid.clear()
      for (const message of box.messages) put(box, message, message.role)
      box.events?.told.clear()
      void tell(box)
    },
    turn: (address, state) => {
      const box = boxOf(address)
      box.state = state
      const watch = box.events
      if (watch === null) return
      const kind = state === 'up' ? 'watching' : state
      void tell(box).then(() => {
        if (box.events === watch) watch.events.onState({ kind, line: null })
      })
    },
    busy: () => busy,
    mostRead: () => mostRead,
  }
}

/** Without a place only what is new is told. */
function toldBefore(box: Box, places: readonly FolderPlace[], role: FolderRole): number {
  const place = places.find(({ folder }) => folder === folders[role])
  if (place !== undefined) return place.lastUid
  return places.length > 0 ? 0 : (box.nextUid.get(role) ?? 1) - 1
}

function isSought({ messageId, headers }: HeldMessage, sought: SoughtMessage): boolean {
  if (messageId === sought.messageId) return true
  return (sought.marks ?? []).some(({ header, value }) => headers.get(header)?.split(' ', 1)[0] === value)
}

function heldOf(message: OutgoingMessage, receivedAt: number, receivedId: string | null = null): HeldMessage {
  const messageId = receivedId ?? message.messageId
  const { from, to, subject, text, inReplyTo, references } = message
  const headers = new Map<string, string>([
    ['message-id', messageId],
    ['from', from.name === '' ? from.address : `${from.name} <${from.address}>`],
    ['to', to.address],
    ['subject', subject],
    ['date', new Date(message.at).toUTCString()],
    ...(inReplyTo === null ? [] : ([['in-reply-to', inReplyTo]] as const)),
    ...(references.length === 0 ? [] : ([['references', references.join(' ')]] as const)),
    ...Object.entries(message.headers).map(([name, value]) => [name.toLowerCase(), value] as const),
  ])
  const head = [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return {
    messageId,
    headers,
    raw: new TextEncoder().encode(`${head}\r\n${text}`),
    sizeBytes: new TextEncoder().encode(text).length + 600,
    receivedAt,
    role: 'inbox',
    uidValidity: '1',
    uid: 0,
    isRead: false,
    flagged: false,
  }
}

function seenOf(message: HeldMessage): SeenMessage {
  const { role, uid, messageId, headers, sizeBytes, isRead, receivedAt } = message
  return {
    folder: folders[role],
    role,
    uidValidity: message.uidValidity,
    uid,
    messageId,
    headers,
    sizeBytes,
    isRead,
    receivedAt,
  }
}
