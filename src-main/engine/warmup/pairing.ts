import { pairRestMs } from './pool.ts'
import type { Random } from './random.ts'

export type PoolMember = {
  readonly domain: string
  readonly provider: string
  /** Takes new threads: not paused, not disabled. */
  readonly isOpen: boolean
}

/** Who wrote to whom, by place in the pool. Filled by `recordThread`; one for a pool of this size. */
export type PairHistory = {
  readonly size: number
  /** When each pair last began a thread. */
  readonly lastThreadAt: Map<number, number>
  /** Threads each mailbox was written to in. */
  readonly received: number[]
  /** Threads each mailbox began, by the provider they went to. */
  readonly sentTo: Map<string, number>[]
}

/** How many are looked at in a large pool; enough to find a good one, few enough for a pool of 10,000. */
const mostLookedAt = 24

export function emptyHistory(size: number): PairHistory {
  return {
    size,
    lastThreadAt: new Map(),
    received: Array.from({ length: size }, () => 0),
    sentTo: Array.from({ length: size }, () => new Map<string, number>()),
  }
}

export function recordThread(
  history: PairHistory,
  pool: readonly PoolMember[],
  from: number,
  to: number,
  at: number,
): void {
  history.lastThreadAt.set(pairKey(history.size, from, to), at)
  history.received[to] = (history.received[to] ?? 0) + 1
  const provider = pool[to]?.provider ?? ''
  const sent = history.sentTo[from]
  sent?.set(provider, (sent.get(provider) ?? 0) + 1)
}

/** Whether these two may begin a thread: the same pair, in either direction, at most once in three days. */
export function isPairRested(history: PairHistory, one: number, other: number, at: number): boolean {
  const last = history.lastThreadAt.get(pairKey(history.size, one, other))
  return last === undefined || Math.abs(at - last) >= pairRestMs
}

/**
 * To whom a mailbox writes: to another domain rather than its own, spread over the providers by `mix` (the weight of
 * each, 1 unless given), to those who were written to least. Null when every pair has to rest. Places are indexes into
 * `pool`. Pure but for `random`; the same stream gives the same partner.
 */
export function choosePartner(input: {
  readonly pool: readonly PoolMember[]
  readonly from: number
  readonly at: number
  readonly history: PairHistory
  readonly random: Random
  readonly mix?: Readonly<Record<string, number>>
}): number | null {
  const { pool, from, at, history, random, mix = {} } = input
  const own = pool[from]
  if (own === undefined) return null
  const mayWriteTo = (to: number) =>
    to !== from &&
    pool[to]?.isOpen === true &&
    (mix[pool[to].provider] ?? 1) > 0 &&
    isPairRested(history, from, to, at)
  let candidates = sampleOf(pool.length, random).filter(mayWriteTo)
  if (candidates.length === 0) candidates = pool.map((_, place) => place).filter(mayWriteTo)
  const sent = history.sentTo[from]
  let best: number | null = null
  let bestCost = Number.POSITIVE_INFINITY
  for (const to of candidates) {
    const other = pool[to]
    if (other === undefined) continue
    const toProvider = (sent?.get(other.provider) ?? 0) / (mix[other.provider] ?? 1)
    const cost =
      (other.domain === own.domain ? 1_000 : 0) + toProvider + (history.received[to] ?? 0) / 2 + random()
    if (cost < bestCost) {
      best = to
      bestCost = cost
    }
  }
  return best
}

/** Some places of a large pool, all of a small one. */
function sampleOf(size: number, random: Random): number[] {
  if (size <= 2 * mostLookedAt) return Array.from({ length: size }, (_, place) => place)
  return Array.from({ length: mostLookedAt }, () => Math.floor(random() * size))
}

function pairKey(size: number, one: number, other: number): number {
  return one < other ? one * size + other : other * size + one
}
