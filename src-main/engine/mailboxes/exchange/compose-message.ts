import MailComposer from 'nodemailer/lib/mail-composer'
import type { OutgoingMessage } from '../../net/mail-world.ts'

/**
 * The octets of a message: plain text in one part, as 7bit where it fits and quoted-printable elsewhere, with the
 * Message-ID, date and thread that were decided before, and nothing that names a program. RFC 5322, RFC 2045.
 */
export async function composeMessage(message: OutgoingMessage): Promise<Buffer> {
  const composer = new MailComposer({
    from: message.from,
    to: message.to,
    subject: message.subject,
    date: new Date(message.at),
    messageId: message.messageId,
    ...(message.inReplyTo === null ? {} : { inReplyTo: message.inReplyTo }),
    ...(message.references.length === 0 ? {} : { references: [...message.references] }),
    headers: { ...message.headers },
    text: message.text,
    textEncoding: 'quoted-printable',
    xMailer: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return composer.compile().build()
}
