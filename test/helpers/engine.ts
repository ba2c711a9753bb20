import { setTimeout } from 'node:timers/promises'
import { createEngine, type Engine } from '#engine/engine.ts'
import { createInProcessClient, type InProcessClient } from '#engine/in-process.ts'
import { type MakeMailReach, noMail } from '#engine/mailboxes/mail-reach.ts'
import type { Keychain } from '#engine/platform.ts'
import type { Outside } from '#engine/net/outside.ts'
import type { Failure, Result } from '#shared/failure.ts'
import type { AuditEvent, AuditReport } from '#shared/model/audit.ts'
import type { ChangeBatch } from '#shared/model/change.ts'
import { bothAt, type OauthServer } from './oauth-server.ts'
import { type FakeClock, fakeClock } from './clock.ts'
import { type TestPlatform, testPlatform } from './platform.ts'
import { closedOutside } from './around.ts'
import { testReplica, type TestReplica } from './replica.ts'
import { type TestDns, testDns } from './zone-resolver.ts'

export type TestEngine = Engine & {
  readonly client: InProcessClient
  readonly platform: TestPlatform
  readonly clock: FakeClock
  readonly dns: TestDns
}

/** The whole engine on a literal zone and a fake clock; in memory unless given a folder. Not started. */
export async function testEngine(
  options: {
    dataDir?: string
    clock?: FakeClock
    dns?: TestDns
    outside?: Outside
    mail?: MakeMailReach
    keychain?: Keychain
    /** Where people sign in, in place of Google and Microsoft. */
    provider?: OauthServer
  } = {},
): Promise<TestEngine> {
  const {
    dataDir = null,
    clock = fakeClock(),
    dns = testDns(),
    outside,
    mail = noMail,
    keychain,
    provider,
  } = options
  const platform = testPlatform({ dataDir, clock, ...(keychain ? { keychain } : {}) })
  const makeOutside = () => outside ?? closedOutside()
  const signIn = provider && { endpoints: bothAt(provider), request: provider.request }
  const engine = valueOf(
    await createEngine(platform, dns.makeResolver, makeOutside, { makeMail: mail, ...signIn }),
  )
  return { ...engine, client: createInProcessClient(engine.router), platform, clock, dns }
}

export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.code} ${JSON.stringify(result.failure.detail)}`)
  return result.value
}

export function failureOf(result: Result<unknown>): Failure {
  if (result.ok) throw new Error('It did not fail.')
  return result.failure
}

/** Reads a stream to its end. */
export async function readToEnd<Event, Final>(
  stream: PromiseLike<AsyncIterator<Event, Result<Final>, void>>,
): Promise<{ events: Event[]; result: Result<Final> }> {
  const events: Event[] = []
  const source = await stream
  while (true) {
    const step = await source.next()
    if (step.done) return { events, result: step.value }
    events.push(step.value)
  }
}

/** Waits for something that comes about in other turns of the loop. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const startedAt = performance.now()
  while (!(await condition())) {
    if (performance.now() - startedAt > 30_000) throw new Error('It did not come about in time.')
    await setTimeout(2)
  }
}

type AuditStream = AsyncIterator<AuditEvent, Result<AuditReport>, void>

/** Reads an audit to its end. */
export async function readAudit(
  stream: AuditStream,
): Promise<{ events: AuditEvent[]; result: Result<AuditReport> }> {
  const events: AuditEvent[] = []
  while (true) {
    const step = await stream.next()
    if (step.done) return { events, result: step.value }
    events.push(step.value)
  }
}

/** What a window that opened now would show. */
export async function snapshot(
  client: InProcessClient,
  replica: TestReplica = testReplica(),
): Promise<TestReplica> {
  const name = `snapshot ${Math.random()}`
  const feed = await client.changes.watch({ feed: name, since: null, dataId: null })
  let batch: IteratorResult<ChangeBatch, unknown>
  do {
    batch = await feed.next()
    if (batch.done) break
    replica.apply(batch.value)
    if (batch.value.kind !== 'reset') await client.changes.acknowledge({ feed: name, page: batch.value.page })
  } while (batch.value.kind !== 'caught-up')
  await feed.return?.()
  return replica
}
