import { assert, constantFrom, property, record, boolean, integer, array } from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  freshStanding,
  nextRecheckAt,
  type Outcome,
  outcomeOf,
  refusalsBeforeAlert,
  type Standing,
  standingAfter,
  statusOf,
} from '#engine/mailboxes/standing.ts'
import type { ConnectionFailureCode, ConnectionResult, PhaseId } from '#shared/model/connection.ts'
import { connectionFailureCodes } from '#shared/model/connection.ts'

const hourMs = 60 * 60_000
const now = Date.UTC(2026, 10, 22)
const result = (change: Partial<ConnectionResult> = {}): ConnectionResult => ({
  result: 'passed',
  failures: [],
  notices: [],
  alternatives: [],
  delivery: null,
  certificate: null,
  tookMs: 1,
  ...change,
})
const failing = (code: ConnectionFailureCode, phase: PhaseId = 'smtp-login') =>
  result({ result: 'failed', failures: [{ phase, code, evidence: 'no', facts: {} }] })
const asked = { testEmail: true, imap: true }
const after = (before: Standing, outcome: Outcome, recheck = false) =>
  standingAfter(before, outcome, { recheck, now })
const works: Outcome = { kind: 'works', fully: true, reason: null }
const active = after(freshStanding, works)
const reason = { code: 'auth.bad-credentials', evidence: null, facts: {} } as const
const limitedBy = (code: ConnectionFailureCode) => ({
  kind: 'limited' as const,
  forMs: 24 * hourMs,
  reason: { code, evidence: null, facts: {} },
})
const refused: Outcome = { kind: 'refused', reason }

describe('what a test says', () => {
  test.each<[ConnectionResult, typeof asked, string, string | null]>([
    [result(), asked, 'works', null],
    [result({ result: 'partly' }), { ...asked, testEmail: false }, 'works', 'test-email-not-sent'],
    [result({ result: 'partly' }), { ...asked, imap: false }, 'works', 'no-imap'],
    [failing('auth.bad-credentials'), asked, 'refused', 'auth.bad-credentials'],
    [failing('auth.too-many-attempts'), asked, 'limited', 'auth.too-many-attempts'],
    [failing('send.quota', 'send'), asked, 'limited', 'send.quota'],
    [failing('net.timeout', 'smtp-tcp'), asked, 'unreachable', 'net.timeout'],
    [failing('tls.cert-expired', 'imap-tls'), asked, 'unreachable', 'tls.cert-expired'],
    [failing('auth.unavailable'), asked, 'unreachable', 'auth.unavailable'],
    [failing('send.refused', 'send'), asked, 'faulty', 'send.refused'],
    [failing('test.cancelled'), asked, 'nothing', null],
  ])('%#: its first failure decides', (result, asked, kind, code) => {
    const outcome = outcomeOf(result, asked)
    expect(outcome.kind).toBe(kind)
    expect('reason' in outcome ? (outcome.reason?.code ?? null) : null).toBe(code)
  })

  test('a refused login counts although the other side could not be reached', () => {
    const failures = [
      ...failing('net.timeout', 'smtp-tcp').failures,
      ...failing('auth.bad-credentials').failures,
    ]
    expect(outcomeOf(result({ result: 'failed', failures }), asked).kind).toBe('refused')
  })

  test('nothing but a login that was refused makes Auth failed', () => {
    for (const code of connectionFailureCodes) {
      const outcome = outcomeOf(failing(code), asked)
      if (!code.startsWith('auth.')) expect([code, outcome.kind]).not.toEqual([code, 'refused'])
    }
  })
})

describe('the status', () => {
  test('is what the tests left, under a limit and a pause', () => {
    expect(statusOf(freshStanding, null)).toMatchObject({ status: 'not-fully-tested' })
    expect(statusOf(active, null)).toEqual({ status: 'active', reason: null })
    expect(statusOf({ ...active, limitedUntilAt: now }, null).status).toBe('rate-limited')
    expect(statusOf(after(active, refused), null).status).toBe('auth-failed')
    expect(statusOf({ ...active, limitedUntilAt: now }, 'paused').status).toBe('paused')
  })

  test('comes back as it was when the login works again', () => {
    const back = after(after(active, refused, true), { ...works, fully: false }, true)
    expect(back).toMatchObject({ standing: 'active', reason: null, refusals: 0, alert: 'end' })
    const never = after(after(freshStanding, refused, true), { ...works, fully: false }, true)
    expect(never.standing).toBe('not-fully-tested')
  })

  test('keeps what a full test found missing while only the login is looked at', () => {
    const faulty = after(active, { kind: 'faulty', reason: { ...reason, code: 'arrival.not-seen' } })
    const rechecked = after(faulty, { ...works, fully: false }, true)
    expect(rechecked).toMatchObject({ standing: 'not-fully-tested', reason: { code: 'arrival.not-seen' } })
  })

  test('is never changed by a server that cannot be reached, once the mailbox worked or was refused', () => {
    const away: Outcome = { kind: 'unreachable', reason: { ...reason, code: 'net.timeout' } }
    for (const before of [active, after(active, refused)]) {
      expect(statusOf(after(before, away), null)).toEqual(statusOf(before, null))
    }
    expect(after(freshStanding, away).reason?.code).toBe('net.timeout')
  })
})

test('the alert is raised at the third refusal in a row and not before', () => {
  let standing: Standing = active
  const alerts: string[] = []
  for (let count = 0; count < refusalsBeforeAlert + 1; count += 1) {
    const { alert, ...next } = after(standing, refused, true)
    alerts.push(alert)
    standing = next
  }
  expect(alerts).toEqual(['leave', 'leave', 'raise', 'raise'])
})

describe('a limit', () => {
  const onlyLoggedIn: Outcome = { kind: 'works', fully: false, reason: null }

  test('of what may be sent stays when only the login was looked at, and ends when a message went through', () => {
    const full = after(active, limitedBy('send.quota'))
    const looked = after(full, onlyLoggedIn, true)
    expect(statusOf(looked, null)).toMatchObject({ status: 'rate-limited', reason: { code: 'send.quota' } })
    expect(looked.limitedUntilAt).toBe(now + 24 * hourMs)
    const busy = after(full, { ...limitedBy('auth.too-many-attempts'), forMs: hourMs }, true)
    expect(busy.limitedUntilAt).toBe(now + 24 * hourMs)
    const mended = after(after(full, refused, true), onlyLoggedIn, true)
    expect(statusOf(mended, null).status).toBe('rate-limited')
    expect(statusOf(after(full, works), null).status).toBe('active')
  })

  test('of logins ends with a login', () => {
    const busy = after(active, limitedBy('auth.too-many-attempts'))
    expect(statusOf(after(busy, onlyLoggedIn, true), null).status).toBe('active')
  })
})

describe('the next look', () => {
  test('is a day away while all is well, and grows with refusals and troubles', () => {
    const waitMs = (standing: Standing) => nextRecheckAt(standing, now, 0.5) - now
    expect(waitMs(active)).toBe(24 * hourMs)
    expect([1, 2, 3, 4, 9].map(refusals => waitMs({ ...active, refusals }) / hourMs)).toEqual([
      0.5, 2, 12, 24, 24,
    ])
    expect([1, 3, 9].map(troubles => waitMs({ ...active, troubles }) / 60_000)).toEqual([5, 60, 360])
    expect(waitMs({ ...active, limitedUntilAt: now + 7 })).toBe(7)
  })

  test('always lies ahead, and not beyond a day and a tenth unless a limit says so', () => {
    const outcome = constantFrom<Outcome>(
      works,
      refused,
      { kind: 'limited', forMs: hourMs, reason },
      { kind: 'unreachable', reason },
      { kind: 'faulty', reason },
      { kind: 'nothing' },
    )
    assert(
      property(
        array(record({ outcome, recheck: boolean() }), { maxLength: 30 }),
        integer({ min: 0, max: 99 }),
        (steps, part) => {
          let standing: Standing = freshStanding
          for (const { outcome, recheck } of steps) standing = after(standing, outcome, recheck)
          const next = nextRecheckAt(standing, now, part / 100)
          expect(next).toBeGreaterThan(now)
          expect(next).toBeLessThanOrEqual(now + 24 * hourMs * 1.1)
          expect(standing.standing === 'auth-failed').toBe(standing.refusals > 0)
        },
      ),
    )
  })
})
