import type { AlertCode } from '#shared/model/alert.ts'
import type { Fact, Severity } from '#shared/model/finding.ts'
import type { MailReport } from '#shared/model/mail-report.ts'
import type { ReputationScore, Trend } from '#shared/model/reputation.ts'
import type { WarmupDefaults, WarmupSettings } from '#shared/model/warmup.ts'
import { settingsFrom } from '#shared/warmup-ramps.ts'
import type { MailAccess, MailWorld } from '../net/mail-world.ts'
import type { Jobs } from '../jobs/jobs.ts'
import type { Platform } from '../platform.ts'
import type { Reads, Store, Writes } from '../storage/open.ts'
import type { Secrets } from '../vault/secrets.ts'

/** What warmup has to know of a mailbox on the list. */
export type WarmupMailbox = {
  readonly id: string
  readonly address: string
  readonly senderName: string
  /** A-labels, lower case. */
  readonly domainName: string
  readonly domainId: string | null
  /** Who receives its mail, by id of the provider list; `other` when unknown. */
  readonly provider: string
  readonly timeZone: string
  readonly dailyLimit: number
  readonly hold: 'paused' | 'disabled' | null
  /** Refused logins in a row. */
  readonly loginFailures: number
  /** The whole way was seen to work: sent, arrived, read. Such a mailbox begins to warm up by itself. */
  readonly isProven: boolean
  /** Only a mailbox that can be read takes part. */
  readonly canBeRead: boolean
  /** Where its messages are handed over; bounds how many go at once. */
  readonly smtpHost: string
  /** Changes with its servers or login, so that a watch on the old ones ends. */
  readonly connectionKey: string
}

/** The mailboxes, handed in by `engine.ts`. */
export type WarmupMailboxes = {
  all(reads: Reads): WarmupMailbox[]
  find(reads: Reads, id: string): WarmupMailbox | null
  /** Null when it is off the list. */
  access(id: string): MailAccess | null
  /** A server refused the login while mail was sent or watched. */
  loginRefused(writes: Writes, id: string, line: string): void
}

export type AuthenticationState = 'pass' | 'fail' | 'unknown'

/** What audits and blacklists know about the domain of a mailbox. */
export type DomainStanding = {
  /** Null when nothing was looked up yet. */
  readonly listings: readonly { readonly list: string; readonly weight: 0 | 1 | 2 | 3 }[] | null
  readonly authentication: Readonly<Record<'spf' | 'dkim' | 'dmarc', AuthenticationState>>
}

export const nothingKnown: DomainStanding = {
  listings: null,
  authentication: { spf: 'unknown', dkim: 'unknown', dmarc: 'unknown' },
}

/** What a domain decides for the warmup of its mailboxes. */
export type DomainWarmup = {
  /** What they begin with; null for the usual. */
  readonly defaults: WarmupDefaults | null
  /** What they may send together in a day, campaigns included; null for no limit. */
  readonly perDay: number | null
}

type ReputationDay = {
  readonly date: string
  readonly sent: number
  readonly bounced: number
  readonly complaints: number
  readonly placed: number
  readonly inInbox: number
}

/** The pure functions of `reputation`, handed in because features do not import one another. */
export type Reputation = {
  scoreOf(facts: DomainStanding & { readonly days: readonly ReputationDay[] }, today: string): ReputationScore
  /** The days of a domain: those of its mailboxes added up by date. */
  addUpDays(mailboxes: readonly (readonly ReputationDay[])[]): ReputationDay[]
  trendOf(history: readonly { readonly date: string; readonly value: number | null }[], today: string): Trend
  readReport(raw: Uint8Array): Promise<MailReport>
  /** The decoded subject and plain text of a message, or null when it has neither. */
  readText(raw: Uint8Array): Promise<{ readonly subject: string; readonly text: string } | null>
  /** Whether the headers are those of an automatic answer (RFC 3834). */
  isAutomatic(headers: ReadonlyMap<string, string>): boolean
}

type AlertAboutMailbox = {
  readonly code: Extract<AlertCode, `warmup.${string}`>
  readonly mailboxId: string
  readonly subject: string
}

export type WarmupAlerts = {
  raise(
    writes: Writes,
    cause: AlertAboutMailbox & {
      readonly severity: Severity
      readonly facts: Readonly<Record<string, Fact>>
    },
  ): void
  end(writes: Writes, cause: AlertAboutMailbox): void
}

export type WarmupSurroundings = {
  readonly store: Store
  readonly jobs: Jobs
  readonly platform: Pick<Platform, 'clock' | 'log' | 'dataDir'>
  readonly world: MailWorld
  /** False where no mail server may be contacted; then nothing runs, and what is stored can still be asked. */
  readonly hasWorld: boolean
  readonly vault: Pick<Secrets, 'read' | 'keep' | 'open' | 'keepWithin' | 'forgetWithin'> & {
    isReady(): boolean
  }
  readonly mailboxes: WarmupMailboxes
  standingOf(reads: Reads, domainName: string): DomainStanding
  /** What the domain of a mailbox says about its warmup. */
  ofDomain(reads: Reads, domainName: string): DomainWarmup
  readonly reputation: Reputation
  readonly alerts: WarmupAlerts
  /** False while the network is away. */
  isOnline(): boolean
  /** What a person set for all mailboxes. */
  settings(): { readonly startsByItself: boolean; readonly tidyAfterDays: number }
}

/** The settings a mailbox begins with when nobody chose any for it. */
export function usualSettings(
  { ofDomain }: Pick<WarmupSurroundings, 'ofDomain'>,
  reads: Reads,
  { domainName, timeZone }: WarmupMailbox,
): WarmupSettings {
  return settingsFrom(ofDomain(reads, domainName).defaults, timeZone)
}
