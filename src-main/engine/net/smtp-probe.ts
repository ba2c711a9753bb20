import { connect, type Socket } from 'node:net'
import { checkServerIdentity, connect as startTls, type TLSSocket } from 'node:tls'
import type { CertificateProblem, SmtpAnswer } from '#shared/model/exchange.ts'
import type { UnavailableReason } from '#shared/model/lookup.ts'
import type { Purpose } from '#shared/model/settings.ts'
import { certificateProblemOf, codeOf, reasonOfSocketError } from './classify.ts'
import { isContactable } from './contactable.ts'
import { type Deadline, partOf } from './deadline.ts'
import type { Endpoint } from './https.ts'
import { limits } from './limits.ts'
import type { NetworkLog } from './network-log.ts'

export type SmtpProbe = (
  host: string,
  addresses: readonly string[],
  options: { readonly deadline: Deadline; readonly purpose: Purpose },
) => Promise<SmtpAnswer>

/**
 * Looks at what a mail server offers on port 25: greeting, EHLO, STARTTLS, the handshake (RFC 3207); no mail, no login.
 * Within `limits.smtpProbeMs`. Never throws. When `limits.smtpSilentHosts` servers in a row say not a word, the
 * port counts as blocked for `limits.smtpBlockedMs` and nothing is tried. `now` in epoch milliseconds; `waitMs` bounds one server.
 */
export function createSmtpProbe(options: {
  readonly networkLog: NetworkLog
  readonly now?: () => number
  readonly ca?: readonly string[]
  readonly waitMs?: number
  readonly endpointOf?: (address: string) => Endpoint | null
}): SmtpProbe {
  const now = options.now ?? Date.now
  const waitMs = options.waitMs ?? limits.smtpProbeMs
  const endpointOf =
    options.endpointOf ?? (address => (isContactable(address) ? { host: address, port: 25 } : null))
  const silent = new Set<string>()
  let blockedUntil = 0

  return async (host, addresses, { deadline, purpose }) => {
    const address = addresses.find(one => endpointOf(one) !== null) ?? null
    const endpoint = address === null ? null : endpointOf(address)
    if (address === null || endpoint === null) return unavailable(host, null, 'not-asked')
    if (now() < blockedUntil) return unavailable(host, address, 'port-blocked')
    const own = partOf(deadline, waitMs)
    const hadTime = deadline.remainingMs() > waitMs
    const { answer, spoke } = await talk(host, address, endpoint, own, options.ca)
    own.end()
    const failed = answer.state === 'unavailable'
    options.networkLog.record({ host, port: 25, protocol: 'smtp', purpose, failed })
    if (spoke) silent.clear()
    else if (hadTime && answer.state === 'unavailable' && answer.reason === 'timeout') silent.add(host)
    if (silent.size < limits.smtpSilentHosts) return answer
    silent.clear()
    blockedUntil = now() + limits.smtpBlockedMs
    return unavailable(host, address, 'port-blocked')
  }
}

/** Whether the server said anything at all. */
type Talked = { readonly answer: SmtpAnswer; readonly spoke: boolean }

async function talk(
  host: string,
  address: string,
  endpoint: Endpoint,
  deadline: Deadline,
  ca: readonly string[] | undefined,
): Promise<Talked> {
  const socket = connect({ ...endpoint, signal: deadline.signal })
  let spoke = false
  socket.once('data', () => {
    spoke = true
  })
  const answered = (
    offers: boolean,
    tls: Extract<SmtpAnswer, { state: 'answered' }>['tls'],
    handshake: string | null,
  ): Talked => ({
    answer: { state: 'answered', host, address, startTls: offers, tls, handshake },
    spoke: true,
  })
  try {
    const lines = replyReader(socket)
    if ((await lines.next()).code !== 220) return { answer: unavailable(host, address, 'refused'), spoke }
    socket.write(`EHLO ${addressLiteral(socket.localAddress ?? '127.0.0.1')}\r\n`)
    const hello = await lines.next()
    if (hello.code !== 250) return { answer: unavailable(host, address, 'refused'), spoke }
    if (!hello.lines.some(line => /^STARTTLS$/i.test(line.trim()))) return answered(false, null, null)
    socket.write('STARTTLS\r\n')
    const ready = await lines.next()
    if (ready.code !== 220) return answered(true, null, `reply ${ready.code}`)
    lines.end()
    return await handshake(socket, host, deadline, ca).then(
      tls => answered(true, tls, null),
      (error: Error) => {
        if (deadline.signal.aborted) throw error
        return answered(true, null, codeOf(error))
      },
    )
  } catch (error) {
    const reason = deadline.signal.aborted
      ? deadline.ended() === 'cancelled'
        ? 'cancelled'
        : 'timeout'
      : error instanceof TooMuchSaid
        ? 'too-large'
        : reasonOfSocketError(error as Error).reason
    return { answer: unavailable(host, address, reason), spoke }
  } finally {
    socket.destroy()
  }
}

/** A machine without a name of its own greets by its address (RFC 5321 §4.1.3). */
export function addressLiteral(address: string): string {
  const plain = address.replace(/^::ffff:/, '')
  return plain.includes(':') ? `[IPv6:${plain}]` : `[${plain}]`
}

/** Thrown inside this file alone. */
class TooMuchSaid extends Error {}

type Reply = { readonly code: number; readonly lines: readonly string[] }

/** Reads replies of one or more lines (RFC 5321 §4.2.1), bounded. */
function replyReader(socket: Socket): { next(): Promise<Reply>; end(): void } {
  let text = ''
  let wake: (() => void) | null = null
  let broken: Error | null = null
  const onData = (chunk: Buffer) => {
    text += chunk.toString('latin1')
    if (text.length > limits.smtpReplyBytes) broken = new TooMuchSaid('reply')
    wake?.()
  }
  const onError = (error: Error) => {
    broken ??= error
    wake?.()
  }
  const onClose = () => onError(Object.assign(new Error('closed'), { code: 'ECONNRESET' }))
  socket.on('data', onData)
  socket.on('error', onError)
  socket.on('close', onClose)
  return {
    next: async () => {
      for (;;) {
        const reply = /^(?:\d{3}-[^\n]*\n)*(\d{3})(?: [^\n]*)?\r?\n/.exec(text)
        if (reply) {
          text = text.slice(reply[0].length)
          const lines = reply[0].split('\n').map(line => line.slice(4))
          return { code: Number(reply[1]), lines }
        }
        if (broken) throw broken
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
    },
    end: () => {
      socket.off('data', onData)
      socket.off('close', onClose)
    },
  }
}

type Tls = NonNullable<Extract<SmtpAnswer, { state: 'answered' }>['tls']>

/** Shakes hands with whatever the server has, and notes what a strict sender would refuse (RFC 8461 §4.2, RFC 8996). */
function handshake(
  socket: Socket,
  host: string,
  deadline: Deadline,
  ca: readonly string[] | undefined,
): Promise<Tls> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new Error('late'))
    if (deadline.signal.aborted) return onAbort()
    deadline.signal.addEventListener('abort', onAbort, { once: true })
    const secure = startTls({
      socket,
      servername: host,
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT@SECLEVEL=0',
      ...(ca === undefined ? {} : { ca: [...ca] }),
    })
    secure.once('error', reject)
    secure.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
    secure.once('secureConnect', () => resolve(describeTls(secure, host)))
  })
}

function describeTls(secure: TLSSocket, host: string): Tls {
  const certificate = secure.getPeerCertificate()
  const validTo = Date.parse(certificate.valid_to ?? '')
  const names = [...(certificate.subjectaltname ?? '').matchAll(/DNS:([^,]+)/g)].map(([, name = '']) =>
    name.trim().toLowerCase(),
  )
  return {
    protocol: secure.getProtocol() ?? 'unknown',
    problem: problemOf(secure, host),
    names: names.slice(0, 50),
    validToAt: Number.isNaN(validTo) ? null : validTo,
    chain: chainOf(secure),
  }
}

function problemOf(secure: TLSSocket, host: string): CertificateProblem | null {
  const error = secure.authorizationError as unknown
  // Typed as an error, and a code in truth.
  const code = typeof error === 'string' ? error : error instanceof Error ? codeOf(error) : null
  if (code !== null && code !== 'ERR_TLS_CERT_ALTNAME_INVALID') return certificateProblemOf(code) ?? 'invalid'
  return checkServerIdentity(host, secure.getPeerCertificate()) === undefined ? null : 'name'
}

function chainOf(secure: TLSSocket): string[] {
  const chain: string[] = []
  let next = secure.getPeerX509Certificate()
  while (next !== undefined && chain.length < limits.certificateChain) {
    chain.push(next.raw.toString('base64'))
    next = next.issuerCertificate
  }
  return chain
}

function unavailable(host: string, address: string | null, reason: UnavailableReason): SmtpAnswer {
  return { state: 'unavailable', host, address, reason }
}
