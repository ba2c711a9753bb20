import type { Placement } from '#shared/model/warmup-view.ts'
import { reputationOf } from '../reputation/score.ts'
import type { Store, Writes } from '../storage/open.ts'
import { noteActivity } from '../warmup/activity.ts'
import { count, countPlacement, daysSince, writeDayHealth, writePlan } from '../warmup/days.ts'
import { writeIntent } from '../warmup/intents.ts'
import { planChore, stamp, writeFound, writeOutcome } from '../warmup/ledger.ts'
import { dateAfter, dateAt, localDay, windowSpans } from '../warmup/local-day.ts'
import { reputationDay } from '../warmup/look-at-health.ts'
import { memberOfMailbox, noteEvidence, putMember, writeDaysDone } from '../warmup/members.ts'
import { nominalOf } from '../warmup/plan.ts'
import { seedOf } from '../warmup/pool-state.ts'
import { randomOf } from '../warmup/random.ts'
import { defaultSettings } from '../warmup/strategies.ts'
import { type DemoMailbox, waitsAtOpeningMs } from './mailboxes.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** As much as ten mailboxes can do among themselves, so that what is planned is also sent. */
const demoSettings = (timeZone: string) => ({
  ...defaultSettings('conservative', timeZone),
  targetPerDay: 5,
  replyRate: 0.5,
})

export type PastMailbox = DemoMailbox & { readonly id: string }

type Sender = PastMailbox & { readonly no: number; readonly startedAt: number }
type Event = { readonly at: number; write(writes: Writes): void }

/**
 * Writes a past into the books of a new pool: every message of the days behind each mailbox, where it landed and what was
 * planned. Only facts are written; the states follow from them at the first look, as everywhere.
 */
export function writePast(
  store: Store,
  mailboxes: readonly PastMailbox[],
  { now, timeZone }: { readonly now: number; readonly timeZone: string },
): void {
  const seed = seedOf(store)
  const settings = demoSettings(timeZone)
  const today = dateAt(now, timeZone)
  store.write(writes => {
    const senders = mailboxes.map((mailbox): Sender => {
      const startedAt = morningOf(dateAfter(today, -mailbox.daysBehind), timeZone)
      const no = putMember(writes, mailbox.id, settings, startedAt)
      return { ...mailbox, no, startedAt }
    })
    const events = senders.flatMap(sender => [
      {
        at: sender.startedAt,
        write: (one: Writes) => noteActivity(one, sender.no, 'started', {}, sender.startedAt),
      },
      ...Array.from({ length: sender.daysBehind }, (_, index) =>
        dayOf(sender, senders, {
          warmupDay: index + 1,
          date: dateAfter(today, index - sender.daysBehind),
          seed,
          timeZone,
        }),
      ).flat(),
    ])
    for (const { write } of events.toSorted((a, b) => a.at - b.at)) write(writes)
    for (const sender of senders) finish(writes, sender, now)
  })
}

/** One day of one mailbox: its plan, and what it sent. */
function dayOf(
  sender: Sender,
  senders: readonly Sender[],
  day: {
    readonly warmupDay: number
    readonly date: string
    readonly seed: string
    readonly timeZone: string
  },
): Event[] {
  const { no, id, junkShare, daysBehind } = sender
  const { warmupDay, date, seed, timeZone } = day
  const settings = demoSettings(timeZone)
  const nominal = nominalOf(settings, warmupDay, { seed, mailboxId: id, ready: true })
  const random = randomOf('demo', sender.address, warmupDay)
  const planned = nominal.least + Math.floor(random() * (nominal.most - nominal.least + 1))
  const morningAt = morningOf(date, timeZone)
  const others = senders.filter(other => other.no !== no && other.startedAt <= morningAt)
  const [span] = windowSpans(localDay(date, timeZone), settings.window)
  if (span === undefined || others.length === 0) return []
  const sends = Array.from({ length: planned }, (_, index): Event => {
    const at = Math.round(
      span.fromAt + ((index + 0.2 + 0.6 * random()) / planned) * (span.toAt - span.fromAt),
    )
    const to = others[Math.floor(random() * others.length)] ?? sender
    const placement = random() < junkShare(warmupDay - daysBehind) ? 'junk' : 'inbox'
    const isReply = random() < 0.45
    return { at, write: writes => writeSent(writes, { sender, to, at, date, placement, isReply }) }
  })
  const plan: Event = {
    at: span.fromAt - 8 * 60 * minuteMs,
    write: writes => {
      const { phase, most: cap } = nominal
      writePlan(writes, no, date, {
        day: warmupDay,
        phase,
        cap,
        threads: planned,
        limitedBy: null,
        state: phase === 'maintenance' ? 'maintenance' : 'ramping',
        slots: [],
        sentBefore: planned,
      })
      const facts = { planned, cap, day: warmupDay }
      noteActivity(writes, no, 'day-planned', facts, span.fromAt - 8 * 60 * minuteMs)
    },
  }
  const evening: Event = {
    at: span.toAt + 60 * minuteMs,
    write: writes => {
      const state = nominal.phase === 'maintenance' ? 'maintenance' : 'ramping'
      const days = daysSince(writes, no, dateAfter(date, -27)).map(reputationDay)
      const score = reputationOf({ days, ...nothingKnown }, date)
      writeDayHealth(writes, no, date, state, score.state === 'known' ? score.value : null)
    },
  }
  return [plan, ...sends, evening]
}

const nothingKnown = {
  listings: null,
  authentication: { spf: 'unknown', dkim: 'unknown', dmarc: 'unknown' },
} as const

type Sent = {
  readonly sender: Sender
  readonly to: Sender
  readonly at: number
  readonly date: string
  readonly placement: Placement
  readonly isReply: boolean
}

function writeSent(writes: Writes, { sender, to, at, date, placement, isReply }: Sent): void {
  const local = `${sender.no}.${at.toString(36)}`
  const messageId = `<${local}@${sender.address.slice(sender.address.indexOf('@') + 1)}>`
  const subject = subjects[Math.floor(randomOf('demo', messageId)() * subjects.length)] ?? ''
  const id = writeIntent(writes, {
    messageId,
    threadId: messageId,
    parent: null,
    fromNo: sender.no,
    toNo: to.no,
    kind: isReply ? 'reply' : 'new',
    depth: isReply ? 2 : 1,
    references: [],
    slotAt: at,
    date,
    intentAt: at,
    expiresAt: at + 30 * dayMs,
    language: 'en',
    subject: isReply ? `Re: ${subject}` : subject,
    body: null,
    tokenId: messageId,
  })
  if (id === null) return
  writeOutcome(writes, id, 'accepted', '250 2.0.0 Taken', at)
  count(writes, sender.no, date, 'sent')
  if (isReply) count(writes, sender.no, date, 'replied')
  noteActivity(writes, sender.no, isReply ? 'replied' : 'sent', { to: to.address, subject }, at)
  const place = placement === 'junk' ? 'Junk' : 'INBOX'
  writeFound(writes, id, {
    foundAt: at,
    placement,
    placedDate: date,
    folder: place,
    place: `${place}\n0\n${id}`,
    receivedId: null,
  })
  countPlacement(
    writes,
    { date, fromNo: sender.no, fromProvider: providerOf(sender), toProvider: providerOf(to), placement },
    1,
  )
  count(writes, to.no, date, 'received')
  noteActivity(
    writes,
    sender.no,
    placement === 'junk' ? 'found-in-junk' : 'found-in-inbox',
    { to: to.address },
    at,
  )
  if (placement === 'junk') {
    count(writes, to.no, date, 'rescued')
    stamp(writes, id, 'rescued_at', at)
    noteActivity(writes, to.no, 'rescued', { from: sender.address }, at)
  }
  stamp(writes, id, 'read_at', at)
  stamp(writes, id, 'filed_at', at)
  planChore(writes, id, null, null)
}

/** What is so at the moment the demo opens. */
function finish(writes: Writes, sender: Sender, now: number): void {
  const member = memberOfMailbox(writes, sender.id)
  if (member === null) return
  writeDaysDone(writes, member, sender.daysBehind)
  const trouble = sender.asksToWait !== undefined && sender.provider === null
  noteEvidence(
    writes,
    sender.no,
    {
      isReady: sender.daysBehind > 30,
      ...(trouble
        ? {
            limited: {
              at: now - 10 * minuteMs,
              reason: 'rate-limited',
              untilAt: now - 10 * minuteMs + waitsAtOpeningMs,
            },
          }
        : {}),
    },
    now,
  )
}

const providerOf = ({ provider }: DemoMailbox) => provider?.id ?? 'other'

function morningOf(date: string, timeZone: string): number {
  return (localDay(date, timeZone).stretches[0]?.fromAt ?? 0) + 60 * minuteMs
}

const subjects = [
  'Tuesday at ten',
  'The list for next week',
  'Lunch on Thursday',
  'A short question',
  'Notes from this morning',
  'Photos from the weekend',
  'Who takes the late shift',
  'About the new chairs',
  'Train times',
  'A book you might like',
] as const
