import { connect, isIP, type Socket } from 'node:net'
import { domainToASCII } from 'node:url'
import type { ServerAddress } from '#shared/model/connection.ts'
import { addressTroubleOf, socketTroubleOf } from '../net/classify.ts'
import { partOf } from '../net/deadline.ts'
import { limits } from '../net/limits.ts'
import { done, type Stage, trouble } from '../net/trouble.ts'
import type { MailProtocol, TestContext } from './options.ts'

/** The addresses of a server: IPv4 and IPv6 in turn, as many as are tried. Fails with a `dns.` code. */
export async function findAddresses(
  server: Pick<ServerAddress, 'host'>,
  { deadline, waits, addressesOf }: TestContext,
): Promise<Stage<readonly string[]>> {
  const own = partOf(deadline, waits.connectMs)
  try {
    const found = await addressesOf(server.host, own)
    if (found.state === 'absent') return trouble('dns.not-found', null, { host: server.host })
    if (found.state === 'unavailable') {
      const reason = deadline.ended() === 'cancelled' ? 'cancelled' : found.reason
      return { ok: false, trouble: addressTroubleOf(reason, server.host) }
    }
    const six = found.addresses.filter(address => isIP(address) === 6)
    const four = found.addresses.filter(address => isIP(address) === 4)
    const turns = Array.from({ length: Math.max(four.length, six.length) }, (_, index) => [
      four[index],
      six[index],
    ])
    return done(
      turns
        .flat()
        .flatMap(one => one ?? [])
        .slice(0, limits.mailAddresses),
    )
  } finally {
    own.end()
  }
}

/** Destroys a socket and waits until it is gone. */
export function destroyed(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    if (socket.closed) return resolve()
    socket.once('close', () => resolve())
    socket.destroy()
  })
}

/**
 * A connection to the first address that answers (RFC 8305). The caller destroys the socket. Fails with `net.refused`,
 * `net.timeout`, `net.unreachable`, `net.reset`, `net.port-blocked` or `test.cancelled`.
 */
export async function openSocket(
  protocol: MailProtocol | 'tcp',
  { host, port }: Pick<ServerAddress, 'host' | 'port'>,
  addresses: readonly string[],
  { deadline, waits, networkLog, purpose, onSocket }: TestContext,
  waitMs = waits.connectMs,
): Promise<Stage<Socket>> {
  const own = partOf(deadline, waitMs)
  const reached = await new Promise<Stage<Socket>>(resolve => {
    if (own.signal.aborted) return resolve(lateOrCancelled())
    const socket = connect({
      host,
      port,
      noDelay: true,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: Math.max(250, Math.floor(waitMs / Math.max(1, addresses.length) / 2)),
      lookup: (_host, options, callback) => {
        const all = addresses.map(address => ({ address, family: isIP(address) }))
        const [first] = all
        if (options.all) callback(null, all)
        else if (first) callback(null, first.address, first.family)
      },
    })
    onSocket(socket)
    const settle = (stage: Stage<Socket>) => {
      own.signal.removeEventListener('abort', onAbort)
      if (!stage.ok) socket.destroy()
      resolve(stage)
    }
    const onAbort = () => settle(lateOrCancelled())
    own.signal.addEventListener('abort', onAbort, { once: true })
    // Stays for the life of the socket: a late error must not end the process.
    socket.on('error', error => {
      const { code, evidence } = socketTroubleOf(error) ?? {
        code: 'net.unreachable',
        evidence: error.message,
      }
      settle(trouble(code, evidence, { host, port }))
    })
    socket.once('connect', () => settle(done(socket)))
  })
  own.end()
  networkLog.record({ host, port, protocol, purpose, failed: !reached.ok })
  return reached

  function lateOrCancelled() {
    return own.ended() === 'cancelled'
      ? trouble('test.cancelled')
      : trouble('net.timeout', null, { host, port, seconds: Math.round(waitMs / 1_000) })
  }
}

/** The server under the name that DNS and certificates know. */
export function asciiServer(server: ServerAddress): ServerAddress {
  const host = domainToASCII(server.host)
  return host === '' ? server : { ...server, host }
}
