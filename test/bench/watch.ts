import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { SeatLimits } from '#engine/mailboxes/exchange/seats.ts'
import { limits } from '#engine/net/limits.ts'
import { type MailServers, mailServersProblem, startMailServers } from '../helpers/mail-servers.ts'
import { type Figure, type Missing, percentile } from './figure.ts'
import type { WatchTask, WatchTold } from './watch-process.ts'

const mailboxes = 500
const hosts = 25
const messages = 100
const idleMs = 20_000
const everyOne: Partial<SeatLimits> = { perHost: 10_000, inAll: 10_000 }

/**
 * Many mailboxes watched on real Dovecot, twice: each with a connection of its own, and within the usual bounds, where most
 * of a large number take turns.
 */
export async function benchWatch(say: (line: string) => void): Promise<(Figure | Missing)[]> {
  const problem = mailServersProblem()
  if (problem !== null) return [{ name: `watching ${mailboxes} mailboxes`, why: problem }]
  say(`Starting Dovecot and Postfix for ${mailboxes} mailboxes.`)
  const servers = await startMailServers({ users: mailboxes })
  try {
    const all = await watched(servers, everyOne)
    const usual = await watched(servers, {})
    return [
      ...figuresOf('each its own connection', all),
      ...figuresOf(`at most ${limits.mailWatchesAtOnce} connections`, usual),
    ]
  } finally {
    await servers.stop()
  }
}

type Measured = Extract<WatchTold, { kind: 'measured' }> & {
  readonly openedMs: number
  readonly states: Record<string, number>
  readonly connections: number
}

async function watched(servers: MailServers, seats: Partial<SeatLimits>): Promise<Measured> {
  const child = fork(join(import.meta.dirname, 'watch-process.ts'), { execArgv: ['--expose-gc'] })
  try {
    const { smtp, imap } = servers.ports
    const task: WatchTask = { ports: { smtp, imap }, mailboxes, hosts, seats, messages, idleMs }
    return await new Promise<Measured>((resolve, reject) => {
      let opened = { openedMs: 0, states: {}, connections: 0 }
      child.once('error', reject)
      child.once('exit', () => reject(new Error('the watching process ended')))
      child.on('message', (told: WatchTold) => {
        if (told.kind === 'measured') return resolve({ ...told, ...opened })
        const connections = servers.connections().callers
        opened = { openedMs: told.tookMs, states: told.states, connections }
      })
      child.send(task)
    })
  } finally {
    child.kill()
  }
}

function figuresOf(how: string, measured: Measured): Figure[] {
  const { residentBytes, usedBytes, states, connections, processorShare, seenMs, lost } = measured
  const kinds = Object.entries(states).map(([kind, count]) => `${count} ${kind}`)
  const each = (bytes: readonly [number, number]) => (bytes[1] - bytes[0]) / mailboxes / 1_024
  return [
    {
      name: `watching ${mailboxes} mailboxes, ${how}`,
      measured: measured.openedMs,
      unit: 'ms',
      target: 60_000,
      better: 'less',
      note: `until all were looked at; ${kinds.join(', ')}`,
    },
    { name: '  connections', measured: connections, unit: 'at once', target: null, better: 'less' },
    {
      name: '  memory for each mailbox',
      measured: each(residentBytes),
      unit: 'KB',
      target: 400,
      better: 'less',
      note: `${Math.round(each(usedBytes))} KB of it in use; ${Math.round(residentBytes[1] / 2 ** 20)} MB in all`,
    },
    {
      name: '  of one processor while nothing happens',
      measured: 100 * processorShare,
      unit: '%',
      target: 20,
      better: 'less',
      note: 'looking every 30 s, eight times as often as in use',
    },
    {
      name: '  from sent to seen, p50',
      measured: percentile(seenMs, 50),
      unit: 'ms',
      target: null,
      better: 'less',
      note: `${seenMs.length} messages, ${lost} not seen`,
    },
    {
      name: '  from sent to seen, p95',
      measured: percentile(seenMs, 95),
      unit: 'ms',
      target: null,
      better: 'less',
    },
  ]
}
