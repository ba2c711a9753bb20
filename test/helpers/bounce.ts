import type { OutgoingMessage } from '#engine/net/mail-world.ts'

/** What a server sends back that took a message and could not deliver it (RFC 3464). */
export function bounceOf(
  { to, messageId }: Pick<OutgoingMessage, 'to' | 'messageId'>,
  { status, name }: { readonly status: string; readonly name: string },
): { headers: Record<string, string>; body: string } {
  const parts = [
    'Content-Type: text/plain\r\n\r\nThe message could not be delivered.',
    `Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; ${to.address}\r\nAction: failed\r\nStatus: ${status}\r\n`,
    `Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: ${messageId}\r\n`,
  ]
  return {
    headers: {
      From: 'MAILER-DAEMON@mx.example',
      'Message-ID': `<bounce-${name}@mx.example>`,
      'Content-Type': 'multipart/report; report-type=delivery-status; boundary="edge"',
    },
    body: `${parts.map(part => `--edge\r\n${part}\r\n`).join('')}--edge--\r\n`,
  }
}
