import { assert, asyncProperty, string, uint8Array } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mailReportSchema } from '#shared/model/mail-report.ts'
import { readMailReport } from '#engine/reputation/bounces.ts'
import { cpuTime } from '../../helpers/cpu-time.ts'
import { plainMail, reportMail } from './messages.ts'

const returned = `Message-ID: <one@sender.example>
From: ann@sender.example
To: bob@rcpt.example
Subject: Lunch`

function statusOf(action: string, status: string): Uint8Array {
  return reportMail({
    status: `Reporting-MTA: dns; m\n\nFinal-Recipient: rfc822; b@r.example\nAction: ${action}\nStatus: ${status}`,
  })
}

describe('delivery status notifications', () => {
  test('Postfix: one recipient, refused for good', async () => {
    const status = `Reporting-MTA: dns; mx.sender.example
X-Postfix-Queue-ID: 4ABC
Arrival-Date: Sun, 22 Nov 2026 10:00:00 +0000 (UTC)

Final-Recipient: rfc822; bob@rcpt.example
Original-Recipient: rfc822;bob@rcpt.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.rcpt.example
Diagnostic-Code: smtp; 550 5.1.1 <bob@rcpt.example>: Recipient address
    rejected: User unknown in local recipient table`
    expect(await readMailReport(reportMail({ status, returned }))).toEqual({
      kind: 'bounce',
      originalMessageId: '<one@sender.example>',
      recipients: [
        {
          address: 'bob@rcpt.example',
          action: 'failed',
          status: '5.1.1',
          category: 'no-such-mailbox',
          permanent: true,
        },
      ],
    })
  })

  test('several recipients, each with its own end', async () => {
    const status = `Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; full@rcpt.example
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 mailbox over quota

Final-Recipient: RFC822; slow@rcpt.example
Action: delayed
Status: 4.4.1
Diagnostic-Code: smtp; connect to mx: Connection timed out

Final-Recipient: rfc822; <fine@rcpt.example>
Action: relayed (to non-DSN-aware mailer)
Status: 2.0.0`
    const report = await readMailReport(reportMail({ status }))
    expect(report.kind).toBe('bounce')
    expect(report.recipients).toEqual([
      {
        address: 'full@rcpt.example',
        action: 'failed',
        status: '5.2.2',
        category: 'mailbox-full',
        permanent: true,
      },
      {
        address: 'slow@rcpt.example',
        action: 'delayed',
        status: '4.4.1',
        category: 'server-trouble',
        permanent: false,
      },
      {
        address: 'fine@rcpt.example',
        action: 'relayed',
        status: '2.0.0',
        category: 'delivered',
        permanent: false,
      },
    ])
  })

  test('a delay is no bounce, and a success is nothing', async () => {
    expect((await readMailReport(statusOf('delayed', '4.4.1'))).kind).toBe('delay')
    expect((await readMailReport(statusOf('delivered', '2.1.5'))).kind).toBe('none')
    expect((await readMailReport(statusOf('FAILED', '5.0.0'))).kind).toBe('bounce')
    expect(await readMailReport(statusOf('failed', '4.4.7'))).toMatchObject({
      kind: 'bounce',
      recipients: [{ category: 'expired', permanent: false }],
    })
  })

  test('international addresses (RFC 6533), as they are and escaped', async () => {
    const status = `Reporting-MTA: dns; mx.example

Final-Recipient: utf-8; Dörte@Sörensen.example
Action: failed
Status: 5.1.1

Final-Recipient: utf-8; \\x{7528}\\x{6237}@example.org
Action: failed
Status: 5.1.1`
    const report = await readMailReport(
      reportMail({
        status,
        statusType: 'message/global-delivery-status',
        returned,
        returnedType: 'message/global-headers',
      }),
    )
    expect(report.recipients.map(({ address }) => address)).toEqual([
      'Dörte@Sörensen.example',
      '用户@example.org',
    ])
    expect(report.originalMessageId).toBe('<one@sender.example>')
  })

  test('a vague status leaves the word to the server that refused', async () => {
    const status = `Reporting-MTA: dns; m

Final-Recipient: rfc822; b@r.example
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; 550-5.7.26 Unauthenticated mail is not accepted. gsmtp`
    expect((await readMailReport(reportMail({ status }))).recipients).toEqual([
      {
        address: 'b@r.example',
        action: 'failed',
        status: '5.0.0',
        category: 'authentication',
        permanent: true,
      },
    ])
  })

  test('blocks that ran together, a missing action, and an address type of its own', async () => {
    const status = `Reporting-MTA: dns; m
Final-Recipient: rfc822; one@r.example
Status: 5.2.1
Final-Recipient: x400; /O=example/CN=two
Original-Recipient: rfc822; two@r.example
Action: failed
Status: 5.7.1
Diagnostic-Code: smtp;550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy`
    expect((await readMailReport(reportMail({ status }))).recipients).toEqual([
      {
        address: 'one@r.example',
        action: 'failed',
        status: '5.2.1',
        category: 'mailbox-disabled',
        permanent: true,
      },
      { address: 'two@r.example', action: 'failed', status: '5.7.1', category: 'policy', permanent: true },
    ])
  })

  test('the part is found when it is encoded', async () => {
    const text = btoa(
      'Reporting-MTA: dns; m\r\n\r\nFinal-Recipient: rfc822; b@r.example\r\nAction: failed\r\nStatus: 5.1.2\r\n',
    )
    const status = `\n${text}`
    const raw = reportMail({
      status,
      statusType: 'message/delivery-status\nContent-Transfer-Encoding: base64',
    })
    expect((await readMailReport(raw)).recipients).toMatchObject([{ category: 'no-such-domain' }])
  })

  test('a bounce that a person forwards as an attachment is no bounce', async () => {
    const inner = new TextDecoder().decode(
      reportMail({
        status:
          'Reporting-MTA: dns; m\n\nFinal-Recipient: rfc822; b@r.example\nAction: failed\nStatus: 5.1.1',
      }),
    )
    const raw = plainMail(
      {
        From: 'Ann <ann@sender.example>',
        Subject: 'Fwd: Undelivered Mail',
        'Content-Type': 'multipart/mixed; boundary="f"',
      },
      `--f\nContent-Type: text/plain\n\nLook at this.\n--f\nContent-Type: message/rfc822\n\n${inner.replaceAll('\r\n', '\n')}\n--f--\n`,
    )
    expect((await readMailReport(raw)).kind).toBe('none')
  })
})

const daemon = { From: 'MAILER-DAEMON@mx.example', To: 'ann@sender.example', Subject: 'failure notice' }

type Shape = [name: string, headers: Record<string, string>, text: string, kind: string, recipients: object[]]

const shapes: Shape[] = [
  [
    'qmail',
    daemon,
    `Hi. This is the qmail-send program at mx.example.
I'm afraid this could not go through.

<bob@rcpt.example>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 unknown user
Giving up on 192.0.2.1.

<eve@rcpt.example>:
The users mailfolder is over the allowed quota (size). (#5.2.2)

--- Below this line is a copy of the message.

Return-Path: <ann@sender.example>
Message-ID: <q@sender.example>
To: bob@rcpt.example, eve@rcpt.example, third@rcpt.example`,
    'bounce',
    [
      { address: 'bob@rcpt.example', status: '5.1.1', category: 'no-such-mailbox', permanent: true },
      { address: 'eve@rcpt.example', status: '5.2.2', category: 'mailbox-full', permanent: true },
    ],
  ],
  [
    'Exim',
    {
      ...daemon,
      From: 'Mail Delivery System <Mailer-Daemon@mx.example>',
      'X-Failed-Recipients': 'bob@rcpt.example',
    },
    `This message was created automatically by mail delivery software.

A message that you sent has not gone to everybody. This is a permanent error.
The following address(es) failed:

  bob@rcpt.example
    host mx.rcpt.example [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<bob@rcpt.example>:
    550 No such user here

------ This is a copy of the message, including all the headers. ------

To: carol@rcpt.example`,
    'bounce',
    [{ address: 'bob@rcpt.example', status: null, category: 'no-such-mailbox', permanent: true }],
  ],
  [
    'Exim with quotes',
    { ...daemon, Subject: 'Mail delivery failed: returning message to sender' },
    `This message was created automatically by mail delivery software.

The following address failed:

"bob@rcpt.example":
    SMTP error from remote server for RCPT TO command, host: mx.rcpt.example reason: 554 5.2.2 quota exceeded`,
    'bounce',
    [{ address: 'bob@rcpt.example', status: '5.2.2', category: 'mailbox-full', permanent: true }],
  ],
  [
    'Exim, still trying',
    {
      ...daemon,
      From: 'Mail Delivery System <Mailer-Daemon@mx.example>',
      Subject: 'Warning: message 1abc delayed 24 hours',
    },
    `This message was created automatically by mail delivery software.
A message that you sent has not yet been delivered to one or more of its
recipients after more than 24 hours on the queue on mx.example.

The address to which the message has not yet been delivered is:

  bob@rcpt.example
    Delay reason: connection timed out

No action is required on your part. Delivery attempts will continue.`,
    'delay',
    [{ address: 'bob@rcpt.example', action: 'delayed', category: 'server-trouble', permanent: false }],
  ],
  [
    'Postfix, without a report',
    {
      ...daemon,
      From: 'MAILER-DAEMON@mx.example (Mail Delivery System)',
      Subject: 'Undelivered Mail Returned to Sender',
    },
    `This is the mail system at host mx.example.

Something went wrong, see below.

                   The mail system

<bob@rcpt.example>: host mx.rcpt.example[192.0.2.1] said: 550 5.7.1 Service
    unavailable; Client host [192.0.2.9] blocked using zen.spamhaus.org (in
    reply to RCPT TO command)`,
    'bounce',
    [{ address: 'bob@rcpt.example', status: '5.7.1', category: 'blocklisted', permanent: true }],
  ],
  [
    'sendmail',
    {
      ...daemon,
      From: 'Mail Delivery Subsystem <MAILER-DAEMON@mx.example>',
      Subject: 'Returned mail: see transcript for details',
    },
    `The original message was received at Sun, 22 Nov 2026 10:00:00 GMT
from localhost [127.0.0.1]

   ----- The following addresses had permanent fatal errors -----
<bob@rcpt.example>
    (reason: 550 5.1.1 <bob@rcpt.example>... User unknown)

   ----- Transcript of session follows -----
... while talking to mx.rcpt.example.:
>>> DATA
<<< 550 5.1.1 <bob@rcpt.example>... User unknown`,
    'bounce',
    [{ address: 'bob@rcpt.example', status: '5.1.1', category: 'no-such-mailbox', permanent: true }],
  ],
  [
    'sendmail, a warning',
    {
      ...daemon,
      From: 'Mail Delivery Subsystem <MAILER-DAEMON@mx.example>',
      Subject: 'Warning: could not send message for past 4 hours',
    },
    `    **      THIS IS A WARNING MESSAGE ONLY      **

   ----- The following addresses had transient non-fatal errors -----
<bob@rcpt.example>

   ----- Transcript of session follows -----
<bob@rcpt.example>... Deferred: Connection refused by mx.rcpt.example.
Message could not be delivered for 4 hours`,
    'delay',
    [{ address: 'bob@rcpt.example', action: 'delayed', permanent: false }],
  ],
  [
    'Exchange, new',
    { From: 'postmaster@sender.example', To: 'ann@sender.example', Subject: 'Undeliverable: Lunch' },
    `Delivery has failed to these recipients or groups:

Bob Bee (bob@rcpt.example)
The address you entered couldn't be found.

Diagnostic information for administrators:

Generating server: X.eurprd01.prod.outlook.com

bob@rcpt.example
Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup'

Original message headers:

Received: from X by Y
To: zed@rcpt.example`,
    'bounce',
    [{ address: 'bob@rcpt.example', status: '5.1.10', category: 'no-such-mailbox', permanent: true }],
  ],
  [
    'Exchange, old',
    {
      From: 'System Administrator <postmaster@sender.example>',
      To: 'ann@sender.example',
      Subject: 'Undeliverable: Lunch',
    },
    `Your message did not reach some or all of the intended recipients.

      Subject:  Lunch
      Sent:     22.11.2026 10:00

The following recipient(s) could not be reached:

      bob@rcpt.example on 22.11.2026 10:01
            The e-mail account does not exist at the organization this message was sent to.
            <mx.rcpt.example #5.1.1 smtp;550 5.1.1 User unknown>`,
    'bounce',
    [{ address: 'bob@rcpt.example', status: '5.1.1', category: 'no-such-mailbox', permanent: true }],
  ],
  [
    'Gmail, new',
    {
      From: 'Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
      To: 'ann@sender.example',
      Subject: 'Delivery Status Notification (Failure)',
      'X-Failed-Recipients': 'bob@rcpt.example',
    },
    `** Address not found **

Your message wasn't delivered to bob@rcpt.example because the address couldn't be found, or is unable to receive mail.

The response was:

550 5.1.1 The email account that you tried to reach does not exist. gsmtp`,
    'bounce',
    [{ address: 'bob@rcpt.example', status: '5.1.1', category: 'no-such-mailbox', permanent: true }],
  ],
  [
    'Gmail, still trying',
    {
      From: 'Mail Delivery Subsystem <mailer-daemon@googlemail.com>',
      To: 'ann@sender.example',
      Subject: 'Delivery Status Notification (Delay)',
    },
    `** Delivery incomplete **

There was a temporary problem delivering your message to bob@rcpt.example. Gmail will retry for 47 more hours. You'll be notified if the delivery fails permanently.`,
    'delay',
    [{ address: 'bob@rcpt.example', action: 'delayed', permanent: false }],
  ],
  [
    'Zoho',
    {
      From: 'mailer-daemon@mail.zoho.com',
      To: 'ann@sender.example',
      Subject: 'Undelivered Mail Returned to Sender',
    },
    `This message was created automatically by mail delivery software.
 A message that you sent could not go to one or more of its recipients. This is a permanent error.

bob@rcpt.example Invalid Recipients, ERROR_CODE :550, ERROR_CODE :5.1.1 no mailbox by that name here`,
    'bounce',
    [{ address: 'bob@rcpt.example', status: '5.1.1', category: 'no-such-mailbox', permanent: true }],
  ],
  [
    'Yahoo',
    { From: 'MAILER-DAEMON@yahoo.com', To: 'ann@sender.example', Subject: 'Failure Notice' },
    `Sorry, we were unable to deliver your message to the following address.

<bob@rcpt.example>:
552: 5.2.2 Mailbox is full

--- Below this line is a copy of the message.`,
    'bounce',
    [{ address: 'bob@rcpt.example', status: '5.2.2', category: 'mailbox-full', permanent: true }],
  ],
  [
    'a server nobody knows',
    {
      From: '<>',
      'Return-Path': '<>',
      To: 'ann@sender.example',
      Subject: 'Mail could not be delivered: Undeliverable',
    },
    `We tried to send your mail to <bob@rcpt.example> and the other side answered: 550 user unknown.`,
    'bounce',
    [{ address: 'bob@rcpt.example', status: null, category: 'no-such-mailbox', permanent: true }],
  ],
]

describe('bounces that are no reports', () => {
  test.each(shapes)('%s', async (_name, headers, text, kind, recipients) => {
    const report = await readMailReport(plainMail({ 'Content-Type': 'text/plain', ...headers }, text))
    expect(report).toMatchObject({ kind, recipients })
    expect(report.recipients).toHaveLength(recipients.length)
  })

  test('the Message-ID is found in the quoted copy', async () => {
    const [, headers, text] = shapes[0] as Shape
    expect((await readMailReport(plainMail(headers, text))).originalMessageId).toBe('<q@sender.example>')
  })

  test('a person who writes about a bounce is no bounce', async () => {
    const text = 'Hi Ann, I got "550 5.1.1 user unknown" for bob@rcpt.example, undeliverable. Any idea?'
    const raw = plainMail(
      { From: 'Carl <carl@rcpt.example>', To: 'ann@sender.example', Subject: 'Undeliverable mail?' },
      text,
    )
    expect(await readMailReport(raw)).toEqual({ kind: 'none', recipients: [], originalMessageId: null })
  })
})

function feedback(type: string, extra = ''): Uint8Array {
  return reportMail({
    type: 'feedback-report',
    statusType: 'message/feedback-report',
    headers: { From: 'feedback@provider.example', Subject: 'Abuse report' },
    status: `Feedback-Type: ${type}\nUser-Agent: Loop/1.0\nVersion: 1\n${extra}`,
    returned,
    returnedType: 'message/rfc822',
  })
}

describe('complaints', () => {
  test('ARF names who complained, and about what', async () => {
    expect(
      await readMailReport(feedback('abuse', 'Original-Rcpt-To: <bob@rcpt.example>\nSource-IP: 192.0.2.1')),
    ).toEqual({
      kind: 'complaint',
      originalMessageId: '<one@sender.example>',
      recipients: [
        {
          address: 'bob@rcpt.example',
          action: 'complained',
          status: null,
          category: 'complaint',
          permanent: true,
        },
      ],
    })
  })

  test('where the provider leaves the recipient out, the message says it', async () => {
    expect((await readMailReport(feedback('fraud'))).recipients).toMatchObject([
      { address: 'bob@rcpt.example' },
    ])
  })

  test('Microsoft sends the message itself', async () => {
    const raw = plainMail(
      {
        From: 'staff@hotmail.com',
        Subject: 'complaint about message from 192.0.2.1',
        'Content-Type': 'multipart/mixed; boundary="j"',
      },
      `--j\nContent-Type: message/rfc822\n\nX-HmXmrOriginalRecipient: bob@outlook.example\n${returned}\n\nHello\n--j--\n`,
    )
    expect(await readMailReport(raw)).toMatchObject({
      kind: 'complaint',
      originalMessageId: '<one@sender.example>',
      recipients: [{ address: 'bob@outlook.example', action: 'complained' }],
    })
  })

  test('reports about authentication and "no spam" are no complaints', async () => {
    expect((await readMailReport(feedback('auth-failure'))).kind).toBe('none')
    expect((await readMailReport(feedback('not-spam'))).kind).toBe('none')
  })
})

async function kindOf(headers: Record<string, string>) {
  return (await readMailReport(plainMail(headers, 'Yes, at noon.'))).kind
}

describe('automatic answers', () => {
  const from = { From: 'Bob <bob@rcpt.example>', To: 'ann@sender.example' }
  test.each([
    [{ ...from, Subject: 'Re: Lunch', 'Auto-Submitted': 'auto-replied' }],
    [{ ...from, Subject: 'Re: Lunch', 'Auto-Submitted': 'auto-replied (vacation)' }],
    [{ ...from, Subject: 'Automatic reply: Lunch', 'Auto-Submitted': 'auto-generated' }],
    [
      {
        ...from,
        Subject: 'Lunch',
        'In-Reply-To': '<one@sender.example>',
        'Auto-Submitted': 'auto-generated',
      },
    ],
    [{ ...from, Subject: 'Abwesenheitsnotiz: Lunch' }],
    [{ ...from, Subject: '=?utf-8?q?R=C3=A9ponse_automatique=3A_Lunch?=' }],
    [{ ...from, Subject: 'Lunch', 'X-Autoreply': 'yes' }],
    [{ ...from, Subject: 'Lunch', Precedence: 'auto_reply' }],
  ])('%o', async headers => {
    expect((await readMailReport(plainMail(headers, 'I am away until Monday.'))).kind).toBe('auto-reply')
  })

  test('a person, a nightly notice and a receipt are none', async () => {
    expect(await kindOf({ ...from, Subject: 'Re: Out of office?', 'Auto-Submitted': 'no' })).toBe('none')
    expect(await kindOf({ ...from, Subject: 'Backup done', 'Auto-Submitted': 'auto-generated' })).toBe('none')
    expect(await kindOf({ ...from, Subject: 'Lunch', 'X-Auto-Response-Suppress': 'All' })).toBe('none')
  })
})

describe('hostile mail', () => {
  test('any octets are read as something of the closed lists', async () => {
    await assert(
      asyncProperty(uint8Array({ maxLength: 2_000 }), string(), async (octets, text) => {
        mailReportSchema.parse(await readMailReport(octets))
        mailReportSchema.parse(
          await readMailReport(new TextEncoder().encode(`Subject: ${text}\r\nFrom: <>\r\n\r\n${text}`)),
        )
      }),
    )
  })

  test('50 MB, a thousand nested parts and a million recipients are bounded', async () => {
    const tookMs = cpuTime()
    const big = plainMail(daemon, `<bob@rcpt.example>: 550 no such user\n${'x'.repeat(50_000_000)}`)
    expect((await readMailReport(big)).kind).toBe('bounce')
    let nested = 'Content-Type: text/plain\n\nx'
    for (let depth = 0; depth < 1_000; depth += 1) {
      nested = `Content-Type: multipart/mixed; boundary="b${depth}"\n\n--b${depth}\n${nested}\n--b${depth}--`
    }
    expect((await readMailReport(new TextEncoder().encode(`From: a@b.example\n${nested}`))).kind).toBe('none')
    const many = Array.from(
      { length: 30_000 },
      (_, index) => `Final-Recipient: rfc822; a${index}@r.example\nAction: failed\n`,
    )
    const report = await readMailReport(reportMail({ status: `Reporting-MTA: dns; m\n\n${many.join('\n')}` }))
    expect(report.recipients).toHaveLength(1_000)
    const lines = `<${'a'.repeat(300)}`.repeat(20_000)
    expect((await readMailReport(plainMail(daemon, lines))).recipients).toEqual([])
    expect(tookMs()).toBeLessThan(20_000)
  })
})
