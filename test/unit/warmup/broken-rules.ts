import { pairRestMs } from '#engine/warmup/pool.ts'
import type { SimulatedDay, SimulatedSend } from '#engine/warmup/simulate.ts'
import { leastGapMs } from '#engine/warmup/strategies.ts'
import { dateIn, minuteIn } from './zones.ts'

type Expected = {
  readonly days: number
  readonly zoneOf: (address: string) => string
  readonly weekdays: readonly number[]
}

const window = { from: 9 * 60, to: 18 * 60 }

/** Which rules a simulation breaks, looked at from outside; every rule that a month of warmup must keep. */
export function brokenRules(
  days: readonly SimulatedDay[],
  { days: count, zoneOf, weekdays }: Expected,
): string[] {
  const broken = new Set<string>()
  const must = (holds: boolean, what: string) => {
    if (!holds) broken.add(what)
  }
  must(days.length === count && days.every(({ day }, index) => day === index + 1), 'every day once, in order')
  for (const { date, sends, mailboxes } of days) {
    const weekday = ((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7) + 1
    must(weekdays.includes(weekday) || sends.length === 0, 'nothing on a day of rest')
    const counts = new Map(groupOf(sends, ({ from }) => from).map(own => [own[0]?.from, own.length]))
    for (const { mailbox, cap, wanted, planned } of mailboxes) {
      must(planned === (counts.get(mailbox) ?? 0), 'as many sent as planned')
      must(planned <= wanted && wanted <= cap && cap <= 50, 'no cap broken')
    }
    for (const { at, local, from } of sends) {
      const minute = minuteIn(at, zoneOf(from))
      must(dateIn(at, zoneOf(from)) === date && local.startsWith(date), 'on its own date')
      must(Date.parse(local) === Math.floor(at / 1_000) * 1_000, 'the local time is the instant')
      must(minute >= window.from && minute < window.to, 'within the window')
    }
  }
  const sends = days.flatMap(day => day.sends)
  for (const own of groupOf(sends, ({ from }) => from)) {
    must(leastDistance(own) >= leastGapMs, 'ten minutes between two messages')
  }
  const begun = sends.filter(({ depth }) => depth === 1)
  for (const pair of groupOf(begun, ({ from, to }) => [from, to].toSorted().join())) {
    must(leastDistance(pair) >= pairRestMs, 'a pair begins one thread in three days')
  }
  for (const thread of groupOf(sends, ({ thread }) => thread)) {
    must(isThread(thread), 'a thread goes to and fro, at most four deep')
  }
  return [...broken]
}

function groupOf<T>(values: readonly T[], keyOf: (value: T) => string): T[][] {
  const groups = new Map<string, T[]>()
  for (const value of values) {
    const group = groups.get(keyOf(value)) ?? []
    group.push(value)
    groups.set(keyOf(value), group)
  }
  return [...groups.values()]
}

function leastDistance(sends: readonly SimulatedSend[]): number {
  const times = sends.map(({ at }) => at).toSorted((a, b) => a - b)
  return Math.min(Infinity, ...times.slice(1).map((at, index) => at - (times[index] ?? 0)))
}

function isThread(sends: readonly SimulatedSend[]): boolean {
  const inOrder = sends.toSorted((a, b) => a.at - b.at)
  return inOrder.every(({ from, to, kind, at, depth }, index) => {
    const before = inOrder[index - 1]
    if (depth !== index + 1 || depth > 4 || from === to) return false
    if (before === undefined) return kind === 'new'
    return kind === 'reply' && from === before.to && to === before.from && at - before.at >= 4 * 60_000
  })
}
