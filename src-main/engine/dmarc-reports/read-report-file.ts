import type { DmarcReport } from '#shared/model/dmarc-report.ts'
import { parseReport } from './parse-report.ts'
import type { Refused } from './part.ts'
import { unpackReports } from './unpack.ts'

export type ReadPart =
  | { readonly part: string | null; readonly ok: true; readonly report: DmarcReport }
  | Refused

/**
 * Reads every report of a file, whatever it is packed in; each part is a report or a refusal of its own, and there is
 * at least one. Time and memory are bounded by `limits.dmarc…`. `now` is epoch milliseconds. Touches nothing.
 */
export async function readReportFile(octets: Uint8Array, now: number): Promise<ReadPart[]> {
  const parts: ReadPart[] = []
  for (const unpacked of await unpackReports(octets)) {
    if (!unpacked.ok) {
      parts.push(unpacked)
      continue
    }
    const { part } = unpacked
    const parsed = parseReport(unpacked.octets, now)
    parts.push(
      parsed.ok
        ? { part, ok: true, report: parsed.report }
        : { part, ok: false, code: parsed.code, facts: parsed.facts },
    )
  }
  return parts
}
