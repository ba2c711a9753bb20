import type { WarmupSettings } from '#shared/model/warmup.ts'
import { dateAfter, isSendingDay, localDay, localText } from './local-day.ts'
import { choosePartner, emptyHistory, recordThread } from './pairing.ts'
import { type DayPlan, type PlannedMailbox, type PoolCaps, planDay } from './plan-day.ts'
import { replyStaleMs, replyTo } from './replies.ts'
import { randomOf } from './random.ts'

const dayMs = 24 * 60 * 60_000

export type SimulatedMailbox = {
  readonly address: string
  readonly provider: string
  readonly settings: WarmupSettings
  readonly dailyLimit: number
}

export type SimulatedSend = {
  readonly day: number
  readonly at: number
  /** Local time of the sender with its offset. */
  readonly local: string
  readonly from: string
  readonly to: string
  readonly kind: 'new' | 'reply'
  readonly thread: string
  /** Place in the thread: 1 begins it. */
  readonly depth: number
}

export type SimulatedDay = {
  readonly day: number
  readonly date: string
  /** In the order of time. */
  readonly sends: readonly SimulatedSend[]
  readonly mailboxes: readonly {
    readonly mailbox: string
    readonly day: number
    readonly date: string
    readonly warmupDay: number
    readonly phase: DayPlan['phase']
    readonly cap: number
    readonly wanted: number
    /** Messages that go out: how many of the sends are this mailbox's. */
    readonly planned: number
    readonly limitedBy: DayPlan['limitedBy']
  }[]
}

type Slot = { readonly place: number; readonly day: number; readonly at: number }
type OwedReply = {
  readonly dueAt: number
  readonly to: number
  readonly thread: string
  readonly depth: number
}

/**
 * Plays a pool forward from a local date, every mailbox healthy and every message delivered: who sends what to whom and
 * when. Days come in order, each when it is over in every zone. Pure: the same input gives the same days. Throws a
 * RangeError for a zone that does not exist.
 */
export function* simulateWarmup(input: {
  readonly mailboxes: readonly SimulatedMailbox[]
  readonly startDate: string
  readonly days: number
  readonly seed: string
  readonly caps: PoolCaps
}): Generator<SimulatedDay> {
  const { mailboxes, startDate, days, seed, caps } = input
  const pool = mailboxes.map(({ address, provider }) => ({
    domain: domainOf(address),
    provider,
    isOpen: true,
  }))
  const history = emptyHistory(pool.length)
  const owed: OwedReply[][] = pool.map(() => [])
  const begunAt: number[][] = pool.map(() => [])
  const warmupDays = pool.map(() => 0)
  const running = new Map<number, { plans: DayPlan[]; sends: SimulatedSend[]; begun: number[] }>()
  let queue: Slot[] = []
  let threads = 0

  for (let day = 1; day <= days; day += 1) {
    const date = dateAfter(startDate, day - 1)
    const beginsAt = Math.min(...mailboxes.map(({ settings }) => midnightOf(date, settings.timeZone)))
    yield* play(beginsAt)
    const plans = planDay({
      mailboxes: mailboxes.map((_, place) => planned(place, date, beginsAt)),
      date,
      seed,
      caps,
    })
    running.set(day, { plans, sends: [], begun: pool.map(() => 0) })
    const slots = plans.flatMap(({ slots }, place) => slots.map(at => ({ place, day, at })))
    queue = [...queue, ...slots].toSorted((a, b) => a.at - b.at || a.place - b.place)
  }
  yield* play(Number.POSITIVE_INFINITY)

  function planned(place: number, date: string, beginsAt: number): PlannedMailbox {
    const { address, provider, settings, dailyLimit } = mailboxes[place] as SimulatedMailbox
    if (isSendingDay(date, settings)) warmupDays[place] = (warmupDays[place] ?? 0) + 1
    const recent = (begunAt[place] ?? []).filter(at => at > beginsAt - 2 * dayMs)
    begunAt[place] = recent
    return {
      id: address,
      domain: domainOf(address),
      provider,
      settings,
      warmupDay: Math.max(1, warmupDays[place] ?? 1),
      ready: true,
      factor: 1,
      dailyLimit,
      campaignToday: 0,
      recentThreads: recent.length,
      openReplies: owed[place]?.length ?? 0,
    }
  }

  function* play(untilAt: number): Generator<SimulatedDay> {
    let next = 0
    for (let slot = queue[next]; slot !== undefined && slot.at < untilAt; slot = queue[next]) {
      fill(slot)
      next += 1
    }
    queue = queue.slice(next)
    const open = new Set(queue.map(({ day }) => day))
    for (const [day, { plans, sends }] of running) {
      // Days end in order; the one that has just been planned has not begun.
      if (open.has(day)) break
      running.delete(day)
      yield dayOf(day, plans, sends)
    }
  }

  function fill({ place, day, at }: Slot): void {
    const due = takeDue(owed[place] ?? [], at)
    if (due !== null) return send(place, due.to, day, at, due.thread, due.depth)
    const plan = running.get(day)
    const begun = plan?.begun[place] ?? 0
    if (plan === undefined || begun >= (plan.plans[place]?.threads ?? 0)) return
    const random = randomOf(seed, 'partner', mailboxes[place]?.address ?? '', at)
    const to = choosePartner({ pool, from: place, at, history, random })
    if (to === null) return
    recordThread(history, pool, place, to, at)
    plan.begun[place] = begun + 1
    for (const one of [place, to]) begunAt[one]?.push(at)
    threads += 1
    send(place, to, day, at, `t${threads}`, 1)
  }

  function send(from: number, to: number, day: number, at: number, thread: string, depth: number): void {
    const sender = mailboxes[from] as SimulatedMailbox
    const recipient = mailboxes[to] as SimulatedMailbox
    const plan = running.get(day)
    plan?.sends.push({
      day,
      at,
      local: localText(at, localDay(plan.plans[from]?.date ?? startDate, sender.settings.timeZone)),
      from: sender.address,
      to: recipient.address,
      kind: depth === 1 ? 'new' : 'reply',
      thread,
      depth,
    })
    const { replyRate } = recipient.settings
    const reply = replyTo({ seed, threadId: thread, depth, replyRate })
    if (reply.answers) owed[to]?.push({ dueAt: at + reply.delayMs, to: from, thread, depth: depth + 1 })
  }
}

/** Takes the reply that has waited longest; forgets those that would come too late. */
function takeDue(owed: OwedReply[], at: number): OwedReply | null {
  let best = -1
  for (let index = owed.length - 1; index >= 0; index -= 1) {
    const reply = owed[index] as OwedReply
    if (at - reply.dueAt > replyStaleMs) {
      owed.splice(index, 1)
      if (best > index) best -= 1
    } else if (reply.dueAt <= at && (best < 0 || reply.dueAt <= (owed[best] as OwedReply).dueAt)) {
      best = index
    }
  }
  return best < 0 ? null : (owed.splice(best, 1)[0] ?? null)
}

function dayOf(day: number, plans: readonly DayPlan[], sends: readonly SimulatedSend[]): SimulatedDay {
  const counts = new Map<string, number>()
  for (const { from } of sends) counts.set(from, (counts.get(from) ?? 0) + 1)
  return {
    day,
    date: plans[0]?.date ?? '',
    sends,
    mailboxes: plans.map(({ mailboxId, date, warmupDay, phase, cap, wanted, limitedBy }) => ({
      mailbox: mailboxId,
      day,
      date,
      warmupDay,
      phase,
      cap,
      wanted,
      planned: counts.get(mailboxId) ?? 0,
      limitedBy,
    })),
  }
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}

function midnightOf(date: string, timeZone: string): number {
  const { stretches, midnightMs } = localDay(date, timeZone)
  return stretches[0]?.fromAt ?? midnightMs
}
