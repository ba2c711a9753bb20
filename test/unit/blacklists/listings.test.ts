import { assert, property, uuid } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffListings } from '#engine/blacklists/listings.ts'
import { nextSweepAt } from '#engine/blacklists/sweep-job.ts'
import {
  listingStates,
  type ListingState,
  type ListResult,
  type TargetResult,
} from '#shared/model/blacklist.ts'

const result = (zone: string, state: ListingState, weight: ListResult['weight'] = 2): ListResult => ({
  zone,
  name: zone,
  state,
  codes: [],
  meaning: null,
  reason: null,
  text: null,
  delistUrl: null,
  weight,
})
const report = (...lists: ListResult[]): { targets: TargetResult[] } => ({
  targets: [{ target: '192.0.2.1', kind: 'ip4', role: 'sending-ip', shared: false, lists }],
})
const standing = [{ target: '192.0.2.1', zone: 'a' }]

describe('the listings that stand', () => {
  test('grow by a new one, once', () => {
    const { fresh, ended } = diffListings([], report(result('a', 'listed'), result('b', 'not-listed')))
    expect([fresh.map(({ zone }) => zone), ended]).toEqual([['a'], []])
    expect(diffListings(standing, report(result('a', 'listed'))).fresh).toEqual([])
  })

  test('end when the list has no entry, is not asked, or the target is gone', () => {
    expect(diffListings(standing, report(result('a', 'not-listed'))).ended).toEqual(standing)
    expect(diffListings(standing, report(result('b', 'listed'))).ended).toEqual(standing)
    expect(diffListings(standing, { targets: [] }).ended).toEqual(standing)
  })

  test('stay when the list gave no usable answer', () => {
    for (const state of listingStates.filter(one => one !== 'not-listed')) {
      expect(diffListings(standing, report(result('a', state))).ended).toEqual([])
    }
  })

  test('are none where nothing is at stake', () => {
    expect(diffListings([], report(result('a', 'listed', 0))).fresh).toEqual([])
  })
})

test('the next sweep is a day later, two hours more or less, and not at the same time for all', () => {
  const sweptAt = Date.UTC(2026, 10, 22, 12)
  const hours = (id: string) => (nextSweepAt(id, sweptAt) - sweptAt) / 3_600_000
  assert(
    property(uuid(), id => {
      const after = hours(id)
      return after >= 22 && after <= 26 && after === hours(id)
    }),
  )
  const spread = new Set(Array.from({ length: 100 }, (_, index) => Math.floor(hours(`domain-${index}`) * 10)))
  expect(spread.size).toBeGreaterThan(15)
})
