import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createDomainTable } from '../../../src-renderer/replica/domain-table.ts'
import { recallFirst, rememberFirst } from '../../../src-renderer/replica/first-rows.ts'
import { someDomain } from './some-domain.ts'

const kept = new Map<string, string>()
beforeEach(() => {
  kept.clear()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

test('the first by name come back as they were, and no more than fill a window', () => {
  const table = createDomainTable()
  table.put(Array.from({ length: 200 }, (_, index) => someDomain(`n${999 - index}.example`)))
  rememberFirst(table)
  const first = recallFirst()
  expect(first).toHaveLength(30)
  expect(first[0]).toEqual(table.row('n800.example'))
  expect(first.map(({ id }) => id)).toEqual(first.map(({ id }) => id).toSorted())
})

test('nothing there, nonsense, and rows of another schema are none', () => {
  expect(recallFirst()).toEqual([])
  rememberFirst(createDomainTable())
  const [key = ''] = kept.keys()
  for (const text of ['{', 'null', '{"schema":0,"rows":[{}]}']) {
    kept.set(key, text)
    expect(recallFirst()).toEqual([])
  }
})

test('a storage that is full or forbidden is no failure', () => {
  vi.stubGlobal('localStorage', {
    getItem: () => {
      throw new Error('forbidden')
    },
    setItem: () => {
      throw new Error('full')
    },
  })
  rememberFirst(createDomainTable())
  expect(recallFirst()).toEqual([])
})
