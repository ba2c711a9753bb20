import type { ConnectionSettings, MailServer, PhaseId } from '#shared/model/connection.ts'

/** The phases a test of these settings goes through, as they are shown. Pure. */
export function phasesOf({ smtp, imap, testEmail }: ConnectionSettings): PhaseId[] {
  return [
    ...wayIn('smtp', smtp),
    'smtp-login',
    'smtp-envelope',
    ...(imap === null ? [] : ([...wayIn('imap', imap), 'imap-login', 'imap-folders'] as const)),
    ...(testEmail ? (['send', ...(imap === null ? [] : (['arrival', 'results'] as const))] as const) : []),
  ]
}

function wayIn(protocol: 'smtp' | 'imap', { server }: MailServer): PhaseId[] {
  const [dns, tcp, tls, greeting, capabilities] = [
    `${protocol}-dns`,
    `${protocol}-tcp`,
    `${protocol}-tls`,
    `${protocol}-greeting`,
    `${protocol}-capabilities`,
  ] as const
  switch (server.security) {
    case 'tls':
      return [dns, tcp, tls, greeting, capabilities]
    case 'starttls':
      return [dns, tcp, greeting, capabilities, tls]
    case 'plain':
      return [dns, tcp, greeting, capabilities]
  }
}
