import { connect, isIP, type Socket } from 'node:net'
import { connect as startTls, type TLSSocket } from 'node:tls'
import type { ServerAddress } from '#shared/model/connection.ts'
import type { UnavailableReason } from '#shared/model/lookup.ts'
import { certificateProblemOf, codeOf, reasonOfSocketError } from '../../net/classify.ts'
import { isContactable } from '../../net/contactable.ts'
import { type Deadline, partOf } from '../../net/deadline.ts'
import type { Endpoint, HostAddresses } from '../../net/https.ts'
import { limits } from '../../net/limits.ts'
import type { NetworkLog } from '../../net/network-log.ts'

/**
 * Whether a mail server stands where it was guessed: `greets` as one, over TLS whose certificate is good for the host
 * or not; `absent` no such host, nothing listens, or something else does; `unavailable` could not look.
 */
export type Greeting =
  | { readonly state: 'greets'; readonly certificate: 'good' | 'bad' }
  | { readonly state: 'absent' }
  | { readonly state: 'unavailable'; readonly reason: UnavailableReason }

export type MailProtocol = 'smtp' | 'imap'

export type ProbeGreeting = (protocol: MailProtocol, server: ServerAddress) => Promise<Greeting>

/**
 * A probe that connects, waits for the greeting, and with STARTTLS goes as far as the handshake; it never logs in.
 * Each server within `limits.greetingMs`, `limits.greetingBytes` and the deadline. Never throws. `endpointOf` says
 * where an address is reached, or null when it must not be.
 */
export function createGreetingProbe(options: {
  readonly networkLog: NetworkLog
  readonly deadline: Deadline
  readonly addressesOf: (host: string) => Promise<HostAddresses>
  readonly ca?: readonly string[]
  readonly endpointOf?: (address: string, port: number) => Endpoint | null
}): ProbeGreeting {
  const { networkLog, deadline, addressesOf, ca } = options
  const endpointOf = options.endpointOf ?? ((host, port) => (isContactable(host) ? { host, port } : null))
  return async (protocol, server) => {
    const found = await addressesOf(server.host)
    if (found.state !== 'found')
      return found.state === 'absent' ? { state: 'absent' } : { state: 'unavailable', reason: found.reason }
    // IPv4 first: where IPv6 is published and does not work, the probe would only time out.
    const [endpoint] = found.addresses
      .toSorted((a, b) => isIP(a) - isIP(b))
      .flatMap(address => endpointOf(address, server.port) ?? [])
    if (endpoint === undefined) return { state: 'unavailable', reason: 'not-asked' }
    const own = partOf(deadline, limits.greetingMs)
    try {
      const greeting = await greet(protocol, server, endpoint, own, ca)
      const failed = greeting.state !== 'greets'
      networkLog.record({ host: server.host, port: server.port, protocol, purpose: 'discovery', failed })
      return greeting
    } finally {
      own.end()
    }
  }
}

async function greet(
  protocol: MailProtocol,
  { host, security }: ServerAddress,
  endpoint: Endpoint,
  deadline: Deadline,
  ca: readonly string[] | undefined,
): Promise<Greeting> {
  const plain = connect({ host: endpoint.host, port: endpoint.port, noDelay: true })
  // Destroyed from the last to the first: TLS destroyed after the socket under it takes Node's process down (24.21).
  const open: Socket[] = [plain]
  const onAbort = () => {
    for (const socket of open.toReversed()) socket.destroy(new Late())
  }
  const toTls = async () => {
    const { secure, certificate } = await handshake(plain, host, ca)
    open.push(secure)
    return { secure, certificate }
  }
  deadline.signal.addEventListener('abort', onAbort, { once: true })
  if (deadline.signal.aborted) onAbort()
  try {
    if (security === 'tls') {
      const { secure, certificate } = await toTls()
      const line = await readReply(secure, protocol)
      return isGreeting(protocol, line) ? { state: 'greets', certificate } : { state: 'absent' }
    }
    if (!isGreeting(protocol, await readReply(plain, protocol))) return { state: 'absent' }
    for (const { say, expect } of dialogues[protocol]) {
      plain.write(say)
      if (!expect.test(await readReply(plain, protocol))) return { state: 'absent' }
    }
    const { certificate } = await toTls()
    return { state: 'greets', certificate }
  } catch (error) {
    if (deadline.signal.aborted) {
      return { state: 'unavailable', reason: deadline.ended() === 'cancelled' ? 'cancelled' : 'timeout' }
    }
    return trouble(error)
  } finally {
    deadline.signal.removeEventListener('abort', onAbort)
    for (const socket of open.toReversed()) socket.destroy()
  }
}

/** What leads to TLS, and the replies that allow it (RFC 3207, RFC 9051 §6.2.1). */
const dialogues: Readonly<
  Record<MailProtocol, readonly { readonly say: string; readonly expect: RegExp }[]>
> = {
  smtp: [
    { say: 'EHLO [127.0.0.1]\r\n', expect: /^250[- ]STARTTLS\s*$/im },
    { say: 'STARTTLS\r\n', expect: /^220/ },
  ],
  imap: [{ say: 'a STARTTLS\r\n', expect: /^a OK/i }],
}

function isGreeting(protocol: MailProtocol, line: string): boolean {
  return protocol === 'smtp' ? /^220[ -]/.test(line) : /^\* (?:OK|PREAUTH)\b/i.test(line)
}

function handshake(
  socket: Socket,
  host: string,
  ca: readonly string[] | undefined,
): Promise<{ secure: TLSSocket; certificate: 'good' | 'bad' }> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    const secure = startTls({
      socket,
      servername: host,
      rejectUnauthorized: false,
      ...(ca === undefined ? {} : { ca: [...ca] }),
    })
    secure.once('error', reject)
    secure.once('close', () => reject(closed()))
    secure.once('secureConnect', () => resolve({ secure, certificate: secure.authorized ? 'good' : 'bad' }))
  })
}

/** One reply: all lines of SMTP's up to the last (RFC 5321 §4.2.1), one line of IMAP. */
function readReply(socket: Socket, protocol: MailProtocol): Promise<string> {
  const whole = protocol === 'smtp' ? /^(?:\d{3}-[^\n]*\n)*\d{3}(?: [^\n]*)?\n/ : /^[^\n]*\n/
  return new Promise((resolve, reject) => {
    let text = ''
    const settle = (end: () => void) => {
      socket.off('data', onData)
      socket.off('error', onError)
      socket.off('close', onClose)
      // Kept, or a late error would end the process.
      socket.on('error', () => {})
      end()
    }
    const onError = (error: Error) => settle(() => reject(error))
    const onClose = () => onError(closed())
    const onData = (chunk: Buffer) => {
      text += chunk.toString('latin1')
      const isOther = !whole.test(text) && text.includes('\n') && !/^\d{3}-/.test(text)
      if (whole.test(text) || isOther || text.length > limits.greetingBytes) settle(() => resolve(text))
    }
    socket.on('data', onData)
    socket.once('error', onError)
    socket.once('close', onClose)
  })
}

class Late extends Error {}

function closed(): Error {
  return Object.assign(new Error('closed'), { code: 'ECONNRESET' })
}

/** Refused and garbled say that no mail server is there; what may pass says nothing. */
function trouble(error: unknown): Greeting {
  const known = error instanceof Error ? error : new Error('unknown')
  const code = codeOf(known)
  const { reason } = reasonOfSocketError(known)
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || certificateProblemOf(code) !== null)
    return { state: 'absent' }
  return reason === 'connection-refused' || reason === 'connection-reset'
    ? { state: 'absent' }
    : { state: 'unavailable', reason }
}
