import { fail, type Failure, ok, type Result } from '#shared/failure.ts'
import type { AuditEvent, AuditReport } from '#shared/model/audit.ts'
import { planChoicesSchema } from '#shared/model/record-plan.ts'
import type { guarded } from '../guard.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { refuse, writeOrFail, writeOrRefuse } from '../storage/failures.ts'
import type { Reads, Store, Writes } from '../storage/open.ts'
import type { Audits } from './audits.ts'
import { dropChecks, queueChecks } from './checks-queue.ts'
import { type DomainName, parseDomainName } from './domain-name.ts'
import {
  findPlanChoices,
  writeDailyLimit,
  writePlanChoices,
  writeWarmupDefaults,
  writeWarmupPerDay,
} from './domain-settings.ts'
import { readDomainList } from './import-list.ts'
import { ownKeysOf } from './key-store.ts'
import { readPlanChoices } from './plan-choices.ts'
import { planRecords } from './plan.ts'
import { keepReport, lastReport, type ReportKept, scoresOverTime } from './reports.ts'
import {
  findDomain,
  isListed,
  jobKinds,
  presentIds,
  putDomain,
  removalOf,
  removedAtOf,
  removeDomain,
  restoreDomains,
  retag,
} from './store.ts'
import { planVerification } from './verification.ts'

export type DomainDependencies = {
  readonly store: Store
  readonly jobs: Jobs
  readonly audits: Audits
  readonly onKept?: ReportKept
  /** What belongs to a domain by its name; given by `engine.ts`, where features meet. */
  readonly mailboxes: DomainMailboxes
  now(): number
}

export type DomainMailboxes = {
  count(reads: Reads, domainName: string): number
  /** Removes them with their domain, at the same moment. */
  remove(writes: Writes, domainName: string, now: number): void
  /** Brings back those that were removed with it at `removedAt`. */
  restore(writes: Writes, domainName: string, removedAt: number): void
}

type Refusal = { line: number; input: string; failure: Failure }

/** What may be asked about domains: `src-shared/contract/domains.ts` says what each procedure answers. */
export function domainProcedures(engine: ReturnType<typeof guarded>, dependencies: DomainDependencies) {
  const { store, jobs, audits, mailboxes, now, onKept } = dependencies
  const os = engine.domains
  const put = (writes: Writes, name: DomainName, tags: readonly string[]) =>
    addDomain(writes, dependencies, name, tags)

  return {
    inspect: os.inspect.handler(({ input }) => {
      const parsed = parseDomainName(input.input)
      return parsed.ok ? ok({ ...parsed.value, alreadyAdded: isListed(store, parsed.value.name) }) : parsed
    }),

    add: os.add.handler(({ input }) => {
      const parsed = parseDomainName(input.input)
      if (!parsed.ok) return parsed
      const written = writeOrFail(store, writes => put(writes, parsed.value, input.tags))
      if (!written.ok) return written
      const domain = written.value === null ? null : findDomain(store, written.value)
      return domain === null ? fail('domain-already-added', { name: parsed.value.name }) : ok(domain)
    }),

    import: os.import.handler(({ input }) => {
      const list = readDomainList(input.text)
      if (!list.ok) return list
      return writeOrFail(store, writes => {
        const added: { id: string; name: string }[] = []
        const refused: Refusal[] = []
        for (const entry of list.value.entries) {
          const parsed = parseDomainName(entry.input)
          const id = parsed.ok ? put(writes, parsed.value, input.tags) : null
          if (!parsed.ok) refused.push({ ...entry, failure: parsed.failure })
          else if (id !== null) added.push({ id, name: parsed.value.name })
          else refused.push({ ...entry, ...fail('domain-already-added', { name: parsed.value.name }) })
        }
        return { added, refused }
      })
    }),

    remove: os.remove.handler(({ input }) =>
      writeOrRefuse(store, writes => {
        const removed = presentIds(writes, input.ids)
        const at = now()
        for (const id of removed) {
          const name = removalOf(writes, id)?.name ?? ''
          const count = mailboxes.count(writes, name)
          if (count > 0 && !input.withMailboxes) {
            refuse(fail('domain-has-mailboxes', { domain: name, mailboxes: count }))
          }
          if (count > 0) mailboxes.remove(writes, name, at)
          takeOffList(writes, jobs, id, at)
        }
        return { removed }
      }),
    ),

    restore: os.restore.handler(({ input }) =>
      writeOrFail(store, writes => {
        return { restored: bringBack(writes, dependencies, input.ids) }
      }),
    ),

    tag: os.tag.handler(({ input }) =>
      writeOrFail(store, writes => {
        for (const id of presentIds(writes, input.ids)) retag(writes, id, input.add, input.remove)
        return null
      }),
    ),

    setDailyLimit: os.setDailyLimit.handler(({ input }) =>
      writeOrFail(store, writes => {
        for (const id of presentIds(writes, input.ids)) writeDailyLimit(writes, id, input.dailyLimit)
        return null
      }),
    ),

    setWarmupDefaults: os.setWarmupDefaults.handler(({ input }) =>
      writeOrFail(store, writes => {
        for (const id of presentIds(writes, input.ids)) writeWarmupDefaults(writes, id, input.defaults)
        return null
      }),
    ),

    setWarmupPerDay: os.setWarmupPerDay.handler(({ input }) =>
      writeOrFail(store, writes => {
        for (const id of presentIds(writes, input.ids)) writeWarmupPerDay(writes, id, input.perDay)
        return null
      }),
    ),

    audit: os.audit.handler(async function* ({ input, signal }): Stream {
      const domain = findDomain(store, input.id)
      if (domain === null) return fail('domain-not-found', { id: input.id })
      const audited = yield* audits.stream(domain.name, {
        signal: signal ?? never,
        purpose: 'audit',
        fresh: 'all',
        reach: input.reach,
      })
      if (!audited.ok) return audited
      const kept = writeOrFail(store, writes => {
        const status = keepReport(writes, domain.id, audited.value, now(), onKept)
        if (status !== 'pending') jobs.cancel(writes, { kind: jobKinds.verify, key: domain.id }, 'keep')
      })
      return kept.ok ? audited : kept
    }),

    auditName: os.auditName.handler(async function* ({ input, signal }): Stream {
      const parsed = parseDomainName(input.input)
      if (!parsed.ok) return parsed
      return yield* audits.stream(parsed.value.name, {
        signal: signal ?? never,
        purpose: 'audit',
        fresh: 'none',
        reach: input.reach,
      })
    }),

    checkHost: os.checkHost.handler(({ input, signal }) => audits.checkHost(input, signal ?? never)),

    check: os.check.handler(({ input }) =>
      writeOrFail(store, writes => {
        const ids = presentIds(writes, input.ids)
        queueChecks(jobs, writes, ids, now())
        return { queued: ids.length }
      }),
    ),

    cancelChecks: os.cancelChecks.handler(({ input }) =>
      writeOrFail(store, writes => ({ cancelled: dropChecks(jobs, writes, presentIds(writes, input.ids)) })),
    ),

    report: os.report.handler(({ input }) => {
      if (findDomain(store, input.id) === null) return fail('domain-not-found', { id: input.id })
      return ok(lastReport(store, input.id))
    }),

    history: os.history.handler(({ input }) => {
      if (findDomain(store, input.id) === null) return fail('domain-not-found', { id: input.id })
      return ok(scoresOverTime(store, input.id))
    }),

    plan: os.plan.handler(({ input }) => {
      const domain = findDomain(store, input.id)
      if (domain === null) return fail('domain-not-found', { id: input.id })
      const { choices, problems } = readPlanChoices(domain.name, input)
      const report = lastReport(store, input.id)
      const ownKeys = ownKeysOf(store, input.id)
      return ok(planRecords({ domain: domain.name, report, ownKeys, problems, ...choices }))
    }),

    planChoices: os.planChoices.handler(({ input }) => {
      if (findDomain(store, input.id) === null) return fail('domain-not-found', { id: input.id })
      // What an older build kept may lack a field.
      const kept = planChoicesSchema.safeParse(findPlanChoices(store, input.id) ?? {})
      return ok(kept.success ? kept.data : planChoicesSchema.parse({}))
    }),

    setPlanChoices: os.setPlanChoices.handler(({ input }) => {
      if (findDomain(store, input.id) === null) return fail('domain-not-found', { id: input.id })
      return writeOrFail(store, writes => {
        writePlanChoices(writes, input.id, input.choices)
        return null
      })
    }),
  }
}

/** Puts a domain on the list as Pending, with what was removed with it; null when it stands there already. */
export function addDomain(
  writes: Writes,
  { jobs, mailboxes, now }: Pick<DomainDependencies, 'jobs' | 'mailboxes' | 'now'>,
  name: DomainName,
  tags: readonly string[],
): string | null {
  const removedAt = removedAtOf(writes, name.name)
  const id = putDomain(writes, name, tags, now())
  if (id === null) return null
  planVerification(jobs, writes, id, now())
  if (removedAt !== null) mailboxes.restore(writes, name.name, removedAt)
  return id
}

/** Takes a domain off the list, with everything that was planned for it. */
export function takeOffList(writes: Writes, jobs: Jobs, id: string, at: number): void {
  jobs.cancel(writes, { kind: jobKinds.verify, key: id }, 'abort')
  jobs.cancel(writes, { kind: jobKinds.check, key: id }, 'abort')
  jobs.cancel(writes, { kind: jobKinds.recheck, key: id }, 'abort')
  removeDomain(writes, id, at)
}

/** Brings removed domains back whole, with the mailboxes that went with them; returns those that there were. */
export function bringBack(
  writes: Writes,
  { jobs, mailboxes, now }: Pick<DomainDependencies, 'jobs' | 'mailboxes' | 'now'>,
  ids: readonly string[],
): string[] {
  const before = ids.map(id => removalOf(writes, id))
  const restored = restoreDomains(writes, ids)
  for (const id of restored) planVerification(jobs, writes, id, now())
  for (const domain of before) {
    if (domain !== null && domain.removedAt !== null) mailboxes.restore(writes, domain.name, domain.removedAt)
  }
  return restored
}

type Stream = AsyncGenerator<AuditEvent, Result<AuditReport>, void>

const never = new AbortController().signal
