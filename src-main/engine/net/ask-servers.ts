import type { Referral, UnavailableReason } from '#shared/model/lookup.ts'
import type { Purpose } from '#shared/model/settings.ts'
import type { Answer } from './answer-cache.ts'
import { interpretAnswer } from './interpret-answer.ts'
import { limits } from './limits.ts'
import type { Question } from './message.ts'
import type { NetworkLog } from './network-log.ts'
import type { NetworkState } from './network-state.ts'
import type { ServerAddress } from './resolve.ts'
import { formatServerAddress } from './server-address.ts'
import type { SharedRun } from './shared-questions.ts'
import type { Reply, Transport } from './udp.ts'

export type NoAnswer = {
  readonly state: 'unavailable'
  readonly reason: UnavailableReason
  readonly server: string | null
  readonly detail: string | null
  readonly referral?: Referral
}

export type Asked = Answer | NoAnswer

export type Network = {
  readonly udp: Transport
  readonly tcp: Transport
  readonly log: NetworkLog
  readonly state: NetworkState
  readonly tryMs: number
}

export type AskOptions = {
  readonly purpose: Purpose
  readonly onSent: () => void
}

/** Nothing came back at all. */
const silentReasons: ReadonlySet<UnavailableReason> = new Set<UnavailableReason>([
  'timeout',
  'network-unreachable',
  'connection-refused',
  'connection-reset',
])
/** What a server said itself; any other reason is a failure on the way. */
const saidReasons: ReadonlySet<UnavailableReason> = new Set<UnavailableReason>([
  'servfail',
  'refused',
  'not-implemented',
  'format-error',
  'other-rcode',
])
const worthAnotherTry: ReadonlySet<UnavailableReason> = new Set<UnavailableReason>([
  'timeout',
  'malformed',
  'mismatched',
  'connection-reset',
])

/**
 * Asks the servers in turn, each `limits.dnsTriesPerServer` times, until one has a usable answer. What a server said
 * itself (SERVFAIL, REFUSED) is told rather than the silence of another.
 */
export async function askServers(
  network: Network,
  servers: readonly ServerAddress[],
  question: Question,
  run: SharedRun<Asked>,
  options: AskOptions,
): Promise<Asked> {
  const done: ServerAddress[] = []
  let best: NoAnswer = { state: 'unavailable', reason: 'no-server', server: null, detail: null }
  for (let round = 0; round < limits.dnsTriesPerServer; round++) {
    for (const server of servers) {
      if (done.includes(server)) continue
      const asked = await askServer(network, server, question, run, options)
      if (asked.state !== 'unavailable') return asked
      if (run.stop.stopped) return run.soFar ?? asked
      if (!worthAnotherTry.has(asked.reason)) done.push(server)
      if (!saidReasons.has(best.reason) || saidReasons.has(asked.reason)) best = asked
      run.soFar = best
    }
  }
  return best
}

async function askServer(
  network: Network,
  server: ServerAddress,
  question: Question,
  run: SharedRun<Asked>,
  options: AskOptions,
): Promise<Asked> {
  const serverText = formatServerAddress(server)
  const send = async (protocol: 'udp' | 'tcp', edns: boolean): Promise<Reply> => {
    options.onSent()
    const reply = await network[protocol].ask(server, question, {
      waitMs: network.tryMs,
      edns,
      stop: run.stop,
    })
    // A try that a deadline cut short failed; one that nobody waits for any more did not.
    const failed = !reply.ok && (reply.reason !== 'cancelled' || run.wasLate)
    network.log.record({ ...server, protocol, purpose: options.purpose, failed })
    if (reply.ok) network.state.answered()
    else if (silentReasons.has(reply.reason)) network.state.failed(serverText)
    return reply
  }
  let edns = true
  let reply = await send('udp', edns)
  if (reply.ok && (reply.message.rcode === formatError || reply.message.rcode === badVersion)) {
    edns = false
    reply = await send('udp', edns)
  }
  if (reply.ok && reply.message.truncated) reply = await send('tcp', edns)
  if (!reply.ok)
    return { state: 'unavailable', reason: reply.reason, server: serverText, detail: reply.detail }
  const step = interpretAnswer(reply.message, question)
  if (step.state === 'unavailable') return { ...step, server: serverText }
  return { ...step, server: serverText, messageBytes: reply.message.bytes.length }
}

const formatError = 1
/** RFC 6891 §6.1.3. */
const badVersion = 16
