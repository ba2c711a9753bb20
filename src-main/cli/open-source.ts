import { basename } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { replayAudit, snapshotSource } from '#engine/domains/offline/replay.ts'
import { openSnapshot } from '#engine/domains/offline/snapshot.ts'
import {
  joinZones,
  mailDomainsOf,
  readZone,
  zoneFailure,
  zoneSource,
} from '#engine/domains/offline/zone-source.ts'
import { type AuditChoices, runAudit } from '#engine/domains/audit.ts'
import type { AuditSource } from '#engine/domains/source.ts'
import type { ZoneFile } from '#engine/net/zone-records.ts'
import { ok, type Result } from '#shared/failure.ts'
import type { AuditEvent, AuditReport } from '#shared/model/audit.ts'
import type { SnapshotAudit } from '#shared/model/snapshot.ts'
import { failureLine } from '#shared/words/failures.ts'
import { countOf } from '#shared/words/phrases.ts'
import { zoneProblemLine } from '#shared/words/zone-problems.ts'
import type { AuditName } from './run-audits.ts'
import { readText } from './read-text.ts'
import type { SourceFlags } from './source-options.ts'

/** Answers from files: nothing of it opens a socket. */
export type OfflineSource = {
  /** The domains the files hold, for when none is named. */
  readonly domains: readonly string[]
  /** What a person should be told before the results. */
  readonly notes: readonly string[]
  /** The answers about one domain. */
  sourceFor(domain: string): AuditSource
  readonly auditName: AuditName
}

export type ChosenSource =
  | { readonly kind: 'network' }
  | { readonly kind: 'offline'; readonly source: OfflineSource }
  | { readonly kind: 'refused'; readonly why: string }

/** Opens what the flags name; a zone is audited by `choices`, a snapshot as it was. `why` says in one or more lines what is wrong with them or with a file. */
export async function chooseSource(
  { resolver = [], zone = [], snapshot, skipErrors = false }: SourceFlags,
  stdin: NodeJS.ReadableStream,
  choices: AuditChoices = {},
): Promise<ChosenSource> {
  const given = [resolver.length > 0, zone.length > 0, snapshot !== undefined].filter(Boolean).length
  if (given > 1) return refused('Give one of --resolver, --zone and --snapshot, not several kinds.')
  if (skipErrors && zone.length === 0)
    return refused('--skip-errors is about zone files: give one with --zone.')
  if (zone.length > 0) return openZones([...new Set(zone)], skipErrors, stdin, choices)
  if (snapshot !== undefined) return openSnapshotFile(snapshot, stdin)
  return { kind: 'network' }
}

function refused(why: string): ChosenSource {
  return { kind: 'refused', why }
}

async function openZones(
  paths: readonly string[],
  skipErrors: boolean,
  stdin: NodeJS.ReadableStream,
  choices: AuditChoices,
): Promise<ChosenSource> {
  const files: ZoneFile[] = []
  const notes: string[] = []
  for (const path of paths) {
    const name = path === '-' ? 'standard input' : path
    const content = await readText(path, stdin)
    if (!content.ok) return refused(`Cannot read ${name}: ${content.why}.`)
    const fileName = path === '-' ? null : basename(path)
    const file = readZone({ text: content.text, fileName, origin: null })
    if (!file.ok) return refused(`${name}: ${failureLine(file.failure)}`)
    const { problems, complete } = file.value
    const listed = problems.map(problem => `${name}:${zoneProblemLine(problem)}`)
    if (problems.length > 0 && (!skipErrors || !complete)) {
      const help = complete ? ' --skip-errors audits the rest.' : ''
      const { failure } = zoneFailure(file.value)
      return refused([`${name}: ${failureLine(failure)}${help}`, ...listed].join('\n'))
    }
    if (problems.length > 0) {
      notes.push(
        ...listed,
        `${name}: ${countOf(problems.length, 'mistake')} left out; what they are about counts as not looked up.`,
      )
    }
    files.push(file.value)
  }
  const content = joinZones(files)
  const [only, second] = paths
  const label = only === undefined || second !== undefined || only === '-' ? 'the zone files' : basename(only)
  const source = zoneSource(content, only === '-' && second === undefined ? 'the zone file' : label)
  return {
    kind: 'offline',
    source: {
      domains: mailDomainsOf(content),
      notes,
      sourceFor: () => source,
      auditName: name => finishing(runAudit(name, source, Date.now, choices)),
    },
  }
}

async function* finishing(
  audit: AsyncGenerator<AuditEvent, AuditReport, void>,
): AsyncGenerator<AuditEvent, Result<AuditReport>, void> {
  const report = yield* audit
  // Answers from a file never wait; an interrupt would.
  await setImmediate()
  return ok(report)
}

async function openSnapshotFile(path: string, stdin: NodeJS.ReadableStream): Promise<ChosenSource> {
  const name = path === '-' ? 'standard input' : path
  const content = await readText(path, stdin)
  if (!content.ok) return refused(`Cannot read ${name}: ${content.why}.`)
  const snapshot = openSnapshot(content.text)
  if (!snapshot.ok) return refused(`${name}: ${failureLine(snapshot.failure)}`)
  const { audits, savedAt } = snapshot.value
  const byDomain = new Map(audits.map(audit => [audit.domain, audit]))
  const auditOf = (domain: string): SnapshotAudit =>
    byDomain.get(domain) ?? { domain, startedAt: savedAt, tookMs: 0, queries: 0, answers: [] }
  return {
    kind: 'offline',
    source: {
      domains: [...byDomain.keys()],
      notes: [],
      sourceFor: domain => snapshotSource(auditOf(domain)),
      auditName: name => replaying(auditOf(name)),
    },
  }
}

// eslint-disable-next-line require-yield
async function* replaying(audit: SnapshotAudit): AsyncGenerator<AuditEvent, Result<AuditReport>, void> {
  const report = await replayAudit(audit)
  await setImmediate()
  return ok(report)
}
