import { setImmediate } from 'node:timers/promises'
import { fail, ok, type Result } from '#shared/failure.ts'
import type { AuditEvent, AuditReport } from '#shared/model/audit.ts'
import type { CheckHostResult } from '#shared/model/check-host.ts'
import type { Ask } from '#shared/model/lookup.ts'
import type { Purpose } from '#shared/model/settings.ts'
import { type Deadline, startDeadline } from '../net/deadline.ts'
import { limits } from '../net/limits.ts'
import type { Resolver } from '../net/resolve.ts'
import { runAudit } from './audit.ts'
import { checkHost, type CheckHostQuery } from './check-host/check-host.ts'
import { type AuditSource, resolverSource } from './source.ts'

/**
 * Which answers must not come from the cache: `all`, because a person pressed "check again"; the domain's `own`
 * records, in background work, where what many domains include may be shared; or `none`.
 */
export type Freshness = 'all' | 'own' | 'none'

export type AuditOptions = {
  readonly signal: AbortSignal
  readonly purpose: Purpose
  readonly fresh: Freshness
}

export type Audits = {
  /** Runs one audit within `limits.auditMs`. Ends with the report, or with `cancelled` when the signal aborts. */
  stream(name: string, options: AuditOptions): AsyncGenerator<AuditEvent, Result<AuditReport>, void>
  /** The same for whoever wants the report alone. */
  run(name: string, options: AuditOptions): Promise<Result<AuditReport>>
  /** Runs check_host within `limits.checkHostMs`; ends with its answer, or with `cancelled`. */
  checkHost(query: Omit<CheckHostQuery, 'now'>, signal: AbortSignal): Promise<Result<CheckHostResult>>
  /** Audits under way. */
  running(): number
  /** Cancels every audit, and lets one that has just ended be kept. One whose reader has paused is not waited for. */
  stop(): Promise<void>
}

export function createAudits(resolver: Resolver, now: () => number): Audits {
  const under = new Set<AbortController>()
  let stopped = false

  async function* stream(name: string, { signal, purpose, fresh }: AuditOptions) {
    const leave = new AbortController()
    under.add(leave)
    if (stopped) leave.abort()
    const deadline = startDeadline(limits.auditMs, AbortSignal.any([signal, leave.signal]))
    try {
      const audit = runAudit(name, sourceFor(name, resolver, { deadline, purpose, fresh }), now)
      while (true) {
        const step = await audit.next()
        // A cancelled look-up counts as unavailable, so what the audit says from here on means nothing.
        if (deadline.ended() === 'cancelled') return fail('cancelled', {}, 'now')
        if (step.done) return ok(step.value)
        yield step.value
      }
    } finally {
      // Whoever stops reading midway also stops the questions.
      leave.abort()
      deadline.end()
      under.delete(leave)
    }
  }

  const runCheckHost: Audits['checkHost'] = async (query, signal) => {
    const leave = new AbortController()
    under.add(leave)
    if (stopped) leave.abort()
    const deadline = startDeadline(limits.checkHostMs, AbortSignal.any([signal, leave.signal]))
    try {
      const { ask } = resolverSource(resolver, { deadline, purpose: 'audit', fresh: false })
      const answer = await checkHost({ ...query, now: now() }, ask)
      return deadline.ended() === 'cancelled' ? fail('cancelled', {}, 'now') : ok(answer)
    } finally {
      deadline.end()
      under.delete(leave)
    }
  }

  return {
    stream,
    checkHost: runCheckHost,
    run: async (name, options) => {
      const audit = stream(name, options)
      while (true) {
        const step = await audit.next()
        if (step.done) return step.value
      }
    },
    running: () => under.size,
    stop: async () => {
      stopped = true
      for (const leave of under) leave.abort()
      await setImmediate()
    },
  }
}

function sourceFor(
  name: string,
  resolver: Resolver,
  { deadline, purpose, fresh }: { deadline: Deadline; purpose: Purpose; fresh: Freshness },
): AuditSource {
  const asking = (isFresh: boolean) => resolverSource(resolver, { deadline, purpose, fresh: isFresh })
  if (fresh !== 'own') return asking(fresh === 'all')
  const own = asking(true)
  const shared = asking(false)
  const ask: Ask = (asked, type) =>
    (asked === name || asked.endsWith(`.${name}`) ? own : shared).ask(asked, type)
  return { ask, queries: () => own.queries() + shared.queries() }
}
