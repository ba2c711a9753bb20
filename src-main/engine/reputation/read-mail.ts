import PostalMime from 'postal-mime'
import { limits } from '../net/limits.ts'

export type MailPart = { readonly type: string; readonly text: string }

/** A message as far as reports need it. */
export type Mail = {
  /** First value of each header, by its name in lower case. */
  readonly headers: ReadonlyMap<string, string>
  /** Type and parameters of the whole, in lower case. */
  readonly contentType: string
  readonly text: string
  /** All behind the headers as it came, undivided and undecoded, for a message whose parts cannot be told apart. */
  readonly body: string
  /** Attached parts with their decoded text, in order; those that are no text are left out. */
  readonly parts: readonly MailPart[]
}

/**
 * Reads a message (RFC 5322, MIME), as much of it as `limits.mailReadBytes` allows. Null when it is nested or headed
 * beyond the bounds, or is no message at all.
 */
export async function readMail(raw: Uint8Array): Promise<Mail | null> {
  const email = await PostalMime.parse(raw.subarray(0, limits.mailReadBytes), {
    forceRfc822Attachments: true,
    attachmentEncoding: 'arraybuffer',
    maxNestingDepth: limits.mailPartsDepth,
    maxHeadersSize: limits.mailHeaderBytes,
  }).catch(() => null)
  if (email === null || email.headers.length === 0) return null
  const headers = new Map<string, string>()
  for (const { key, value } of email.headers) if (!headers.has(key)) headers.set(key, value)
  // Decoded, because what it says counts.
  if (email.subject !== undefined) headers.set('subject', email.subject)
  return {
    headers,
    contentType: (headers.get('content-type') ?? '').toLowerCase(),
    text: (email.text ?? textOf(email.html ?? '')).slice(0, limits.mailTextCharacters),
    body: bodyOf(raw),
    parts: email.attachments
      .filter(({ mimeType }) => /^(?:message|text)\//.test(mimeType))
      .map(({ mimeType, content }) => ({ type: mimeType, text: decode(content) })),
  }
}

function bodyOf(raw: Uint8Array): string {
  const start = new TextDecoder().decode(raw.subarray(0, limits.mailTextCharacters))
  const end = /\r?\n\r?\n/.exec(start)
  return end === null ? '' : start.slice(end.index + end[0].length)
}

/** The decoded subject and plain text of a message. Null as `readMail` is. */
export async function readMailText(
  raw: Uint8Array,
): Promise<{ readonly subject: string; readonly text: string } | null> {
  const mail = await readMail(raw)
  return mail === null ? null : { subject: mail.headers.get('subject') ?? '', text: mail.text }
}

/** Fields of a block of headers (RFC 5322 §2.2), unfolded; names in lower case, every occurrence in order. */
export function readFields(block: string): { readonly name: string; readonly value: string }[] {
  const lines = block.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)
  return lines.flatMap(line => {
    const [, name, value] = /^([!-9;-~]{1,80}):[ \t]*(.*)$/.exec(line) ?? []
    return name === undefined ? [] : [{ name: name.toLowerCase(), value: (value ?? '').trim() }]
  })
}

/** The headers before the first empty line. */
export function headersOf(message: string): ReadonlyMap<string, string> {
  const head = message.split(/\r?\n\r?\n/, 1)[0] ?? ''
  const headers = new Map<string, string>()
  for (const { name, value } of readFields(head)) if (!headers.has(name)) headers.set(name, value)
  return headers
}

/** The first Message-ID in a header's value, angle brackets included. */
export function messageIdIn(value: string | undefined): string | null {
  return /<[^<>\s]{1,400}>/.exec(value ?? '')?.[0] ?? null
}

/** The first address in a text, without brackets or a mailto scheme. */
export function addressIn(text: string): string | null {
  return addressPattern.exec(text)?.[0].replace(/^mailto:/i, '') ?? null
}

// Any letter of any alphabet (RFC 6532), because an international address bounces too.
const addressPattern =
  /[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-][\p{L}\p{N}\p{M}.!#$%&'*+/=?^_`{|}~-]{0,100}@[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}.-]{0,250}[\p{L}\p{N}\p{M}])?/u

function decode(content: ArrayBuffer | Uint8Array | string): string {
  const text = typeof content === 'string' ? content : new TextDecoder().decode(content)
  return text.slice(0, limits.mailTextCharacters)
}

function textOf(html: string): string {
  return html
    .slice(0, limits.mailTextCharacters)
    .replace(/<(?:br|\/p|\/div|\/tr|\/li)\b[^>]{0,200}>/gi, '\n')
    .replace(/<[^>]{0,2000}>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&nbsp;/g, ' ')
    .replace(/&amp;/g, '&')
}
