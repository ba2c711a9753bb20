import { CsvError, parse } from 'csv-parse/sync'
import { fail, ok, type Result } from '#shared/failure.ts'
import type { ImportColumn, ImportPreview } from '#shared/model/mailbox-import.ts'
import { limits } from '../../net/limits.ts'
import { columnOf } from './columns.ts'

export type Separator = ImportPreview['separator']
const separators: readonly Separator[] = [',', ';', '\t', '|']

/** A row as it stands in the file: fields by column, or null when its quotes could not be read. */
export type TableRow = {
  /** The line it begins on, from 1. */
  readonly line: number
  readonly fields: Readonly<Partial<Record<ImportColumn, string>>> | null
  /** Fields beyond the last header that hold something. */
  readonly extraFields: number
}

export type Table = {
  readonly separator: Separator
  readonly columns: ImportPreview['columns']
  readonly rows: readonly TableRow[]
}

/**
 * Reads a CSV with headers (RFC 4180), also with a byte order mark, another separator, a `sep=` line of spreadsheets, and
 * rows whose quotes are broken: each costs its own line and no more. Fails with `csv-empty`, `csv-without-address`
 * {headers} or `import-too-large` {lines, limit}. Pure.
 */
export function readTable(
  text: string,
): Result<Table, 'csv-empty' | 'csv-without-address' | 'import-too-large'> {
  const content = text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n')
  const said = /^sep=(.)\n/i.exec(content)?.[1]
  const start = said === undefined ? 0 : content.indexOf('\n') + 1
  const firstLine = content
    .slice(start)
    .split('\n')
    .findIndex(line => line.trim() !== '')
  if (firstLine < 0) return fail('csv-empty')
  const separator = separators.find(one => one === said) ?? separatorOf(content.slice(start))
  const found = readRecords(content, separator, said === undefined ? 1 : 2)
  if (found === null) {
    const lines = content.split('\n').length
    return fail('import-too-large', { lines, limit: limits.mailboxImportRows })
  }
  const [head, ...body] = found
  if (head?.fields === null || head === undefined) return fail('csv-without-address', { headers: '' })
  const columns = headersOf(head.fields)
  if (!columns.some(({ column }) => column === 'address')) {
    // A file without headers begins with data, and data may be a password.
    const known = columns.filter(({ column }) => column !== null).map(({ header }) => header)
    return fail('csv-without-address', { headers: known.join(', ') })
  }
  return ok({ separator, columns, rows: body.map(record => toRow(record, columns)) })
}

/** The separator that makes the most known headers of the first line; a comma when none does. */
function separatorOf(content: string): Separator {
  const line = content.split('\n').find(one => one.trim() !== '') ?? ''
  const known = (separator: Separator) =>
    line.split(separator).filter(header => columnOf(header) !== null).length
  return separators.reduce((best, one) => (known(one) > known(best) ? one : best), ',')
}

function headersOf(fields: readonly string[]): Table['columns'] {
  const taken = new Set<ImportColumn>()
  return fields.map(field => {
    const header = field.trim()
    const column = columnOf(header)
    if (column === null || taken.has(column)) return { header: header.slice(0, 60), column: null }
    taken.add(column)
    return { header: header.slice(0, 60), column }
  })
}

function toRow({ line, fields }: CsvRecord, columns: Table['columns']): TableRow {
  if (fields === null) return { line, fields: null, extraFields: 0 }
  const byColumn: Partial<{ [C in ImportColumn]: string }> = {}
  for (const [index, { column }] of columns.entries()) {
    const field = fields[index]
    if (column !== null && field !== undefined) byColumn[column] = field
  }
  const extraFields = fields.slice(columns.length).filter(field => field.trim() !== '').length
  return { line, fields: byColumn, extraFields }
}

type CsvRecord = { readonly line: number; readonly fields: readonly string[] | null }

/** Every record with the line it begins on; null beyond the bound on rows. Empty lines are left out. */
function readRecords(content: string, separator: Separator, fromLine: number): CsvRecord[] | null {
  const starts = lineStarts(content)
  const records: CsvRecord[] = []
  let line = fromLine
  while (line <= starts.length) {
    const begun = line
    const stoppedAt = readStretch(content.slice(starts[line - 1]), separator, (fields, lines) => {
      if (fields.some(field => field.trim() !== '')) records.push({ line, fields })
      line = begun + lines
      return records.length <= limits.mailboxImportRows + 1
    })
    if (records.length > limits.mailboxImportRows + 1) return null
    if (stoppedAt === 'end') break
    // The record that begins here is broken; the next line may be whole again.
    records.push({ line, fields: null })
    line += 1
  }
  return records
}

/** Reads to the end or to the first record that is broken. `onRecord` gets the lines read so far; false stops. */
function readStretch(
  content: string,
  delimiter: Separator,
  onRecord: (fields: readonly string[], lines: number) => boolean,
): 'end' | 'broken' {
  let isStopped = false
  try {
    parse(content, {
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
      max_record_size: limits.mailboxImportRowCharacters,
      on_record: (record: string[], context) => {
        if (!isStopped) isStopped = !onRecord(record, context.lines)
        return null
      },
    })
    return 'end'
  } catch (error) {
    if (error instanceof CsvError) return isStopped ? 'end' : 'broken'
    throw error
  }
}

function lineStarts(content: string): number[] {
  const starts = [0]
  for (let at = content.indexOf('\n'); at >= 0; at = content.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}
