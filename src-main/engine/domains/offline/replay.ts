import type { AuditReport } from '#shared/model/audit.ts'
import type { FetchHttps, ProbeSmtp } from '#shared/model/exchange.ts'
import type { Ask, AskAt, Lookup, RawAnswer, RecordType, ValueOf } from '#shared/model/lookup.ts'
import type { DnsSnapshotAnswer, SnapshotAudit } from '#shared/model/snapshot.ts'
import { runAudit } from '../audit.ts'
import type { AuditSource } from '../source.ts'

/** Stands for the server in answers that the snapshot does not hold. */
const snapshotServer = 'the snapshot'

/** Answers from a snapshot alone. What was not asked then is `not-in-snapshot`: never absent. */
export function snapshotSource(audit: SnapshotAudit): AuditSource {
  const answers = new Map(dnsAnswers(audit).map(answer => [keyOf(answer), answer]))
  const pages = new Map(
    audit.answers.flatMap(one => (one.kind === 'https' ? [[one.page.url, one.page]] : [])),
  )
  const probes = new Map(
    audit.answers.flatMap(one => (one.kind === 'smtp' ? [[one.probe.host, one.probe]] : [])),
  )
  const answered = <T extends RecordType>(name: string, type: T, at?: string): Lookup<T> => {
    const plain = name === '.' ? name : name.toLowerCase().replace(/\.$/, '')
    const answer = answers.get(keyOf({ name: plain, type, at }))
    return answer === undefined ? missing(name, type) : lookupOf(answer, type)
  }
  const ask: Ask = async (name, type) => answered(name, type)
  const askAt: AskAt = async (address, name, type) => answered(name, type, address)
  const fetchHttps: FetchHttps = async url =>
    pages.get(url) ?? { state: 'unavailable', url, address: null, reason: 'not-in-snapshot' }
  const probeSmtp: ProbeSmtp = async host =>
    probes.get(host) ?? { state: 'unavailable', host, address: null, reason: 'not-in-snapshot' }
  const { reach } = audit
  return {
    ask,
    queries: () => audit.queries,
    ...(reach?.direct ? { askAt } : {}),
    ...(reach?.https ? { fetchHttps } : {}),
    ...(reach?.smtp ? { probeSmtp } : {}),
  }
}

/**
 * Runs the audit of a snapshot again. The report is the one the snapshot was made of, byte for byte once it is JSON, as
 * long as the rules are the same: the answers decide everything but the times and the count of queries, and those are
 * taken from the snapshot.
 */
export async function replayAudit(audit: SnapshotAudit): Promise<AuditReport> {
  // A snapshot that does not say how far its audit reached is from before there were further checks.
  const { reach, more = reach === undefined ? [] : null } = audit
  const { trackingHost = null, selectors = [], guessSelectors = true, dmarcEvidence = null } = reach ?? {}
  const choices = { trackingHost, more, selectors, guessSelectors, dmarcEvidence }
  const running = runAudit(audit.domain, snapshotSource(audit), () => audit.startedAt, choices)
  for (;;) {
    const step = await running.next()
    if (step.done) return withTimesOf(audit, step.value)
  }
}

/** The report with the times that were measured when its answers came. */
function withTimesOf(audit: SnapshotAudit, report: AuditReport): AuditReport {
  const { startedAt, tookMs, queries } = audit
  const took = new Map(dnsAnswers(audit).map(answer => [keyOf(answer), answer.tookMs]))
  const raw = report.raw.map(answer => ({ ...answer, tookMs: took.get(keyOf(answer)) ?? 0 }))
  return { ...report, startedAt, tookMs, queries, raw }
}

function dnsAnswers(audit: SnapshotAudit): DnsSnapshotAnswer[] {
  return audit.answers.flatMap(answer => (answer.kind === 'dns' ? [answer] : []))
}

type Key = Pick<DnsSnapshotAnswer | RawAnswer, 'type' | 'name'> & { readonly at?: string | undefined }

function keyOf({ type, name, at }: Key): string {
  return at === undefined ? `${type} ${name}` : `${type} ${name} @${at}`
}

function missing<T extends RecordType>(name: string, type: T): Lookup<T> {
  return { state: 'unavailable', name, type, reason: 'not-in-snapshot', server: snapshotServer, detail: null }
}

function lookupOf<T extends RecordType>(answer: DnsSnapshotAnswer, type: T): Lookup<T> {
  const { name, state, reason, ttlS, server, aliases, authenticated, authoritative, detail, referral } =
    answer
  const held = authoritative === undefined ? {} : { authoritative }
  const told = { name, type, ttlS: ttlS ?? 0, server: server ?? '', aliases, authenticated, ...held }
  // The schema of snapshots has read each value by its type.
  if (state === 'found') return { ...told, state, values: answer.data as ValueOf[T][] }
  if (reason === 'nxdomain' || reason === 'nodata') return { ...told, state: 'absent', reason }
  const named = referral === undefined ? {} : { referral }
  return { state: 'unavailable', name, type, reason: reason ?? 'malformed', server, detail, ...named }
}
