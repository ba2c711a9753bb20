import type { ConnectionResult } from '#shared/model/connection.ts'
import type { MailboxTest } from '#shared/model/mailbox.ts'
import type { JobHandler } from '../jobs/jobs.ts'
import { limits } from '../net/limits.ts'
import { fractionOf } from '../jobs/when.ts'
import type { Reads, Writes } from '../storage/open.ts'
import { mailboxSecret, readCredential, settingsOf } from './credentials.ts'
import { loginMarkOf, noteEvent } from './events.ts'
import type { OutcomeKeeper } from './keep-outcome.ts'
import { outcomeOfCredential, type TestDependencies } from './run-test.ts'
import { nextRecheckAt, type Outcome, outcomeOf, type Standing } from './standing.ts'
import { findMailbox, findStanding, mailboxJobs, writeStanding } from './store.ts'
import { renewalOf, withFreshToken } from './with-token.ts'

/** After a night asleep, what was missed is spread over this. */
const spreadMs = 30 * 60_000
const lockedAgainMs = 10 * 60_000

type RecheckDependencies = Omit<TestDependencies, 'drafts' | 'phasesOf'> & { isReady(): boolean }

/**
 * Looks whether a mailbox still logs in: no message is sent. How it ended decides when it is looked at again, by
 * `nextRecheckAt`. While the vault is locked none begins.
 */
export function recheckMailboxJob(dependencies: RecheckDependencies): JobHandler {
  const { store, vault, keeper, accessToken, testConnection, now, isReady } = dependencies
  return {
    atOnce: limits.mailboxRechecksAtOnce,
    spreadMs,
    isReady,
    note: (writes, id) => {
      if (findMailbox(writes, id) !== null) writes.changed('mailboxes', id, 'put')
    },
    run: async ({ key: id, signal }) => {
      const mailbox = findMailbox(store, id)
      if (mailbox === null || mailbox.status === 'disabled') return () => null
      const loginMark = loginMarkOf(store, id)
      const keep =
        (outcome: Outcome, test: MailboxTest | null) =>
        (writes: Writes): number | null => {
          // A login that was replaced while it was looked at says nothing about the new one.
          const standing =
            loginMarkOf(writes, id) === loginMark
              ? keeper.keep(writes, id, outcome, test, now())
              : (findStanding(writes, id)?.standing ?? null)
          return nextOf(writes, id, standing, now())
        }
      const credential = await readCredential(
        { vault, accessToken },
        { name: mailboxSecret(id), login: mailbox.connection.login, address: mailbox.address, signal },
      )
      if (!credential.ok) {
        const outcome = outcomeOfCredential(credential.failure)
        if (outcome === null) return () => now() + lockedAgainMs
        return keep(outcome, null)
      }
      const settings = settingsOf(mailbox, false)
      const at = now()
      const phases = new Map<string, MailboxTest['phases'][number]>()
      const { login } = mailbox.connection
      const events = withFreshToken(
        one => testConnection(settings, one, signal),
        credential.value,
        renewalOf(accessToken, { login, address: mailbox.address, signal }),
      )
      let result: ConnectionResult
      while (true) {
        const step = await events.next()
        if (step.done) {
          result = step.value
          break
        }
        if (step.value.state !== 'running') phases.set(step.value.phase, step.value)
      }
      if (signal.aborted) throw new Error('The re-check was cancelled.')
      const outcome = outcomeOf(result, { testEmail: false, imap: settings.imap !== null })
      const test: MailboxTest = { at, kind: 'recheck', phases: [...phases.values()], result }
      return keep(outcome, test)
    },
  }
}

function nextOf(reads: Reads, id: string, standing: Standing | null, now: number): number | null {
  const hold = findStanding(reads, id)?.hold
  if (standing === null || hold === 'disabled') return null
  return nextRecheckAt(standing, now, fractionOf(id, standing.refusals + standing.troubles))
}

/** Ends a provider's limit when its time is over, also while nothing can be tested. */
export function limitOverJob({ now }: { now: () => number }): JobHandler {
  return {
    atOnce: 100,
    run:
      async ({ key: id }) =>
      writes =>
        endLimit(writes, id, now()),
  }
}

function endLimit(writes: Writes, id: string, now: number): number | null {
  const found = findStanding(writes, id)
  if (found === null || found.standing.limitedUntilAt === null) return null
  if (found.standing.limitedUntilAt > now) return found.standing.limitedUntilAt
  writeStanding(writes, id, { ...found.standing, limitedUntilAt: null, limitReason: null })
  noteEvent(writes, id, 'limit-over', {}, now)
  return null
}

/** Plans the re-check of every mailbox on the list that has none planned: of a lost job, or of data from elsewhere. */
export function planMissingRechecks(writes: Writes, keeper: OutcomeKeeper, now: number): void {
  const missing = writes.all<{ id: string }>(
    `SELECT id FROM mailboxes WHERE removed_at IS NULL AND hold IS NOT 'disabled'
       AND NOT EXISTS (SELECT 1 FROM jobs WHERE kind = '${mailboxJobs.recheck}' AND key = mailboxes.id)
     LIMIT ?`,
    limits.domainsPlannedAtOnce,
  )
  for (const { id } of missing) {
    const found = findStanding(writes, id)
    if (found !== null) keeper.plan(writes, id, found.standing, now)
  }
}
