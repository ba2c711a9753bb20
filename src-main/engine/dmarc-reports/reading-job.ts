import type { FileOutcome, MailboxReading } from '#shared/model/dmarc-report.ts'
import type { Failure } from '#shared/failure.ts'
import type { ConnectionFailure } from '#shared/model/connection.ts'
import type { JobHandler, Jobs, Settle } from '../jobs/jobs.ts'
import { nextNightAt } from '../jobs/night.ts'
import { fractionOf } from '../jobs/when.ts'
import { limits } from '../net/limits.ts'
import type { Store, Writes } from '../storage/open.ts'
import { keepPart } from './keep-parts.ts'
import { findReportMailbox, markOf, readingKind, writeReading } from './mailboxes.ts'
import { type FolderClient, type FolderMark, readReportsFromMailbox } from './read-mailbox.ts'

type Opened =
  | { readonly ok: true; readonly value: FolderClient & { close(): Promise<void> } }
  | { readonly ok: false; readonly connection: ConnectionFailure | null; readonly failure: Failure | null }

/** Logs in to a saved mailbox; what it returns must be closed. */
export type OpenReportMailbox = (
  id: string,
  options: { readonly signal: AbortSignal; readonly budgetMs: number; readonly purpose: 'dmarc-reports' },
) => Promise<Opened>

export type ReadingOptions = {
  readonly store: Store
  readonly open: OpenReportMailbox
  readonly timeZone: string
  isReady(): boolean
  /** Told after the outcome of a reading is kept. */
  onRead(mailboxId: string): void
  now(): number
}

/** A rest of a folder that was too much for one reading follows at once; after trouble it is tried again the same day. */
const restMs = 5_000
const againMs = 3 * 60 * 60_000
const refusalsKept = 20

/** Reads a chosen folder for reports, once a night. While the vault is locked none begins. */
export function readingJob({ store, open, timeZone, isReady, onRead, now }: ReadingOptions): JobHandler {
  return {
    atOnce: limits.dmarcReadingsAtOnce,
    spreadMs: 30 * 60_000,
    isReady,
    run: async ({ key: id, signal }) => {
      try {
        return await read(id, signal)
      } catch (error) {
        // It is tried again later; whoever waits is not kept until then.
        onRead(id)
        throw error
      }
    },
  }

  async function read(id: string, signal: AbortSignal): Promise<Settle> {
    const chosen = findReportMailbox(store, id)
    if (chosen === null) return () => null
    const { folder } = chosen
    const options = { signal, budgetMs: limits.dmarcReadingMs, purpose: 'dmarc-reports' } as const
    const opened = await open(id, options)
    const outcomes: FileOutcome[] = []
    let mark: FolderMark | null = null
    let last: MailboxReading
    if (opened.ok) {
      const client = opened.value
      const onPart: Parameters<typeof readReportsFromMailbox>[3]['onPart'] = (file, part) =>
        outcomes.push(keepPart(store, file, part, now()))
      const done = await readReportsFromMailbox(client, folder, markOf(store, id), {
        now: now(),
        onPart,
      }).finally(() => client.close())
      if (done.ok) mark = done.mark
      last = done.ok ? readingOf(done, outcomes, now()) : { ...done, ...failed(now()) }
    } else {
      last = { ...opened, ...failed(now()) }
    }
    if (signal.aborted) throw new Error('The reading was cancelled.')
    return writes => {
      writeReading(writes, id, { folder, last: cleaned(last), mark })
      // After the transaction, when the outcome can be read.
      setImmediate(() => onRead(id))
      // Another folder was chosen while this one was read.
      if (findReportMailbox(writes, id)?.folder !== folder) return now()
      if (last.state === 'failed') return now() + againMs
      return last.left > 0 ? now() + restMs : nextNightAt(now(), fractionOf(id), timeZone)
    }
  }
}

function failed(at: number) {
  return { state: 'failed', at } as const
}

/** What a reading that failed is kept as, without the marks of how it came here. */
function cleaned(last: MailboxReading): MailboxReading {
  if (last.state === 'read') return last
  const { state, at, connection, failure } = last
  return { state, at, connection, failure }
}

function readingOf(
  { messages, left }: { readonly messages: number; readonly left: number },
  outcomes: readonly FileOutcome[],
  at: number,
): MailboxReading {
  const refused = outcomes.filter(({ state }) => state === 'refused')
  return {
    state: 'read',
    at,
    messages,
    reports: outcomes.filter(({ state }) => state === 'read').length,
    duplicates: outcomes.filter(({ state }) => state === 'duplicate').length,
    refused: refused.slice(0, refusalsKept),
    refusedCount: refused.length,
    left,
  }
}

/** Plans the reading of every chosen mailbox that has none planned: of a lost job, or of one that was brought back. */
export function planReadings(
  writes: Writes,
  jobs: Pick<Jobs, 'schedule'>,
  now: number,
  timeZone: string,
): void {
  const missing = writes.all<{ id: string }>(
    `SELECT mailbox_id AS id FROM dmarc_mailboxes
     JOIN mailboxes ON mailboxes.id = mailbox_id AND mailboxes.removed_at IS NULL
     WHERE NOT EXISTS (SELECT 1 FROM jobs WHERE kind = '${readingKind}' AND key = mailbox_id)`,
  )
  for (const { id } of missing) {
    jobs.schedule(writes, { kind: readingKind, key: id, runAt: nextNightAt(now, fractionOf(id), timeZone) })
  }
}
