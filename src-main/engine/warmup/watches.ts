import type { Log } from '../platform.ts'
import type { FolderPlace, MailHandle, SeenMessage } from '../net/mail-world.ts'
import type { Reads, Row, Writes } from '../storage/open.ts'
import type { Participant, Roster } from './roster.ts'
import type { WarmupSurroundings } from './surroundings.ts'

/** Watches begun at one look, so that hundreds do not log in at the same moment. */
const begunAtOnce = 25

type WatchState = 'starting' | 'watching' | 'polling' | 'offline' | 'refused'

type Watch = {
  readonly no: number
  readonly mailboxId: string
  readonly connectionKey: string
  readonly mail: MailHandle
  stop(): Promise<void>
  state: WatchState
}

export type Watches = {
  /** Begins and ends watches so that those of the roster are watched; tells whether more are to begin. */
  sync(): boolean
  stateOf(no: number): WatchState | null
  /** Whether everything that lay in the mailbox was told, and it can be asked. */
  isReady(no: number): boolean
  mailOf(no: number): MailHandle | null
  count(): number
  stop(): Promise<void>
}

export type WatchesOptions = Pick<WarmupSurroundings, 'store' | 'world' | 'mailboxes'> & {
  readonly log: Log
  readonly roster: Roster
  onMessage(no: number, seen: SeenMessage, mail: MailHandle): Promise<void>
  /** A mailbox can or can no longer be reached. */
  onState(no: number, state: WatchState, line: string | null): void
}

/** Keeps a watch on each mailbox that warms up. One whose login was refused rests until its login changed or works again. */
export function createWatches(options: WatchesOptions): Watches {
  const { store, world, mailboxes, log, roster, onMessage, onState } = options
  const watches = new Map<number, Watch>()
  /** The login that was refused. */
  const refused = new Map<number, string>()
  const ending = new Set<Promise<void>>()

  /** Whoever watches must not be stopped by a full disk here. */
  const attempt = (work: () => void) => {
    try {
      work()
    } catch (error) {
      log.error('warmup-watch-not-noted', { error: error instanceof Error ? error.name : 'unknown' })
    }
  }

  const end = (watch: Watch) => {
    watches.delete(watch.no)
    const done = watch.stop().finally(() => ending.delete(done))
    ending.add(done)
  }

  const isWanted = ({ member, mailbox, isUsable }: Participant) => {
    if (!isUsable) return false
    if (refused.get(member.no) !== mailbox.connectionKey) refused.delete(member.no)
    if (mailbox.loginFailures === 0 && refused.has(member.no)) refused.delete(member.no)
    return !refused.has(member.no)
  }

  const begin = ({ member, mailbox }: Participant) => {
    const { no } = member
    const access = mailboxes.access(member.mailboxId)
    if (access === null) return
    let watch: Watch | null = null
    const isCurrent = () => watch === null || watches.get(no) === watch
    const { mail, stop } = world.watch(access, placesOf(store, no), {
      onMessage: async (seen, handle) => {
        if (isCurrent()) await onMessage(no, seen, handle)
      },
      onPlace: place => {
        // A place that is not kept lets messages come again, which changes nothing.
        if (isCurrent()) attempt(() => store.write(writes => writePlace(writes, no, place)))
      },
      onState: ({ kind, line }) => {
        if (!isCurrent()) return
        const before = watch?.state ?? 'starting'
        if (watch !== null) watch.state = kind
        if (kind === 'refused') refused.set(no, mailbox.connectionKey)
        if (before !== kind) attempt(() => onState(no, kind, line))
      },
    })
    watch = {
      no,
      mailboxId: member.mailboxId,
      connectionKey: mailbox.connectionKey,
      mail,
      stop,
      state: 'starting',
    }
    watches.set(no, watch)
  }

  return {
    sync: () => {
      const wanted = new Map(
        roster
          .all()
          .filter(isWanted)
          .map(one => [one.member.no, one]),
      )
      for (const watch of watches.values()) {
        const found = wanted.get(watch.no)
        if (found?.mailbox.connectionKey !== watch.connectionKey) end(watch)
      }
      const missing = [...wanted.values()].filter(({ member }) => !watches.has(member.no))
      for (const participant of missing.slice(0, begunAtOnce)) begin(participant)
      return missing.length > begunAtOnce
    },
    stateOf: no => watches.get(no)?.state ?? null,
    isReady: no => isReached(watches.get(no)?.state),
    mailOf: no => {
      const watch = watches.get(no)
      return watch !== undefined && isReached(watch.state) ? watch.mail : null
    },
    count: () => watches.size,
    stop: async () => {
      for (const watch of watches.values()) end(watch)
      await Promise.all(ending)
    },
  }
}

function isReached(state: WatchState | undefined): boolean {
  return state === 'watching' || state === 'polling'
}

type PlaceRow = Row & { folder: string; uid_validity: string; last_uid: number }

function placesOf(reads: Reads, no: number): FolderPlace[] {
  return reads
    .all<PlaceRow>('SELECT folder, uid_validity, last_uid FROM warmup_places WHERE no = ?', no)
    .map(({ folder, uid_validity, last_uid }) => ({ folder, uidValidity: uid_validity, lastUid: last_uid }))
}

function writePlace(writes: Writes, no: number, { folder, uidValidity, lastUid }: FolderPlace): void {
  writes.run(
    `INSERT INTO warmup_places (no, folder, uid_validity, last_uid) VALUES (?, ?, ?, ?)
     ON CONFLICT (no, folder) DO UPDATE SET uid_validity = excluded.uid_validity, last_uid = excluded.last_uid`,
    no,
    folder,
    uidValidity,
    lastUid,
  )
}
