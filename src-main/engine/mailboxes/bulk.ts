import type { ConnectionEvent, ConnectionResult, ConnectionSettings } from '#shared/model/connection.ts'
import { limits } from '../net/limits.ts'

export type BulkItem = { readonly id: string; readonly settings: ConnectionSettings }

export type BulkEvent =
  | { readonly kind: 'began'; readonly id: string }
  | { readonly kind: 'phase'; readonly id: string; readonly event: ConnectionEvent }
  | { readonly kind: 'ended'; readonly id: string; readonly result: ConnectionResult }

export type BulkOptions = {
  readonly signal: AbortSignal
  /** Runs one test; it is given a signal that also ends with the whole. */
  readonly test: (
    item: BulkItem,
    signal: AbortSignal,
  ) => AsyncGenerator<ConnectionEvent, ConnectionResult, void>
  readonly connectionsPerHost?: number
  readonly testsAtOnce?: number
}

/** Of the connections to a host one is left for the short looks of `sharedLooks`. */
const forLooks = 1

/**
 * Tests many mailboxes, each test at most one connection to its SMTP and one to its IMAP server at a time, and one look at
 * a host in all, so that no host has more than `connectionsPerHost` (3 at least) from us. In the order given, except that a test whose hosts are busy lets others by.
 * Ends early when cancelled, after the running tests have closed their sockets; what had not begun has no event.
 */
export async function* testMailboxes(
  items: readonly BulkItem[],
  options: BulkOptions,
): AsyncGenerator<BulkEvent, void, void> {
  const perHost = Math.max(2, (options.connectionsPerHost ?? limits.mailConnectionsPerHost) - forLooks)
  const atOnce = options.testsAtOnce ?? limits.mailTestsAtOnce
  const leave = new AbortController()
  const signal = AbortSignal.any([options.signal, leave.signal])
  const waiting = new Set(items)
  const running = new Set<Promise<void>>()
  const busy = new Map<string, number>()
  const events: BulkEvent[] = []
  let wake: (() => void) | null = null
  let fault = null as { readonly error: unknown } | null

  const tell = (event: BulkEvent) => {
    events.push(event)
    wake?.()
  }
  const onFault = (error: unknown) => {
    fault ??= { error }
    leave.abort()
  }
  const isFree = ([host, needed]: readonly [string, number]) => (busy.get(host) ?? 0) + needed <= perHost
  const begin = (item: BulkItem) => {
    const hosts = hostsOf(item.settings)
    waiting.delete(item)
    for (const [host, needed] of hosts) busy.set(host, (busy.get(host) ?? 0) + needed)
    const run = runOne(item)
      .catch(onFault)
      .finally(() => {
        running.delete(run)
        for (const [host, needed] of hosts) {
          const left = (busy.get(host) ?? 0) - needed
          if (left > 0) busy.set(host, left)
          else busy.delete(host)
        }
        fill()
        wake?.()
      })
    running.add(run)
  }
  const fill = () => {
    for (const item of waiting) {
      if (running.size >= atOnce || signal.aborted) return
      if ([...hostsOf(item.settings)].every(isFree)) begin(item)
    }
  }
  const runOne = async (item: BulkItem) => {
    tell({ kind: 'began', id: item.id })
    const test = options.test(item, signal)
    for (;;) {
      const step = await test.next()
      if (step.done) return tell({ kind: 'ended', id: item.id, result: step.value })
      tell({ kind: 'phase', id: item.id, event: step.value })
    }
  }

  try {
    fill()
    for (;;) {
      const event = events.shift()
      if (event) yield event
      else if (running.size === 0) break
      else {
        await new Promise<void>(resolve => {
          wake = resolve
        })
        wake = null
      }
    }
    if (fault) throw fault.error
  } finally {
    leave.abort()
    await Promise.allSettled(running)
  }
}

/** How many connections a test may have open to each host at once. */
function hostsOf({ smtp, imap }: ConnectionSettings): Map<string, number> {
  const hosts = new Map([[smtp.server.host.toLowerCase(), 1]])
  if (imap !== null) {
    const host = imap.server.host.toLowerCase()
    hosts.set(host, (hosts.get(host) ?? 0) + 1)
  }
  return hosts
}
