import type { AlertAbout, AlertCause, AlertCode, DomainCause } from '#shared/model/alert.ts'
import type { AuditReport } from '#shared/model/audit.ts'
import type { DomainStatus } from '#shared/model/domain.ts'
import { alertNotification, manyAlerts } from '#shared/words/alerts.ts'
import type { Platform } from '../platform.ts'
import type { Store, Writes } from '../storage/open.ts'
import { driftOf, isOver } from './drift.ts'
import {
  endAlert,
  findAlert,
  knownCauses,
  moveAlert,
  raiseAlert,
  standingAlerts,
  standsForOthers,
} from './store.ts'

/** Told one by one up to here; more at once become one notification. */
const toldOneByOne = 3

export type Alerts = {
  /** Raises an alert inside the caller's transaction; a person is notified of a new one once that has committed. */
  raise(writes: Writes, cause: AlertCause): void
  /** As `raise`, unless an alert of this code about this subject stands for others alone. */
  raiseForAll(writes: Writes, cause: AlertCause): void
  /** Ends the alert for one thing, inside the caller's transaction. */
  end(writes: Writes, cause: AlertAbout & Pick<AlertCause, 'code' | 'subject'>): void
  /** Ends the alerts of one code about one domain or mailbox, whatever their subject. */
  endAll(writes: Writes, id: string, code: AlertCode): void
  /**
   * Brings the alerts of one code up to what is so now: raises those that are new, ends those whose cause is gone. One
   * that a person put aside is not raised again before it is forgotten.
   */
  remind(writes: Writes, code: AlertCode, causes: readonly DomainCause[]): void
  /** Compares a new report with those before it: raises what got worse, ends what is over. */
  compare(
    writes: Writes,
    domainId: string,
    reports: { readonly before: readonly AuditReport[]; readonly after: AuditReport },
    status: { readonly before: DomainStatus; readonly after: DomainStatus },
  ): void
}

export function createAlerts(store: Store, { clock, notify }: Pick<Platform, 'clock' | 'notify'>): Alerts {
  let fresh: string[] = []

  const tell = () => {
    const ids = fresh
    fresh = []
    // Looked up again, because the transaction may have been rolled back.
    const alerts = ids.map(id => findAlert(store, id)).filter(alert => alert?.state === 'open')
    if (alerts.length > toldOneByOne) return notify(manyAlerts(alerts.length))
    for (const alert of alerts) if (alert !== null) notify(alertNotification(alert))
  }

  const raise = (writes: Writes, cause: AlertCause) => {
    const id = raiseAlert(writes, cause, clock.now())
    if (id === null) return
    // Transactions are synchronous, so a microtask runs after the commit.
    if (fresh.push(id) === 1) queueMicrotask(tell)
  }

  return {
    raise,
    raiseForAll: (writes, cause) => {
      if (!standsForOthers(writes, cause)) raise(writes, cause)
    },
    end: (writes, cause) => endAlert(writes, cause, clock.now()),
    endAll: (writes, id, code) => {
      for (const alert of standingAlerts(writes, id))
        if (alert.code === code) moveAlert(writes, alert.id, 'resolved', 'itself', clock.now())
    },
    remind: (writes, code, causes) => {
      const known = knownCauses(writes, code)
      for (const cause of causes) if (!known.some(isAbout(cause))) raise(writes, { ...cause, code })
      const gone = known.filter(cause => cause.isStanding && !causes.some(isAbout(cause)))
      for (const cause of gone) endAlert(writes, { ...cause, code }, clock.now())
    },
    compare: (writes, domainId, { before, after }, status) => {
      for (const alert of standingAlerts(writes, domainId)) {
        if (isOver(alert, after, status.after)) moveAlert(writes, alert.id, 'resolved', 'itself', clock.now())
      }
      // While a domain is being set up its records come and go.
      if (status.before === 'pending') return
      for (const drift of driftOf(before, after, status)) raise(writes, { ...drift, domainId })
    },
  }
}

function isAbout({ domainId, subject }: Pick<DomainCause, 'domainId' | 'subject'>) {
  return (other: Pick<DomainCause, 'domainId' | 'subject'>): boolean =>
    other.domainId === domainId && other.subject === subject
}
