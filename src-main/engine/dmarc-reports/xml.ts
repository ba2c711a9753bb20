import { XMLParser } from 'fast-xml-parser'
import type { ReportRefusal } from '#shared/model/dmarc-report.ts'
import { limits } from '../net/limits.ts'

/** An element: its children by name, without prefix. Attributes are not read. */
export type XmlNode = Readonly<Record<string, unknown>>
export type XmlRead =
  | { readonly ok: true; readonly root: XmlNode; readonly text: string }
  | { readonly ok: false; readonly code: ReportRefusal }

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  processEntities: false,
  maxNestedTags: limits.dmarcDepth,
})

/**
 * Reads XML 1.0 into a tree, in the encoding that it declares. Entities are never expanded, a document type is refused,
 * size, depth and the number of marks are bounded by `limits`. Refuses with `encoding-unknown`, `has-doctype`,
 * `too-many-records`, `too-deep` or `xml-damaged`, also for what was cut off.
 */
export function readXml(octets: Uint8Array): XmlRead {
  const text = decode(octets)
  if (text === null) return { ok: false, code: 'encoding-unknown' }
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) return { ok: false, code: 'has-doctype' }
  if (countOf('<', text, limits.dmarcMarks) > limits.dmarcMarks)
    return { ok: false, code: 'too-many-records' }
  try {
    const root: unknown = parser.parse(withoutBareAmpersands(text), true)
    return isNode(root) ? { ok: true, root, text } : { ok: false, code: 'xml-damaged' }
  } catch (error) {
    const isDeep = error instanceof Error && /nested/i.test(error.message)
    return { ok: false, code: isDeep ? 'too-deep' : 'xml-damaged' }
  }
}

function decode(octets: Uint8Array): string | null {
  const [first, second] = octets
  const mark =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : null
  const start = new TextDecoder('latin1').decode(octets.subarray(0, 200))
  const declared = /^[^<]*<\?xml[^>]{0,120}\bencoding\s*=\s*["']([\w.:-]{1,40})["']/i.exec(start)?.[1]
  // Without its mark at the beginning, a text that was read as far as this declaration is no UTF-16.
  const label = mark ?? (declared === undefined || /^utf-?16/i.test(declared) ? 'utf-8' : declared)
  try {
    return new TextDecoder(label).decode(octets)
  } catch {
    return null
  }
}

function countOf(mark: string, text: string, most: number): number {
  let count = 0
  for (let at = text.indexOf(mark); at !== -1 && count <= most; at = text.indexOf(mark, at + 1)) count += 1
  return count
}

/** Some reporters write the names of organisations as they are. */
function withoutBareAmpersands(text: string): string {
  // A text of nothing else would grow fivefold.
  if (countOf('&', text, limits.dmarcRecords) > limits.dmarcRecords) return text
  return text.replace(/&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-f]{1,6});)/gi, '&amp;')
}

function isNode(value: unknown): value is XmlNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The children of this name, in order; without those that hold nothing but text. */
export function childrenOf(node: XmlNode | undefined, name: string): XmlNode[] {
  return valuesOf(node, name).filter(isNode)
}

/** The text of the first child of this name, clipped; empty when there is none. */
export function textOf(node: XmlNode | undefined, name: string): string {
  return textsOf(node, name)[0] ?? ''
}

export function textsOf(node: XmlNode | undefined, name: string): string[] {
  return valuesOf(node, name).flatMap(value => {
    const text: unknown = isNode(value) ? value['#text'] : value
    return typeof text === 'string'
      ? [
          withoutEntities(text.slice(0, 4 * limits.dmarcTextCharacters))
            .slice(0, limits.dmarcTextCharacters)
            .trim(),
        ]
      : []
  })
}

function valuesOf(node: XmlNode | undefined, name: string): unknown[] {
  const value = node !== undefined && Object.hasOwn(node, name) ? node[name] : undefined
  return Array.isArray(value) ? value : [value]
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The five that XML always has (XML 1.0 §4.6), and numbers of characters that a line of text may hold. */
function withoutEntities(text: string): string {
  return text.replace(
    /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-f]{1,6}));/gi,
    (all, name, decimal, hex) => {
      if (name !== undefined) return entities[String(name).toLowerCase()] ?? all
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
      return code >= 0x20 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
        ? String.fromCodePoint(code)
        : ' '
    },
  )
}
