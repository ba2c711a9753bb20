import { setImmediate } from 'node:timers/promises'
import { fail, ok, type Result } from '#shared/failure.ts'
import { type AuditReport, auditReportSchema } from '#shared/model/audit.ts'
import type { FileAuditEvent } from '#shared/model/offline.ts'
import { snapshotAuditOf } from '#shared/snapshot-audit.ts'
import type { guarded } from '../../guard.ts'
import { limits } from '../../net/limits.ts'
import type { Store } from '../../storage/open.ts'
import { runAudit } from '../audit.ts'
import { lastReport, reportAt } from '../reports.ts'
import { findDomain } from '../store.ts'
import { replayAudit } from './replay.ts'
import { openSnapshot, sealSnapshot } from './snapshot.ts'
import {
  type GivenZone,
  mailDomainsOf,
  readZone,
  zoneFailure,
  zoneOverview,
  zoneSource,
} from './zone-source.ts'

/** What may be asked about files: `src-shared/contract/offline.ts` says what each procedure answers. */
export function offlineProcedures(
  engine: ReturnType<typeof guarded>,
  { store, now }: { readonly store: Store; now(): number },
) {
  const os = engine.offline
  return {
    inspectZone: os.inspectZone.handler(({ input }) => {
      const file = readZone(input)
      return file.ok ? ok(zoneOverview(file.value)) : file
    }),

    auditZone: os.auditZone.handler(({ input, signal }) =>
      auditZone(input, { skipProblems: input.skipProblems, now, signal }),
    ),

    openSnapshot: os.openSnapshot.handler(async function* ({ input, signal }): FileAudit {
      const snapshot = openSnapshot(input.text)
      if (!snapshot.ok) return snapshot
      const { audits, savedAt } = snapshot.value
      const shown = audits.slice(0, limits.fileDomainsInWindow)
      const domains = shown.map(audit => audit.domain)
      yield { kind: 'opened', domains, left: audits.length - shown.length, savedAt }
      for (const audit of shown) {
        if (signal?.aborted) return fail('cancelled', {}, 'now')
        yield { kind: 'audited', report: await replayAudit(audit) }
        await setImmediate()
      }
      return ok(null)
    }),

    sealSnapshot: os.sealSnapshot.handler(({ input }) =>
      ok(savedFile(sealSnapshot(input.audits, now()), now())),
    ),

    exportSnapshot: os.exportSnapshot.handler(({ input }) => {
      const reports = input.ids.flatMap(id => {
        const report = findDomain(store, id) === null ? null : lastReport(store, id)
        // What an older build kept lacks what its schema adds.
        const read = auditReportSchema.safeParse(report)
        return read.success ? [read.data] : []
      })
      if (reports.length === 0) return fail('domain-not-found')
      return ok(savedFile(sealSnapshot(reports.map(snapshotAuditOf), now()), now()))
    }),

    report: os.report.handler(({ input }) => {
      if (findDomain(store, input.id) === null) return fail('domain-not-found', { id: input.id })
      return ok(reportAt(store, input.id, input.at))
    }),
  }
}

type FileAudit = AsyncGenerator<FileAuditEvent, Result<null>, void>

async function* auditZone(
  given: GivenZone,
  options: {
    readonly skipProblems: boolean
    readonly now: () => number
    readonly signal: AbortSignal | undefined
  },
): FileAudit {
  const file = readZone(given)
  if (!file.ok) return file
  const { problems, complete } = file.value
  if (!complete || (problems.length > 0 && !options.skipProblems)) return zoneFailure(file.value)
  const all = mailDomainsOf(file.value)
  if (all.length === 0) return fail('zone-without-domain', { file: given.fileName ?? '' })
  const domains = all.slice(0, limits.fileDomainsInWindow)
  yield { kind: 'opened', domains, left: all.length - domains.length, savedAt: null }
  const source = zoneSource(file.value, given.fileName ?? undefined)
  for (const domain of domains) {
    if (options.signal?.aborted) return fail('cancelled', {}, 'now')
    yield { kind: 'audited', report: await finished(runAudit(domain, source, options.now)) }
    // An audit without a network never waits; the other calls would.
    await setImmediate()
  }
  return ok(null)
}

async function finished(audit: AsyncGenerator<unknown, AuditReport, void>): Promise<AuditReport> {
  for (;;) {
    const step = await audit.next()
    if (step.done) return step.value
  }
}

function savedFile(text: string, at: number): { fileName: string; text: string } {
  const stamp = new Date(at).toISOString().slice(0, 16).replace('T', '-').replace(':', '')
  return { fileName: `rookery-snapshot-${stamp}.json`, text }
}
