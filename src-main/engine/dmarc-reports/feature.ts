import { fail, ok } from '#shared/failure.ts'
import type { guarded } from '../guard.ts'
import type { JobHandlers, Jobs } from '../jobs/jobs.ts'
import { storageTrouble, writeOrFail } from '../storage/failures.ts'
import type { Store, Writes } from '../storage/open.ts'
import { keepPart } from './keep-parts.ts'
import { chooseFolder, findReportMailbox, leaveFolder, readingKind, reportMailboxes } from './mailboxes.ts'
import { readReportFile } from './read-report-file.ts'
import { type OpenReportMailbox, planReadings, readingJob } from './reading-job.ts'
import type { KnownRange } from './sender-names.ts'
import { pruneDmarcReports } from './store.ts'
import { summaryOf } from './summary.ts'

export type DmarcReportsFeature = {
  procedures(engine: ReturnType<typeof guarded>): ReturnType<typeof dmarcReportProcedures>
  readonly jobs: JobHandlers
  /** Plans what has no plan yet. */
  plan(writes: Writes): void
  /** Deletes what is too old, and what belongs to no domain any more. */
  prune(writes: Writes): void
}

export type DmarcReportsOptions = {
  readonly store: Store
  readonly jobs: Jobs
  readonly timeZone: string
  readonly openMailbox: OpenReportMailbox
  /** The name of a domain on the list, and the addresses that its SPF record lets send. */
  readDomain(id: string): { readonly name: string; readonly known: readonly KnownRange[] } | null
  /** Whether the vault can be read. */
  isReady(): boolean
  now(): number
}

/** Everything about DMARC aggregate reports, put together for `engine.ts`. */
export function createDmarcReports(options: DmarcReportsOptions): DmarcReportsFeature {
  const { store, jobs, timeZone, openMailbox, isReady, now } = options
  const waiting = createWaiting()
  const job = readingJob({ store, open: openMailbox, timeZone, isReady, onRead: waiting.wake, now })
  return {
    procedures: engine => dmarcReportProcedures(engine, { ...options, waiting }),
    jobs: { [readingKind]: job },
    plan: writes => planReadings(writes, jobs, now(), timeZone),
    prune: writes => pruneDmarcReports(writes, now()),
  }
}

/** Who waits for the end of a reading. */
function createWaiting() {
  const waiters = new Set<{ readonly id: string; readonly wake: () => void }>()
  return {
    wake: (id: string) => {
      for (const waiter of waiters) if (waiter.id === id) waiter.wake()
    },
    /** Resolves at the next end of a reading of this mailbox, or when the signal aborts. */
    until: async (id: string, signal: AbortSignal | undefined) => {
      let waiter: { id: string; wake: () => void } | undefined
      await new Promise<void>(resolve => {
        if (signal?.aborted) return resolve()
        waiter = { id, wake: resolve }
        waiters.add(waiter)
        signal?.addEventListener('abort', () => resolve(), { once: true })
      })
      if (waiter !== undefined) waiters.delete(waiter)
    },
  }
}

type Dependencies = DmarcReportsOptions & { readonly waiting: ReturnType<typeof createWaiting> }

/** What may be asked about reports: `src-shared/contract/dmarc-reports.ts` says what each procedure answers. */
function dmarcReportProcedures(engine: ReturnType<typeof guarded>, dependencies: Dependencies) {
  const { store, jobs, readDomain, isReady, waiting, now } = dependencies
  const os = engine.dmarcReports
  const isMailbox = (id: string) =>
    store.get('SELECT 1 FROM mailboxes WHERE id = ? AND removed_at IS NULL', id) !== undefined

  return {
    import: os.import.handler(async ({ input: { fileName, base64 }, signal }) => {
      const parts = await readReportFile(Buffer.from(base64, 'base64'), now())
      if (signal?.aborted) return fail('cancelled', {}, 'now')
      try {
        return ok({ outcomes: parts.map(part => keepPart(store, fileName, part, now())) })
      } catch (error) {
        if (storageTrouble(error) === 'disk-full') return fail('disk-full', {}, 'later')
        throw error
      }
    }),

    summary: os.summary.handler(({ input: { id, days } }) => {
      const domain = readDomain(id)
      return domain === null
        ? fail('domain-not-found', { id })
        : ok(summaryOf(store, { ...domain, days, now: now() }))
    }),

    mailboxes: os.mailboxes.handler(() => ok(reportMailboxes(store))),

    readFrom: os.readFrom.handler(({ input: { mailboxId, folder } }) => {
      if (!isMailbox(mailboxId)) return fail('mailbox-not-found', { id: mailboxId })
      return writeOrFail(store, writes => {
        chooseFolder(writes, mailboxId, folder)
        jobs.schedule(writes, { kind: readingKind, key: mailboxId, runAt: now() })
        return reportMailboxes(writes)
      })
    }),

    stopReading: os.stopReading.handler(({ input: { mailboxId } }) => {
      const stopped = writeOrFail(store, writes => {
        leaveFolder(writes, mailboxId)
        jobs.cancel(writes, { kind: readingKind, key: mailboxId }, 'abort')
        return reportMailboxes(writes)
      })
      waiting.wake(mailboxId)
      return stopped
    }),

    readNow: os.readNow.handler(async ({ input: { mailboxId }, signal }) => {
      if (findReportMailbox(store, mailboxId) === null) return fail('mailbox-not-found', { id: mailboxId })
      if (!isReady()) return fail('vault-locked')
      const planned = writeOrFail(store, writes => {
        jobs.schedule(writes, { kind: readingKind, key: mailboxId, runAt: now() })
        return null
      })
      if (!planned.ok) return planned
      await waiting.until(mailboxId, signal)
      const read = findReportMailbox(store, mailboxId)
      if (signal?.aborted) return fail('cancelled', {}, 'now')
      return read === null ? fail('mailbox-not-found', { id: mailboxId }) : ok(read)
    }),
  }
}
