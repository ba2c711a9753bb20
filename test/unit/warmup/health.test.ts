import {
  type Arbitrary,
  array,
  assert,
  constant,
  constantFrom,
  integer,
  oneof,
  property,
  record,
} from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type HealthState,
  healthStates,
  type MailboxHealth,
  mailboxHealthSchema,
} from '#shared/model/mailbox-health.ts'
import { healthSentence } from '#shared/words/mailbox-health.ts'
import { limitStepAt, newHealth, stepHealth, viewHealth } from '#engine/warmup/health.ts'
import { type HealthFacts, healthTransitions } from '#engine/warmup/health-rules.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const start = Date.UTC(2026, 5, 1)

const fine: HealthFacts = {
  isOnline: true,
  isPausedByPerson: false,
  isReady: false,
  placements: { seen: 0, inInbox: 0 },
  deliveries: { sent: 0, bounced: 0 },
  softBlockedAt: null,
  policyBlockedAt: null,
  isNewlyListed: false,
  isAuthenticationBroken: false,
  loginFailuresInRow: 0,
  limited: null,
  sentSinceLimit: 0,
  score: null,
  restScore: null,
}

const facts = (over: Partial<HealthFacts>): HealthFacts => ({ ...fine, ...over })
const placed = (seen: number, inInbox: number) => ({ placements: { seen, inInbox } })
const sent = (sent: number, bounced: number) => ({ deliveries: { sent, bounced } })

function after(over: Partial<HealthFacts>, from: MailboxHealth = newHealth(start), now = start) {
  return stepHealth(from, facts(over), now)
}

function stateAfter(over: Partial<HealthFacts>, from?: MailboxHealth, now?: number): string {
  const { state, reason } = viewHealth(after(over, from, now))
  return `${state}: ${reason}`
}

describe('what changes the state', () => {
  test.each<[string, Partial<HealthFacts>, string]>([
    ['nothing known', {}, 'ramping: healthy'],
    ['ready', { isReady: true }, 'maintenance: healthy'],
    ['89 of 100 in the inbox', placed(100, 89), 'slowed: inbox-share-low'],
    ['90 of 100', placed(100, 90), 'ramping: healthy'],
    ['10 of 19, too few to slow but enough to pause', placed(19, 10), 'paused: inbox-share-very-low'],
    ['14 seen, too few for anything', placed(14, 0), 'ramping: healthy'],
    ['74 of 100', placed(100, 74), 'paused: inbox-share-very-low'],
    ['75 of 100', placed(100, 75), 'slowed: inbox-share-low'],
    ['2 of 100 back', sent(100, 2), 'slowed: bounces-rising'],
    ['5 of 100 back', sent(100, 5), 'paused: bounces-high'],
    ['2 of 4 back, too few to say', sent(4, 2), 'ramping: healthy'],
    ['3 of 12 back', sent(12, 3), 'paused: bounces-high'],
    ['3 of 100 back', sent(100, 3), 'slowed: bounces-rising'],
    ['a 4.7.x', { softBlockedAt: start }, 'slowed: soft-blocked'],
    ['a 5.7.x', { policyBlockedAt: start }, 'paused: policy-blocked'],
    ['a 5.7.x of long ago', { policyBlockedAt: start - dayMs }, 'ramping: healthy'],
    ['a new listing', { isNewlyListed: true }, 'paused: newly-listed'],
    ['records broke', { isAuthenticationBroken: true }, 'paused: authentication-broken'],
    ['two failed logins', { loginFailuresInRow: 2 }, 'ramping: healthy'],
    ['three failed logins', { loginFailuresInRow: 3 }, 'paused: login-failing'],
    ['health 79', { score: 79 }, 'paused: score-low'],
    ['health 80', { score: 80 }, 'ramping: healthy'],
    ['a person', { isPausedByPerson: true }, 'paused: paused-by-person'],
    ['no network', { isOnline: false, score: 10 }, 'offline: offline'],
    [
      'a 421',
      { limited: { at: start, reason: 'rate-limited', untilAt: start + minuteMs } },
      'rate-limited: rate-limited',
    ],
    [
      'a quota',
      { limited: { at: start, reason: 'daily-quota', untilAt: start + dayMs } },
      'rate-limited: daily-quota',
    ],
  ])('%s', (_name, over, expected) => {
    expect(stateAfter(over)).toBe(expected)
  })
})

describe('how a state is left', () => {
  test('slowed: three days without trouble and better than what slowed it', () => {
    const slowed = after({ ...placed(100, 89), softBlockedAt: start })
    expect(viewHealth(slowed)).toMatchObject({
      state: 'slowed',
      reviewAt: start + 3 * dayMs,
      effect: { factor: 0.5 },
    })
    expect(stateAfter(placed(200, 195), slowed, start + 3 * dayMs - 1)).toContain('slowed')
    expect(stateAfter(placed(200, 195), slowed, start + 3 * dayMs)).toBe('ramping: healthy')
    // 91 of 100 would not have slowed it, but does not end it either.
    expect(stateAfter(placed(100, 91), slowed, start + 3 * dayMs)).toContain('slowed')
  })

  test('trouble meanwhile puts the end off', () => {
    const slowed = after({ softBlockedAt: start })
    const again = after({ softBlockedAt: start + 2 * dayMs }, slowed, start + 2 * dayMs)
    expect(viewHealth(again)).toMatchObject({ sinceAt: start, reviewAt: start + 5 * dayMs })
    expect(stateAfter({ softBlockedAt: start + 2 * dayMs }, again, start + 4 * dayMs)).toContain('slowed')
    expect(stateAfter({ softBlockedAt: start + 2 * dayMs }, again, start + 5 * dayMs)).toContain('ramping')
  })

  test('paused: after a day at the earliest, then half the volume, then all of it', () => {
    const paused = after({ score: 60 })
    expect(viewHealth(paused)).toMatchObject({
      reviewAt: start + dayMs,
      effect: { factor: 0, isWatched: true },
    })
    expect(stateAfter({}, paused, start + dayMs - 1)).toContain('paused')
    const resumed = after({}, paused, start + dayMs)
    expect(viewHealth(resumed)).toMatchObject({
      state: 'slowed',
      reason: 'resuming',
      effect: { factor: 0.5 },
    })
    expect(resumed.evidenceFromAt).toBe(start + dayMs)
    expect(stateAfter({}, resumed, start + 4 * dayMs)).toBe('ramping: healthy')
  })

  test('a cause that is still there is looked at again every day', () => {
    const paused = after({ isNewlyListed: true })
    const still = after({ isNewlyListed: true }, paused, start + dayMs)
    expect(viewHealth(still)).toMatchObject({
      reason: 'newly-listed',
      sinceAt: start,
      reviewAt: start + 2 * dayMs,
    })
    expect(stateAfter({}, still, start + dayMs + 1)).toContain('paused')
    expect(stateAfter({}, still, start + 2 * dayMs)).toBe('slowed: resuming')
  })

  test('hysteresis: health 82 does not end what 79 began', () => {
    const paused = after({ score: 79, restScore: 79 })
    expect(stateAfter({ score: 82, restScore: 82 }, paused, start + dayMs)).toContain('paused')
    expect(stateAfter({ score: 85, restScore: 85 }, paused, start + dayMs)).toBe('slowed: resuming')
  })

  test.each<[string, Partial<HealthFacts>]>([
    ['bounces', sent(100, 20)],
    ['mail in junk', placed(100, 50)],
    ['the score they lower', { score: 55, restScore: 100 }],
  ])('%s: what cannot change while nothing is sent is tried again after the cool-down', (_what, trouble) => {
    const paused = after(trouble)
    expect(stateAfter(trouble, paused, start + dayMs - 1)).toContain('paused')
    const resumed = after(trouble, paused, start + dayMs)
    expect(viewHealth(resumed)).toMatchObject({ state: 'slowed', reason: 'resuming' })
    expect(resumed.evidenceFromAt).toBe(start + dayMs)
    const again = after(trouble, resumed, start + 2 * dayMs)
    expect(again.pause?.reviewAt).toBe(start + 4 * dayMs)
  })

  test('each pause within a month lasts longer: one, two, three days', () => {
    let health = newHealth(start)
    let now = start
    const lasted: number[] = []
    for (let round = 0; round < 4; round += 1) {
      health = after({ score: 50 }, health, now)
      lasted.push(((health.pause?.reviewAt ?? 0) - now) / dayMs)
      now = health.pause?.reviewAt ?? 0
      health = after({}, health, now)
    }
    expect(lasted).toEqual([1, 2, 3, 3])
    const later = after({ score: 50 }, health, now + 31 * dayMs)
    expect((later.pause?.reviewAt ?? 0) - now - 31 * dayMs).toBe(dayMs)
  })

  test('a person ends a short pause at full volume, a long one at half', () => {
    const paused = after({ isPausedByPerson: true })
    expect(viewHealth(paused).reviewAt).toBeNull()
    expect(stateAfter({}, paused, start + dayMs)).toBe('ramping: healthy')
    expect(stateAfter({}, paused, start + 3 * dayMs)).toBe('slowed: resuming')
  })

  test('rate limited ends by its timer, and one reply limits once', () => {
    const limited = { at: start, reason: 'rate-limited' as const, untilAt: start + minuteMs }
    const waiting = after({ limited })
    expect(stateAfter({ limited }, waiting, start + minuteMs - 1)).toContain('rate-limited')
    const free = after({ limited }, waiting, start + minuteMs)
    expect(viewHealth(free).state).toBe('ramping')
    expect(stateAfter({ limited }, free, start + 2 * minuteMs)).toContain('ramping')
  })

  test('offline gives back what was before', () => {
    const paused = after({ score: 10 })
    const away = after({ isOnline: false }, paused, start + hourMs)
    expect(viewHealth(away)).toMatchObject({ state: 'offline', sinceAt: start + hourMs })
    expect(stateAfter({}, away, start + 2 * hourMs)).toBe('paused: score-low')
  })
})

test('the backoff goes one further each time, and is forgotten after an hour or 30 messages', () => {
  const at = start
  expect(limitStepAt({ limitedAt: null, limitStep: 0 }, 0, at)).toBe(0)
  expect(limitStepAt({ limitedAt: at, limitStep: 0 }, 0, at + 2 * minuteMs)).toBe(1)
  expect(limitStepAt({ limitedAt: at, limitStep: 2 }, 29, at + 20 * minuteMs)).toBe(3)
  expect(limitStepAt({ limitedAt: at, limitStep: 2 }, 30, at + 20 * minuteMs)).toBe(0)
  expect(limitStepAt({ limitedAt: at, limitStep: 3 }, 0, at + 119 * minuteMs)).toBe(4)
  expect(limitStepAt({ limitedAt: at, limitStep: 3 }, 0, at + 120 * minuteMs)).toBe(0)
})

/** Times as they lie to now, which `at` moves to its place. */
const times = integer({ min: -4 * dayMs, max: 0 })
const rarely = <T>(values: Arbitrary<T>) =>
  oneof({ weight: 8, arbitrary: constant(null) }, { weight: 1, arbitrary: values })
const anyFacts = record<HealthFacts>({
  isOnline: integer({ min: 0, max: 9 }).map(one => one > 0),
  isPausedByPerson: integer({ min: 0, max: 9 }).map(one => one === 0),
  isReady: integer({ min: 0, max: 19 }).map(one => one === 0),
  placements: record({ seen: integer({ min: 0, max: 60 }), missed: constantFrom(0, 0, 0, 0, 5, 12) }).map(
    ({ seen, missed }) => ({ seen, inInbox: Math.max(0, seen - missed) }),
  ),
  deliveries: record({ sent: integer({ min: 0, max: 200 }), bounced: constantFrom(0, 0, 0, 0, 2, 8) }),
  softBlockedAt: rarely(times),
  policyBlockedAt: rarely(times),
  isNewlyListed: integer({ min: 0, max: 19 }).map(one => one === 0),
  isAuthenticationBroken: integer({ min: 0, max: 19 }).map(one => one === 0),
  loginFailuresInRow: constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 3),
  limited: rarely(
    record({
      at: times,
      reason: constantFrom('rate-limited' as const, 'daily-quota' as const),
      untilAt: integer({ min: 0, max: 2 * hourMs }),
    }),
  ),
  sentSinceLimit: integer({ min: 0, max: 60 }),
  score: rarely(integer({ min: 70, max: 100 })),
  restScore: rarely(integer({ min: 70, max: 100 })),
})

function at(now: number, relative: HealthFacts): HealthFacts {
  const moved = (time: number | null) => (time === null ? null : time + now)
  const { limited, softBlockedAt, policyBlockedAt } = relative
  return {
    ...relative,
    softBlockedAt: moved(softBlockedAt),
    policyBlockedAt: moved(policyBlockedAt),
    limited: limited === null ? null : { ...limited, at: limited.at + now, untilAt: limited.untilAt + now },
  }
}

describe('whatever happens', () => {
  test('every state the table allows follows, and no other', () => {
    const reached = new Map<HealthState, Set<HealthState>>(healthStates.map(state => [state, new Set()]))
    const steps = array(record({ facts: anyFacts, pauseMs: integer({ min: -dayMs, max: 5 * dayMs }) }), {
      minLength: 10,
      maxLength: 80,
    })
    assert(
      property(steps, walk => {
        let now = start
        let health = newHealth(now)
        for (const step of walk) {
          now += step.pauseMs
          const known = at(now, step.facts)
          const next = stepHealth(health, known, now)
          const [from, to] = [viewHealth(health).state, viewHealth(next).state]
          if (from !== to) reached.get(from)?.add(to)
          expect(from === to || healthTransitions[from].includes(to), `${from} → ${to}`).toBe(true)
          expect(mailboxHealthSchema.parse(next)).toEqual(next)
          // Counts begin at the evidence of what is passed in.
          const isAfresh = next.evidenceFromAt !== health.evidenceFromAt
          const { placements, deliveries, score, restScore } = fine
          const counted = isAfresh ? { placements, deliveries, score, restScore } : {}
          expect(stepHealth(next, { ...known, ...counted }, now), 'a second look').toEqual(next)
          health = next
        }
      }),
      // A seed of its own: that everything is reached is a matter of chance otherwise.
      { numRuns: 400, seed: 4 },
    )
    for (const state of healthStates) {
      expect([...(reached.get(state) ?? [])].toSorted(), state).toEqual(healthTransitions[state].toSorted())
    }
  })

  test('a pause of its own is never ended before its time, nor at full volume', () => {
    assert(
      property(anyFacts, anyFacts, integer({ min: 0, max: 10 * dayMs }), (first, second, pauseMs) => {
        const paused = stepHealth(
          newHealth(start),
          { ...first, isPausedByPerson: false, isOnline: true },
          start,
        )
        const { pause } = paused
        if (pause === null) return
        const later = stepHealth(
          paused,
          { ...second, isPausedByPerson: false, isOnline: true },
          start + pauseMs,
        )
        if (later.pause === null) {
          expect(start + pauseMs).toBeGreaterThanOrEqual(pause.reviewAt ?? 0)
          expect(viewHealth(later).effect.factor).toBe(0.5)
        }
      }),
    )
  })
})

test('the sentence says why and when', () => {
  const sentence = healthSentence(viewHealth(after({ loginFailuresInRow: 3 })), 'UTC')
  expect(sentence).toBe('Paused: the login failed three times in a row. Looks again 2 Jun 2026, 00:00.')
})
