import type { Mailbox } from '#shared/model/mailbox.ts'
import type { Domain } from '#shared/model/domain.ts'
import type { Alerts } from './alerts/alerts.ts'
import { warmupOfDomain } from './domains/domain-settings.ts'
import { listingsKnown } from './domains/store.ts'
import { type AccessToken, mailboxSecret, readCredential } from './mailboxes/credentials.ts'
import type { OutcomeKeeper } from './mailboxes/keep-outcome.ts'
import { allMailboxes, findMailbox } from './mailboxes/store.ts'
import { isAutoReply } from './reputation/auto-replies.ts'
import { readMailReport } from './reputation/bounces.ts'
import { readMailText } from './reputation/read-mail.ts'
import { addUpDays, reputationOf, trendOf } from './reputation/score.ts'
import { readSettings } from './settings/store.ts'
import type { Reads, Row } from './storage/open.ts'
import {
  type AuthenticationState,
  type DomainStanding,
  nothingKnown,
  type WarmupMailbox,
  type WarmupSurroundings,
} from './warmup/surroundings.ts'

/** What warmup needs of the other features, which it does not import. */
export function warmupSurroundings(options: {
  readonly store: WarmupSurroundings['store']
  readonly jobs: WarmupSurroundings['jobs']
  readonly platform: WarmupSurroundings['platform']
  readonly vault: WarmupSurroundings['vault']
  readonly world: WarmupSurroundings['world'] | null
  readonly alerts: Alerts
  readonly accessToken: AccessToken
  readonly keeper: OutcomeKeeper
  network(): 'online' | 'offline' | 'unknown'
}): WarmupSurroundings {
  const { store, jobs, platform, vault, world, alerts, accessToken, keeper, network } = options
  return {
    store,
    jobs,
    platform,
    vault,
    world: world ?? nobody,
    hasWorld: world !== null,
    mailboxes: {
      all: reads => allMailboxes(reads).map(toWarmupMailbox),
      find: (reads, id) => {
        const mailbox = findMailbox(reads, id)
        return mailbox === null ? null : toWarmupMailbox(mailbox)
      },
      access: id => {
        const mailbox = findMailbox(store, id)
        if (mailbox === null) return null
        const { address, connection } = mailbox
        return {
          mailboxId: id,
          address,
          connection,
          credential: (signal, renew = false) =>
            readCredential(
              { vault, accessToken },
              { name: mailboxSecret(id), login: connection.login, address, signal, renew },
            ),
        }
      },
      loginRefused: (writes, id, line) => {
        const reason = { code: 'auth.bad-credentials' as const, evidence: line.slice(0, 300), facts: {} }
        keeper.keep(writes, id, { kind: 'refused', reason }, null, platform.clock.now())
      },
    },
    standingOf,
    ofDomain: warmupOfDomain,
    reputation,
    alerts: {
      raise: (writes, cause) => alerts.raise(writes, cause),
      end: (writes, cause) => alerts.end(writes, cause),
    },
    isOnline: () => network() !== 'offline',
    settings: () => readSettings(store).warmup,
  }
}

/** What `reputation` decides, for a feature that does not import it. */
export const reputation: WarmupSurroundings['reputation'] = {
  scoreOf: reputationOf,
  addUpDays,
  trendOf,
  readReport: readMailReport,
  readText: readMailText,
  isAutomatic: headers => isAutoReply({ headers }),
}

/** Never asked, because the runner does not look where there is no world. */
const nobody: WarmupSurroundings['world'] = {
  send: async () => ({ state: 'failed', reason: 'No mail server may be contacted here.', offline: true }),
  watch: () => {
    throw new Error('No mail server may be contacted here.')
  },
}

function toWarmupMailbox(mailbox: Mailbox): WarmupMailbox {
  const { connection } = mailbox
  return {
    id: mailbox.id,
    address: mailbox.address,
    senderName: mailbox.senderName,
    domainName: mailbox.domainName,
    domainId: mailbox.domainId,
    provider: connection.provider?.id ?? 'other',
    timeZone: mailbox.timeZone,
    dailyLimit: mailbox.dailyLimit,
    hold: mailbox.status === 'paused' || mailbox.status === 'disabled' ? mailbox.status : null,
    loginFailures: mailbox.refusals,
    isProven: mailbox.status === 'active',
    canBeRead: connection.imap !== null,
    smtpHost: connection.smtp.server.host,
    connectionKey: JSON.stringify(connection),
  }
}

type StandingRow = Row & { id: string; marks: string; looked: number }

/** What the last audit and the last look at the blacklists said of a domain. */
function standingOf(reads: Reads, domainName: string): DomainStanding {
  const row = reads.get<StandingRow>(
    `SELECT id, marks, ${listingsKnown} AS looked
       FROM domains WHERE name = ? AND removed_at IS NULL`,
    domainName,
  )
  if (row === undefined) return nothingKnown
  const marks: Partial<Domain['marks']> = JSON.parse(row.marks)
  const listings = reads.all<{ list: string; weight: 0 | 1 | 2 | 3 }>(
    'SELECT name AS list, max(weight) AS weight FROM blacklist_listings WHERE domain_id = ? GROUP BY name',
    row.id,
  )
  return {
    listings: row.looked === 1 ? listings : null,
    authentication: {
      spf: stateOf(marks.spf),
      dkim: stateOf(marks.dkim),
      dmarc: stateOf(marks.dmarc),
    },
  }
}

function stateOf(mark: Domain['marks']['spf'] | undefined): AuthenticationState {
  if (mark === undefined || mark === null || mark.verdict === 'unavailable') return 'unknown'
  return mark.verdict === 'fail' ? 'fail' : 'pass'
}
