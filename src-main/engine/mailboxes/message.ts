import { randomUUID } from 'node:crypto'
import MailComposer from 'nodemailer/lib/mail-composer'

export type TestMessage = { readonly messageId: string; readonly bytes: Buffer }

/**
 * The message that a test sends to the mailbox itself, with a Message-ID of its own that is fixed before anything is sent:
 * by it the message is found again, and nothing is ever sent twice. `now` in epoch milliseconds.
 */
export async function composeTestMessage(address: string, now: number): Promise<TestMessage> {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  const messageId = `<rookery-test.${randomUUID()}@${domain}>`
  const composer = new MailComposer({
    from: address,
    to: address,
    subject: 'Rookery connection test',
    date: new Date(now),
    messageId,
    xMailer: false,
    // So that no responder answers it (RFC 3834 §5).
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Rookery-Test': '1' },
    text: [
      'This message was sent by Rookery to see whether the mailbox can send and receive.',
      'It has done its work and can be deleted.',
      '',
    ].join('\n'),
  })
  return { messageId, bytes: await composer.compile().build() }
}
