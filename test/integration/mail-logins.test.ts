import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Credential, ConnectionSettings } from '#shared/model/connection.ts'
import { runConnectionTest } from '../helpers/connection-test.ts'
import { type MailServers, mailServersProblem, startMailServers } from '../helpers/mail-servers.ts'
import { type OauthServer, startOauthServer } from '../helpers/oauth-server.ts'
import { noteSkipped } from '../helpers/skipped.ts'

const problem = mailServersProblem()
if (problem !== null) noteSkipped('Ways to log in to Dovecot and Postfix', problem)

const waits = { replyMs: 20_000, connectMs: 20_000, tlsMs: 20_000, arrivalMs: 30_000, testMs: 60_000 }

/** One test of the first mailbox over STARTTLS, and what each side logged in with. */
async function logIn(servers: MailServers, credential: Credential, imapTls = false) {
  const user = servers.address(1)
  const at = (port: number, security: 'tls' | 'starttls') => ({
    server: { host: 'localhost', port, security },
    user,
  })
  const settings: ConnectionSettings = {
    address: user,
    smtp: at(servers.ports.submission, 'starttls'),
    imap: imapTls ? at(servers.ports.imaps, 'tls') : at(servers.ports.imap, 'starttls'),
    allowPlain: false,
    pinnedCertificate: null,
    testEmail: true,
  }
  const { result, events } = await runConnectionTest(settings, { credential, ca: [servers.caPem], waits })
  const evidence = (phase: string) =>
    events.find(event => event.phase === phase && event.state === 'passed')?.evidence ?? null
  return { result, events, smtp: evidence('smtp-login'), imap: evidence('imap-login') }
}

describe.runIf(problem === null)('Dovecot and Postfix that offer', () => {
  test.each(['plain', 'login'])('%s alone', async mechanism => {
    const servers = await startMailServers({ users: 1, mechanisms: mechanism })
    try {
      const password = servers.password(1)
      const { result, smtp, imap } = await logIn(servers, { kind: 'password', password })
      expect(result).toMatchObject({ result: 'passed', failures: [] })
      expect([smtp, imap]).toEqual([mechanism.toUpperCase(), mechanism.toUpperCase()])
      const wrong = await logIn(servers, { kind: 'password', password: 'nonsense' })
      expect(wrong.result.failures.map(({ code }) => code)).toEqual([
        'auth.bad-credentials',
        'auth.bad-credentials',
      ])
    } finally {
      await servers.stop()
    }
  })

  describe('XOAUTH2', () => {
    let provider: OauthServer
    let servers: MailServers
    beforeAll(async () => {
      provider = await startOauthServer({ account: 'user1@a.test' })
      const { introspectionUrl } = provider
      servers = await startMailServers({ users: 1, mechanisms: 'plain xoauth2', introspectionUrl })
    })
    afterAll(async () => {
      await servers?.stop()
      await provider?.close()
    })

    test.each([false, true])('a token sends, receives and reads; IMAP over TLS: %s', async imapTls => {
      const { accessToken } = provider.issue()
      const { result, events, smtp, imap } = await logIn(servers, { kind: 'oauth', accessToken }, imapTls)
      expect(result).toMatchObject({ result: 'passed', failures: [], delivery: { folder: 'INBOX' } })
      expect([smtp, imap]).toEqual(['XOAUTH2', 'XOAUTH2'])
      expect(JSON.stringify([result, events])).not.toContain(accessToken)
    })

    test('a token that is over, and one of somebody else, open neither side', async () => {
      const { accessToken } = provider.issue()
      provider.expireAll()
      const over = await logIn(servers, { kind: 'oauth', accessToken })
      expect(over.result.failures.map(({ phase }) => phase).toSorted()).toEqual(['imap-login', 'smtp-login'])
      expect(over.result.failures.map(({ code }) => code)).toEqual([
        'auth.token-expired',
        'auth.token-expired',
      ])
      provider.script = { account: 'user2@a.test' }
      const other = await logIn(servers, { kind: 'oauth', accessToken: provider.issue().accessToken })
      provider.script = { account: 'user1@a.test' }
      expect(other.result.failures.map(({ phase }) => phase).toSorted()).toEqual(['imap-login', 'smtp-login'])
      expect(JSON.stringify([over, other])).not.toContain(accessToken)
    })
  })
})
