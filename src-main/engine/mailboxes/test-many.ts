import { fail, ok, type Result } from '#shared/failure.ts'
import type { BulkTestEvent, BulkTestOutcome, TestOutcome } from '#shared/model/mailbox.ts'
import { limits } from '../net/limits.ts'
import type { Store } from '../storage/open.ts'
import type { MailboxTests } from './run-test.ts'
import { findMailbox, presentMailboxes } from './store.ts'

type Ended = { readonly id: string; readonly ended: Result<TestOutcome> }

/**
 * Tests many saved mailboxes: at most `limits.mailboxTestsAtOnce` together, and `limits.mailboxTestsPerHost` at one mail
 * server, for providers refuse who comes with more. What comes of each is kept as it ends. A failure of the vault ends all
 * of it; the signal stops those under way and begins no more.
 */
export async function* testMany(
  { store, tests }: { store: Store; tests: MailboxTests },
  ids: readonly string[],
  { testEmail, signal }: { testEmail: boolean; signal: AbortSignal },
): AsyncGenerator<BulkTestEvent, Result<BulkTestOutcome>, void> {
  const waiting = presentMailboxes(store, ids).map(id => ({ id, hosts: hostsOf(store, id) }))
  const total = waiting.length
  const running = new Map<string, { hosts: readonly string[]; done: Promise<Ended> }>()
  const leave = new AbortController()
  const stop = AbortSignal.any([signal, leave.signal])
  const outcome: BulkTestOutcome = { passed: 0, partly: 0, failed: 0 }
  const load = (host: string) => [...running.values()].filter(({ hosts }) => hosts.includes(host)).length
  const hasRoom = ({ hosts }: { hosts: readonly string[] }) =>
    hosts.every(host => load(host) < limits.mailboxTestsPerHost)
  try {
    while (waiting.length > 0 || running.size > 0) {
      while (!stop.aborted && running.size < limits.mailboxTestsAtOnce) {
        const index = waiting.findIndex(hasRoom)
        const [next] = index < 0 ? [] : waiting.splice(index, 1)
        if (next === undefined) break
        running.set(next.id, { hosts: next.hosts, done: toEnd(tests, next.id, { testEmail, signal: stop }) })
        yield { kind: 'begun', id: next.id }
      }
      if (running.size === 0) break
      const { id, ended } = await Promise.race([...running.values()].map(({ done }) => done))
      running.delete(id)
      if (stop.aborted) continue
      if (!ended.ok && isOfVault(ended.failure.code)) return ended
      const result = ended.ok ? ended.value.result : null
      const kind = result?.result ?? 'failed'
      outcome[kind] += 1
      const failure = result?.failures[0] ?? null
      const done = outcome.passed + outcome.partly + outcome.failed
      yield { kind: 'ended', id, result: kind, failure, done, total }
    }
    return signal.aborted ? fail('cancelled', {}, 'now') : ok(outcome)
  } finally {
    leave.abort()
    await Promise.all([...running.values()].map(({ done }) => done))
  }
}

function hostsOf(store: Store, id: string): string[] {
  const connection = findMailbox(store, id)?.connection
  const hosts = [connection?.smtp.server.host, connection?.imap?.server.host]
  return [...new Set(hosts.flatMap(host => host?.toLowerCase() ?? []))]
}

function isOfVault(code: string): boolean {
  return code === 'vault-locked' || code === 'vault-no-keychain'
}

async function toEnd(
  tests: MailboxTests,
  id: string,
  options: { testEmail: boolean; signal: AbortSignal },
): Promise<Ended> {
  const events = tests.saved(id, options)
  while (true) {
    const step = await events.next()
    if (step.done) return { id, ended: step.value }
  }
}
