import { setTimeout as sleep } from 'node:timers/promises'
import { networkMailWith } from '#engine/mailboxes/mail-reach.ts'
import { createEngine } from '#engine/engine.ts'
import { createInProcessClient } from '#engine/in-process.ts'
import type { BulkTestEvent, BulkTestOutcome } from '#shared/model/mailbox.ts'
import { readToEnd, valueOf } from '../helpers/engine.ts'
import { testPlatform } from '../helpers/platform.ts'
import { testDns } from '../helpers/zone-resolver.ts'

export type MailboxesTask = { readonly dataDir: string; readonly list: string; readonly caPem: string }

/** What the process holds after what it no longer needs was let go of, and how much of that is in use. */
export type Memory = { readonly residentBytes: number; readonly usedBytes: number }

/** What the process that tests tells, in this order. */
export type MailboxesTold =
  | { readonly kind: 'added'; readonly mailboxes: number; readonly memory: Memory }
  | {
      readonly kind: 'tested'
      readonly outcome: BulkTestOutcome
      readonly tookMs: number
      readonly events: number
      readonly mostBytes: number
      readonly memory: Memory
    }
  | {
      readonly kind: 'stopped'
      readonly ended: number
      /** From the cancel until the call has ended. */
      readonly tookMs: number
      readonly socketsLeft: number
    }

const sampleEveryMs = 20
/** Sockets that were destroyed are let go of within a turn or two of the event loop. */
const settleMs = 50

process.once('message', (task: MailboxesTask) => {
  void run(task).then(() => process.disconnect())
})

async function run({ dataDir, list, caPem }: MailboxesTask): Promise<void> {
  const dns = testDns({ 'mail.a.test': { A: ['127.0.0.1'] } })
  const engine = valueOf(
    await createEngine(testPlatform({ dataDir }), dns.makeResolver, () => null, {
      makeMail: networkMailWith({ ca: [caPem] }),
    }),
  )
  const client = createInProcessClient(engine.router)
  const preview = valueOf(await client.mailboxes.readList({ text: list }))
  const added = await readToEnd(
    client.mailboxes.addList({ list: preview.list ?? '', timeZone: 'UTC', addDomains: true }),
  )
  const ids = valueOf(added.result).added.map(({ id }) => id)
  tell({ kind: 'added', mailboxes: ids.length, memory: settledMemory() })
  const test = (signal?: AbortSignal) =>
    client.mailboxes.testMany({ ids, testEmail: true }, signal === undefined ? {} : { signal })

  let mostBytes = 0
  const watch = setInterval(() => {
    mostBytes = Math.max(mostBytes, process.memoryUsage.rss())
  }, sampleEveryMs)
  const startedAt = performance.now()
  const { events, result } = await readToEnd(test())
  const tookMs = performance.now() - startedAt
  clearInterval(watch)
  const outcome = valueOf(result)
  tell({ kind: 'tested', outcome, tookMs, events: events.length, mostBytes, memory: settledMemory() })

  const cancel = new AbortController()
  const stream = await test(cancel.signal)
  let ended = 0
  let cancelledAt = 0
  for (;;) {
    const step: IteratorResult<BulkTestEvent, unknown> = await stream
      .next()
      .catch(() => ({ done: true, value: null }))
    if (step.done) break
    if (step.value.kind !== 'ended') continue
    ended++
    if (ended === Math.ceil(ids.length / 10)) {
      cancelledAt = performance.now()
      cancel.abort()
    }
  }
  const stoppedMs = performance.now() - cancelledAt
  await sleep(settleMs)
  tell({ kind: 'stopped', ended, tookMs: stoppedMs, socketsLeft: openSockets() })
  await engine.stop()
}

function openSockets(): number {
  return process.getActiveResourcesInfo().filter(name => name === 'TCPSocketWrap' || name === 'TLSWrap')
    .length
}

function settledMemory(): Memory {
  // Started with --expose-gc.
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  return { residentBytes: rss, usedBytes: heapUsed + external }
}

function tell(told: MailboxesTold): void {
  process.send?.(told)
}
