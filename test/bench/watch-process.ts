import { setTimeout as sleep } from 'node:timers/promises'
import type { SeatLimits } from '#engine/mailboxes/exchange/seats.ts'
import { becomes, loopbackWorld, mailAccess, noSignal, outgoing } from '../helpers/mail-access.ts'

export type WatchTask = {
  readonly ports: { readonly smtp: number; readonly imap: number }
  readonly mailboxes: number
  /** Names of this machine, so that there is more than one host. */
  readonly hosts: number
  readonly seats: Partial<SeatLimits>
  readonly messages: number
  readonly idleMs: number
}

export type WatchTold =
  | { readonly kind: 'watching'; readonly tookMs: number; readonly states: Record<string, number> }
  | {
      readonly kind: 'measured'
      /** Of the process before and while it watches. */
      readonly residentBytes: readonly [before: number, now: number]
      readonly usedBytes: readonly [before: number, now: number]
      /** Of one processor, while nothing happens. */
      readonly processorShare: number
      /** From the server's word that it took a message to the moment it is told of. */
      readonly seenMs: readonly number[]
      readonly lost: number
    }

const roundMs = 30_000

async function measure(task: WatchTask): Promise<void> {
  const world = loopbackWorld({
    seats: task.seats,
    sendsPerHost: 8,
    // Eight times as often as in use, so that the time measured holds many rounds.
    watchWaits: { roundMs, turnMs: roundMs },
  })
  const access = (number: number) =>
    mailAccess(number, {
      smtpPort: task.ports.smtp,
      imapPort: task.ports.imap,
      host: `host${number % task.hosts}.localhost`,
    })
  await world.send(access(1), outgoing('user1@a.test', 'user1@a.test'), noSignal)
  const before = settled()
  const startedAt = performance.now()
  const states = new Map<number, string>()
  const seenAt = new Map<string, number>()
  const watches = Array.from({ length: task.mailboxes }, (_, index) =>
    world.watch(access(index + 1), [], {
      onMessage: async ({ messageId }) => {
        if (messageId !== null && !seenAt.has(messageId)) seenAt.set(messageId, performance.now())
      },
      onPlace: () => undefined,
      onState: ({ kind }) => void states.set(index, kind),
    }),
  )
  await becomes('all watched', () => states.size === task.mailboxes, 120_000)
  const counts: Record<string, number> = {}
  for (const kind of states.values()) counts[kind] = (counts[kind] ?? 0) + 1
  tell({ kind: 'watching', tookMs: performance.now() - startedAt, states: counts })
  await sleep(2_000)
  const now = settled()
  const used = process.cpuUsage()
  const beganAt = performance.now()
  await sleep(task.idleMs)
  const { user, system } = process.cpuUsage(used)
  const processorShare = (user + system) / 1_000 / (performance.now() - beganAt)

  const acceptedAt = new Map<string, number>()
  for (let number = 0; number < task.messages; number++) {
    const to = 1 + ((number * 37) % task.mailboxes)
    const message = outgoing('user1@a.test', `user${to}@a.test`)
    const sent = await world.send(access(1), message, noSignal)
    if (sent.state === 'accepted') acceptedAt.set(message.messageId, performance.now())
  }
  await becomes('all seen', () => [...acceptedAt.keys()].every(id => seenAt.has(id)), 3 * roundMs).catch(
    () => undefined,
  )
  const seenMs = [...acceptedAt].flatMap(([id, at]) => {
    const seen = seenAt.get(id)
    return seen === undefined ? [] : [Math.max(0, seen - at)]
  })
  tell({
    kind: 'measured',
    residentBytes: [before.rss, now.rss],
    usedBytes: [before.used, now.used],
    processorShare,
    seenMs,
    lost: acceptedAt.size - seenMs.length,
  })
  await Promise.all(watches.map(({ stop }) => stop()))
}

function settled(): { rss: number; used: number } {
  // Started with --expose-gc.
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  return { rss, used: heapUsed + external }
}

function tell(told: WatchTold): void {
  process.send?.(told)
}

process.on('message', (task: WatchTask) => {
  void measure(task).then(() => process.disconnect())
})
