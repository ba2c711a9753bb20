import { fail, type Failure } from '#shared/failure.ts'
import type { AuditReport } from '#shared/model/audit.ts'
import type { FileAuditEvent, ZoneOverview } from '#shared/model/offline.ts'
import type { ZoneProblem } from '#shared/model/zone-problem.ts'
import { create } from 'zustand'
import type { Client } from '../../client/client.ts'
import { readStream } from '../../client/stream.ts'

/** Text that came from a file, or was pasted. */
export type GivenText = { text: string; fileName: string | null; origin: string | null }

/** A file whose domains were audited, or are being. */
export type OpenFile = {
  kind: 'zone' | 'snapshot'
  name: string
  savedAt: number | null
  domains: readonly string[]
  /** Domains of the file beyond those that are shown. */
  left: number
  reports: readonly AuditReport[]
  isReading: boolean
  /** Mistakes that were left out. */
  problems: readonly ZoneProblem[]
}

/** A zone file with mistakes, waiting for a decision. */
export type Draft = { given: GivenText; overview: ZoneOverview }

type OfflineState = {
  file: OpenFile | null
  draft: Draft | null
  failure: Failure | null
  /** The domain whose report is shown. */
  chosen: string | null
  choose(domain: string): void
  setFailure(failure: Failure): void
  close(): void
  /** Opens a snapshot, or a zone file; one with mistakes becomes the draft unless `skipProblems`. */
  open(client: Client, given: GivenText, skipProblems?: boolean): Promise<void>
}

/** As the contract has it; what is longer is not sent. */
export const mostFileCharacters = 7_000_000

const nothingOpen = { file: null, draft: null, failure: null, chosen: null }
let reading: AbortController | null = null

/** What the screen for files shows; it outlives a visit to another screen. */
export const useOffline = create<OfflineState>((set, get) => ({
  ...nothingOpen,
  choose: chosen => set({ chosen }),
  setFailure: failure => set({ failure }),
  close: () => {
    reading?.abort()
    set(nothingOpen)
  },
  open: async (client, given, skipProblems = false) => {
    reading?.abort()
    const cancel = new AbortController()
    reading = cancel
    set({ failure: null, draft: null })
    if (given.text.length > mostFileCharacters) {
      return set({ failure: fail('file-too-large', { limit: mostFileCharacters }).failure })
    }
    const isSnapshot = looksLikeSnapshot(given.text)
    let problems: readonly ZoneProblem[] = []
    if (!isSnapshot) {
      const inspected = await client.offline.inspectZone(given, { signal: cancel.signal })
      if (reading !== cancel) return
      if (!inspected.ok) return set({ failure: inspected.failure })
      problems = inspected.value.problems
      if (problems.length > 0 && !skipProblems) return set({ draft: { given, overview: inspected.value } })
    }
    const name = given.fileName ?? 'The pasted text'
    const onEvent = (event: FileAuditEvent) => {
      if (reading !== cancel) return
      const { file } = get()
      if (event.kind === 'opened') {
        const kind = isSnapshot ? 'snapshot' : 'zone'
        set({
          file: { ...event, kind, name, reports: [], isReading: true, problems },
          chosen: event.domains[0] ?? null,
        })
      } else if (file !== null) {
        set({ file: { ...file, reports: [...file.reports, event.report] } })
      }
    }
    const call = isSnapshot
      ? client.offline.openSnapshot({ text: given.text }, { signal: cancel.signal })
      : client.offline.auditZone({ ...given, skipProblems: true }, { signal: cancel.signal })
    const result = await readStream(call, { signal: cancel.signal, onEvent })
    if (reading !== cancel) return
    reading = null
    const { file } = get()
    if (file !== null) set({ file: { ...file, isReading: false } })
    if (!result.ok && result.failure.code !== 'cancelled') set({ failure: result.failure })
  },
}))

/** The engine says what a file is; this only decides which question to ask it. */
export function looksLikeSnapshot(text: string): boolean {
  return /^\uFEFF?\s*\{/.test(text) && /"format"\s*:\s*"rookery-snapshot"/.test(text.slice(0, 2_000))
}

/** Reads the reports of a snapshot for a comparison, without showing it. */
export async function readReports(
  client: Client,
  text: string,
): Promise<{ reports: AuditReport[]; failure: Failure | null }> {
  const reports: AuditReport[] = []
  if (text.length > mostFileCharacters) {
    return { reports, failure: fail('file-too-large', { limit: mostFileCharacters }).failure }
  }
  const result = await readStream(client.offline.openSnapshot({ text }), {
    onEvent: event => {
      if (event.kind === 'audited') reports.push(event.report)
    },
  })
  return { reports, failure: result.ok ? null : result.failure }
}
