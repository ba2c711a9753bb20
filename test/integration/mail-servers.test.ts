import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BulkItem, testMailboxes } from '#engine/mailboxes/bulk.ts'
import { withoutAsking } from '#engine/mailboxes/addresses.ts'
import { testConnection } from '#engine/mailboxes/test-connection.ts'
import { createNetworkLog } from '#engine/net/network-log.ts'
import { type ConnectionSecurity, type ConnectionSettings, phaseIds } from '#shared/model/connection.ts'
import { runConnectionTest } from '../helpers/connection-test.ts'
import { type MailServers, mailServersProblem, startMailServers } from '../helpers/mail-servers.ts'
import { noteSkipped } from '../helpers/skipped.ts'

const problem = mailServersProblem()
if (problem !== null) noteSkipped('Mailboxes against Dovecot and Postfix', problem)

/** More than the pool of connections by far; with ROOKERY_BULK_MAILBOXES=500 as many as an agency has. */
const users = Number(process.env['ROOKERY_BULK_MAILBOXES'] ?? 60)
const junkUser = 2
const waits = {
  replyMs: 20_000,
  connectMs: 20_000,
  tlsMs: 20_000,
  arrivalMs: 30_000,
  testMs: 90_000,
  silenceMs: 5_000,
}

/** Runs the command with something on its standard input. */
function rookery(words: readonly string[], input: string): Promise<{ code: number | null; lines: string[] }> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, ['src-main/cli/main.ts', 'mailbox', 'test', ...words], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
    child.once('close', code => resolve({ code, lines: text.trim().split('\n') }))
    child.stdin.end(input)
  })
}

describe.runIf(problem === null)('Dovecot and Postfix', () => {
  let servers: MailServers
  beforeAll(async () => {
    servers = await startMailServers({ users, junkFor: [junkUser] })
  })
  afterAll(async () => {
    await servers?.stop()
  })

  type Way = {
    smtp: 'smtp' | 'submission' | 'submissions'
    imap: 'imap' | 'imaps'
    security: ConnectionSecurity
  }
  const settingsOf = (user: number, { smtp, imap, security }: Way): ConnectionSettings => {
    const at = (port: number) => ({
      server: { host: 'localhost', port, security },
      user: servers.address(user),
    })
    return {
      address: servers.address(user),
      smtp: at(servers.ports[smtp]),
      imap: at(servers.ports[imap]),
      allowPlain: false,
      pinnedCertificate: null,
      testEmail: true,
    }
  }
  const openSockets = () => [
    ...Object.values(servers.connections()).filter(count => count > 0),
    ...process.getActiveResourcesInfo().filter(name => name === 'TCPSocketWrap' || name === 'TLSWrap'),
  ]
  const withTls: Way = { smtp: 'submissions', imap: 'imaps', security: 'tls' }
  const withStartTls: Way = { smtp: 'submission', imap: 'imap', security: 'starttls' }
  const run = (settings: ConnectionSettings, password: string, more: object = {}) =>
    runConnectionTest(settings, {
      credential: { kind: 'password', password },
      ca: [servers.caPem],
      waits,
      ...more,
    })

  test('with TLS the message goes round and is seen in the inbox', async () => {
    const { result, events } = await run(settingsOf(1, withTls), servers.password(1))
    expect(result.failures).toEqual([])
    expect(result.result).toBe('passed')
    expect(result.delivery).toMatchObject({ folder: 'INBOX', folderKind: 'inbox' })
    expect(result.certificate?.fingerprint).toBe(servers.fingerprint)
    expect(events.filter(({ state }) => state === 'skipped')).toEqual([])
  })

  test('with STARTTLS a message that a filter moves is seen in Junk, and said so', async () => {
    const { result } = await run(settingsOf(junkUser, withStartTls), servers.password(junkUser))
    expect(result.failures).toEqual([])
    expect(result.delivery).toMatchObject({ folder: 'Junk', folderKind: 'junk' })
    expect(result.notices.map(({ code }) => code)).toEqual(['arrival.in-junk'])
  })

  test('unencrypted only where it is allowed, and on the port for servers too', async () => {
    const plain: Way = { smtp: 'smtp', imap: 'imap', security: 'plain' }
    const refused = await run(settingsOf(3, plain), servers.password(3))
    expect(refused.result.failures.map(({ code }) => code)).toEqual([
      'tls.plain-not-allowed',
      'tls.plain-not-allowed',
    ])
    const allowed = await run({ ...settingsOf(3, plain), allowPlain: true }, servers.password(3))
    expect(allowed.result.result).toBe('passed')
  })

  test('the certificate of an unknown authority passes once it is pinned, and only that one', async () => {
    const settings = settingsOf(4, withStartTls)
    const unknown = await run(settings, servers.password(4), { ca: [] })
    expect(unknown.result.failures.map(({ code }) => code)).toEqual([
      'tls.cert-untrusted',
      'tls.cert-untrusted',
    ])
    const pinnedCertificate = unknown.result.certificate?.fingerprint ?? ''
    const pinned = await run({ ...settings, pinnedCertificate }, servers.password(4), { ca: [] })
    expect(pinned.result).toMatchObject({ result: 'passed', certificate: { pinned: true } })
    const other = await run({ ...settings, pinnedCertificate: 'ab'.repeat(32) }, servers.password(4), {
      ca: [],
    })
    expect(other.result.failures.map(({ code }) => code)).toEqual(['tls.cert-changed', 'tls.cert-changed'])
  })

  test('a test message that is not wanted is not sent', async () => {
    const { result, events } = await run({ ...settingsOf(5, withTls), testEmail: false }, servers.password(5))
    expect(result).toMatchObject({ result: 'partly', failures: [], delivery: null })
    expect(events.filter(({ phase }) => phase === 'send').map(({ state }) => state)).toEqual(['skipped'])
  })

  test('a name that the certificate does not hold is refused, and the right one is named', async () => {
    const settings = settingsOf(6, withTls)
    const host = 'other.localhost'
    const wrong = {
      ...settings,
      smtp: { ...settings.smtp, server: { ...settings.smtp.server, host } },
      imap: null,
    }
    const { result } = await run(wrong, servers.password(6))
    expect(result.failures[0]).toMatchObject({
      code: 'tls.cert-name-mismatch',
      facts: { names: ['localhost', 'mail.a.test'] },
    })
  })

  test(`${users} mailboxes: every one passes, no host gets more connections than allowed`, async () => {
    const connectionsPerHost = 24
    const items = Array.from({ length: users }, (_, index): BulkItem => {
      const user = index + 1
      const settings = settingsOf(user, user % 2 === 0 ? withTls : withStartTls)
      // All log in to both servers; every fifth also sends its message round.
      return { id: String(user), settings: { ...settings, testEmail: user % 5 === 0 } }
    })
    let most = 0
    const watch = setInterval(() => {
      most = Math.max(most, servers.connections().callers)
    }, 5)
    const startedAt = performance.now()
    const results = new Map<string, string>()
    const networkLog = createNetworkLog({ now: Date.now })
    let peakBytes = 0
    for await (const event of testMailboxes(items, {
      signal: new AbortController().signal,
      connectionsPerHost,
      test: ({ id, settings }, signal) =>
        testConnection(
          settings,
          { kind: 'password', password: servers.password(Number(id)) },
          {
            signal,
            networkLog,
            addressesOf: async host => withoutAsking(host) ?? { state: 'absent' },
            ca: [servers.caPem],
            waits,
          },
        ),
    })) {
      peakBytes = Math.max(peakBytes, process.memoryUsage().rss)
      if (event.kind === 'ended') results.set(event.id, event.result.result)
    }
    clearInterval(watch)
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
    const megabytes = Math.round(peakBytes / 1e6)
    console.info(
      `${users} mailboxes in ${seconds} s, at most ${most} connections to the host, ${megabytes} MB resident`,
    )
    expect(results.size).toBe(users)
    expect(
      [...results].filter(([id, result]) => result !== (Number(id) % 5 === 0 ? 'passed' : 'partly')),
    ).toEqual([])
    expect(most).toBeLessThanOrEqual(connectionsPerHost)
    expect(most).toBeGreaterThan(1)
  }, 300_000)

  test('a cancel in the middle of many leaves no socket', async () => {
    const stop = new AbortController()
    const items = Array.from(
      { length: 60 },
      (_, index): BulkItem => ({ id: String(index + 1), settings: settingsOf(index + 1, withStartTls) }),
    )
    let ended = 0
    for await (const event of testMailboxes(items, {
      signal: stop.signal,
      connectionsPerHost: 12,
      test: ({ id, settings }, signal) =>
        testConnection(
          settings,
          { kind: 'password', password: servers.password(Number(id)) },
          {
            signal,
            networkLog: createNetworkLog({ now: Date.now }),
            addressesOf: async host => withoutAsking(host) ?? { state: 'absent' },
            ca: [servers.caPem],
            waits,
          },
        ),
    })) {
      if (event.kind === 'phase' && event.event.phase === 'smtp-login') stop.abort()
      if (event.kind === 'ended') ended++
    }
    expect(ended).toBeLessThan(60)
    // Sockets that were destroyed are let go of within a turn or two of the event loop.
    await expect.poll(openSockets).toEqual([])
  })

  test('the command line prints a line for each phase and then the result', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rookery-mail-cli-'))
    const ca = join(folder, 'ca.pem')
    await writeFile(ca, servers.caPem)
    const { submission, imaps } = servers.ports
    const words = ['--email', servers.address(8), '--smtp', `localhost:${submission}:starttls`]
    const both = [...words, '--imap', `localhost:${imaps}:tls`, '--ca', ca, '--password-stdin']
    const { code, lines } = await rookery([...both, '--json'], `${servers.password(8)}\n`)
    const records = lines.map(line => JSON.parse(line) as Record<string, unknown>)
    expect(
      records
        .slice(0, -1)
        .map(({ phase }) => phase)
        .toSorted(),
    ).toEqual(phaseIds.toSorted())
    expect(records.slice(0, -1).every(({ state }) => state === 'passed')).toBe(true)
    expect(records.at(-1)).toMatchObject({ result: 'passed', failure: null, delivery: { folder: 'INBOX' } })
    expect(code).toBe(0)

    const refused = await rookery([...both, '--json'], 'nonsense\n')
    expect(refused.code).toBe(1)
    expect(JSON.parse(refused.lines.at(-1) ?? '')).toMatchObject({
      result: 'failed',
      failure: { code: 'auth.bad-credentials', title: 'localhost refused the user name or the password.' },
    })
    expect(refused.lines.join()).not.toContain('nonsense')

    const untested = await rookery([...both, '--no-test-email'], `${servers.password(8)}\n`)
    expect(untested.code).toBe(0)
    expect(untested.lines.join('\n')).toContain('What was tested works; not everything was tested.')
    await rm(folder, { recursive: true })
  })

  // Last, because servers make who guesses wait.
  test('a wrong password is a wrong password, for both', async () => {
    const { result } = await run(settingsOf(7, withTls), 'wrong')
    expect(result.failures.map(({ phase, code }) => [phase, code]).toSorted()).toEqual([
      ['imap-login', 'auth.bad-credentials'],
      ['smtp-login', 'auth.bad-credentials'],
    ])
    expect(result.failures.every(({ evidence }) => /authentication failed/i.test(evidence ?? ''))).toBe(true)
    expect(JSON.stringify(result)).not.toContain('wrong')
  })
})
