import { ok, type Result } from '#shared/failure.ts'
import { type AuditEvent, type AuditReach, type AuditReport, auditReachSchema } from '#shared/model/audit.ts'
import { parseServerAddress } from '#engine/net/server-address.ts'
import type { ServerAddress } from '#engine/net/resolve.ts'
import { failureLine } from '#shared/words/failures.ts'
import { countOf } from '#shared/words/phrases.ts'
import { exitCodeOf, exitCodes, worstExitCode } from './exit-code.ts'
import { inOrder } from './in-order.ts'
import { watchInterrupts } from './interrupts.ts'
import { jsonRecord } from './json-record.ts'
import { paintFor } from './layout.ts'
import { openAuditThreads, threadsFor } from './audit-threads.ts'
import { openEngine } from './open-engine.ts'
import { type ChosenSource, chooseSource } from './open-source.ts'
import { openOutputs, type Output } from './output.ts'
import { jsonLine } from './printable.ts'
import { createProgress } from './progress.ts'
import { humanReport, type ReportStyle } from './report.ts'
import { type AuditTarget, byEvents, type Outcome, runAudits } from './run-audits.ts'
import { saveSnapshot } from './save-snapshot.ts'
import type { SourceFlags } from './source-options.ts'
import { readTargets, type Target } from './targets.ts'

export type AuditOptions = {
  readonly domains: readonly string[]
  readonly files: readonly string[]
  readonly source: SourceFlags
  /** Where to save the answers; null for nowhere. */
  readonly saveSnapshot: string | null
  readonly json: boolean
  readonly bulkSenders: boolean
  readonly concurrency: number
  readonly build: string
  readonly reach: Partial<AuditReach>
}

/** Lines longer than this are hard to read, and a pipe has no width of its own. */
const mostColumns = 100

/** Runs `rookery audit` and returns its exit code. Everything written has been handed over by then. */
export async function runAuditVerb(options: AuditOptions): Promise<number> {
  const { stop, stdout, stderr, refuse } = openOutputs()

  const { trackingHost = null, more = null, guessSelectors = true } = options.reach
  const chosen = await chooseSource(options.source, process.stdin, { trackingHost, more, guessSelectors })
  if (chosen.kind === 'refused') return refuse(chosen.why)
  const held = chosen.kind === 'offline' && options.files.length === 0 ? chosen.source.domains : []
  const domains = options.domains.length === 0 ? held : options.domains
  const targets = await readTargets({ domains, files: options.files, stdin: process.stdin })
  if (typeof targets === 'string') return refuse(targets)
  if (targets.length === 0) return refuse('No domain was given. Name one or more, or a list with --file.')
  const progress = createProgress(process.stderr, targets.length)
  const opened = await openAudits(chosen, options, targets.length, ({ name }, event) => {
    // With stdout on the same terminal, a line of JSON would land in the progress line.
    if (!options.json || !process.stdout.isTTY) progress.event(name, event)
  })
  if (!opened.ok) return refuse(failureLine(opened.failure))
  if (chosen.kind === 'offline')
    for (const note of chosen.source.notes) await stderr.write(`rookery: ${note}\n`)

  const interrupted = watchInterrupts(stop)
  const report = options.json
    ? reportJson(stdout)
    : reportForPeople(stdout, progress.clear, options.bulkSenders)
  const codes: number[] = []
  const reports: (AuditReport | undefined)[] = []
  await runAudits({
    targets,
    auditTarget: opened.value.auditTarget,
    concurrency: options.concurrency,
    signal: stop.signal,
    async onOutcome(outcome, index) {
      codes.push(exitCodeOf(outcome))
      if (outcome.kind === 'report' && options.saveSnapshot !== null) reports[index] = outcome.report
      progress.finished()
      await report.add(outcome, index)
    },
  })
  await report.end(codes, targets.length)
  progress.clear()
  await opened.value.stop()
  await stdout.flush()
  interrupted.end()
  const kept = reports.filter(one => one !== undefined)
  if (options.saveSnapshot !== null && kept.length > 0) {
    const trouble = await saveSnapshot(options.saveSnapshot, kept, Date.now())
    if (trouble !== null) codes.push(await refuse(trouble))
  }
  if (interrupted.code() !== null) return interrupted.code() ?? exitCodes.interrupted
  return stdout.gone() ? exitCodes.readerGone : worstExitCode(codes)
}

type Auditing = { readonly auditTarget: AuditTarget; stop(): Promise<void> }
type OnEvent = (target: Target, event: AuditEvent) => void

/** Who audits: the files alone, threads that ask the network for a long list, or an engine. */
async function openAudits(
  chosen: Exclude<ChosenSource, { kind: 'refused' }>,
  options: AuditOptions,
  names: number,
  onEvent: OnEvent,
): Promise<Result<Auditing>> {
  if (chosen.kind === 'offline')
    return ok({ auditTarget: byEvents(chosen.source.auditName, onEvent), stop: async () => undefined })
  const { build, reach } = options
  const resolvers = options.source.resolver ?? []
  const threads = threadsFor(names)
  // What is wrong with a wish the engine says itself.
  const wanted = auditReachSchema.safeParse(reach)
  if (threads === 0 || !wanted.success) {
    const opened = await openEngine({ build, resolvers, reach })
    if (!opened.ok) return opened
    const { auditName, stop } = opened.value
    return ok({ auditTarget: byEvents(auditName, onEvent), stop })
  }
  const servers: ServerAddress[] = []
  for (const text of resolvers) {
    const address = parseServerAddress(text)
    if (!address.ok) return address
    servers.push(address.value)
  }
  const form = options.json && options.saveSnapshot === null ? 'line' : 'report'
  const pool = openAuditThreads(threads, { servers, reach: wanted.data, form })
  const auditTarget: AuditTarget = (target, signal) => {
    onEvent(target, { kind: 'started', domain: target.name, checks: [] })
    return pool.audit(target, signal)
  }
  return ok({ auditTarget, stop: pool.stop })
}

type Report = {
  add(outcome: Outcome, index: number): Promise<void>
  end(codes: readonly number[], total: number): Promise<void>
}

function reportJson(stdout: Output): Report {
  return {
    add: outcome => stdout.write(outcome.kind === 'line' ? outcome.text : jsonLine(jsonRecord(outcome))),
    end: async () => undefined,
  }
}

function reportForPeople(stdout: Output, clearProgress: () => void, bulkSenders: boolean): Report {
  const style: ReportStyle = {
    paint: paintFor(process.stdout),
    width: Math.min(process.stdout.columns ?? mostColumns, mostColumns),
    bulkSenders,
  }
  const ordered = inOrder<Outcome>(async outcome => {
    const text = outcome.kind === 'line' ? outcome.text : humanReport(outcome, style)
    clearProgress()
    await stdout.write(`${text}\n`)
  })
  return {
    add: (outcome, index) => ordered.add(index, outcome),
    async end(codes, total) {
      await ordered.rest()
      clearProgress()
      if (total > 1) await stdout.write(`${summary(codes, total)}\n`)
    },
  }
}

function summary(codes: readonly number[], total: number): string {
  const count = (code: number) => codes.filter(one => one === code).length
  const parts = [
    [count(exitCodes.clean), 'without serious findings'],
    [count(exitCodes.findings), 'with serious findings'],
    [count(exitCodes.incomplete), 'not looked up in full'],
    [count(exitCodes.usage), 'not a domain name'],
    [total - codes.length, 'not finished'],
  ] as const
  const told = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`)
  return `${countOf(total, 'name')}: ${told.join(', ')}.`
}
