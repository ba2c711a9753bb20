import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  createDomainTable,
  type DomainFilter,
  type DomainSort,
  findByName,
} from '../../../src-renderer/replica/domain-table.ts'
import { someDomain } from './some-domain.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const everything: DomainFilter = { search: '', status: 'all', tag: null, attention: false }
const byName: DomainSort = { by: 'name', descending: false }

function tableOf(...rows: Parameters<ReturnType<typeof createDomainTable>['put']>[0]) {
  const table = createDomainTable()
  table.put(rows)
  return table
}

describe('the order', () => {
  test('by name as it is shown, without accents and capitals', () => {
    const table = tableOf(
      someDomain('xn--mller-kva.example', { displayName: 'Müller.example' }),
      someDomain('zeta.example'),
      someDomain('muller-b.example'),
      someDomain('Alpha.example'),
    )
    expect(table.ids(byName, everything)).toEqual([
      'Alpha.example',
      'muller-b.example',
      'xn--mller-kva.example',
      'zeta.example',
    ])
    expect(table.ids({ by: 'name', descending: true }, everything)[0]).toBe('zeta.example')
  })

  test('what is not known comes first, and equals by name', () => {
    const table = tableOf(
      someDomain('b', { score: 50, checkedAt: 2, status: 'pending', dnsProvider: 'godaddy' }),
      someDomain('a', { score: 50, checkedAt: 2, status: 'pending', dnsProvider: 'godaddy' }),
      someDomain('c', { score: null, checkedAt: null, status: 'failed', dnsProvider: null }),
      someDomain('d', {
        score: 9,
        checkedAt: 1,
        status: 'verified',
        dnsProvider: 'cloudflare',
        mailboxes: 2,
      }),
    )
    const by = (by: DomainSort['by']) => table.ids({ by, descending: false }, everything).join('')
    expect(by('score')).toBe('cdab')
    expect(by('checkedAt')).toBe('cdab')
    expect(by('status')).toBe('cabd')
    expect(by('provider')).toBe('cdab')
    expect(by('mailboxes')).toBe('abcd')
  })

  test('is the one of a fresh sorting after any puts and removals', () => {
    const name = fc.stringMatching(/^[a-e]{1,3}$/)
    const step = fc.oneof(
      fc.record({ put: fc.array(fc.tuple(name, fc.integer({ min: 0, max: 4 })), { maxLength: 5 }) }),
      fc.record({ remove: fc.array(name, { maxLength: 3 }) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), steps => {
        const table = createDomainTable()
        const expected = new Map<string, number>()
        for (const step of steps) {
          if ('put' in step) {
            table.put(step.put.map(([id, score]) => someDomain(id, { score })))
            for (const [id, score] of step.put) expected.set(id, score)
          } else {
            table.remove(step.remove)
            for (const id of step.remove) expected.delete(id)
          }
          vi.runAllTimers()
          const sorted = [...expected]
            .toSorted(([a, one], [b, other]) => one - other || (a < b ? -1 : 1))
            .map(([id]) => id)
          expect(table.ids({ by: 'score', descending: false }, everything)).toEqual(sorted)
        }
      }),
    )
  })
})

describe('the filter', () => {
  const table = tableOf(
    someDomain('shop.example', { status: 'failed', critical: 1, tags: ['Client A'] }),
    someDomain('mail.example', { status: 'pending', high: 2 }),
    someDomain('xn--bcher-kva.example', { displayName: 'bücher.example', tags: ['Client B'] }),
  )
  const shown = (change: Partial<DomainFilter>) => table.ids(byName, { ...everything, ...change })

  test('finds by name, by the name as it is shown, and by tag', () => {
    expect(shown({ search: ' SHOP ' })).toEqual(['shop.example'])
    expect(shown({ search: 'bücher' })).toEqual(['xn--bcher-kva.example'])
    expect(shown({ search: 'client' })).toEqual(['xn--bcher-kva.example', 'shop.example'])
    expect(shown({ search: 'nothing' })).toEqual([])
  })
  test('keeps a status, a tag, and what has serious findings', () => {
    expect(shown({ status: 'pending' })).toEqual(['mail.example'])
    expect(shown({ tag: 'Client A' })).toEqual(['shop.example'])
    expect(shown({ attention: true })).toEqual(['mail.example', 'shop.example'])
    expect(shown({ attention: true, status: 'failed' })).toEqual(['shop.example'])
  })
  test('the palette looks at names alone, and takes the first', () => {
    expect(findByName(table, 'client', 8)).toEqual([])
    expect(findByName(table, 'example', 2).map(({ id }) => id)).toEqual([
      'xn--bcher-kva.example',
      'mail.example',
    ])
  })
})

describe('what stays the same', () => {
  test('a row that came again unchanged is the same object, and is not told', () => {
    const table = tableOf(someDomain('a'))
    vi.runAllTimers()
    const before = { row: table.row('a'), version: table.version() }
    expect(table.put([someDomain('a')])).toEqual([])
    vi.runAllTimers()
    expect(table.row('a')).toBe(before.row)
    expect(table.version()).toBe(before.version)
    expect(table.put([someDomain('a', { score: 1 })])).toEqual(['a'])
    expect(table.row('a')).not.toBe(before.row)
  })
  test('the ids are the same array while their order holds', () => {
    const table = tableOf(someDomain('a'), someDomain('b'))
    const before = table.ids(byName, everything)
    table.put([someDomain('a', { score: 1 })])
    vi.runAllTimers()
    expect(table.ids(byName, everything)).toBe(before)
    table.remove(['a'])
    vi.runAllTimers()
    expect(table.ids(byName, everything)).toEqual(['b'])
  })
})

test('the first change is told at once, what follows together', () => {
  const table = createDomainTable()
  let told = 0
  const stop = table.subscribe(() => (told += 1))
  for (const name of ['a', 'b', 'c']) table.put([someDomain(name)])
  expect(told).toBe(1)
  vi.advanceTimersByTime(1_000)
  expect(told).toBe(2)
  expect(table.counts()).toEqual({ all: 3, failed: 0, pending: 0, verified: 3 })
  stop()
  table.remove(['a'])
  vi.runAllTimers()
  expect(told).toBe(2)
})

test('the first rows of all are told at once, and so is that they are all', () => {
  const table = createDomainTable()
  let told = 0
  table.subscribe(() => (told += 1))
  table.setCompleteness('partial')
  expect(told).toBe(1)
  table.put([someDomain('a')])
  expect(told).toBe(2)
  table.put([someDomain('b')])
  expect(told).toBe(2)
  table.setCompleteness('complete')
  expect(told).toBe(3)
  expect(table.ids(byName, everything)).toEqual(['a', 'b'])
})

test('counts, tags, and what a full reading no longer holds', () => {
  const table = tableOf(
    someDomain('a', { status: 'failed', tags: ['Two', 'One'] }),
    someDomain('b', { status: 'pending', tags: ['One'] }),
  )
  expect(table.tags()).toEqual(['One', 'Two'])
  expect(table.keepOnly(new Set(['b', 'x']))).toEqual(['a'])
  vi.runAllTimers()
  expect(table.counts()).toEqual({ all: 1, failed: 0, pending: 1, verified: 0 })
  expect(table.tags()).toEqual(['One'])
  expect(table.completeness()).toBe('loading')
  table.setCompleteness('complete')
  expect(table.completeness()).toBe('complete')
})
