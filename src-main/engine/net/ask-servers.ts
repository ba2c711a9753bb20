import type { Referral, UnavailableReason } from '#shared/model/lookup.ts'
import type { Purpose } from '#shared/model/settings.ts'
import type { Answer } from './answer-cache.ts'
import { interpretAnswer } from './interpret-answer.ts'
import { limits } from './limits.ts'
import type { Message, Question } from './message.ts'
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
      const message: Sending = { server, question, edns: true, run, options }
      let reply = await send(network, 'udp', message)
      if (reply.ok && (reply.message.truncated || isEdnsRefused(reply.message)))
        reply = await askAgain(network, message, reply.message)
      const asked = readReply(reply, question, serverText(server))
      if (asked.state !== 'unavailable') return asked
      if (run.stop.stopped) return run.soFar ?? asked
      if (!worthAnotherTry.has(asked.reason)) done.push(server)
      if (!saidReasons.has(best.reason) || saidReasons.has(asked.reason)) best = asked
      run.soFar = best
    }
  }
  return best
}

type Sending = {
  readonly server: ServerAddress
  readonly question: Question
  readonly edns: boolean
  readonly run: SharedRun<Asked>
  readonly options: AskOptions
}

/** Without EDNS for a server that does not know it, and over TCP for an answer that does not fit. */
async function askAgain(network: Network, message: Sending, first: Message): Promise<Reply> {
  const plain = isEdnsRefused(first) ? { ...message, edns: false } : message
  const reply: Reply = isEdnsRefused(first) ? await send(network, 'udp', plain) : { ok: true, message: first }
  return reply.ok && reply.message.truncated ? send(network, 'tcp', plain) : reply
}

function isEdnsRefused({ rcode }: Message): boolean {
  return rcode === formatError || rcode === badVersion
}

/** Sends one message and tells the network log what came of it. */
async function send(
  network: Network,
  protocol: 'udp' | 'tcp',
  { server, question, edns, run, options }: Sending,
): Promise<Reply> {
  options.onSent()
  const asking = { waitMs: network.tryMs, edns, stop: run.stop }
  const reply = await network[protocol].ask(server, question, asking)
  // A try that a deadline cut short failed; one that nobody waits for any more did not.
  const failed = !reply.ok && (reply.reason !== 'cancelled' || run.wasLate)
  network.log.record({ host: server.host, port: server.port, protocol, purpose: options.purpose, failed })
  if (reply.ok) network.state.answered()
  else if (silentReasons.has(reply.reason)) network.state.failed(serverText(server))
  return reply
}

function readReply(reply: Reply, question: Question, server: string): Asked {
  if (!reply.ok) return { state: 'unavailable', reason: reply.reason, server, detail: reply.detail }
  const step = interpretAnswer(reply.message, question)
  if (step.state === 'unavailable') return { ...step, server }
  return { ...step, server, messageBytes: reply.message.bytes.length }
}

const texts = new WeakMap<ServerAddress, string>()

function serverText(server: ServerAddress): string {
  const known = texts.get(server)
  if (known !== undefined) return known
  const text = formatServerAddress(server)
  texts.set(server, text)
  return text
}

const formatError = 1
/** RFC 6891 §6.1.3. */
const badVersion = 16
