import { fractionOf } from '../jobs/when.ts'
import { takeMessage } from './arrivals.ts'
import { doChore, tidyMailbox } from './chores.ts'
import type { WarmupContext } from './context.ts'
import { nextSlotAt } from './days.ts'
import { dropToday, fireSlots } from './fire-slots.ts'
import { dueChores, nextChoreAt, openIntents, planChore, writeOutcome } from './ledger.ts'
import { createLocalDates, type LocalDates } from './local-dates.ts'
import { lookAtHealth } from './look-at-health.ts'
import { askForLook, membersToLookAt, nextLookAt } from './members.ts'
import { beginNewcomers } from './newcomers.ts'
import { settleWaitsMs } from './outcomes.ts'
import { createHeldKeys } from './partners/held-keys.ts'
import { lookAtPartners } from './partners/look.ts'
import { guestsFor } from './partners/may-write.ts'
import { planToday, withoutPlan } from './plan-days.ts'
import { beginIncarnation, readInstant, seedOf, writeState } from './pool-state.ts'
import { pruneBooks } from './prune.ts'
import { createRoster, type Roster } from './roster.ts'
import { createRosterChanges } from './roster-changes.ts'
import { leastGapMs } from './strategies.ts'
import type { WarmupSurroundings } from './surroundings.ts'
import { createTasks } from './tasks.ts'
import { readTokenKeys, type TokenKeys } from './token-keys.ts'
import { createWatches } from './watches.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** The longest time between two looks. */
const lookMs = minuteMs
/** A look that comes later than this, or before the last one, means that the machine slept or its clock was turned. */
const awayMs = 5 * minuteMs
/** Messages under way at once, in all and through one host; more of them look like what they are not. */
const sendsAtOnce = { all: 12, perHost: 3 }
const choresAtOnce = { all: 12, perMailbox: 1 }
/** Restored books are kept shut at once; a later proof of the same needs no second time. */
const restoredRestMs = hourMs

export type Runner = {
  readonly seed: string
  readonly roster: Roster
  readonly dates: LocalDates
  readonly context: WarmupContext
  /** Reads the keys, then looks once; gives the time of the next look. Nothing is awaited but the keys. */
  look(): Promise<number>
  /** Looks at the health of these mailboxes at once. */
  lookAtHealth(mailboxIds: readonly string[]): void
  /** Whether something asked for a look since the last one began. */
  isWoken(): boolean
  /** Messages and chores under way. */
  underWay(): number
  stop(): Promise<void>
}

/** The one clock of warmup: each look begins what is due, and says when the next is. */
export function createRunner(
  surroundings: WarmupSurroundings,
  { wake }: { readonly wake: () => void },
): Runner {
  const { store, platform, world, mailboxes, vault } = surroundings
  const { clock, log, dataDir } = platform
  const roster = createRoster(store, mailboxes)
  const changes = createRosterChanges(store, roster)
  const dates = createLocalDates()
  const partnerKeys = createHeldKeys(vault, log)
  const stopping = new AbortController()
  const begunSlots = new Set<string>()
  const begunChores = new Set<number>()
  const plannedFor = new Map<number, string>()
  const tidyAt = new Map<number, number>()
  let keys: TokenKeys | null = null
  let woken = false
  let lookedAt: number | null = null
  let keptLookAt = 0
  let quietUntil = 0
  let restored = beginIncarnation(store, dataDir, log)
  let orphans = true
  let wasOnline = true

  const wakeUp = () => {
    woken = true
    wake()
  }

  const watches = createWatches({
    store,
    world,
    mailboxes,
    roster,
    log,
    onMessage: (no, seen, mail) => takeMessage(context, no, seen, mail, stopping.signal),
    onState: (no, state, line) => {
      const member = roster.of(no)?.member
      store.write(writes => {
        askForLook(writes, no, clock.now())
        if (state === 'refused' && member !== undefined)
          mailboxes.loginRefused(writes, member.mailboxId, line ?? '')
      })
      wakeUp()
    },
  })
  const sends = createTasks({
    atOnce: sendsAtOnce.all,
    perKey: sendsAtOnce.perHost,
    log,
    onEnd: threw => {
      orphans ||= threw
      wakeUp()
    },
  })
  const chores = createTasks({
    atOnce: choresAtOnce.all,
    perKey: choresAtOnce.perMailbox,
    log,
    onEnd: wakeUp,
  })

  const context: WarmupContext = {
    ...surroundings,
    seed: seedOf(store),
    roster,
    dates,
    keys: () => keys,
    partnerKeys,
    watches,
    startedAt: clock.now(),
    inFlight: new Set(),
    wake: wakeUp,
    isHeld: () => restored || stopping.signal.aborted || clock.now() < quietUntil,
    noteRestored: receivedAt => {
      const at = readInstant(store, 'restored-at')
      // What came before the books were known to be old was lost with them, however much later it is found.
      if (at !== null && (receivedAt <= at || Math.abs(clock.now() - at) < restoredRestMs)) return
      restored = true
      wakeUp()
    },
  }

  /** A clock that jumped would let messages follow one another too closely, and a waking machine has no network yet. */
  const noteTime = (now: number) => {
    const isAway = lookedAt !== null && (now < lookedAt - minuteMs || now - lookedAt > awayMs)
    if (isAway) quietUntil = now + leastGapMs
    // A clock that was ahead leaves a quiet time in the future.
    if (quietUntil - now > leastGapMs) quietUntil = now + leastGapMs
    lookedAt = now
    if (Math.abs(now - keptLookAt) < awayMs) return
    keptLookAt = now
    store.write(writes => writeState(writes, 'looked-at', now))
  }

  const plan = (now: number) => {
    const participants = roster.all()
    const isKnown = ({ member }: (typeof participants)[number]) =>
      plannedFor.get(member.no) === dates.dateOf(now, member.settings.timeZone)
    const unknown = participants.filter(one => !isKnown(one))
    if (unknown.length === 0) return
    const guests = (mailboxId: string) => guestsFor(roster, mailboxId, now).length
    const { ofDomain } = surroundings
    const planning = { seed: context.seed, participants, guestsFor: guests, dates, now, ofDomain }
    const missing = withoutPlan(store, { ...planning, participants: unknown })
    if (missing.length > 0) {
      store.write(writes => planToday(writes, planning, missing))
      roster.touch(missing.map(({ member }) => member.no))
    }
    for (const { member, isUsable } of unknown) {
      if (isUsable) plannedFor.set(member.no, dates.dateOf(now, member.settings.timeZone))
    }
  }

  /** Intents that nobody works on: an earlier process left them, or their outcome could not be written down. */
  const settleOrphans = (now: number) => {
    if (!orphans) return
    orphans = false
    const open = openIntents(store).filter(({ id }) => !context.inFlight.has(id))
    if (open.length === 0) return
    store.write(writes => {
      for (const { id, fromNo, foundAt } of open) {
        writeOutcome(writes, id, 'unknown', null, now)
        if (foundAt === null) planChore(writes, id, 'settle', now + (settleWaitsMs[0] ?? minuteMs))
        askForLook(writes, fromNo, now)
      }
    })
  }

  const beginChores = (now: number) => {
    for (const message of dueChores(store, now)) {
      if (begunChores.has(message.id)) continue
      begunChores.add(message.id)
      chores.start(String(message.toNo), signal =>
        doChore(context, message, signal).finally(() => begunChores.delete(message.id)),
      )
    }
  }

  const lookAtAll = (now: number) => {
    const isOnline = surroundings.isOnline()
    const due = isOnline === wasOnline ? membersToLookAt(store, now) : roster.all().map(one => one.member.no)
    wasOnline = isOnline
    if (due.length === 0) return
    store.write(writes => {
      for (const no of due) lookAtHealth(context, writes, no, now)
    })
  }

  const tidy = (now: number) => {
    for (const { member } of roster.all()) {
      const at = tidyAt.get(member.no)
      if (at === undefined) tidyAt.set(member.no, now + 10 * minuteMs + fractionOf(member.mailboxId) * hourMs)
      else if (now >= at && watches.isReady(member.no)) {
        tidyAt.set(member.no, now + dayMs)
        chores.start(String(member.no), signal => tidyMailbox(context, member.no, signal))
      }
    }
    const prunedAt = readInstant(store, 'tidied-at')
    if (prunedAt !== null && Math.abs(now - prunedAt) < dayMs) return
    store.write(writes => {
      pruneBooks(writes, now)
      writeState(writes, 'tidied-at', now)
    })
  }

  const look = async (): Promise<number> => {
    woken = false
    beginNewcomers(context, clock.now())
    changes.noteShown()
    // Where nobody warms up, nothing has to be sealed.
    if (roster.all().length === 0) return clock.now() + lookMs
    if (keys === null) {
      const read = await readTokenKeys(vault)
      if (!read.ok) return clock.now() + lookMs
      keys = read.value
    }
    await partnerKeys.read(roster.partners())
    const now = clock.now()
    noteTime(now)
    changes.noteMailboxes(now)
    const isMoreToWatch = watches.sync()
    plan(now)
    if (restored) {
      store.write(writes => {
        dropToday(context, writes, now)
        writeState(writes, 'restored-at', now)
      })
      log.warn('warmup-books-restored')
      restored = false
    }
    settleOrphans(now)
    fireSlots(context, sends, begunSlots, now)
    beginChores(now)
    lookAtAll(now)
    lookAtPartners(context, now)
    tidy(now)
    const next = [
      nextSlotAt(store, now),
      nextChoreAt(store, now),
      nextLookAt(store),
      isMoreToWatch ? now + 1_000 : null,
    ]
    const ends = roster.all().map(({ member }) => dates.endOf(now, member.settings.timeZone))
    return Math.max(now + 1, Math.min(now + lookMs, ...ends, ...next.filter(at => at !== null)))
  }

  return {
    seed: context.seed,
    roster,
    dates,
    context,
    look,
    lookAtHealth: ids => {
      const some = roster.all().filter(({ member }) => ids.includes(member.mailboxId))
      store.write(writes => {
        for (const { member } of some) lookAtHealth(context, writes, member.no, clock.now())
      })
    },
    isWoken: () => woken,
    underWay: () => sends.count() + chores.count(),
    stop: async () => {
      stopping.abort()
      roster.stop()
      await Promise.all([sends.stop(), chores.stop(), watches.stop()])
    },
  }
}
