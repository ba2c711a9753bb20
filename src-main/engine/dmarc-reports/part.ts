import type { ReportRefusal } from '#shared/model/dmarc-report.ts'

export type RefusalFacts = Readonly<Record<string, string | number>>
export type Refused = {
  readonly part: string | null
  readonly ok: false
  readonly code: ReportRefusal
  readonly facts: RefusalFacts
}

/** One thing in a file: its octets, unpacked, or why there are none. `part` is null for the file itself. */
export type Part = { readonly part: string | null; readonly ok: true; readonly octets: Uint8Array } | Refused

export function refused(part: string | null, code: ReportRefusal, facts: RefusalFacts = {}): Refused {
  return { part, ok: false, code, facts }
}

export type PartKind = 'gzip' | 'zip' | 'xml' | 'mail' | 'other'

/** What the octets are, whatever the file is called: reporters and mail programs name and type them wrongly. */
export function kindOf(octets: Uint8Array): PartKind {
  if (octets[0] === 0x1f && octets[1] === 0x8b) return 'gzip'
  // `PK\3\4` begins an entry, `PK\5\6` an archive without any.
  if (octets[0] === 0x50 && octets[1] === 0x4b && (octets[2] === 3 || octets[2] === 5)) return 'zip'
  if (isUtf16(octets)) return 'xml'
  const start = new TextDecoder('latin1').decode(octets.subarray(0, 1_000)).replace(/^\u00ef\u00bb\u00bf/, '')
  if (/^\s*</.test(start)) return 'xml'
  // A field of a header (RFC 5322 §2.2), or the line that begins a message in an mbox file.
  return /^(?:From [^\n]*\n)?\s*[!-9;-~]{1,80}:[ \t\r\n]/.test(start) ? 'mail' : 'other'
}

function isUtf16(octets: Uint8Array): boolean {
  const [first, second] = octets
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}
