import { testConnection } from '#engine/mailboxes/test-connection.ts'
import type { ConnectionTestOptions } from '#engine/mailboxes/options.ts'
import { withoutAsking } from '#engine/mailboxes/addresses.ts'
import { createNetworkLog } from '#engine/net/network-log.ts'
import type {
  ConnectionEvent,
  ConnectionResult,
  ConnectionSecurity,
  ConnectionSettings,
  Credential,
} from '#shared/model/connection.ts'
import {
  type ImapWishes,
  type Mail,
  type ScriptedServer,
  type SmtpWishes,
  startImap,
  startSmtp,
} from './scripted-mail.ts'

const testAddress = 'anna@a.test'
export const testPassword = 'correct horse'

export type Side = {
  readonly server: ScriptedServer | { readonly port: number }
  readonly security?: ConnectionSecurity
  readonly host?: string
}

/** Waits short enough for a test, long enough for a busy machine. */
const shortWaits = {
  testMs: 20_000,
  connectMs: 5_000,
  tlsMs: 3_000,
  replyMs: 3_000,
  silenceMs: 500,
  arrivalMs: 4_000,
  pollMs: 50,
  alternativeMs: 800,
}

export function settingsFor(
  smtp: Side,
  imap: Side | null,
  more: Partial<ConnectionSettings> = {},
): ConnectionSettings {
  const at = ({ server, security = 'plain', host = 'localhost' }: Side) => ({
    server: { host, port: server.port, security },
    user: testAddress,
  })
  return {
    address: testAddress,
    smtp: at(smtp),
    imap: imap === null ? null : at(imap),
    allowPlain: true,
    pinnedCertificate: null,
    testEmail: true,
    ...more,
  }
}

export type Run = { readonly events: ConnectionEvent[]; readonly result: ConnectionResult }

/** Runs a whole test on loopback, and gives every event and the result. */
export async function runConnectionTest(
  settings: ConnectionSettings,
  options: Partial<ConnectionTestOptions> & { readonly credential?: Credential } = {},
): Promise<Run> {
  const { credential = { kind: 'password', password: testPassword }, ...rest } = options
  const test = testConnection(settings, credential, {
    signal: new AbortController().signal,
    networkLog: createNetworkLog({ now: Date.now }),
    addressesOf: async host => withoutAsking(host) ?? { state: 'absent' },
    ports: { smtp: [], imap: [], web: 1 },
    ...rest,
    waits: { ...shortWaits, ...rest.waits },
  })
  const events: ConnectionEvent[] = []
  for (;;) {
    const step = await test.next()
    if (step.done) return { events, result: step.value }
    events.push(step.value)
  }
}

/** Runs a test against scripted servers that are healthy but for what is wished. */
export async function againstScripts(
  smtpWishes: SmtpWishes,
  imapWishes: ImapWishes | null,
  options: Parameters<typeof runConnectionTest>[1] & { readonly settings?: Partial<ConnectionSettings> } = {},
): Promise<Run & { readonly smtp: ScriptedServer; readonly imap: ScriptedServer | null }> {
  const mail: Mail[] = []
  const smtp = await startSmtp({ mail, ...smtpWishes })
  const imap = imapWishes === null ? null : await startImap({ mail, ...imapWishes })
  const { settings, ...rest } = options
  try {
    const run = await runConnectionTest(
      settingsFor(
        { server: smtp, security: securityOf(smtpWishes) },
        imap && imapWishes ? { server: imap, security: securityOf(imapWishes) } : null,
        settings,
      ),
      rest,
    )
    return { ...run, smtp, imap }
  } finally {
    await smtp.close()
    await imap?.close()
  }
}

function securityOf({ secure }: SmtpWishes | ImapWishes): ConnectionSecurity {
  return secure === undefined ? 'plain' : secure.from === 'start' ? 'tls' : 'starttls'
}
