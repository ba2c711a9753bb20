import { isKeyDue, rotateKeyAfterDays } from '#shared/key-age.ts'
import type { DomainCause } from '#shared/model/alert.ts'
import type { Alerts } from './alerts/alerts.ts'
import type { ListingEvents } from './blacklists/store.ts'
import { newestKeys } from './domains/key-store.ts'
import type { LoginEvents } from './mailboxes/keep-outcome.ts'
import type { Reads } from './storage/open.ts'

/** Domains whose newest key made here is due for rotation. */
export function keysDue(reads: Reads, now: number): DomainCause[] {
  return newestKeys(reads)
    .filter(({ createdAt }) => isKeyDue(createdAt, now))
    .map(({ domainId, selector }) => ({
      domainId,
      subject: selector,
      severity: 'low',
      facts: { selector, days: rotateKeyAfterDays },
    }))
}

const subjectOf = (target: string, zone: string) => `${target} ${zone}`

/** A new listing is an alert with the list, what its code means and the way out; a delisting ends it. */
export function listingAlerts(alerts: Alerts): ListingEvents {
  return {
    listed: (writes, { domainId, target, result }) =>
      alerts.raise(writes, {
        code: 'blacklist.listed',
        severity: 'critical',
        domainId,
        subject: subjectOf(target, result.zone),
        facts: {
          list: result.name,
          zone: result.zone,
          target,
          codes: result.codes,
          meaning: result.meaning ?? '',
          text: result.text ?? '',
          delistUrl: result.delistUrl ?? '',
        },
      }),
    delisted: (writes, { domainId, target, zone }) =>
      alerts.end(writes, { code: 'blacklist.listed', domainId, subject: subjectOf(target, zone) }),
  }
}

/**
 * Refused logins in a row are an alert about the mailbox; the first that works ends it. A server that cannot be used is
 * one alert for all its mailboxes.
 */
export function loginAlerts(alerts: Alerts): LoginEvents {
  const alert = { code: 'mailbox.auth-failed', subject: 'login' } as const
  return {
    refused: (writes, mailboxId, { refusals, reason }) =>
      alerts.raise(writes, {
        ...alert,
        severity: 'high',
        mailboxId,
        facts: { refusals, reason: reason.code, text: reason.evidence ?? '' },
      }),
    works: (writes, mailboxId) => alerts.end(writes, { ...alert, mailboxId }),
    unreachable: (writes, mailboxId, { times, reason }) => {
      const { host = '' } = reason.facts
      alerts.raiseForAll(writes, {
        code: 'mailbox.unreachable',
        subject: String(host),
        severity: 'high',
        mailboxId,
        facts: { times, host: String(host), reason: reason.code, text: reason.evidence ?? '' },
      })
    },
    reachable: (writes, mailboxId) => alerts.endAll(writes, mailboxId, 'mailbox.unreachable'),
  }
}
