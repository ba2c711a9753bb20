import { setImmediate } from 'node:timers/promises'
import { fail, ok, type Result } from '#shared/failure.ts'
import type { AuditEvent, AuditReach, AuditReport } from '#shared/model/audit.ts'
import type { CheckHostResult } from '#shared/model/check-host.ts'
import type { DmarcEvidence } from '#shared/model/dmarc-report.ts'
import type { Ask } from '#shared/model/lookup.ts'
import type { Purpose, ReachSettings } from '#shared/model/settings.ts'
import { type Deadline, startDeadline } from '../net/deadline.ts'
import { limits } from '../net/limits.ts'
import type { Outside } from '../net/outside.ts'
import type { Resolver } from '../net/resolve.ts'
import { runAudit } from './audit.ts'
import { checkHost, type CheckHostQuery } from './check-host/check-host.ts'
import { type AuditSource, directAsk, pageFetcher, resolverSource, smtpProber } from './source.ts'

/**
 * Which answers must not come from the cache: `all`, because a person pressed "check again"; the domain's `own`
 * records, in background work, where what many domains include may be shared; or `none`.
 */
export type Freshness = 'all' | 'own' | 'none'

export type AuditOptions = {
  readonly signal: AbortSignal
  readonly purpose: Purpose
  readonly fresh: Freshness
  readonly reach?: Partial<AuditReach>
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

export function createAudits({
  resolver,
  outside,
  now,
  reachByDefault,
  selectorsOf,
  evidenceOf,
}: {
  readonly resolver: Resolver
  /** Null where nothing but the resolver may be asked. */
  readonly outside: Outside | null
  now(): number
  /** How far an audit goes where whoever asks for it does not say. */
  reachByDefault(): ReachSettings
  /** The DKIM selectors that are known to be in use at a name; the search begins with them. */
  selectorsOf(name: string): readonly string[]
  /** What stored aggregate reports show of the mail under a name; null without any. */
  evidenceOf(name: string): DmarcEvidence | null
}): Audits {
  const under = new Set<AbortController>()
  let stopped = false

  async function* stream(
    name: string,
    { signal, purpose, fresh, reach = {} }: AuditOptions,
    isWatched: boolean,
  ) {
    const leave = new AbortController()
    let isComplete = false
    under.add(leave)
    if (stopped) leave.abort()
    const deadline = startDeadline(limits.auditMs, signal, leave.signal)
    try {
      const source = sourceFor(
        name,
        { resolver, outside },
        { deadline, purpose, fresh, reach: wanted(reach, reachByDefault()) },
      )
      const { trackingHost = null, more = null, guessSelectors = true } = reach
      const choices = {
        trackingHost,
        more,
        guessSelectors,
        selectors: selectorsOf(name),
        dmarcEvidence: evidenceOf(name),
        isWatched,
      }
      const audit = runAudit(name, source, now, choices)
      while (true) {
        const step = await audit.next()
        // A cancelled look-up counts as unavailable, so what the audit says from here on means nothing.
        if (deadline.ended() === 'cancelled') return fail('cancelled', {}, 'now')
        if (step.done) {
          isComplete = true
          return ok(step.value)
        }
        yield step.value
      }
    } finally {
      // Whoever stops reading midway also stops the questions. An audit to its end has none under way.
      if (!isComplete) leave.abort()
      deadline.end()
      under.delete(leave)
    }
  }

  const runCheckHost: Audits['checkHost'] = async (query, signal) => {
    const leave = new AbortController()
    under.add(leave)
    if (stopped) leave.abort()
    const deadline = startDeadline(limits.checkHostMs, signal, leave.signal)
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
    stream: (name, options) => stream(name, options, true),
    checkHost: runCheckHost,
    run: async (name, options) => {
      const audit = stream(name, options, false)
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

type Asking = {
  readonly deadline: Deadline
  readonly purpose: Purpose
  readonly fresh: Freshness
  readonly reach: ReachSettings
}

function wanted(asked: Partial<AuditReach>, usual: ReachSettings): ReachSettings {
  return {
    direct: asked.direct ?? usual.direct,
    https: asked.https ?? usual.https,
    smtp: asked.smtp ?? usual.smtp,
  }
}

function sourceFor(
  name: string,
  { resolver, outside }: { readonly resolver: Resolver; readonly outside: Outside | null },
  { deadline, purpose, fresh, reach }: Asking,
): AuditSource {
  const asking = (isFresh: boolean) => resolverSource(resolver, { deadline, purpose, fresh: isFresh })
  const own = asking(fresh !== 'none')
  const shared = fresh === 'own' ? asking(false) : own
  const ask: Ask = (asked, type) =>
    (asked === name || asked.endsWith(`.${name}`) ? own : shared).ask(asked, type)
  if (outside === null) return { ask, queries: () => own.queries() + (shared === own ? 0 : shared.queries()) }
  let directly = 0
  const onSent = () => {
    directly += 1
  }
  const options = { deadline, purpose, onSent }
  return {
    ask,
    queries: () => own.queries() + (shared === own ? 0 : shared.queries()) + directly,
    ...(reach.direct ? { askAt: directAsk(resolver, outside, options) } : {}),
    ...(reach.https ? { fetchHttps: pageFetcher(outside.https, ask, options) } : {}),
    ...(reach.smtp ? { probeSmtp: smtpProber(outside.smtp, options) } : {}),
  }
}
