import { assert, constantFrom, integer, option, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { replyActions, replyCategories, replyReadingSchema } from '#shared/model/reply.ts'
import { classifyReply, replyBackoffMs, type ServerReply, statusIn } from '#engine/net/classify-reply.ts'
import { cpuTime } from '../../helpers/cpu-time.ts'

const minuteMs = 60_000

function reply(provider: string | null, line: string): ServerReply {
  const [, code, text = ''] = /^(\d{3})[ -](.*)$/.exec(line) ?? []
  return {
    provider,
    code: code === undefined ? null : Number(code),
    status: null,
    text: text === '' ? line : text,
  }
}

type Row = [provider: string | null, line: string, category: string, action: string, checks?: string[]]

const rows: Row[] = [
  // Google
  ['google', '421 4.7.0 Try again later, closing connection. gsmtp', 'rate-limited', 'slow'],
  ['google', '421 4.7.28 Unusual rate of mail from your IP', 'rate-limited', 'slow'],
  ['google', '450 4.2.1 The user you are contacting is receiving mail too quickly', 'recipient-busy', 'wait'],
  ['google', '452 4.5.3 Too many recipients in this transaction', 'too-many-recipients', 'wait'],
  ['google', '550 5.4.5 Daily user sending limit exceeded', 'daily-quota', 'wait-for-window'],
  ['google', '550 5.7.1 Daily SMTP relay limit exceeded for user', 'daily-quota', 'wait-for-window'],
  ['google', '454 4.7.0 Too many login attempts, please try again later', 'login-throttled', 'wait'],
  [
    'google',
    '550 5.7.26 Unauthenticated mail is not accepted',
    'authentication',
    'fix-records',
    ['spf', 'dkim', 'dmarc'],
  ],
  ['google', '421 4.7.26 Unauthenticated', 'authentication', 'fix-records', ['spf', 'dkim', 'dmarc']],
  ['google', '550 5.7.27 SPF did not pass', 'authentication', 'fix-records', ['spf']],
  ['google', '421 4.7.24 The SPF record has suspicious entries', 'authentication', 'fix-records', ['spf']],
  ['google', '421 4.7.30 DKIM did not pass', 'authentication', 'fix-records', ['dkim']],
  ['google', '421 4.7.32 From is not aligned', 'authentication', 'fix-records', ['dmarc']],
  ['google', '550 5.7.25 No PTR record', 'authentication', 'fix-records', ['ptr']],
  ['google', '421 4.7.23 PTR does not match', 'authentication', 'fix-records', ['ptr']],
  ['google', '550 5.7.29 Not sent over TLS', 'tls-required', 'fix-records', ['tls']],
  ['google', '421 4.7.0 very low reputation of the sending IP', 'reputation', 'pause'],
  ['google', '550 5.7.1 very low reputation of the sending domain', 'reputation', 'pause'],
  ['google', '550 5.7.28 Unusual rate of unwanted mail', 'reputation', 'pause'],
  ['google', '535 5.7.8 Username and Password not accepted', 'login-refused', 'sign-in'],
  ['google', '534 5.7.9 Application-specific password required', 'login-refused', 'sign-in'],
  [
    'google',
    '550 5.1.1 The email account that you tried to reach does not exist',
    'no-such-mailbox',
    'drop-recipient',
  ],
  ['google', '552 5.2.2 The recipient is out of storage space', 'mailbox-full', 'drop-recipient'],
  ['google', '550 5.2.1 The account is inactive', 'mailbox-disabled', 'drop-recipient'],
  // the mark tells whose rules they are
  [null, '421 4.7.28 Unusual rate of mail. k4-20020a gsmtp', 'rate-limited', 'slow'],
  // Microsoft
  ['microsoft365', '432 4.3.2 Concurrent connections limit exceeded', 'rate-limited', 'wait'],
  ['microsoft365', '432 4.3.2 STOREDRV; recipient thread limit exceeded', 'rate-limited', 'wait'],
  ['microsoft365', '451 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded', 'recipient-busy', 'wait'],
  [
    'microsoft365',
    '550 5.1.90 Your message was not sent: daily limit of recipients',
    'daily-quota',
    'wait-for-window',
  ],
  ['microsoft365', '550 5.2.2 Submission quota exceeded', 'daily-quota', 'wait-for-window'],
  ['microsoft365', '550 5.7.508 Access denied, too many from this network', 'daily-quota', 'wait-for-window'],
  ['microsoft365', '550 5.7.705 Tenant has exceeded its threshold', 'daily-quota', 'wait-for-window'],
  ['microsoft365', '550 5.1.8 Bad outbound sender', 'sender-refused', 'pause'],
  [
    'microsoft365',
    '451 4.7.650 The mail server has been temporarily rate limited due to IP reputation',
    'reputation',
    'slow',
  ],
  ['microsoft365', '451 4.7.861 Server busy', 'greylisted', 'wait'],
  [
    'outlook',
    '550 5.7.1 Messages were not sent; part of their network is on our block list (S3150)',
    'blocklisted',
    'pause',
  ],
  ['microsoft365', '550 5.7.511 Access denied, banned sender', 'blocklisted', 'pause'],
  ['microsoft365', '550 5.7.606 Access denied, banned sending IP', 'blocklisted', 'pause'],
  [
    'microsoft365',
    '550 5.7.515 The sending domain does not meet the level',
    'authentication',
    'fix-records',
    ['spf', 'dkim', 'dmarc'],
  ],
  ['microsoft365', '550 5.7.509 Does not pass DMARC', 'authentication', 'fix-records', ['dmarc']],
  ['microsoft365', '550 5.7.23 Rejected because of SPF', 'authentication', 'fix-records', ['spf']],
  ['microsoft365', '550 5.7.512 Must be RFC 5322 compliant', 'content', 'give-up'],
  ['microsoft365', '535 5.7.139 Authentication unsuccessful', 'login-refused', 'sign-in'],
  [
    'microsoft365',
    '550 5.4.1 Recipient address rejected: Access denied',
    'no-such-mailbox',
    'drop-recipient',
  ],
  ['microsoft365', '550 5.7.60 SendAsDenied', 'sender-refused', 'give-up'],
  // Yahoo
  ['yahoo', '421 4.7.0 [TSS04] Messages temporarily deferred due to volume', 'rate-limited', 'slow'],
  [
    'yahoo',
    '421 4.7.1 [TSS09] All messages from this IP will be permanently deferred',
    'reputation',
    'pause',
  ],
  ['yahoo', '553 5.7.1 [BL21] Connections not accepted from IPs on Spamhaus', 'blocklisted', 'pause'],
  ['yahoo', '554 5.7.9 Message not accepted for policy reasons', 'policy', 'pause'],
  [
    'yahoo',
    '550 5.7.9 This mail is unauthenticated',
    'authentication',
    'fix-records',
    ['spf', 'dkim', 'dmarc'],
  ],
  ['yahoo', '450 User is receiving mail too quickly', 'recipient-busy', 'wait'],
  ['yahoo', '421 Max message per connection reached, closing', 'rate-limited', 'wait'],
  // Apple
  ['icloud', '554 5.7.1 [HM08] Message rejected', 'reputation', 'pause'],
  ['icloud', '554 5.7.1 [CS01] Message rejected due to local policy', 'content', 'pause'],
  // anybody
  [null, '450 4.2.0 Greylisted, see the help page', 'greylisted', 'wait'],
  [null, '554 5.7.1 Service unavailable; client host blocked using zen.spamhaus.org', 'blocklisted', 'pause'],
  [
    null,
    '550 5.7.1 Recipient address rejected: User unknown in relay recipient table',
    'no-such-mailbox',
    'drop-recipient',
  ],
  [null, '550 5.5.0 Requested action not taken: mailbox unavailable', 'no-such-mailbox', 'drop-recipient'],
  [null, '550 No such user here', 'no-such-mailbox', 'drop-recipient'],
  [null, '554 Sender address rejected: Domain not found', 'sender-refused', 'pause'],
  [null, '550 5.4.4 Host or domain name not found', 'no-such-domain', 'drop-recipient'],
  [null, '556 5.1.10 Recipient address has null MX', 'no-such-domain', 'drop-recipient'],
  [null, '552 5.3.4 Message size exceeds fixed limit', 'message-too-large', 'give-up'],
  [null, '452 4.2.2 Mailbox full', 'mailbox-full', 'wait'],
  [null, '554 5.7.1 Relay access denied', 'relay-denied', 'give-up'],
  [null, '530 5.7.0 Must issue a STARTTLS command first', 'tls-required', 'give-up'],
  [null, '550 Message rejected as spam', 'content', 'pause'],
  [null, '451 4.7.1 Message deferred as spam', 'content', 'slow'],
  [null, '554 5.4.6 Too many hops', 'routing', 'give-up'],
  [null, '421 Service not available, closing', 'server-trouble', 'wait'],
  [null, '454 4.7.0 Temporary authentication failure', 'login-throttled', 'wait'],
  [null, '550 5.7.1 Rejected due to SPF', 'authentication', 'fix-records', ['spf']],
  [null, '550 something nobody has ever said', 'unknown', 'give-up'],
  [null, '450 something nobody has ever said', 'server-trouble', 'wait'],
  [null, '250 2.1.5 Ok', 'delivered', 'none'],
]

describe('what a reply means', () => {
  test.each(rows)('%s: %s', (provider, line, category, action, checks = []) => {
    expect(classifyReply(reply(provider, line))).toMatchObject({ category, action, checks })
  })

  test('a refusal of class 4 is never permanent and drops nobody, whatever it says', () => {
    const texts = rows.map(([, line]) => line.slice(4))
    assert(
      property(
        integer({ min: 400, max: 499 }),
        constantFrom(...texts),
        option(constantFrom('google', 'yahoo')),
        (code, text, provider) => {
          const { permanent, action } = classifyReply({ provider, code, status: null, text })
          return !permanent && !['drop-recipient', 'give-up', 'sign-in'].includes(action)
        },
      ),
    )
  })

  test('whatever a server says is read as one of the closed lists', () => {
    assert(
      property(
        option(integer({ min: -1, max: 999 })),
        option(string()),
        string({ maxLength: 5_000 }),
        (code, status, text) => {
          const reading = classifyReply({ provider: null, code, status, text })
          expect(replyReadingSchema.parse(reading)).toEqual(reading)
        },
      ),
    )
  })

  test('the rows above reach every action, and every category but two', () => {
    const seen = new Set(rows.map(([, , category]) => category))
    expect(replyCategories.filter(category => !seen.has(category))).toEqual(['expired', 'protocol'])
    expect(replyActions.filter(action => !rows.some(row => row[3] === action))).toEqual([])
  })

  test('hostile text is read in no time', () => {
    const text = `${'user '.repeat(20_000)} address ${'a'.repeat(50_000)}`
    const tookMs = cpuTime()
    classifyReply({ provider: null, code: 550, status: null, text })
    expect(tookMs()).toBeLessThan(10_000)
  })
})

function waitFor(provider: string | null, line: string, step: number) {
  return classifyReply(reply(provider, line), step).wait
}

describe('how long to wait', () => {
  test('1, 5, 15, then 60 minutes', () => {
    expect([0, 1, 2, 3, 4, 99, -1].map(step => replyBackoffMs(step) / minuteMs)).toEqual([
      1, 5, 15, 60, 60, 60, 1,
    ])
  })

  test('a daily quota waits for the next window, a permanent refusal for nothing', () => {
    expect(classifyReply(reply('google', '550 5.4.5 Daily user sending limit exceeded'))).toMatchObject({
      wait: { until: 'next-window' },
      permanent: false,
    })
    expect(classifyReply(reply(null, '550 5.1.1 No such user'))).toMatchObject({
      wait: null,
      permanent: true,
    })
  })

  test('no less than the provider asks, and longer the more often it happens', () => {
    expect(waitFor('yahoo', '421 4.7.0 [TSS04] deferred', 0)).toEqual({ until: 'time', ms: 60 * minuteMs })
    expect([0, 1, 2, 3].map(step => waitFor(null, '421 4.3.2 closing', step))).toEqual(
      [1, 5, 15, 60].map(minutes => ({ until: 'time', ms: minutes * minuteMs })),
    )
  })
})

test('a status is found in the words, and no address is taken for one', () => {
  expect(statusIn('5.7.26 Unauthenticated')).toBe('5.7.26')
  expect(statusIn('host mx.example[5.1.1.7] said: 550 no')).toBeNull()
  expect(statusIn('3.1.1 no')).toBeNull()
})
