import { isIP } from 'node:net'
import { ImapFlow, type ListResponse } from 'imapflow'
import type { Credential, MailServer } from '#shared/model/connection.ts'
import { imapTroubleOf, isConnectionEnd } from '../net/classify.ts'
import { partOf } from '../net/deadline.ts'
import type { ImapMoment } from '../net/imap-replies.ts'
import { limits } from '../net/limits.ts'
import { done, type Stage, trouble } from '../net/trouble.ts'
import type { ImapFacts } from './connect-imap.ts'
import type { TestContext } from './options.ts'
import { libraryTls } from './secure.ts'

export type Folder = {
  readonly path: string
  readonly kind: 'inbox' | 'junk' | 'other'
  /** Where the copies and drafts of the sender are: a message there has not arrived. */
  readonly ofSender: boolean
}

export type ImapSession = {
  /** Lists the folders and opens the inbox. Fails with `imap.no-inbox`, `imap.read-only` or `imap.quota-full`. */
  readFolders(): Promise<Stage<{ readonly folders: readonly Folder[]; readonly evidence: string }>>
  /** One call of the library, ended by the deadline, its error translated. */
  call<T>(moment: ImapMoment, work: (client: ImapFlow) => Promise<T>): Promise<Stage<T>>
  close(): Promise<void>
}

const logoutMs = 1_000

/**
 * Logs in with imapflow, on a connection of its own to the address that answered, under the same judgement of the
 * certificate. Fails with an `auth.`, `limit.` or `net.` code.
 */
export async function logInImap(
  facts: ImapFacts,
  { user }: MailServer,
  credential: Credential,
  context: TestContext,
): Promise<Stage<{ readonly session: ImapSession; readonly method: string }>> {
  const able = mechanismProblem(facts, credential)
  if (able) return able
  const { server, address } = facts
  const { deadline, waits } = context
  const alerts: string[] = []
  const hear = (entry: unknown) => {
    const line = serverLine(entry)
    if (line !== null && alerts.length < 5) alerts.push(line)
  }
  const client = new ImapFlow({
    host: address,
    port: server.port,
    ...(isIP(server.host) === 0 ? { servername: server.host } : {}),
    secure: server.security === 'tls',
    ...(server.security === 'tls' ? {} : { doSTARTTLS: server.security === 'starttls' }),
    tls: libraryTls(server, context.authorities, facts.pinned),
    auth:
      credential.kind === 'oauth'
        ? { user, accessToken: credential.accessToken }
        : { user, pass: credential.imapPassword ?? credential.password },
    clientInfo: { name: 'Rookery' },
    logger: { debug: hear, info: silent, warn: silent, error: silent, trace: silent },
    disableAutoIdle: true,
    disableAutoEnable: true,
    connectionTimeout: Math.min(waits.connectMs, deadline.remainingMs()),
    greetingTimeout: waits.replyMs,
    // Each call has its own time; in between the connection may idle for as long as SMTP needs.
    socketTimeout: waits.testMs,
    maxLineLength: limits.imapLiteralBytes,
    maxLiteralSize: limits.imapLiteralBytes,
    maxResponseSize: limits.imapResponseBytes,
  })
  // What the library cannot hand to a call it reports here; without a listener it would end the process.
  let broken: Error | null = null
  client.on('error', (error: Error) => {
    broken ??= error
  })
  const end = () => client.close()
  deadline.signal.addEventListener('abort', end, { once: true })

  const call = async <T>(moment: ImapMoment, work: (client: ImapFlow) => Promise<T>): Promise<Stage<T>> => {
    const own = partOf(deadline, moment === 'login' ? 2 * waits.replyMs : waits.replyMs)
    own.signal.addEventListener('abort', end, { once: true })
    const saidBefore = alerts.length
    try {
      if (own.signal.aborted) return overdue()
      return done(await work(client))
    } catch (error) {
      if (own.signal.aborted) return overdue()
      const cause = broken !== null && error instanceof Error && isConnectionEnd(error) ? broken : error
      return {
        ok: false,
        trouble: imapTroubleOf(cause instanceof Error ? cause : new Error(String(cause)), {
          moment,
          host: server.host,
          oauth: credential.kind === 'oauth',
          alerts: alerts.slice(saidBefore),
        }),
      }
    } finally {
      own.signal.removeEventListener('abort', end)
      own.end()
    }
  }
  const overdue = () => trouble(deadline.ended() === 'cancelled' ? 'test.cancelled' : 'net.no-reply')
  const close = async () => {
    deadline.signal.removeEventListener('abort', end)
    if (client.usable) {
      const late = new Promise<void>(resolve => {
        setTimeout(resolve, logoutMs).unref()
      })
      await Promise.race([client.logout().catch(() => undefined), late])
    }
    client.close()
  }

  const loggedIn = await call('login', one => one.connect())
  context.networkLog.record({
    host: server.host,
    port: server.port,
    protocol: 'imap',
    purpose: context.purpose ?? 'connection-test',
    failed: !loggedIn.ok,
  })
  if (!loggedIn.ok) {
    await close()
    return loggedIn
  }
  return done({ session: { readFolders, call, close }, method: methodOf(facts, credential) })

  async function readFolders() {
    const listed = await call('command', one => one.list())
    if (!listed.ok) return listed
    const opened = await call('folder', one => one.mailboxOpen('INBOX'))
    if (!opened.ok) return opened
    if (opened.value.readOnly) return trouble('imap.read-only')
    const quota = await call('command', async one => one.getQuota('INBOX'))
    if (quota.ok && quota.value && isFull(quota.value.storage)) {
      const { usage = 0, limit = 0 } = quota.value.storage ?? {}
      return trouble('imap.quota-full', null, { usedBytes: usage, limitBytes: limit })
    }
    const folders = listed.value.flatMap(folderOf)
    const junk = folders.find(({ kind }) => kind === 'junk')
    const shown = [`INBOX: ${opened.value.exists}`, ...(junk ? [`\\Junk: ${junk.path}`] : [])]
    return done({ folders, evidence: `${shown.join(', ')} (${listed.value.length})` })
  }
}

function silent(): void {}

/** The server's alerts and its good-bye, from what the library logs. */
function serverLine(entry: unknown): string | null {
  if (typeof entry !== 'object' || entry === null || !('src' in entry) || entry.src !== 's') return null
  const line = 'msg' in entry && typeof entry.msg === 'string' ? entry.msg : ''
  return /^\* (?:BYE\b|(?:OK|NO|BAD) \[(?:ALERT|WEBALERT|UNAVAILABLE|LIMIT)\b)/i.test(line)
    ? line.slice(2, 2_000)
    : null
}

function isFull(storage: { usage?: number | undefined; limit?: number | undefined } | undefined): boolean {
  return storage?.limit !== undefined && storage.limit > 0 && (storage.usage ?? 0) >= storage.limit
}

function folderOf(listed: ListResponse): Folder[] {
  if (listed.flags.has('\\Noselect') || listed.flags.has('\\NonExistent')) return []
  const use = listed.specialUse ?? ''
  const kind = listed.path.toUpperCase() === 'INBOX' ? 'inbox' : use === '\\Junk' ? 'junk' : 'other'
  return [{ path: listed.path, kind, ofSender: ['\\Sent', '\\Drafts', '\\All', '\\Trash'].includes(use) }]
}

/** The method the library takes, in its order of preference. */
function methodOf({ capabilities }: ImapFacts, credential: Credential): string {
  const order = credential.kind === 'oauth' ? ['OAUTHBEARER', 'XOAUTH2'] : ['PLAIN', 'LOGIN']
  return order.find(name => capabilities.includes(`AUTH=${name}`)) ?? 'LOGIN'
}

/** Whether there is a way to log in at all with what was offered (RFC 9051 §6.2.3, §7.2.2). */
function mechanismProblem({ capabilities, encrypted }: ImapFacts, credential: Credential) {
  const offered = capabilities.filter(name => name.startsWith('AUTH=')).map(name => name.slice(5))
  const shown = capabilities.join(' ')
  const tokens = ['XOAUTH2', 'OAUTHBEARER']
  if (credential.kind === 'oauth') {
    return offered.some(name => tokens.includes(name) || name === 'XOAUTH')
      ? null
      : trouble('auth.mechanism-unsupported', shown, { wanted: 'XOAUTH2', offered })
  }
  if (offered.some(name => name === 'PLAIN' || name === 'LOGIN')) return null
  if (!capabilities.includes('LOGINDISABLED')) {
    return offered.length > 0 &&
      offered.every(name => tokens.includes(name)) &&
      capabilities.includes('SASL-IR')
      ? trouble('auth.oauth-required', shown)
      : null
  }
  if (!encrypted) return trouble('auth.encryption-required', shown)
  if (offered.length === 0) return trouble('auth.not-offered', shown)
  return offered.every(name => tokens.includes(name))
    ? trouble('auth.oauth-required', shown)
    : trouble('auth.mechanism-unsupported', shown, { wanted: 'PLAIN', offered })
}
