import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDomainList } from '#engine/domains/import-list.ts'
import { limits } from '#engine/net/limits.ts'

function read(text: string) {
  const result = readDomainList(text)
  if (!result.ok) throw new Error(result.failure.code)
  return {
    names: result.value.entries.map(entry => `${entry.line}:${entry.input}`),
    ignored: result.value.ignored,
  }
}

const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`

describe('a pasted list', () => {
  test.each([
    ['one a line', 'a.com\nb.com\n', ['1:a.com', '2:b.com'], 0],
    [
      'CRLF, CR, blank lines and a byte order mark',
      '\uFEFFa.com\r\n\r\nb.com\rc.com',
      ['1:a.com', '3:b.com', '4:c.com'],
      0,
    ],
    [
      'commas, semicolons and tabs',
      'a.com, b.com;c.com\td.com',
      ['1:a.com', '1:b.com', '1:c.com', '1:d.com'],
      0,
    ],
    ['comments', '# mine\na.com # shop, old.com\n#b.com\n', ['2:a.com'], 2],
    ['further columns that are no names', 'a.com,Ann Lee,2024,1.5,ann@a.com,3.2.2024', ['1:a.com'], 0],
    [
      'bad names are kept, to be told',
      'https://a.com/x\nnot a name',
      ['1:https://a.com/x', '2:not a name'],
      0,
    ],
    ['quotes', '"a.com"\n"b.com","c.com"', ['1:a.com', '2:b.com', '2:c.com'], 0],
    ['a quote that never closes swallows nothing', '"a.com\nb.com', ['1:"a.com', '2:b.com'], 0],
    ['nothing', '', [], 0],
    ['only separators', ',;\t\n,,', [], 0],
  ])('%s', (_, text, names, ignored) => {
    expect(read(text)).toEqual({ names, ignored })
  })
})

describe('a CSV with a header', () => {
  test.each([
    ['chooses the column', 'Name,Domain,Note\nAnn,a.com,b.com\nBob,c.com,', ['2:a.com', '3:c.com'], 1],
    ['semicolons', 'Id;Domain name\n1;a.com', ['2:a.com'], 1],
    ['tabs', 'domain\tplan\na.com\tpro.gold', ['2:a.com'], 1],
    ['one column', 'Domain\r\na.com\r\n\r\nb.com', ['2:a.com', '4:b.com'], 1],
    [
      'line breaks, delimiters and doubled quotes inside quotes',
      'Note,domain\n"x, ""y""\nz",a.com\nw,b.com',
      ['2:a.com', '4:b.com'],
      1,
    ],
    ['rows without a domain', 'Note,domain\nx,\ny\nz,a.com', ['4:a.com'], 3],
    ['a comment before the header', '# export\nNote,domain\nx,a.com', ['3:a.com'], 2],
  ])('%s', (_, text, names, ignored) => {
    expect(read(text)).toEqual({ names, ignored })
  })
})

test('too many lines, or too many names on one line, are refused as a whole', () => {
  const limit = limits.importLines
  expect(read('a.com\n'.repeat(limit - 1)).names).toHaveLength(limit - 1)
  expect(readDomainList('a.com\n'.repeat(limit + 1))).toMatchObject({
    ok: false,
    failure: { code: 'import-too-large', detail: { limit } },
  })
  expect(readDomainList('a.com,'.repeat(limit + 1))).toMatchObject({
    ok: false,
    failure: { code: 'import-too-large' },
  })
})

test('a table survives being written as CSV, whatever stands in its cells', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r\n', ' ', 'x.com') })
  const rows = fc.array(fc.tuple(cell, fc.domain(), cell), { maxLength: 20 })
  fc.assert(
    fc.property(rows, fc.constantFrom(',', ';', '\t'), (table, delimiter) => {
      const lines = table.map(row => row.map(quote).join(delimiter))
      const text = [['note', 'Domain', 'more'].join(delimiter), ...lines].join('\r\n')
      const result = readDomainList(text)
      expect(result.ok && result.value.entries.map(entry => entry.input)).toEqual(table.map(row => row[1]))
    }),
  )
})

test('any text is read without an exception, and every line number is inside it', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', '#', ' ', 'a.b', 'domain') }),
      text => {
        const result = readDomainList(text)
        const lines = text.split(/\r\n|\n|\r/).length
        for (const entry of result.ok ? result.value.entries : []) {
          expect(entry.line).toBeGreaterThanOrEqual(1)
          expect(entry.line).toBeLessThanOrEqual(lines)
          expect(entry.input.trim()).toBe(entry.input)
        }
      },
    ),
  )
})
