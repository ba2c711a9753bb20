import type { LineRead } from '../net/lines.ts'
import { socketTroubleOf } from '../net/classify.ts'
import { trouble, type Trouble } from '../net/trouble.ts'
import type { MailProtocol } from './options.ts'

type Ended = Extract<LineRead, { kind: 'ended' }>

/** Why nothing more was read: too late, cancelled, closed, too much, or an error of the socket. */
export function readTrouble(ended: Ended, heard: boolean): { ok: false; trouble: Trouble } {
  const partial = ended.partial === '' ? null : ended.partial
  switch (ended.why) {
    case 'cancelled':
      return trouble('test.cancelled')
    case 'late':
      return trouble(heard ? 'net.no-reply' : 'net.silent', partial)
    case 'too-much':
      return trouble('net.too-much-data')
    case 'closed':
      return trouble('net.closed', partial)
    case 'error': {
      const known = ended.error === null ? null : socketTroubleOf(ended.error)
      return { ok: false, trouble: known ?? { code: 'net.reset', evidence: partial, facts: {} } }
    }
  }
}

/** What speaks where a mail server was expected; null for the right protocol. RFC 5321 §4.2, RFC 9051 §7.1. */
export function foreignTrouble(line: string, expected: MailProtocol): { ok: false; trouble: Trouble } | null {
  if (/^HTTP\/|^<(?:!doctype|html)/i.test(line)) return trouble('net.captive-or-proxy', line)
  if (tlsRecords.some(record => line.startsWith(record)))
    return trouble('tls.wrong-mode', null, { speaks: 'tls' })
  const speaks = speaker(line)
  return speaks === expected ? null : trouble('net.wrong-protocol', line, { speaks, expected })
}

/** How an alert and a handshake of TLS begin. */
const tlsRecords = ['\u0015\u0003', '\u0016\u0003']

function speaker(line: string): string {
  if (/^\* (?:OK|PREAUTH|BYE)\b/i.test(line)) return 'imap'
  if (/^\d{3}(?:[ -]|$)/.test(line)) return /^220[ -].*\bftp\b/i.test(line) ? 'ftp' : 'smtp'
  if (/^\+OK\b/.test(line)) return 'pop3'
  return line.startsWith('SSH-') ? 'ssh' : 'unknown'
}
