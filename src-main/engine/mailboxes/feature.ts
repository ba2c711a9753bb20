import type { guarded } from '../guard.ts'
import type { JobHandlers, Jobs } from '../jobs/jobs.ts'
import type { TableReader } from '../storage/changes.ts'
import type { Reads, Store, Writes } from '../storage/open.ts'
import type { Secrets } from '../vault/secrets.ts'
import type { ReadName } from './address.ts'
import type { AccessToken } from './credentials.ts'
import { createDrafts } from './drafts.ts'
import { mailboxImportProcedures } from './import/procedures.ts'
import { createOutcomeKeeper, type LoginEvents, type OutcomeKeeper } from './keep-outcome.ts'
import type { MailReach } from './mail-reach.ts'
import { type OpenMailbox, openMailbox } from './open-mailbox.ts'
import { phasesOf } from './phases-of.ts'
import { mailboxProcedures, planAll } from './procedures.ts'
import { forgetLeftovers, purgeMailboxes } from './purge.ts'
import { limitOverJob, planMissingRechecks, recheckMailboxJob } from './recheck-job.ts'
import { createMailboxTests } from './run-test.ts'
import { mailboxesRemovedWith, removeMailbox, restoreMailboxes } from './put-and-remove.ts'
import { mailboxesOfDomain, mailboxJobs, mailboxReader } from './store.ts'

export type MailboxFeature = {
  procedures(
    engine: ReturnType<typeof guarded>,
  ): ReturnType<typeof mailboxProcedures> & ReturnType<typeof mailboxImportProcedures>
  readonly reader: TableReader
  /** Takes what others saw of a login. */
  readonly keeper: OutcomeKeeper
  readonly jobs: JobHandlers
  /** Plans what has no plan yet. */
  plan(writes: Writes): void
  /** Deletes what was removed too long ago. */
  purge(writes: Writes): void
  /** Opens a saved mailbox for reading. */
  readonly open: OpenMailbox
  /** What goes and comes with a domain. */
  readonly ofDomain: {
    count(reads: Reads, domainName: string): number
    remove(writes: Writes, domainName: string, now: number): void
    restore(writes: Writes, domainName: string, removedAt: number): void
  }
}

export type MailboxFeatureOptions = {
  readonly store: Store
  readonly jobs: Jobs
  readonly vault: Secrets & { isReady(): boolean }
  readonly reach: MailReach
  readonly events: LoginEvents
  readonly accessToken: AccessToken
  readonly readName: ReadName
  addDomain(writes: Writes, name: string): void
  now(): number
}

/** Everything about mailboxes, put together for `engine.ts`. */
export function createMailboxes(options: MailboxFeatureOptions): MailboxFeature {
  const { store, jobs, vault, reach, events, accessToken, now } = options
  const keeper = createOutcomeKeeper({ jobs, events })
  const drafts = createDrafts({ now, forget: name => void vault.forget(name) })
  const testing = { store, vault, keeper, accessToken, testConnection: reach.testConnection, now }
  const tests = createMailboxTests({ ...testing, drafts, phasesOf })
  const dependencies = { ...options, tests, drafts, keeper, discover: reach.discover }
  store.write(writes => forgetLeftovers(writes, vault))
  return {
    procedures: engine => ({
      ...mailboxProcedures(engine, dependencies),
      ...mailboxImportProcedures(engine, dependencies),
    }),
    reader: mailboxReader(store, tests),
    keeper,
    jobs: {
      [mailboxJobs.recheck]: recheckMailboxJob({ ...testing, isReady: vault.isReady }),
      [mailboxJobs.limitOver]: limitOverJob({ now }),
    },
    open: openMailbox({ store, vault, accessToken, openImap: reach.openImap }),
    plan: writes => planMissingRechecks(writes, keeper, now()),
    purge: writes => purgeMailboxes(writes, vault, now()),
    ofDomain: {
      count: (reads, name) => mailboxesOfDomain(reads, name).length,
      remove: (writes, name, at) => {
        for (const id of mailboxesOfDomain(writes, name)) {
          keeper.unplan(writes, id)
          removeMailbox(writes, id, at)
        }
      },
      restore: (writes, name, removedAt) => {
        const restored = restoreMailboxes(writes, mailboxesRemovedWith(writes, name, removedAt), now())
        planAll(writes, keeper, restored, now())
      },
    },
  }
}
