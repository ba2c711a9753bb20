import PostalMime, { type Attachment } from 'postal-mime'
import { limits } from '../net/limits.ts'
import { type Part, refused } from './part.ts'

/**
 * What a message has attached that may be a report (RFC 9990 §3.5.2), packed as it came. Messages attached to it are
 * looked into as well. Refuses with `mail-unreadable`, `mail-without-report` or `too-many-entries`.
 */
export async function readReportMail(octets: Uint8Array): Promise<Part[]> {
  const email = await PostalMime.parse(octets, {
    attachmentEncoding: 'arraybuffer',
    maxNestingDepth: limits.mailPartsDepth,
    maxHeadersSize: limits.mailHeaderBytes,
    maxRfc822NestingDepth: 3,
  }).catch(() => null)
  if (email === null || email.headers.length === 0) return [refused(null, 'mail-unreadable')]
  const found = email.attachments.filter(({ mimeType, filename }) => mayBeReport(mimeType, filename))
  if (found.length === 0) return [refused(null, 'mail-without-report')]
  if (found.length > limits.dmarcParts)
    return [refused(null, 'too-many-entries', { count: found.length, most: limits.dmarcParts })]
  return found.map(attachment => ({
    part: (attachment.filename ?? attachment.mimeType).slice(0, limits.dmarcTextCharacters),
    ok: true,
    octets: octetsOf(attachment),
  }))
}

const reportTypes = [
  'application/gzip',
  'application/x-gzip',
  'application/zip',
  'application/x-zip',
  'application/x-zip-compressed',
  'application/xml',
  'text/xml',
]

/** By its type or, because mail programs and reporters type them wrongly, by its name. Pure. */
export function mayBeReport(mimeType: string, name: string | null): boolean {
  return reportTypes.includes(mimeType.toLowerCase()) || /\.(?:xml|gz|gzip|zip)$/i.test(name?.trim() ?? '')
}

function octetsOf({ content }: Attachment): Uint8Array {
  if (typeof content === 'string') return new TextEncoder().encode(content)
  return content instanceof Uint8Array ? content : new Uint8Array(content)
}
