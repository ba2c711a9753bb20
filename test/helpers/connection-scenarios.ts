import type { HostAddresses } from '#engine/net/https.ts'
import type {
  ConnectionEvent,
  ConnectionFailureCode,
  ConnectionSettings,
  Credential,
  PhaseId,
} from '#shared/model/connection.ts'
import { startBlackHole } from './black-hole.ts'
import { makeCertificate } from './certificates.ts'
import { againstScripts, type Run, runConnectionTest, settingsFor } from './connection-test.ts'
import { freePort } from './ports.ts'
import {
  type Answer,
  drop,
  hang,
  type ImapWishes,
  type ScriptedServer,
  type SmtpWishes,
  startRaw,
} from './scripted-mail.ts'

export type Scenario = {
  /** What the scripted server does, in a few words for the table in docs/connection-errors.md. */
  readonly server: string
  readonly phase: PhaseId
  /** It stops nothing. */
  readonly isNotice?: boolean
  run(): Promise<Run>
}

const dayMs = 24 * 60 * 60_000
const authority = makeCertificate({ name: 'Rookery test authority', isAuthority: true })
const stranger = makeCertificate({ name: 'Nobody knows', isAuthority: true })
const scanner = makeCertificate({ name: 'Avast Web/Mail Shield Root', isAuthority: true })
const names = ['localhost']
const ca = [authority.pem]

type CertificateOf = ReturnType<typeof makeCertificate>

const secured = (from: 'start' | 'starttls', { pem, keyPem }: CertificateOf, more: object = {}) => ({
  from,
  context: { cert: pem, key: keyPem, ...more },
})
const good = makeCertificate({ name: 'mail.test', names, issuer: authority })

const smtp =
  (wishes: SmtpWishes, settings: Partial<ConnectionSettings> = {}, credential?: Credential) =>
  () =>
    againstScripts(wishes, null, { ca, settings, ...(credential ? { credential } : {}) })
const imap =
  (wishes: ImapWishes, settings: Partial<ConnectionSettings> = {}, credential?: Credential) =>
  () =>
    againstScripts({ mechanisms: 'PLAIN XOAUTH2' }, wishes, {
      ca,
      settings,
      ...(credential ? { credential } : {}),
    })
const smtpSays = (command: string, answer: Answer) => smtp({ answers: { [command]: answer } })
const login = (answer: string) => smtpSays('AUTH', answer)
const imapLogin = (answer: string) => imap({ answers: { CREDENTIALS: answer } })
const certificate = (one: CertificateOf, settings: Partial<ConnectionSettings> = {}) =>
  smtp({ secure: secured('start', one) }, settings)
const oauth: Credential = { kind: 'oauth', accessToken: 'a-token-of-some-length' }

/** A name that the DNS answers like this. */
const named = (host: string, found: HostAddresses) => () =>
  runConnectionTest(settingsFor({ server: { port: 587 }, security: 'starttls', host }, null), {
    addressesOf: async () => found,
  })

/** A server that does one thing to whoever connects. */
const raw = (onConnect: (socket: Parameters<Parameters<typeof startRaw>[0]>[0]) => void) => async () => {
  const server = await startRaw(onConnect)
  return endWith(server, () => runConnectionTest(settingsFor({ server }, null)))
}

async function endWith(server: Pick<ScriptedServer, 'close'>, run: () => Promise<Run>): Promise<Run> {
  try {
    return await run()
  } finally {
    await server.close()
  }
}

/** A silent server; whether a known server elsewhere is silent as well, and where web pages answer. */
export async function behindFirewall(answers: {
  knownMail: boolean
  web: 'host' | 'known' | null
  knows?: boolean
}): Promise<Run> {
  const hole = await startBlackHole()
  const open = await startRaw(hang)
  const host = 'known.test'
  const closed = { host, port: await freePort() }
  const silent = { host, port: hole.port }
  const there = { host, port: open.port }
  return endWith({ close: async () => void (await Promise.all([hole.stop(), open.close()])) }, () =>
    runConnectionTest(settingsFor({ server: hole, security: 'starttls', host: '127.0.0.1' }, null), {
      ports: {
        smtp: [{ port: hole.port, security: 'tls' }],
        imap: [],
        web: answers.web === 'host' ? open.port : closed.port,
      },
      knownHosts:
        answers.knows === false
          ? null
          : {
              smtp: [silent, answers.knownMail ? there : silent],
              imap: [],
              web: [answers.web === 'known' ? there : closed],
            },
      addressesOf: async () => ({ state: 'found', addresses: ['127.0.0.1'] }),
      waits: { connectMs: 250, alternativeMs: 250 },
    }),
  )
}

/** A fatal alert: no parameters in common (RFC 8446 §6.2). */
const noCommonParameters = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28])
const longGreeting = Buffer.alloc(10_000_000, 'a')

/** One scripted server for every failure, so that each is shown to be told from all others. */
export const connectionScenarios: Readonly<Record<ConnectionFailureCode, Scenario>> = {
  'dns.not-found': {
    server: 'the name has no address',
    phase: 'smtp-dns',
    run: named('smtp.gone.test', { state: 'absent' }),
  },
  'dns.timeout': {
    server: 'the DNS server does not answer',
    phase: 'smtp-dns',
    run: named('smtp.slow.test', { state: 'unavailable', reason: 'timeout' }),
  },
  'dns.failed': {
    server: 'the DNS server answers SERVFAIL',
    phase: 'smtp-dns',
    run: named('smtp.broken.test', { state: 'unavailable', reason: 'servfail' }),
  },
  'net.refused': {
    server: 'nothing listens',
    phase: 'smtp-tcp',
    run: async () => runConnectionTest(settingsFor({ server: { port: await freePort() } }, null)),
  },
  'net.timeout': {
    server: 'connections are neither taken nor refused, while a known mail server answers',
    phase: 'smtp-tcp',
    run: () => behindFirewall({ knownMail: true, web: 'known' }),
  },
  'net.unreachable': {
    server: 'an address that no route leads to',
    phase: 'smtp-tcp',
    run: named('smtp.far.test', { state: 'found', addresses: ['255.255.255.255'] }),
  },
  'net.reset': {
    server: 'resets the connection',
    phase: 'smtp-greeting',
    run: raw(socket => void setTimeout(() => socket.resetAndDestroy(), 100)),
  },
  'net.closed': { server: 'closes without a word', phase: 'smtp-greeting', run: raw(socket => socket.end()) },
  'net.port-blocked': {
    server: 'every mail port is silent, here and at a known server, and a web page answers',
    phase: 'smtp-tcp',
    run: () => behindFirewall({ knownMail: false, web: 'known' }),
  },
  'net.captive-or-proxy': {
    server: 'greets with a web page',
    phase: 'smtp-greeting',
    run: raw(socket => socket.write('HTTP/1.1 302 Found\r\nLocation: http://hotel.test/\r\n\r\n')),
  },
  'net.silent': { server: 'takes the connection and says nothing', phase: 'smtp-greeting', run: raw(hang) },
  'net.no-reply': {
    server: 'greets and never answers EHLO',
    phase: 'smtp-capabilities',
    run: smtpSays('EHLO', hang),
  },
  'net.wrong-protocol': {
    server: 'greets as a POP3 server',
    phase: 'smtp-greeting',
    run: raw(socket => socket.write('+OK POP3 ready\r\n')),
  },
  'net.too-much-data': {
    server: 'greets with ten megabytes',
    phase: 'smtp-greeting',
    run: raw(socket => socket.write(longGreeting)),
  },
  'tls.wrong-mode': {
    server: 'begins in the open where TLS is expected',
    phase: 'smtp-tls',
    run: async () => {
      const server = await startRaw(socket => socket.write('220 mail.test ESMTP\r\n'))
      return endWith(server, () => runConnectionTest(settingsFor({ server, security: 'tls' }, null)))
    },
  },
  'tls.starttls-missing': {
    server: 'the offer of STARTTLS has been taken out',
    phase: 'smtp-capabilities',
    run: smtp({ secure: secured('starttls', good), answers: { EHLO: '250-mail.test\r\n250 AUTH PLAIN' } }),
  },
  'tls.starttls-refused': {
    server: 'refuses STARTTLS: 454 4.7.0',
    phase: 'smtp-tls',
    run: smtp({ secure: secured('starttls', good), answers: { STARTTLS: '454 4.7.0 TLS not available' } }),
  },
  'tls.starttls-injected': {
    server: 'sends a second reply together with that to STARTTLS',
    phase: 'smtp-tls',
    run: smtp({ secure: secured('starttls', good), answers: { STARTTLS: '220 go\r\n250-AUTH PLAIN' } }),
  },
  'tls.plain-not-allowed': {
    server: 'offers no encryption, and the mailbox demands it',
    phase: 'smtp-capabilities',
    run: smtp({}, { allowPlain: false }),
  },
  'tls.handshake-failed': {
    server: 'ends the handshake with an alert',
    phase: 'smtp-tls',
    run: smtp({
      secure: secured('starttls', good),
      answers: {
        STARTTLS: socket => {
          socket.removeAllListeners('data')
          socket.write('220 go\r\n')
          socket.once('data', () => socket.write(noCommonParameters))
        },
      },
    }),
  },
  'tls.protocol-old': {
    server: 'knows TLS 1.0 only',
    phase: 'smtp-tls',
    run: smtp({
      secure: secured('start', good, {
        minVersion: 'TLSv1',
        maxVersion: 'TLSv1',
        ciphers: 'DEFAULT@SECLEVEL=0',
      }),
    }),
  },
  'tls.cert-expired': {
    server: 'certificate of last year',
    phase: 'smtp-tls',
    run: certificate(
      makeCertificate({
        name: 'mail.test',
        names,
        issuer: authority,
        validFromAt: Date.now() - 400 * dayMs,
        validToAt: Date.now() - 35 * dayMs,
      }),
    ),
  },
  'tls.cert-not-yet-valid': {
    server: 'certificate of next month',
    phase: 'smtp-tls',
    run: certificate(
      makeCertificate({ name: 'mail.test', names, issuer: authority, validFromAt: Date.now() + 30 * dayMs }),
    ),
  },
  'tls.cert-self-signed': {
    server: 'self-signed certificate',
    phase: 'smtp-tls',
    run: certificate(makeCertificate({ name: 'mail.test', names })),
  },
  'tls.cert-name-mismatch': {
    server: 'certificate for other.test',
    phase: 'smtp-tls',
    run: certificate(makeCertificate({ name: 'other.test', names: ['other.test'], issuer: authority })),
  },
  'tls.cert-untrusted': {
    server: 'certificate of an unknown authority',
    phase: 'smtp-tls',
    run: certificate(makeCertificate({ name: 'mail.test', names, issuer: stranger })),
  },
  'tls.cert-intercepted': {
    server: 'certificate made by an antivirus program',
    phase: 'smtp-tls',
    run: certificate(makeCertificate({ name: 'mail.test', names, issuer: scanner })),
  },
  'tls.cert-invalid': {
    server: 'certificate that is not meant for servers',
    phase: 'smtp-tls',
    run: certificate(
      makeCertificate({ name: 'mail.test', names, issuer: authority, purposes: ['1.3.6.1.5.5.7.3.2'] }),
    ),
  },
  'tls.cert-changed': {
    server: 'self-signed certificate, another one than the pinned',
    phase: 'smtp-tls',
    run: certificate(makeCertificate({ name: 'mail.test', names }), { pinnedCertificate: 'ab'.repeat(32) }),
  },
  'server.refused': {
    server: 'greets with 554 5.7.1',
    phase: 'smtp-greeting',
    run: smtp({ greeting: '554 5.7.1 Your address is listed' }),
  },
  'server.unavailable': {
    server: 'greets with 421 4.3.2',
    phase: 'smtp-greeting',
    run: smtp({ greeting: '421 4.3.2 Come back later' }),
  },
  'server.misbehaves': {
    server: 'answers EHLO with words that are no reply',
    phase: 'smtp-capabilities',
    run: smtpSays('EHLO', 'what do you want'),
  },
  'auth.bad-credentials': {
    server: '535 5.7.8 at AUTH',
    phase: 'smtp-login',
    run: login('535 5.7.8 Username and Password not accepted'),
  },
  'auth.app-password-required': {
    server: '534 5.7.9 Application-specific password required',
    phase: 'smtp-login',
    run: login('534 5.7.9 Application-specific password required'),
  },
  'auth.web-login-required': {
    server: '534 5.7.14 at AUTH, of several lines',
    phase: 'smtp-login',
    run: login('534-5.7.14 <https://accounts.test/signin> Please\r\n534 5.7.14 log in via your web browser'),
  },
  'auth.oauth-required': {
    server: '535 5.7.139 basic authentication is disabled',
    phase: 'smtp-login',
    run: login('535 5.7.139 Authentication unsuccessful, basic authentication is disabled.'),
  },
  'auth.smtp-disabled': {
    server: '535 5.7.139 SmtpClientAuthentication is disabled',
    phase: 'smtp-login',
    run: login(
      '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.',
    ),
  },
  'auth.security-defaults': {
    server: '535 5.7.139 locked by security defaults policy',
    phase: 'smtp-login',
    run: login(
      "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy.",
    ),
  },
  'auth.conditional-access': {
    server: '535 5.7.139 did not meet the criteria',
    phase: 'smtp-login',
    run: login(
      '535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully.',
    ),
  },
  'auth.imap-disabled': {
    server: 'IMAP: NO [ALERT] not enabled for IMAP use',
    phase: 'imap-login',
    run: imapLogin('TAG NO [ALERT] Your account is not enabled for IMAP use. Please visit your settings.'),
  },
  'auth.too-many-attempts': {
    server: '454 4.7.0 Too many login attempts',
    phase: 'smtp-login',
    run: login('454 4.7.0 Too many login attempts, please try again later.'),
  },
  'auth.account-locked': {
    server: 'IMAP: NO [CONTACTADMIN]',
    phase: 'imap-login',
    run: imapLogin('TAG NO [CONTACTADMIN] Please ask for help.'),
  },
  'auth.password-expired': {
    server: 'IMAP: NO [EXPIRED]',
    phase: 'imap-login',
    run: imapLogin('TAG NO [EXPIRED] That password is no longer valid.'),
  },
  'auth.not-authorised': {
    server: 'IMAP: NO [AUTHORIZATIONFAILED]',
    phase: 'imap-login',
    run: imapLogin('TAG NO [AUTHORIZATIONFAILED] Not for you.'),
  },
  'auth.mechanism-unsupported': {
    server: 'offers GSSAPI and NTLM only',
    phase: 'smtp-login',
    run: smtp({ mechanisms: 'GSSAPI NTLM' }),
  },
  'auth.not-offered': { server: 'offers no AUTH', phase: 'smtp-login', run: smtp({ mechanisms: '' }) },
  'auth.encryption-required': {
    server: 'IMAP: LOGINDISABLED in the open',
    phase: 'imap-login',
    run: imap({ capabilities: 'STARTTLS LOGINDISABLED' }),
  },
  'auth.unavailable': {
    server: '454 4.7.0 Temporary authentication failure',
    phase: 'smtp-login',
    run: login('454 4.7.0 Temporary authentication failure'),
  },
  'auth.token-expired': {
    server: 'XOAUTH2 with status 401, then 535',
    phase: 'smtp-login',
    run: smtp(
      {
        mechanisms: 'XOAUTH2',
        answers: { 'AUTH XOAUTH2': `334 ${base64('{"status":"401","schemes":"bearer"}')}|535 5.7.8 refused` },
      },
      {},
      oauth,
    ),
  },
  'auth.sign-in-again': {
    server: 'XOAUTH2 with status 400, then 535',
    phase: 'smtp-login',
    run: smtp(
      {
        mechanisms: 'XOAUTH2',
        answers: { 'AUTH XOAUTH2': `334 ${base64('{"status":"400","schemes":"bearer"}')}|535 5.7.8 refused` },
      },
      {},
      oauth,
    ),
  },
  'limit.connections': {
    server: 'IMAP: NO [ALERT] Too many simultaneous connections',
    phase: 'imap-login',
    run: imapLogin('TAG NO [ALERT] Too many simultaneous connections. (Failure)'),
  },
  'limit.bandwidth': {
    server: 'IMAP: NO [OVERQUOTA] exceeded bandwidth limits',
    phase: 'imap-login',
    run: imapLogin('TAG NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)'),
  },
  'send.from-not-allowed': {
    server: '553 5.7.1 at RCPT: sender not owned by user',
    phase: 'smtp-envelope',
    run: smtpSays('RCPT', '553 5.7.1 <anna@a.test>: Sender address rejected: not owned by user bob'),
  },
  'send.relay-denied': {
    server: '554 5.7.1 Relay access denied at RCPT',
    phase: 'smtp-envelope',
    run: smtpSays('RCPT', '554 5.7.1 <anna@a.test>: Relay access denied'),
  },
  'send.recipient-refused': {
    server: '550 5.1.1 at RCPT',
    phase: 'smtp-envelope',
    run: smtpSays('RCPT', '550 5.1.1 <anna@a.test>: User unknown'),
  },
  'send.quota': {
    server: '550 5.4.5 Daily user sending limit exceeded',
    phase: 'send',
    run: smtpSays('.', '550 5.4.5 Daily user sending limit exceeded.'),
  },
  'send.content-refused': {
    server: '552 5.7.0 after the message',
    phase: 'send',
    run: smtpSays('.', '552 5.7.0 This message was blocked because its content presents a security issue'),
  },
  'send.policy-refused': {
    server: '550 5.7.26 after the message',
    phase: 'send',
    run: smtpSays('.', '550 5.7.26 Unauthenticated mail is not accepted due to the DMARC policy'),
  },
  'send.deferred': {
    server: '451 4.7.1 Greylisted after the message',
    phase: 'send',
    run: smtpSays('.', '451 4.7.1 Greylisted, try again later'),
  },
  'send.refused': {
    server: '554 5.6.0 after the message',
    phase: 'send',
    run: smtpSays('.', '554 5.6.0 No'),
  },
  'send.unconfirmed': {
    server: 'cuts the connection after the end of the message',
    phase: 'send',
    run: smtpSays('.', drop),
  },
  'imap.no-inbox': {
    server: 'IMAP: SELECT INBOX answered NO [NONEXISTENT]',
    phase: 'imap-folders',
    run: imap({ answers: { SELECT: 'TAG NO [NONEXISTENT] No such mailbox' } }),
  },
  'imap.read-only': {
    server: 'IMAP: SELECT INBOX answered OK [READ-ONLY]',
    phase: 'imap-folders',
    run: imap({ answers: { SELECT: '* 0 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\nTAG OK [READ-ONLY] done' } }),
  },
  'imap.no-special-use': {
    server: 'IMAP: a LIST without special uses',
    phase: 'imap-folders',
    isNotice: true,
    run: imap({ answers: { 'LIST "" "*"': '* LIST () "/" INBOX\r\nTAG OK done' } }),
  },
  'imap.quota-full': {
    server: 'IMAP: quota of 1000 used up',
    phase: 'imap-folders',
    run: imap({
      capabilities: 'AUTH=PLAIN QUOTA',
      answers: { GETQUOTAROOT: '* QUOTAROOT INBOX ""\r\n* QUOTA "" (STORAGE 1000 1000)\r\nTAG OK done' },
    }),
  },
  'imap.command-refused': {
    server: 'IMAP: LIST answered NO',
    phase: 'imap-folders',
    run: imap({ answers: { LIST: 'TAG NO not today' } }),
  },
  'arrival.not-seen': {
    server: 'takes the message and never delivers it',
    phase: 'arrival',
    run: imap({ mail: [] }),
  },
  'arrival.in-junk': {
    server: 'delivers to Junk',
    phase: 'arrival',
    isNotice: true,
    run: imap({ arrivesIn: 'Junk' }),
  },
  'arrival.not-authenticated': {
    server: 'delivers with spf=fail dmarc=fail',
    phase: 'results',
    isNotice: true,
    run: () =>
      againstScripts(
        {
          headers:
            'Authentication-Results: mx.test; spf=fail smtp.mailfrom=a.test;\r\n dmarc=fail header.from=a.test',
        },
        {},
      ),
  },
  'test.cancelled': {
    server: 'says nothing until the person stops the test',
    phase: 'smtp-greeting',
    run: async () => {
      const server = await startRaw(hang)
      const person = new AbortController()
      const onEvent = ({ phase }: ConnectionEvent) => phase === 'smtp-greeting' && person.abort()
      return endWith(server, () =>
        runConnectionTest(settingsFor({ server }, null), { signal: person.signal, onEvent }),
      )
    },
  },
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
