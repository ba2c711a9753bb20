import { isIP } from 'node:net'
import { ImapFlow, type ImapFlowOptions } from 'imapflow'
import type { SecureContext } from 'node:tls'
import type { Credential, ServerAddress } from '#shared/model/connection.ts'
import { imapTroubleOf, isConnectionEnd } from '../net/classify.ts'
import { type Deadline, partOf } from '../net/deadline.ts'
import type { ImapMoment } from '../net/imap-replies.ts'
import { limits } from '../net/limits.ts'
import { done, type Stage, trouble } from '../net/trouble.ts'
import { libraryTls } from './secure.ts'

export type ImapClientOptions = {
  readonly server: ServerAddress
  /** The address to connect to. */
  readonly address: string
  readonly pinned: { readonly pem: string; readonly fingerprint: string } | null
  readonly authorities: SecureContext | undefined
  readonly user: string
  readonly credential: Credential
  readonly connectMs: number
  readonly greetingMs: number
  /** How long nothing may come while a command is open. */
  readonly socketMs: number
}

export type ImapClient = {
  readonly client: ImapFlow
  /** One call of the library, at most `waitMs` of the deadline, its error translated. A late one ends the connection. */
  call<T>(
    moment: ImapMoment,
    deadline: Deadline,
    waitMs: number,
    work: (client: ImapFlow) => Promise<T>,
  ): Promise<Stage<T>>
  /** Says LOGOUT and closes; closes without it after a second. */
  close(): Promise<void>
}

const logoutMs = 1_000
const mostAlerts = 5

/** A client of imapflow under our bounds, which does nothing by itself. It is connected by a `call` of `connect`. */
export function createImapClient(
  options: ImapClientOptions,
  more: Pick<ImapFlowOptions, 'disableCompression'> = {},
): ImapClient {
  const { server, credential } = options
  const alerts: string[] = []
  let heard = 0
  let throttled: { readonly line: string; readonly waitMs: number } | null = null
  const hear = (entry: unknown) => {
    const said = wordsOfServer(entry)
    const waitMs = /^\S+ (?:NO|BAD) .*request is throttled.*backoff time[:=\s]+(\d{1,9})\b/i.exec(said)?.[1]
    if (waitMs !== undefined && throttled === null) {
      throttled = { line: said.slice(said.indexOf(' ') + 1, 2_000), waitMs: Number(waitMs) }
      // The library would keep the connection and wait minutes with it; there is no use for it until then.
      setImmediate(() => client.close())
    }
    const line = serverLine(said)
    if (line === null) return
    heard++
    alerts.push(line)
    if (alerts.length > mostAlerts) alerts.shift()
  }
  const client = new ImapFlow({
    host: options.address,
    port: server.port,
    ...(isIP(server.host) === 0 ? { servername: server.host } : {}),
    secure: server.security === 'tls',
    ...(server.security === 'tls' ? {} : { doSTARTTLS: server.security === 'starttls' }),
    tls: libraryTls(server, options.authorities, options.pinned),
    auth:
      credential.kind === 'oauth'
        ? { user: options.user, accessToken: credential.accessToken }
        : { user: options.user, pass: credential.imapPassword ?? credential.password },
    clientInfo: { name: 'Rookery' },
    logger: { debug: hear, info: silent, warn: silent, error: silent, trace: silent },
    disableAutoIdle: true,
    disableAutoEnable: true,
    connectionTimeout: options.connectMs,
    greetingTimeout: options.greetingMs,
    socketTimeout: options.socketMs,
    maxLineLength: limits.imapLiteralBytes,
    maxLiteralSize: limits.imapLiteralBytes,
    maxResponseSize: limits.imapResponseBytes,
    ...more,
  })
  // What the library cannot hand to a call it reports here; without a listener it would end the process.
  let broken: Error | null = null
  client.on('error', (error: Error) => {
    broken ??= error
  })
  const end = () => client.close()

  return {
    client,
    call: async (moment, deadline, waitMs, work) => {
      const own = partOf(deadline, waitMs)
      own.signal.addEventListener('abort', end, { once: true })
      const overdue = () => trouble(deadline.ended() === 'cancelled' ? 'test.cancelled' : 'net.no-reply')
      const heardBefore = heard
      try {
        if (own.signal.aborted) return overdue()
        const value = await work(client)
        // Some commands of the library answer a refusal with a plain false.
        return throttled === null
          ? done(value)
          : trouble('limit.bandwidth', throttled.line, { waitMs: throttled.waitMs })
      } catch (error) {
        if (throttled !== null)
          return trouble('limit.bandwidth', throttled.line, { waitMs: throttled.waitMs })
        if (own.signal.aborted) return overdue()
        const cause = broken !== null && error instanceof Error && isConnectionEnd(error) ? broken : error
        return {
          ok: false,
          trouble: imapTroubleOf(cause instanceof Error ? cause : new Error(String(cause)), {
            moment,
            host: server.host,
            oauth: credential.kind === 'oauth',
            alerts: heard === heardBefore ? [] : alerts.slice(heardBefore - heard),
          }),
        }
      } finally {
        own.signal.removeEventListener('abort', end)
        own.end()
      }
    },
    close: async () => {
      if (client.usable) {
        const late = new Promise<void>(resolve => {
          setTimeout(resolve, logoutMs).unref()
        })
        await Promise.race([client.logout().catch(() => undefined), late])
      }
      client.close()
      // The socket is given back to the system a moment later.
      await new Promise<void>(resolve => {
        setImmediate(resolve)
      })
    },
  }
}

function silent(): void {}

/** What the server said, from what the library logs; empty for everything else. */
function wordsOfServer(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null || !('src' in entry) || entry.src !== 's') return ''
  return 'msg' in entry && typeof entry.msg === 'string' ? entry.msg : ''
}

/** The server's alerts and its good-bye. */
function serverLine(line: string): string | null {
  return /^\* (?:BYE\b|(?:OK|NO|BAD) \[(?:ALERT|WEBALERT|UNAVAILABLE|LIMIT)\b)/i.test(line)
    ? line.slice(2, 2_000)
    : null
}
