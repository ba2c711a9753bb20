import type { Deadline } from '../../net/deadline.ts'
import { limits } from '../../net/limits.ts'
import type { MailAccess } from '../../net/mail-world.ts'
import { createSlots, type Slots } from '../../net/slots.ts'
import { createStop, stopOf } from '../../net/stop.ts'
import type { Clock } from '../../platform.ts'
import { lineOf } from './contact.ts'
import type { Asked } from './messages.ts'
import type { MailFolder, MailFolders } from './folders.ts'
import { type MailSession, openSession, type SessionOptions, type Unreachable } from './open-session.ts'
import type { Seats, TurnKind } from './seats.ts'

/** The one connection of a mailbox, opened when it is needed; whatever is done on it is done one after the other. */
/** What came of work on a connection, where there could be one. */
export type ConnectionUse<T> =
  | { readonly kind: 'asked'; readonly asked: Asked<T> }
  | { readonly kind: 'unreachable'; readonly why: Unreachable }

export type MailConnection = {
  /** Waits for its turn, opens the connection where there is none, and does the work. */
  use<T>(
    deadline: Deadline,
    work: (session: MailSession, folders: MailFolders) => Promise<Asked<T>>,
  ): Promise<ConnectionUse<T>>
  /** Waits, for however long, until this mailbox may have a connection for a look. */
  reserve(signal: AbortSignal): Promise<void>
  /** How often it was used; tells whether something else was done meanwhile. */
  uses(): number
  /** The connection while there is one. */
  current(): MailSession | null
  /** How long the server wants to be left alone; 0 where it does not say so. Until then no connection is opened. */
  restMs(): number
  /** Whether the connection stays for as long as the mailbox is watched. Asks for a seat where it has none. */
  keepsSeat(): boolean
  setOurs(folder: MailFolder): void
  /** Closes the connection after what is being done; the next use opens another. */
  drop(): Promise<void>
  end(): Promise<void>
}

export type ConnectionOptions = Omit<SessionOptions, 'onChange'> & {
  readonly access: MailAccess
  readonly host: string
  readonly seats: Seats
  /** Connections being opened at once. */
  readonly opening: Slots
  readonly clock: Clock
  readonly oursName: string
  readonly lingerMs: number
  onChange(change: 'exists' | 'closed' | 'opened' | 'refused'): void
}

const listedForMs = 6 * 60 * 60_000

export function createMailConnection(options: ConnectionOptions): MailConnection {
  const { access, host, seats, clock, oursName } = options
  const order = createSlots(1)
  let session: MailSession | null = null
  let folders: { listed: MailFolders; at: number } | null = null
  let refused: Unreachable | null = null
  /** What the server said when it had too much to do, and until when it wants to be left alone. */
  let resting: { readonly why: Unreachable; readonly untilAt: number } | null = null
  let seated = false
  let turn: TurnKind | null = null
  let used = 0
  let over = false
  let callOffLinger: (() => void) | null = null

  const giveUpSeats = () => {
    if (turn !== null) seats.endTurn(host, turn)
    turn = null
  }
  const restMs = () =>
    resting === null ? 0 : Math.min(limits.mailRestMostMs, Math.max(0, resting.untilAt - clock.now()))
  const rest = (reason: string, line: string | null, waitMs: number | undefined) => {
    if (waitMs === undefined) return
    const forMs = Math.min(limits.mailRestMostMs, waitMs)
    resting = { why: { ...cannot(reason), line }, untilAt: clock.now() + forMs }
  }
  const close = async () => {
    callOffLinger?.()
    callOffLinger = null
    const closing = session
    session = null
    await closing?.close()
    giveUpSeats()
  }
  const keepsSeat = () => {
    if (!seated && turn === null && !over) seated = seats.keep(host)
    return seated
  }

  /** Opens the connection and lists the folders where that is due. Called in turn. */
  const open = async (deadline: Deadline): Promise<MailSession | Unreachable> => {
    if (refused !== null) return refused
    if (over) return cannot('test.cancelled')
    if (resting !== null && restMs() > 0) return resting.why
    if (session !== null && !session.isOpen()) await close()
    if (session === null) {
      const stop = stopOf(deadline.signal)
      if (!keepsSeat() && turn === null && (await seats.takeTurn(host, 'ask', stop))) turn = 'ask'
      if (!seated && turn === null) return cannot('limit.connections')
      const mayOpen = await options.opening.take(stop)
      if (!mayOpen) return cannot('limit.connections')
      const opened = await openSession(access, deadline.signal, { ...options, onChange }).finally(() =>
        options.opening.giveBack(),
      )
      if (!opened.ok) {
        giveUpSeats()
        rest(opened.why.reason, opened.why.line, opened.why.waitMs)
        if (opened.why.needsPerson) {
          refused = opened.why
          options.onChange('refused')
        }
        return opened.why
      }
      session = opened.session
      if (over) {
        await close()
        return cannot('test.cancelled')
      }
      options.onChange('opened')
    }
    if (folders === null || clock.now() - folders.at > listedForMs || clock.now() < folders.at) {
      const listed = await session.listFolders(oursName, deadline)
      if (!listed.ok) {
        await close()
        restFor(listed)
        return resting?.why ?? cannot(listed.trouble.code)
      }
      folders = { listed: listed.value, at: clock.now() }
    }
    return session
  }

  // Whoever closes the connection need not be told that it is closed, and may not be woken by it.
  const onChange: SessionOptions['onChange'] = change => {
    if (change !== 'closed' || session !== null) options.onChange(change)
  }
  const restFor = (asked: Asked<unknown>) => {
    if (asked === 'gone' || asked.ok) return
    const { code, facts } = asked.trouble
    const line = lineOf(asked.trouble, access.connection, null)
    rest(code, line, typeof facts['waitMs'] === 'number' ? facts['waitMs'] : undefined)
  }
  const linger = () => {
    callOffLinger?.()
    callOffLinger = seated
      ? null
      : clock.after(options.lingerMs, () => {
          void inTurn(null, close)
        })
  }
  const inTurn = async <T>(deadline: Deadline | null, work: () => Promise<T>): Promise<T | null> => {
    if (!(await order.take(deadline === null ? never : stopOf(deadline.signal)))) return null
    used++
    try {
      return await work()
    } finally {
      order.giveBack()
    }
  }

  return {
    use: async (deadline, work) => {
      const end = await inTurn(deadline, async () => {
        callOffLinger?.()
        const opened = await open(deadline)
        if ('reason' in opened) return { kind: 'unreachable', why: opened } as const
        try {
          const asked = await work(opened, folders?.listed ?? none)
          restFor(asked)
          return { kind: 'asked', asked } as const
        } finally {
          // After a break the folders may be others: a server that was restored, a mailbox that was moved.
          if (!opened.isOpen()) folders = null
          linger()
        }
      })
      return end ?? { kind: 'unreachable', why: cannot('net.no-reply') }
    },
    current: () => (session?.isOpen() ? session : null),
    keepsSeat,
    restMs,
    setOurs: ours => {
      if (folders !== null) folders = { ...folders, listed: { ...folders.listed, ours } }
    },
    reserve: async signal => {
      if (keepsSeat() || turn !== null || !(await seats.takeTurn(host, 'look', stopOf(signal)))) return
      const isNeeded = await inTurn(null, async () => {
        if (turn !== null || over) return false
        turn = 'look'
        return true
      })
      if (isNeeded !== true) seats.endTurn(host, 'look')
    },
    uses: () => used,
    drop: async () => {
      await inTurn(null, close)
    },
    end: async () => {
      over = true
      await close()
      if (seated) seats.leave(host)
      seated = false
    },
  }
}

function cannot(reason: string): Unreachable {
  return { reason, line: null, needsPerson: false, offline: false }
}

const never = createStop()

const none: MailFolders = {
  inbox: { path: 'INBOX', role: 'inbox', ofSender: false },
  junk: null,
  trash: null,
  ours: null,
  others: [],
}
