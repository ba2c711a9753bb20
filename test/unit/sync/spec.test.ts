import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..', '..')
const spec = readFileSync(join(root, 'src-main/engine/sync/SPEC.md'), 'utf8')
const rules = [...spec.matchAll(/\*\*(S-\d\d)\*\*/g)].map(([, id = '']) => id)

/** The titles of the tests about synchronising. */
const titles = [join(root, 'test/unit/sync'), join(root, 'test/integration')]
  .flatMap(folder => readdirSync(folder).map(file => join(folder, file)))
  .filter(file => /sync.*\.test\.ts$/.test(file))
  .flatMap(file => [
    ...readFileSync(file, 'utf8').matchAll(/\b(?:it|test)(?:\.each\([^]*?\))?\(\s*'([^']*)'/g),
  ])
  .map(([, title = '']) => title)

it('every rule has a number of its own, and a test that names it', () => {
  expect(new Set(rules).size).toBe(rules.length)
  const untested = rules.filter(id => !titles.some(title => title.includes(id)))
  expect(untested).toEqual([])
})

it('no test names a rule that does not stand there', () => {
  const named = titles.flatMap(title => [...title.matchAll(/S-\d\d/g)].map(([id]) => id))
  expect(named.filter(id => !rules.includes(id))).toEqual([])
})
