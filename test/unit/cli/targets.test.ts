import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readTargets } from '../../../src-main/cli/targets.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rookery-targets-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const read = (domains: readonly string[], files: readonly string[] = [], stdin = '') =>
  readTargets({ domains, files, stdin: Readable.from([stdin]) })

describe('readTargets', () => {
  test('keeps the order, and each domain once however it was typed', async () => {
    const targets = await read(['Example.COM', 'other.example', 'example.com.', ' example.com '])
    expect(targets).toMatchObject([
      { input: 'Example.COM', name: 'example.com', failure: null },
      { input: 'other.example', name: 'other.example', failure: null },
    ])
  })

  test('an international name is asked by its A-labels', async () => {
    expect(await read(['bücher.example'])).toMatchObject([{ name: 'xn--bcher-kva.example' }])
  })

  test('every bad name is kept with what is wrong', async () => {
    const targets = await read(['https://example.com/x', 'a b.example', '192.0.2.1', 'https://example.com/x'])
    expect(targets).toMatchObject([
      { failure: { code: 'domain-has-scheme' } },
      { failure: { code: 'domain-has-space' } },
      { failure: { code: 'domain-is-address' } },
      { failure: { code: 'domain-has-scheme' } },
    ])
  })

  test('a file is read like an import, with the line of each name', async () => {
    const file = join(folder, 'names.csv')
    await writeFile(file, '\ufeffowner,domain\r\nann,example.com\r\nbob,not/a/name\r\n')
    expect(await read([], [file])).toMatchObject([
      { name: 'example.com', place: { file, line: 2 } },
      { input: 'not/a/name', place: { file, line: 3 }, failure: { code: 'domain-has-path' } },
    ])
  })

  test('standard input is read once', async () => {
    expect(await read(['a.example'], ['-', '-'], 'b.example\n# no\nc.example')).toMatchObject([
      { name: 'a.example' },
      { name: 'b.example' },
      { name: 'c.example' },
    ])
  })

  test('says which file cannot be read, and why', async () => {
    expect(await read([], [join(folder, 'nowhere.txt')])).toMatch(
      /^Cannot read .*nowhere\.txt: there is no such file\.$/,
    )
    expect(await read([], [folder])).toMatch(/it is a folder\.$/)
    expect(await read([], ['-'], '# nothing\n')).toBe('There is no domain name in standard input.')
  })

  test('a list that is too long is refused whole', async () => {
    expect(await read([], ['-'], 'a.example\n'.repeat(20_001))).toMatch(
      /^standard input: The list is too long/,
    )
  })
})
