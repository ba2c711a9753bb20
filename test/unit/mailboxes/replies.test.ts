import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { evidenceOf } from '#engine/net/evidence.ts'
import { meaningOfImapRefusal } from '#engine/net/imap-replies.ts'
import { limits } from '#engine/net/limits.ts'
import { meaningOfSmtpReply, type SmtpMoment } from '#engine/net/smtp-replies.ts'

/** Replies as providers write them. */
const smtpReplies: readonly (readonly [SmtpMoment, string, string])[] = [
  [
    'login',
    '535-5.7.8 Username and Password not accepted. For more information, go to\n535 5.7.8  https://support.google.com/mail/?p=BadCredentials',
    'auth.bad-credentials',
  ],
  [
    'login',
    '534-5.7.9 Application-specific password required. For more information, go to\n534 5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor',
    'auth.app-password-required',
  ],
  [
    'login',
    '534-5.7.14 <https://accounts.google.com/signin/continue?sarp=1>\n534-5.7.14 Please log in via your web browser and then try again.\n534 5.7.14  Learn more',
    'auth.web-login-required',
  ],
  [
    'login',
    '535 5.7.139 Authentication unsuccessful, the user credentials were incorrect. [AM0PR.eurprd02.prod.outlook.com]',
    'auth.bad-credentials',
  ],
  ['login', '535 5.7.3 Authentication unsuccessful [PR3P.FRAP.PROD.OUTLOOK.COM]', 'auth.bad-credentials'],
  [
    'login',
    '535 5.7.139 Authentication unsuccessful, basic authentication is disabled. [X]',
    'auth.oauth-required',
  ],
  [
    'login',
    '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled',
    'auth.smtp-disabled',
  ],
  ['login', '535 5.7.0 (#AUTH005) Too many bad auth attempts.', 'auth.too-many-attempts'],
  ['login', '454 4.7.0 Too many login attempts, please try again later. - gsmtp', 'auth.too-many-attempts'],
  ['login', '421 4.7.0 Try again later, closing connection. (AUTH)', 'auth.too-many-attempts'],
  [
    'login',
    '454 4.7.0 Temporary authentication failure: Connection lost to authentication server',
    'auth.unavailable',
  ],
  ['login', '432 4.7.12 A password transition is needed', 'auth.password-expired'],
  ['login', '432 4.3.2 Concurrent connections limit exceeded', 'limit.connections'],
  ['login', '504 5.7.4 Unrecognized authentication type', 'auth.mechanism-unsupported'],
  [
    'login',
    '538 5.7.11 Encryption required for requested authentication mechanism',
    'auth.encryption-required',
  ],
  ['login', '503 5.5.1 Error: authentication not enabled', 'auth.not-offered'],
  ['login', '535 5.7.1 user account is disabled', 'auth.account-locked'],
  ['mail', '550 5.4.5 Daily user sending limit exceeded.', 'send.quota'],
  ['mail', '530 5.7.0 Must issue a STARTTLS command first.', 'auth.encryption-required'],
  ['mail', '530 5.7.1 Authentication required', 'send.relay-denied'],
  ['rcpt', '550 5.1.90 Your message cannot be sent because you have exceeded the daily limit', 'send.quota'],
  ['rcpt', '550 5.7.1 Unable to relay', 'send.relay-denied'],
  ['rcpt', '550 5.1.1 The email account that you tried to reach does not exist.', 'send.recipient-refused'],
  ['rcpt', '452 4.2.2 Mailbox full', 'imap.quota-full'],
  ['rcpt', '450 4.2.1 The user you are trying to contact is receiving mail too quickly', 'send.deferred'],
  [
    'data',
    '554 5.2.252 SendAsDenied; anna@a.test not allowed to send as bob@a.test',
    'send.from-not-allowed',
  ],
  [
    'data',
    '550 5.7.60 SMTP; Client does not have permissions to send as this sender',
    'send.from-not-allowed',
  ],
  [
    'data',
    '552 5.7.0 This message was blocked because its content presents a potential security issue.',
    'send.content-refused',
  ],
  ['data', '550 5.7.1 Message rejected under policy', 'send.policy-refused'],
  ['greeting', '554 5.7.1 Service unavailable; client host blocked', 'server.refused'],
  ['greeting', '421 4.7.0 Too many concurrent SMTP connections from this address', 'limit.connections'],
]

test.each(smtpReplies)('SMTP at %s: %s', (moment, reply, code) => {
  expect(meaningOfSmtpReply(moment, reply)).toBe(code)
})

const imapRefusals: readonly (readonly [string, string | null, string, string, string])[] = [
  ['NO', 'AUTHENTICATIONFAILED', 'Invalid credentials (Failure)', 'imap.gmail.com', 'auth.bad-credentials'],
  [
    'NO',
    'ALERT',
    'Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)',
    'imap.gmail.com',
    'auth.app-password-required',
  ],
  [
    'NO',
    'ALERT',
    'NO [WEBALERT https://accounts.google.com/signin] Web login required. Please log in via your web browser',
    'imap.gmail.com',
    'auth.web-login-required',
  ],
  [
    'NO',
    'ALERT',
    'Your account is not enabled for IMAP use. Please visit your Gmail settings page',
    'imap.gmail.com',
    'auth.imap-disabled',
  ],
  ['NO', 'ALERT', 'Too many simultaneous connections. (Failure)', 'imap.gmail.com', 'limit.connections'],
  ['NO', null, 'LOGIN failed.', 'outlook.office365.com', 'auth.oauth-required'],
  ['NO', null, 'LOGIN failed.', 'mail.example.com', 'auth.bad-credentials'],
  ['NO', 'UNAVAILABLE', 'Temporary authentication failure.', 'mail.example.com', 'auth.unavailable'],
  ['NO', 'PRIVACYREQUIRED', 'Use TLS', 'mail.example.com', 'auth.encryption-required'],
  ['NO', 'LIMIT', 'Maximum number reached', 'mail.example.com', 'limit.connections'],
  ['NO', 'INUSE', 'Locked', 'mail.example.com', 'auth.unavailable'],
  ['BAD', null, 'Unknown command', 'mail.example.com', 'server.misbehaves'],
  ['BYE', null, 'Shutting down', 'mail.example.com', 'server.unavailable'],
]

test.each(imapRefusals)('IMAP login: %s [%s] %s at %s', (status, responseCode, words, host, code) => {
  expect(meaningOfImapRefusal('login', { status, responseCode, words, host, oauth: false })).toBe(code)
})

test('a token that is refused is no wrong password', () => {
  const refusal = {
    status: 'NO',
    responseCode: 'AUTHENTICATIONFAILED',
    words: 'no',
    host: 'x.test',
    oauth: true,
  }
  expect(meaningOfImapRefusal('login', refusal)).toBe('auth.token-expired')
})

test('no temporary reply, whatever its words, is a wrong password or another lasting refusal of the login', () => {
  const lasting = [
    'auth.bad-credentials',
    'auth.not-authorised',
    'auth.not-offered',
    'auth.mechanism-unsupported',
  ]
  const words = fc.constantFrom(
    'authentication',
    'failed',
    'password',
    'invalid',
    '5.7.8',
    '535',
    'user',
    'mechanism',
  )
  fc.assert(
    fc.property(fc.integer({ min: 400, max: 499 }), fc.array(words, { maxLength: 8 }), (code, said) => {
      expect(lasting).not.toContain(meaningOfSmtpReply('login', `${code} ${said.join(' ')}`))
    }),
  )
})

const octets = (words: string) => Buffer.from(words).toString('latin1')

describe('evidence', () => {
  const secret = 'hunter2 & more'

  test('is one bounded line without controls and without the secret, wherever it stands and however it is written', () => {
    const base64 = fc
      .tuple(fc.string({ maxLength: 7 }), fc.string({ maxLength: 7 }))
      .map(([before, after]) => Buffer.from(`${before}${secret}${after}`).toString('base64'))
    const form = fc.oneof(fc.constant(secret), base64, fc.constant(encodeURIComponent(secret)))
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        form,
        fc.string({ unit: 'binary' }),
        (before, inside, after) => {
          const line = evidenceOf(`${before}${inside}${after}`, [secret])
          expect([...line].length).toBeLessThanOrEqual(limits.evidenceCharacters)
          expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
          expect(line).not.toContain(secret)
          // What no neighbour touches of the secret's base64.
          expect(line).not.toContain('dW50ZXIyICYgbW9y')
          expect(line).not.toContain('bnRlcjIgJiBtb3Jl')
        },
      ),
    )
  })

  test('hides a secret beyond ASCII also where its octets were read one by one, whole or beside another encoding', () => {
    const wide = 'pässwörd § geheim'
    const octets = Buffer.from(wide).toString('latin1')
    for (const words of [
      wide,
      octets,
      `${octets} \u00e9\u00ff`,
      `${octets} \u2026`,
      JSON.stringify(octets),
    ]) {
      const line = evidenceOf(`550 5.7.1 no: ${words}`, [wide])
      expect(line).not.toContain('geheim')
      expect(line).not.toContain('rd')
    }
  })

  test('reads UTF-8 as the server wrote it, and leaves other encodings alone', () => {
    expect(evidenceOf(octets('550 Zugriff für Müller verweigert'), [])).toBe(
      '550 Zugriff für Müller verweigert',
    )
    expect(evidenceOf('550 Zugriff f\u00fcr alle', [])).toBe('550 Zugriff für alle')
    expect(evidenceOf('550 \u2026 schon f\u00fcr', [])).toBe('550 … schon für')
  })

  test('keeps what is harmless as it is', () => {
    expect(evidenceOf('535 5.7.8 Error: authentication failed', [secret])).toBe(
      '535 5.7.8 Error: authentication failed',
    )
    expect(evidenceOf('a\r\n b\u001b[2J', [])).toBe('a b [2J')
  })
})
