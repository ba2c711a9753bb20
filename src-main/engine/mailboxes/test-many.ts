import { type Failure, fail, ok, type Result } from '#shared/failure.ts'
import type { ConnectionEvent, ConnectionResult } from '#shared/model/connection.ts'
import type { BulkTestEvent, BulkTestOutcome } from '#shared/model/mailbox.ts'
import type { Store } from '../storage/open.ts'
import { testMailboxes } from './bulk.ts'
import { settingsOf } from './credentials.ts'
import { sharedLooks } from './looks.ts'
import type { MailboxTests } from './run-test.ts'
import { findMailbox, presentMailboxes } from './store.ts'

/**
 * Tests many saved mailboxes, as many at once and at one mail server as `testMailboxes` allows. What comes of each is kept
 * as it ends. A vault that is locked ends all of it; the signal stops those under way and begins no more.
 */
export async function* testMany(
  { store, tests }: { store: Store; tests: MailboxTests },
  ids: readonly string[],
  { testEmail, signal }: { testEmail: boolean; signal: AbortSignal },
): AsyncGenerator<BulkTestEvent, Result<BulkTestOutcome>, void> {
  const items = presentMailboxes(store, ids).flatMap(id => {
    const mailbox = findMailbox(store, id)
    return mailbox === null ? [] : [{ id, settings: settingsOf(mailbox, testEmail) }]
  })
  const leave = new AbortController()
  const outcome: BulkTestOutcome = { passed: 0, partly: 0, failed: 0 }
  const failures: Failure[] = []
  const looks = sharedLooks()
  const test = async function* (
    { id }: { readonly id: string },
    own: AbortSignal,
  ): AsyncGenerator<ConnectionEvent, ConnectionResult, void> {
    const events = tests.saved(id, { testEmail, signal: own, looks })
    while (true) {
      const step = await events.next()
      if (step.done) {
        if (step.value.ok) return step.value.value.result
        if (isOfVault(step.value.failure)) {
          failures.push(step.value.failure)
          leave.abort()
        }
        return notTested
      }
      if (step.value.kind === 'phase') yield step.value
    }
  }
  try {
    const all = AbortSignal.any([signal, leave.signal])
    for await (const event of testMailboxes(items, { signal: all, test })) {
      if (event.kind === 'began') yield { kind: 'begun', id: event.id }
      if (event.kind !== 'ended' || all.aborted) continue
      const { id, result } = event
      outcome[result.result] += 1
      const done = outcome.passed + outcome.partly + outcome.failed
      const failure = result.failures[0] ?? null
      yield { kind: 'ended', id, result: result.result, failure, done, total: items.length }
    }
  } finally {
    leave.abort()
  }
  const [first] = failures
  if (first !== undefined) return { ok: false, failure: first }
  return signal.aborted ? fail('cancelled', {}, 'now') : ok(outcome)
}

/** Of a mailbox whose credential cannot be had, or that was removed meanwhile. */
const notTested: ConnectionResult = {
  result: 'failed',
  failures: [],
  notices: [],
  alternatives: [],
  delivery: null,
  certificate: null,
  tookMs: 0,
}

function isOfVault({ code }: Failure): boolean {
  return code === 'vault-locked' || code === 'vault-no-keychain'
}
