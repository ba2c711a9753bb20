import type { MailboxEvent, MailboxEventCode, MailboxReason, MailboxTest } from '#shared/model/mailbox.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { fractionOf } from '../jobs/when.ts'
import type { Writes } from '../storage/open.ts'
import { noteEvent } from './events.ts'
import { createOutOfReach } from './out-of-reach.ts'
import { nextRecheckAt, type Outcome, type Standing, standingAfter } from './standing.ts'
import { findStanding, mailboxJobs, writeStanding, writeTest } from './store.ts'

/**
 * Told inside the transaction that keeps the outcome: three refused logins in a row and the first that works again; a server
 * that could not be used three times in a row, and the first time that it can.
 */
export type LoginEvents = {
  refused(writes: Writes, mailboxId: string, facts: { refusals: number; reason: MailboxReason }): void
  works(writes: Writes, mailboxId: string): void
  unreachable(writes: Writes, mailboxId: string, facts: { times: number; reason: MailboxReason }): void
  reachable(writes: Writes, mailboxId: string): void
}

export type OutcomeKeeper = {
  /**
   * Keeps how a test or re-check of a saved mailbox ended; null when the mailbox is off the list. `loginAlone`: it looked
   * at no message, as a re-check does, and at the servers that stood there before.
   */
  keep(
    writes: Writes,
    id: string,
    outcome: Outcome,
    test: MailboxTest | null,
    now: number,
    loginAlone?: boolean,
  ): Standing | null
  /** Plans the next re-check by how it stands, and the end of a limit. */
  plan(writes: Writes, id: string, standing: Standing, now: number): void
  /** Drops what is planned, and what runs. */
  unplan(writes: Writes, id: string): void
}

export function createOutcomeKeeper({ jobs, events }: { jobs: Jobs; events: LoginEvents }): OutcomeKeeper {
  const outOfReach = createOutOfReach()
  const plan: OutcomeKeeper['plan'] = (writes, id, standing, now) => {
    const runAt = nextRecheckAt(standing, now, fractionOf(id, standing.refusals + standing.troubles))
    jobs.schedule(writes, { kind: mailboxJobs.recheck, key: id, runAt })
    const over = { kind: mailboxJobs.limitOver, key: id }
    if (standing.limitedUntilAt === null) jobs.cancel(writes, over, 'keep')
    else jobs.schedule(writes, { ...over, runAt: standing.limitedUntilAt })
  }
  return {
    keep: (writes, id, outcome, test, now, loginAlone = false) => {
      const found = findStanding(writes, id)
      if (found === null) return null
      const isRecheck = test === null || test.kind === 'recheck'
      const { alert, ...after } = standingAfter(found.standing, outcome, {
        recheck: isRecheck || loginAlone,
        now,
      })
      writeStanding(writes, id, after)
      // A re-check that found nothing new must not push the last whole test out of sight.
      if (test !== null && (test.kind === 'test' || outcome.kind !== 'works')) writeTest(writes, id, test)
      const event = eventOf(found.standing, outcome, isRecheck)
      if (event !== null) noteEvent(writes, id, event.code, event.facts, now)
      if (alert === 'raise' && after.reason !== null) {
        events.refused(writes, id, { refusals: after.refusals, reason: after.reason })
      }
      if (alert === 'end') events.works(writes, id)
      if (outcome.kind === 'unreachable') {
        const { reason } = outcome
        const times = after.troubles
        if (outOfReach.missed(id, times, reason.code, now) && isRecheck)
          events.unreachable(writes, id, { times, reason })
      } else if (test !== null && outcome.kind !== 'nothing') {
        outOfReach.reached(id, now)
        events.reachable(writes, id)
      }
      if (found.hold !== 'disabled') plan(writes, id, after, now)
      return after
    },
    plan,
    unplan: (writes, id) => {
      for (const kind of Object.values(mailboxJobs)) jobs.cancel(writes, { kind, key: id }, 'abort')
    },
  }
}

function eventOf(
  before: Standing,
  outcome: Outcome,
  isRecheck: boolean,
): { code: MailboxEventCode; facts: MailboxEvent['facts'] } | null {
  const facts = 'reason' in outcome && outcome.reason !== null ? factsOf(outcome.reason) : {}
  switch (outcome.kind) {
    case 'works':
      if (isRecheck) return before.refusals > 0 ? { code: 'login-works-again', facts: {} } : null
      return { code: outcome.fully ? 'test-passed' : 'test-partly', facts }
    case 'refused':
      return { code: isRecheck ? 'recheck-refused' : 'test-failed', facts }
    case 'limited':
      return { code: 'limited', facts }
    case 'unreachable':
      // Told once, not at every try while a server is down.
      if (isRecheck) return before.troubles === 0 ? { code: 'recheck-unreachable', facts } : null
      return { code: 'test-failed', facts }
    case 'faulty':
      return { code: 'test-failed', facts }
    case 'nothing':
      return null
  }
}

function factsOf({ code, evidence, facts }: MailboxReason): MailboxEvent['facts'] {
  return { ...facts, code, ...(evidence === null ? {} : { evidence }) }
}
