/** A message of one text part. */
export function plainMail(headers: Readonly<Record<string, string>>, text: string): Uint8Array {
  return bytes([...headerLines({ 'MIME-Version': '1.0', ...headers }), '', text].join('\n'))
}

export type ReportParts = {
  readonly headers?: Readonly<Record<string, string>>
  readonly type?: string
  readonly statusType?: string
  readonly status: string
  readonly text?: string
  /** Headers of the message that is returned; left out for none. */
  readonly returned?: string
  readonly returnedType?: string
}

/** A multipart/report (RFC 6522). */
export function reportMail(parts: ReportParts): Uint8Array {
  const { type = 'delivery-status', statusType = 'message/delivery-status', headers = {} } = parts
  const {
    text = 'Your message was not delivered.',
    status,
    returned,
    returnedType = 'text/rfc822-headers',
  } = parts
  const lines = [
    ...headerLines({
      From: 'Mail Delivery System <MAILER-DAEMON@mx.sender.example>',
      To: 'ann@sender.example',
      Subject: 'Undelivered Mail Returned to Sender',
      'Auto-Submitted': 'auto-replied',
      'MIME-Version': '1.0',
      'Content-Type': `multipart/report; report-type=${type}; boundary="b1"`,
      ...headers,
    }),
    '',
    '--b1',
    'Content-Type: text/plain; charset=utf-8',
    '',
    text,
    '',
    '--b1',
    `Content-Type: ${statusType}`,
    '',
    status.trim(),
    '',
  ]
  if (returned !== undefined) lines.push('--b1', `Content-Type: ${returnedType}`, '', returned.trim(), '')
  lines.push('--b1--', '')
  return bytes(lines.join('\n'))
}

function headerLines(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text.replaceAll('\n', '\r\n'))
}
