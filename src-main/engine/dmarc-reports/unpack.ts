import { limits } from '../net/limits.ts'
import { inflate, type InflateBudget, newBudget } from './inflate.ts'
import { kindOf, type Part, refused } from './part.ts'
import { readReportMail } from './read-report-mail.ts'
import { readZip } from './read-zip.ts'

/**
 * Finds the XML documents in a file: XML as it is, gzip, ZIP, or a message that has any of these attached. What it is
 * decides its content, not its name. Each part that cannot be had is refused on its own; the bounds of `limits.dmarc…`
 * hold for the file as a whole, and an archive inside an archive is refused.
 */
export async function unpackReports(octets: Uint8Array): Promise<Part[]> {
  if (octets.length === 0) return [refused(null, 'empty')]
  if (octets.length > limits.dmarcFileBytes)
    return [refused(null, 'file-too-large', { megabytes: limits.dmarcFileBytes / 1e6 })]
  const budget = newBudget()
  if (kindOf(octets) !== 'mail') return unpack({ part: null, octets }, budget)
  const unpacked: Part[] = []
  for (const attached of await readReportMail(octets)) {
    unpacked.push(...(attached.ok ? await unpack(attached, budget) : [attached]))
  }
  return unpacked
}

type Packed = { readonly part: string | null; readonly octets: Uint8Array }

async function unpack({ part, octets }: Packed, budget: InflateBudget): Promise<Part[]> {
  switch (kindOf(octets)) {
    case 'gzip':
      return [asDocument(await inflate(octets, { kind: 'gzip', part, budget }))]
    case 'zip': {
      const entries = await readZip(octets, budget)
      const inside = (name: string | null) =>
        part === null || name === null ? (name ?? part) : `${part}: ${name}`
      if (entries.length === 0) return [refused(part, 'empty')]
      return entries.map(entry => asDocument({ ...entry, part: inside(entry.part) }))
    }
    default:
      return [asDocument({ part, ok: true, octets })]
  }
}

function asDocument(read: Part): Part {
  if (!read.ok) return read
  if (read.octets.length === 0) return refused(read.part, 'empty')
  if (read.octets.length > limits.dmarcDocumentBytes)
    return refused(read.part, 'inflated-too-large', { megabytes: limits.dmarcDocumentBytes / 1e6 })
  const kind = kindOf(read.octets)
  if (kind === 'gzip' || kind === 'zip') return refused(read.part, 'archive-in-archive')
  return kind === 'xml' ? read : refused(read.part, 'not-a-report')
}
