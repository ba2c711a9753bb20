import { readFile } from 'node:fs/promises'
import { createNetworkLog } from '#engine/net/network-log.ts'
import { createResolver } from '#engine/net/resolve.ts'
import { parseServerAddress } from '#engine/net/server-address.ts'
import { mailAddresses } from '#engine/mailboxes/addresses.ts'
import { usualKnownHosts } from '#engine/mailboxes/known-hosts.ts'
import { testConnection } from '#engine/mailboxes/test-connection.ts'
import { ok, type Result } from '#shared/failure.ts'
import {
  type ConnectionEvent,
  type ConnectionFailure,
  type ConnectionResult,
  type ConnectionSettings,
  connectionSettingsSchema,
  type Credential,
} from '#shared/model/connection.ts'
import { describeConnectionFailure } from '#shared/words/connection.ts'
import { failureLine } from '#shared/words/failures.ts'
import { exitCodes } from './exit-code.ts'
import { watchInterrupts } from './interrupts.ts'
import { paintFor } from './layout.ts'
import { humanPhase, humanResult } from './mailbox-test-report.ts'
import type { MailboxTestFlags } from './mailbox-test-command.ts'
import { openOutputs } from './output.ts'
import { jsonLine } from './printable.ts'
import { readLines } from './read-lines.ts'

export type MailboxTestOptions = MailboxTestFlags & { readonly build: string }

const mostColumns = 100

/** Runs `rookery mailbox test` and returns its exit code. Nothing is stored. */
export async function runMailboxTestVerb(options: MailboxTestOptions): Promise<number> {
  const { stop, stdout, refuse } = openOutputs()

  const settings = settingsOf(options)
  if (settings === null) {
    return refuse(
      '--email, --user, --pin or --imap-pin cannot be used. Give an address such as anna@example.com, a name of one line, a SHA-256 fingerprint.',
    )
  }
  const servers = readResolvers(options.resolver ?? [])
  if (!servers.ok) return refuse(failureLine(servers.failure))
  const ca = options.ca === undefined ? null : await readFile(options.ca, 'utf8').catch(() => 'unreadable')
  if (ca !== null && !ca.includes('-----BEGIN CERTIFICATE-----')) {
    return refuse(`--ca ${jsonLine(options.ca).trimEnd()} is no file with a certificate in PEM.`)
  }
  if (options.passwordStdin === options.tokenStdin) {
    return refuse(
      'Give --password-stdin or --token-stdin: a secret is read from standard input and from nowhere else.',
    )
  }
  const [secret] = await readLines(process.stdin, 1)
  if (secret === undefined) return refuse('Standard input holds no password.')
  const credential: Credential = options.tokenStdin
    ? { kind: 'oauth', accessToken: secret }
    : { kind: 'password', password: secret }

  const networkLog = createNetworkLog({ now: Date.now })
  const resolver = createResolver({
    networkLog,
    ...(servers.value.length > 0 ? { servers: servers.value } : {}),
  })
  const interrupted = watchInterrupts(stop)
  const style = {
    paint: paintFor(process.stdout),
    width: Math.min(process.stdout.columns ?? mostColumns, mostColumns),
  }
  try {
    const test = testConnection(settings, credential, {
      signal: stop.signal,
      networkLog,
      addressesOf: mailAddresses(resolver),
      knownHosts: options.compare ? usualKnownHosts : null,
      ...(ca === null ? {} : { ca: [ca] }),
    })
    for (;;) {
      const step = await test.next()
      if (step.done) {
        await stdout.write(options.json ? jsonLine(resultRecord(step.value)) : humanResult(step.value, style))
        await stdout.flush()
        return interrupted.code() ?? (step.value.failures.length > 0 ? exitCodes.findings : exitCodes.clean)
      }
      if (step.value.state === 'running') continue
      await stdout.write(options.json ? jsonLine(phaseRecord(step.value)) : humanPhase(step.value, style))
    }
  } finally {
    interrupted.end()
    resolver.close()
  }
}

function settingsOf(options: MailboxTestOptions): ConnectionSettings | null {
  const user = options.user ?? options.email
  const read = connectionSettingsSchema.safeParse({
    address: options.email,
    smtp: { server: options.smtp, user },
    imap: options.imap === undefined ? null : { server: options.imap, user },
    allowPlain: options.allowPlain ?? false,
    pinnedCertificate: fingerprintOf(options.pin) ?? null,
    ...(options.imapPin === undefined ? {} : { imapPinnedCertificate: fingerprintOf(options.imapPin) }),
    testEmail: options.testEmail,
  })
  return read.success ? read.data : null
}

function fingerprintOf(text: string | undefined): string | undefined {
  return text?.replaceAll(':', '').toLowerCase()
}

function readResolvers(
  texts: readonly string[],
): Result<{ host: string; port: number }[], 'resolver-address-invalid'> {
  const servers = []
  for (const text of texts) {
    const read = parseServerAddress(text)
    if (!read.ok) return read
    servers.push(read.value)
  }
  return ok(servers)
}

/** What `--json` prints for a phase; docs/cli.md is its reference. */
function phaseRecord({ phase, state, ms, evidence }: ConnectionEvent): object {
  return { phase, state, ms, evidence }
}

function failureRecord(failure: ConnectionFailure): object {
  const { title, cause, fixes, link } = describeConnectionFailure(failure)
  const { phase, code, evidence, facts } = failure
  return { phase, code, title, cause, evidence, fixes, link, facts }
}

function resultRecord({ failures, notices, ...rest }: ConnectionResult): object {
  const records = failures.map(failureRecord)
  return { ...rest, failure: records[0] ?? null, failures: records, notices: notices.map(failureRecord) }
}
