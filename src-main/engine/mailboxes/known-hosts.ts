import type { MailProtocol } from './options.ts'

type Place = { readonly host: string; readonly port: number }

/** Servers that always answer: where they are silent too, and a web page is not, the network blocks mail. */
export type KnownHosts = Readonly<Record<MailProtocol | 'web', readonly Place[]>>

/** Asked when a mail server is silent on every port, and only where the settings allow it; nothing is sent there. */
export const usualKnownHosts: KnownHosts = {
  smtp: [
    { host: 'smtp.gmail.com', port: 465 },
    { host: 'smtp.gmail.com', port: 587 },
  ],
  imap: [{ host: 'imap.gmail.com', port: 993 }],
  web: [{ host: 'mail.google.com', port: 443 }],
}
