import type { ImapFlow, ListResponse } from 'imapflow'
import type { Credential, MailServer } from '#shared/model/connection.ts'
import type { ImapMoment } from '../net/imap-replies.ts'
import { done, type Stage, trouble } from '../net/trouble.ts'
import type { ImapFacts } from './connect-imap.ts'
import { createImapClient } from './imap-client.ts'
import type { TestContext } from './options.ts'

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
  const { server, address, pinned } = facts
  const { deadline, waits, authorities } = context
  const connection = createImapClient({
    server,
    address,
    pinned,
    authorities,
    user,
    credential,
    connectMs: Math.min(waits.connectMs, deadline.remainingMs()),
    greetingMs: waits.replyMs,
    // Each call has its own time; in between the connection may idle for as long as SMTP needs.
    socketMs: waits.testMs,
  })
  const end = () => connection.client.close()
  deadline.signal.addEventListener('abort', end, { once: true })

  const call = <T>(moment: ImapMoment, work: (client: ImapFlow) => Promise<T>): Promise<Stage<T>> =>
    connection.call(moment, deadline, moment === 'login' ? 2 * waits.replyMs : waits.replyMs, work)
  const close = async () => {
    deadline.signal.removeEventListener('abort', end)
    await connection.close()
  }

  const loggedIn = await call('login', one => one.connect())
  context.networkLog.record({
    host: server.host,
    port: server.port,
    protocol: 'imap',
    purpose: context.purpose,
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
