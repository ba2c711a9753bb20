import type { ReachSettings } from '../model/settings.ts'

/** What each part of the reach of an audit is called, and what it is for. */
export const reachWords: Record<keyof ReachSettings, { name: string; gloss: string }> = {
  direct: {
    name: 'Ask nameservers directly',
    gloss: 'Shows whether every server has the same record, and what your DNS server still remembers.',
  },
  https: {
    name: 'Fetch over HTTPS',
    gloss: 'The policy of MTA-STS, the logo of BIMI and the certificate of your tracking name.',
  },
  smtp: {
    name: 'Connect to mail servers (port 25)',
    gloss: 'As far as encryption and its certificate; nothing is sent. Many networks block this port.',
  },
}

/** Comparing a silent mail server with a known one. */
export const compareMailWords = {
  name: 'Compare a silent mail server with a known one',
  gloss:
    'When a server answers on no mail port, Rookery also knocks at smtp.gmail.com or imap.gmail.com and at mail.google.com, to tell a network that blocks mail from a server that is down. Nothing is sent there.',
}
