import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { rules } from '#engine/domains/checks/rules.ts'
import { findingCodes } from '#shared/model/finding.ts'
import { catalogueIds, withoutFinding } from '../../../src-main/cli/catalogue.ts'
import { checksDocument } from '../../../src-main/cli/checks-doc.ts'

const written = readFileSync(new URL('../../../docs/checks.md', import.meta.url), 'utf8')

test('docs/checks.md is what the rules and words say: npm run checks-doc brings it up to date', () => {
  expect(written).toBe(checksDocument())
})

test('every finding and every id of the catalogue stands in it once', () => {
  const linesWith = (start: string) => written.split('\n').filter(line => line.startsWith(start))
  for (const code of findingCodes) {
    expect(written.split('\n').filter(line => line.includes(`| \`${code}\` | `))).toHaveLength(1)
  }
  const last = written.slice(written.indexOf('## Every id'))
  for (const id of catalogueIds) {
    expect(
      last.split('\n').filter(line => line.startsWith(`| ${id} |`)),
      id,
    ).toHaveLength(1)
  }
  expect(linesWith('## ').length).toBeGreaterThan(5)
})

test('rules name only ids of the catalogue, and a reason for having no finding stands only where there is none', () => {
  const covered = new Set(findingCodes.flatMap(code => rules[code].ids))
  expect([...covered].filter(id => !catalogueIds.includes(id))).toEqual([])
  expect(Object.keys(withoutFinding).filter(id => !catalogueIds.includes(id) || covered.has(id))).toEqual([])
})
