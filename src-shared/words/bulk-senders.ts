import type { BulkProvider, BulkRequirement, BulkState } from '../bulk-senders.ts'

export const bulkProviderWords: Record<BulkProvider, { name: string; gloss: string }> = {
  gmail: { name: 'Gmail', gloss: 'Asked since February 2024 of everyone who sends 5,000 messages a day.' },
  yahoo: { name: 'Yahoo', gloss: 'Asked since February 2024 of everyone who sends in bulk.' },
  microsoft: {
    name: 'Microsoft',
    gloss:
      'Asked by Outlook.com, Hotmail and Live since May 2025 of everyone who sends 5,000 messages a day.',
  },
}

/** What is asked, in a line; and where to look when an audit of DNS cannot tell. */
export const bulkRequirementWords: Record<BulkRequirement, { name: string; gloss: string }> = {
  'spf-or-dkim': { name: 'SPF or DKIM', gloss: 'Asked of every sender, however little it sends.' },
  'spf-and-dkim': { name: 'SPF and DKIM', gloss: 'Both, from 5,000 messages a day on.' },
  dmarc: { name: 'A DMARC record', gloss: 'Policy none is enough.' },
  alignment: {
    name: 'From belongs with SPF or DKIM',
    gloss: 'The authentication results of a message you received show it: dmarc=pass.',
  },
  'reverse-dns': {
    name: 'Reverse DNS of the sending servers',
    gloss:
      'The name of each sending address leads back to it. A mail provider sees to that for its own servers.',
  },
  tls: { name: 'Encrypted delivery', gloss: 'The Received lines of a delivered message name TLS.' },
  'one-click-unsubscribe': {
    name: 'One-click unsubscribe',
    gloss:
      'Marketing mail carries List-Unsubscribe with an https address and List-Unsubscribe-Post, both signed; honoured within two days.',
  },
  'spam-rate': {
    name: 'Few spam complaints',
    gloss: 'Below 0.1 %, and never 0.3 %. Google Postmaster Tools and Yahoo Sender Hub show the rate.',
  },
  'message-form': {
    name: 'Well-formed messages',
    gloss: 'One From line, one Message-ID, no header twice (RFC 5322).',
  },
}

export const bulkStateWords: Record<BulkState, { name: string; gloss: string }> = {
  met: { name: 'Met', gloss: 'The records are there and right.' },
  'not-met': { name: 'Not met', gloss: 'Mail in bulk is likely to be refused or filtered.' },
  unknown: {
    name: 'Not known',
    gloss: 'It could not be looked up, or stands under a name that cannot be guessed.',
  },
  'not-checkable': {
    name: 'Not in DNS',
    gloss: 'Only the messages themselves, or their receiver, can show it.',
  },
}
