import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { connectionSettingsSchema } from '#shared/model/connection.ts'
import { makeCertificate } from '../../helpers/certificates.ts'
import {
  againstScripts,
  runConnectionTest,
  settingsFor,
  testPassword,
} from '../../helpers/connection-test.ts'
import { drop, hang, type Mail, startRaw, startSmtp } from '../../helpers/scripted-mail.ts'

const codesOf = ({ result }: { result: { failures: readonly { code: string }[] } }) =>
  result.failures.map(({ code }) => code)
const isAboutLogin = (code: string) => code.startsWith('auth.') || code.startsWith('limit.')

const bye = (socket: { end(text: string): void }) =>
  socket.end('* BYE [UNAVAILABLE] Too many login failures, come back later\r\n')

/** `replyMs` is short where the time itself is to run out, and else long enough for a machine that stands still a while. */
const raw = async (
  onConnect: Parameters<typeof startRaw>[0],
  protocol: 'smtp' | 'imap' = 'smtp',
  replyMs = 15_000,
  testMs = 20_000,
) => {
  const bad = await startRaw(onConnect)
  const good = await startSmtp()
  try {
    return await runConnectionTest(
      protocol === 'smtp'
        ? settingsFor({ server: bad }, null)
        : settingsFor({ server: good }, { server: bad }),
      { waits: { replyMs, testMs, silenceMs: 200, alternativeMs: 300 } },
    )
  } finally {
    await bad.close()
    await good.close()
  }
}

function trickle(socket: Socket): void {
  const timer = setInterval(() => socket.write('220-still here\r\n'), 20)
  socket.once('close', () => clearInterval(timer))
}

const smtpMoments = ['EHLO', 'AUTH', 'MAIL', 'RCPT', 'RSET', 'DATA', '.'] as const
const imapMoments = [
  'CAPABILITY',
  'AUTHENTICATE',
  'CREDENTIALS',
  'LIST',
  'SELECT',
  'STATUS',
  'UID FETCH',
] as const

describe('a connection that ends is never a matter of the password', () => {
  test.each(smtpMoments)('SMTP drops at %s', async moment => {
    const codes = codesOf(await againstScripts({ answers: { [moment]: drop } }, null))
    expect(codes).toHaveLength(1)
    expect(codes.filter(isAboutLogin)).toEqual([])
  })

  test.each(smtpMoments)('SMTP hangs at %s', async moment => {
    const codes = codesOf(
      await againstScripts({ answers: { [moment]: hang } }, null, {
        // What comes before the end must not run out of time.
        waits: { replyMs: moment === '.' ? 3_000 : 400, silenceMs: 200, testMs: 8_000 },
      }),
    )
    expect(codes).toEqual([moment === '.' ? 'send.unconfirmed' : 'net.no-reply'])
  })

  test.each(imapMoments)('IMAP drops at %s', async moment => {
    const codes = codesOf(await againstScripts({}, { answers: { [moment]: drop } }))
    expect(codes).toHaveLength(1)
    expect(codes.filter(isAboutLogin)).toEqual([])
  })

  test.each(imapMoments)('IMAP hangs at %s', async moment => {
    const codes = codesOf(
      await againstScripts({}, { answers: { [moment]: hang } }, { waits: { replyMs: 400, silenceMs: 200 } }),
    )
    expect(codes).toHaveLength(1)
    expect(codes[0]).toMatch(/^(?:net\.no-reply|net\.closed)$/)
  })
})

describe('a refusal of the login is never a timeout', () => {
  test.each([
    '535 5.7.8 no',
    '534 5.7.9 Application-specific password required',
    '454 4.7.0 later',
    '421 4.7.0 later',
  ])('SMTP says %s and hangs up', async reply => {
    const refuse = (socket: { end(text: string): void }) => socket.end(`${reply}\r\n`)
    const [code = ''] = codesOf(await againstScripts({ answers: { AUTH: refuse } }, null))
    expect(code).toMatch(/^auth\./)
  })

  test('a temporary refusal of SMTP is not a wrong password, whatever the words', async () => {
    const codes = codesOf(
      await againstScripts({ answers: { AUTH: '451 4.3.0 authentication failed' } }, null),
    )
    expect(codes).toEqual(['auth.unavailable'])
  })

  test('the good-bye of IMAP before the refusal is told', async () => {
    const { result } = await againstScripts({}, { answers: { CREDENTIALS: bye } })
    expect(result.failures).toMatchObject([{ code: 'auth.too-many-attempts', phase: 'imap-login' }])
  })
})

describe('bad input', () => {
  test('half a greeting is no reply, and shown', async () => {
    const { result } = await raw(socket => socket.write('220 mail.te'), 'smtp', 600)
    expect(result.failures).toMatchObject([{ code: 'net.no-reply', evidence: '220 mail.te' }])
  })

  test('a greeting that trickles without end is cut off by the time', async () => {
    const { result } = await raw(trickle, 'smtp', 600, 4_000)
    expect(['net.too-much-data', 'net.no-reply']).toContain(result.failures[0]?.code)
  })

  test.each(['smtp', 'imap'] as const)('a flood over %s costs no memory', async protocol => {
    const before = process.memoryUsage().rss
    const chunk = Buffer.alloc(1_000_000, 'x')
    const run = await raw(socket => {
      const flood = () => {
        while (!socket.destroyed && socket.write(chunk));
      }
      socket.on('drain', flood)
      flood()
    }, protocol)
    expect(codesOf(run)).toContain('net.too-much-data')
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000)
  })

  test('octets that are no text are no protocol', async () => {
    const { result } = await raw(socket => socket.write(Buffer.from([0, 255, 27, 91, 50, 74, 13, 10])))
    expect(result.failures[0]?.code).toBe('net.wrong-protocol')
    expect(result.failures[0]?.evidence).not.toMatch(/\p{Cc}/u)
  })

  test.each([
    ['LIST', '* LIST () "/" {999999999}\r\n'],
    ['LIST', `* LIST () "/" {400000}\r\n${'x'.repeat(400_000)}`],
    ['UID FETCH', '* 1 FETCH (UID 1 ENVELOPE ({4294967295}\r\n'],
    ['CREDENTIALS', '* OK {999999999}\r\n'],
    ['SELECT', `* OK ${'('.repeat(50_000)}\r\n`],
  ])('a literal bomb of IMAP at %s is refused', async (moment, bomb) => {
    const throwBomb = (socket: { write(text: string): void }) => socket.write(bomb)
    const { result } = await againstScripts(
      {},
      { answers: { [moment]: throwBomb } },
      { waits: { replyMs: 600 } },
    )
    expect(result.result).toBe('failed')
    expect(result.failures[0]?.code).toMatch(
      /^(?:net\.too-much-data|server\.misbehaves|net\.no-reply|net\.closed)$/,
    )
  })

  test('a literal in a greeting of IMAP is refused at once', async () => {
    const { result } = await raw(socket => socket.write('* OK hello {1000000000}\r\n'), 'imap')
    expect(result.failures.map(({ code }) => code)).toContain('server.misbehaves')
  })

  test.each([
    'anna',
    '@a.test',
    'anna@',
    'anna@a.test\r\nRCPT TO:<b@b.test>',
    'anna <anna@a.test>',
    'a b@a.test',
    `${'a'.repeat(65)}@a.test`,
  ])('%j is no address', address => {
    const settings = { ...settingsFor({ server: { port: 25 } }, null), address }
    expect(connectionSettingsSchema.safeParse(settings).success).toBe(false)
  })
})

describe('secrets and sockets', () => {
  test('a server that gives the credentials back gets them into no line', async () => {
    const plain = Buffer.from(`\u0000anna@a.test\u0000${testPassword}`).toString('base64')
    const reply = `535 5.7.8 bad: ${plain} / ${testPassword} / ${Buffer.from(testPassword).toString('base64')}`
    const { events, result } = await againstScripts({ answers: { AUTH: reply } }, {})
    const told = JSON.stringify([events, result])
    expect(result.failures[0]?.evidence).toContain('…')
    expect(told).not.toContain(testPassword)
    expect(told).not.toContain(plain)
    expect(told).not.toContain('Y29ycmVjd')
  })

  test('a certificate with an alarming name steers no terminal', async () => {
    const { pem, keyPem } = makeCertificate({ name: 'x\u001b[2J\u0007', names: ['localhost'] })
    const { result } = await againstScripts(
      { secure: { from: 'start', context: { cert: pem, key: keyPem } } },
      null,
    )
    expect(JSON.stringify(result.failures)).not.toMatch(/\\u001b|\\u0007/)
  })

  test('a reader who leaves midway closes every connection', async () => {
    const server = await startRaw(hang)
    const { testConnection } = await import('#engine/mailboxes/test-connection.ts')
    const run = testConnection(
      settingsFor({ server }, { server }),
      { kind: 'password', password: testPassword },
      {
        signal: new AbortController().signal,
        networkLog: { record: () => {}, list: () => [], clear: () => {} },
        addressesOf: async () => ({ state: 'found', addresses: ['127.0.0.1'] }),
      },
    )
    for await (const event of run) if (event.phase === 'smtp-greeting') break
    await expect.poll(() => server.open()).toBe(0)
    await server.close()
  })

  test('the message is sent once, also when nobody confirms it, and its arrival confirms it', async () => {
    const mail: Mail[] = []
    const takeAndDrop = (socket: Socket, messageId: string) => {
      mail.push({ id: messageId, headers: '' })
      socket.destroy()
    }
    const run = await againstScripts({ onMessage: takeAndDrop }, { mail })
    expect(run.smtp.lines.filter(line => line === 'DATA')).toHaveLength(1)
    expect(run.result).toMatchObject({ result: 'passed', failures: [], delivery: { folder: 'INBOX' } })
    expect(run.result.notices.map(({ code }) => code)).toEqual(['send.unconfirmed'])
  })
})
