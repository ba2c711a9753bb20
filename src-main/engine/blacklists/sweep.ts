import { randomBytes } from 'node:crypto'
import { fail, ok, type Result } from '#shared/failure.ts'
import type {
  BlacklistEvent,
  BlacklistKind,
  BlacklistReport,
  BlacklistTarget,
  ListResult,
  SelfTest,
} from '#shared/model/blacklist.ts'
import { joinTxt, type Lookup, type RecordType } from '#shared/model/lookup.ts'
import { type Deadline, startDeadline } from '../net/deadline.ts'
import { limits } from '../net/limits.ts'
import type { Resolver } from '../net/resolve.ts'
import type { Clock } from '../platform.ts'
import { gravest, interpretListing, needsControl, type Reading } from './interpret.ts'
import { type ActiveList, delistUrlFor } from './lists.ts'
import { createPacing } from './pacing.ts'
import { queryLabels, queryName } from './query.ts'
import { isCurrent, type SelfTests, testList } from './self-test.ts'
import { isActionable } from './targets.ts'

export type Sweep = {
  readonly targets: readonly BlacklistTarget[]
  readonly lists: readonly ActiveList[]
  /** Named in the report: what `targetsOf` left out. */
  readonly leftOut?: readonly string[]
  readonly signal: AbortSignal
}

export type Sweeper = {
  /**
   * Looks every target up on every list of its kind: `started`, then `checked` for each pair as it is known, and the
   * report as the return value. All lists at once, each asked at most once in `paceMs` (`limits.blacklistPaceMs`). Ends with
   * `cancelled` when the signal aborts; what `limits.blacklistSweepMs` cuts off is unavailable.
   */
  sweep(sweep: Sweep): AsyncGenerator<BlacklistEvent, Result<BlacklistReport>, void>
  /** Cancels what runs. */
  stop(): void
}

/** The blacklists as they are asked through one resolver. Never by HTTPS: the resolver knows UDP and TCP alone. */
export function createSweeper(options: {
  resolver: Resolver
  clock: Clock
  selfTests: SelfTests
  paceMs?: number
}): Sweeper {
  const { resolver, clock, selfTests, paceMs = limits.blacklistPaceMs } = options
  const pace = createPacing(clock, paceMs)
  const stopping = new AbortController()

  async function* sweep({ targets, lists, leftOut = [], signal }: Sweep) {
    const leave = new AbortController()
    const deadline = startDeadline(limits.blacklistSweepMs, signal, leave.signal, stopping.signal)
    const startedAt = clock.now()
    const began = performance.now()
    const results = new Map<BlacklistTarget, ListResult[]>(targets.map(target => [target, []]))
    const rewrites = controlFor(resolver, deadline)
    const lanes = lists.map(list => ({
      list,
      targets: targets.filter(({ kind }) => list.kinds.includes(kind)),
    }))
    const total = lanes.reduce((sum, lane) => sum + lane.targets.length, 0)
    try {
      yield { kind: 'started', targets: targets.map(target => ({ ...target })), total } as const
      const found = gather(lanes.map(lane => laneOf(lane.list, lane.targets, { deadline, rewrites })))
      let done = 0
      for await (const { target, list } of found) {
        results.get(target)?.push(list)
        done += 1
        if (deadline.ended() === 'cancelled') break
        yield { kind: 'checked', target: target.target, list, done, total } as const
      }
      if (deadline.ended() === 'cancelled') return fail('cancelled', {}, 'now')
      return ok({
        checkedAt: startedAt,
        tookMs: performance.now() - began,
        targets: [...results].map(([target, lists]) => ({ ...target, lists: lists.toSorted(worstFirst) })),
        leftOut: [...leftOut],
      })
    } finally {
      leave.abort()
      deadline.end()
    }
  }

  type Asking = { deadline: Deadline; rewrites: () => Promise<boolean | null> }

  /** One list, target after target. */
  async function* laneOf(list: ActiveList, targets: readonly BlacklistTarget[], asking: Asking) {
    const tests = new Map<BlacklistKind, SelfTest>()
    for (const target of targets) {
      const test = tests.get(target.kind) ?? (await healthOf(list, target.kind, asking))
      tests.set(target.kind, test)
      yield { target, list: await look(list, target, test, asking) }
    }
  }

  async function healthOf(list: ActiveList, kind: BlacklistKind, asking: Asking): Promise<SelfTest> {
    const kept = selfTests.read(list, kind)
    if (kept !== null && isCurrent(kept, clock.now())) return kept
    const outcome = await testList(list, kind, name => ask(list, name, 'A', asking), asking.rewrites)
    const test = { kind, ...outcome, testedAt: clock.now() }
    // What was cut short says nothing about the list.
    if (asking.deadline.ended() === null) selfTests.keep(list, test)
    return test
  }

  async function look(
    list: ActiveList,
    target: BlacklistTarget,
    test: SelfTest,
    asking: Asking,
  ): Promise<ListResult> {
    const readings: (Reading & { readonly labels: string })[] = []
    for (const labels of test.state === 'passed' ? queryLabels(target, list) : ['']) {
      const answer =
        test.state === 'passed' ? await ask(list, queryName(list, labels), 'A', asking) : notAsked
      const rewrites = needsControl(answer) ? await asking.rewrites() : null
      readings.push({ ...interpretListing(list, test, answer, rewrites), labels })
    }
    const reading = gravest(readings)
    if (reading === undefined) throw new Error('A target has at least one name to ask.')
    const isListed = reading.state === 'listed'
    const words = isListed ? await ask(list, queryName(list, reading.labels), 'TXT', asking) : null
    return {
      zone: list.zone,
      name: list.name,
      state: reading.state,
      codes: [...reading.codes],
      meaning: reading.meaning,
      reason: reading.reason,
      text: words === null ? null : textOf(words, list),
      delistUrl: delistUrlFor(list, target.target),
      weight: isListed && !isActionable(target) ? 0 : reading.weight,
    }
  }

  async function ask<T extends RecordType>(
    list: ActiveList,
    name: string,
    type: T,
    { deadline }: Asking,
  ): Promise<Lookup<T>> {
    const isTurn = await pace(list.zone, deadline.signal)
    if (isTurn) return resolver.lookup(name, type, { deadline, purpose: 'blacklists' })
    const reason = deadline.ended() === 'late' ? 'timeout' : 'cancelled'
    return { state: 'unavailable', name, type, reason, server: null, detail: null }
  }

  return { sweep, stop: () => stopping.abort() }
}

const notAsked: Lookup<'A'> = {
  state: 'unavailable',
  name: '',
  type: 'A',
  reason: 'cancelled',
  server: null,
  detail: null,
}

/** Whether the resolver makes up answers, from a name that cannot exist; asked once, and only when someone wants to know. */
function controlFor(resolver: Resolver, deadline: Deadline): () => Promise<boolean | null> {
  let asked: Promise<boolean | null> | null = null
  const look = async () => {
    const name = `${randomBytes(8).toString('hex')}.example.com`
    const answer = await resolver.lookup(name, 'A', { deadline, purpose: 'blacklists' })
    return answer.state === 'unavailable' ? null : answer.state === 'found'
  }
  return () => (asked ??= look())
}

/** The first words of the list about a listing, without the key that may stand in them. */
function textOf(answer: Lookup<'TXT'>, list: ActiveList): string | null {
  if (answer.state !== 'found' || answer.values[0] === undefined) return null
  const text = joinTxt(answer.values[0]).slice(0, limits.blacklistTextCharacters)
  const key = list.hasKey ? keyIn(list) : ''
  return key === '' ? text : text.replaceAll(key, '…')
}

function keyIn(list: ActiveList): string {
  const template = list.keyed?.zone ?? ''
  const rest = template.length - '{key}'.length
  return list.queryZone.slice(0, list.queryZone.length - rest)
}

const order = ['listed', 'refused', 'tampering', 'dead-zone', 'unavailable', 'not-listed']

function worstFirst(a: ListResult, b: ListResult): number {
  return (
    order.indexOf(a.state) - order.indexOf(b.state) ||
    b.weight - a.weight ||
    (a.zone < b.zone ? -1 : a.zone > b.zone ? 1 : 0)
  )
}

/** What several generators yield, as it comes. */
async function* gather<T>(sources: readonly AsyncGenerator<T, void, void>[]): AsyncGenerator<T, void, void> {
  const pending = new Map(sources.map((source, index) => [index, next(source, index)]))
  while (pending.size > 0) {
    const { index, step } = await Promise.race(pending.values())
    const source = sources[index]
    if (step.done === true || source === undefined) {
      pending.delete(index)
      continue
    }
    pending.set(index, next(source, index))
    yield step.value
  }
}

async function next<T>(source: AsyncGenerator<T, void, void>, index: number) {
  return { index, step: await source.next() }
}
