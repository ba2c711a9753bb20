import { fail, ok } from '#shared/failure.ts'
import type { Result } from '#shared/failure.ts'
import { limits } from '../net/limits.ts'

/** A name as it stands in the list, and the line it begins on, from 1. */
export type ListEntry = { readonly line: number; readonly input: string }

export type DomainList = {
  readonly entries: readonly ListEntry[]
  /** Lines that held text but no name: comments, the header, rows without a domain. */
  readonly ignored: number
}

type Field = { readonly text: string; readonly quoted: boolean }
type Row = { readonly line: number; readonly fields: readonly Field[] }

const headings = new Set(['domain', 'domains', 'domain name', 'domain_name', 'domainname', 'domain-name'])

/**
 * Reads a pasted list or a CSV (RFC 4180). With a header that names a domain column, that column counts. Without one,
 * a line's first field counts, and so does each further field that looks like a name; `#` begins a comment.
 * Fails with `import-too-large` beyond `limits.importLines` lines or names.
 */
export function readDomainList(text: string): Result<DomainList, 'import-too-large'> {
  const limit = limits.importLines
  const content = text.replace(/^\uFEFF/, '')
  if (countLines(content) > limit) return fail('import-too-large', { lines: countLines(content), limit })

  const firstLine =
    content.split(/\r\n|\n|\r/).find(line => line.trim() !== '' && !line.trim().startsWith('#')) ?? ''
  const delimiter = headerDelimiter(firstLine)
  const list = delimiter === null ? readLoose(content) : readTable(content, delimiter)
  if (list.entries.length > limit) return fail('import-too-large', { lines: list.entries.length, limit })
  return ok(list)
}

function readTable(content: string, delimiter: string): DomainList {
  const entries: ListEntry[] = []
  let ignored = 0
  let column = -1
  for (const row of rowsOf(content, delimiter)) {
    const texts = row.fields.map(field => field.text.trim())
    if (texts.every(text => text === '')) continue
    if (column < 0) {
      ignored += 1
      if (!texts[0]?.startsWith('#')) column = texts.findIndex(isHeading)
      continue
    }
    const input = texts[column] ?? ''
    if (input === '' || texts[0]?.startsWith('#')) ignored += 1
    else entries.push({ line: row.line, input })
  }
  return { entries, ignored }
}

function readLoose(content: string): DomainList {
  const entries: ListEntry[] = []
  let ignored = 0
  for (const row of rowsOf(content, ',;\t')) {
    const names = namesOf(row.fields)
    if (names.length === 0 && row.fields.some(field => field.text.trim() !== '')) ignored += 1
    for (const input of names) entries.push({ line: row.line, input })
  }
  return { entries, ignored }
}

function namesOf(fields: readonly Field[]): string[] {
  const names: string[] = []
  for (const field of fields) {
    const comment = field.quoted ? -1 : field.text.search(/(?:^|\s)#/)
    const text = (comment < 0 ? field.text : field.text.slice(0, comment)).trim()
    if (text !== '' && (names.length === 0 || looksLikeName(text))) names.push(text)
    if (comment >= 0) break
  }
  return names
}

/** A further field is a name only when it can hardly be a person, a number, a date or a mailbox. */
function looksLikeName(text: string): boolean {
  return /^[^\s@]+\.[^\s@\d.][^\s@.]*\.?$/u.test(text)
}

function isHeading(text: string): boolean {
  return headings.has(text.trim().toLowerCase())
}

/** The delimiter of a header line that names a domain column, or null when the line is no header. */
function headerDelimiter(line: string): string | null {
  for (const delimiter of [',', ';', '\t']) {
    const [row] = rowsOf(line, delimiter)
    if (row?.fields.some(field => isHeading(field.text))) return delimiter
  }
  return null
}

/** Splits into rows of fields; a quoted field may hold delimiters, doubled quotes and line breaks (RFC 4180 §2). */
function rowsOf(content: string, delimiters: string): Row[] {
  const rows: Row[] = []
  let fields: Field[] = []
  let line = 1
  let rowLine = 1
  let at = 0
  while (at <= content.length) {
    const quoted = quotedField(content, at, delimiters)
    const end = quoted?.end ?? endOfField(content, at, delimiters)
    const raw = content.slice(at, end)
    fields.push(quoted ? { text: quoted.text, quoted: true } : { text: raw, quoted: false })
    if (quoted) line += countLines(raw) - 1
    const next = content[end]
    const breakLength = next === '\r' && content[end + 1] === '\n' ? 2 : 1
    at = end + breakLength
    if (next === undefined || next === '\n' || next === '\r') {
      rows.push({ line: rowLine, fields })
      fields = []
      line += 1
      rowLine = line
    }
  }
  return rows
}

function endOfField(content: string, from: number, delimiters: string): number {
  let end = from
  while (end < content.length && !isBreak(content[end], delimiters)) end += 1
  return end
}

/** The quoted field that begins here, or null: a quote that is never closed is a character like any other. */
function quotedField(
  content: string,
  from: number,
  delimiters: string,
): { text: string; end: number } | null {
  if (content[from] !== '"') return null
  let close = content.indexOf('"', from + 1)
  while (close >= 0 && content[close + 1] === '"') close = content.indexOf('"', close + 2)
  if (close < 0) return null
  let end = close + 1
  while (content[end] === ' ') end += 1
  if (end < content.length && !isBreak(content[end], delimiters)) return null
  return { text: content.slice(from + 1, close).replaceAll('""', '"'), end }
}

function isBreak(character: string | undefined, delimiters: string): boolean {
  return (
    character === '\n' || character === '\r' || (character !== undefined && delimiters.includes(character))
  )
}

function countLines(text: string): number {
  let lines = 1
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n')) lines += 1
  }
  return lines
}
