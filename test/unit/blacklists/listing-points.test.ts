import { array, assert, constantFrom, integer, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import { listingParts, scoreWithListings, type StandingListing } from '#shared/listing-points.ts'
import { listingPointsLine } from '#shared/words/blacklists.ts'

const listing = (zone: string, weight: StandingListing['weight'], target = '192.0.2.1') => ({
  zone,
  name: zone.toUpperCase(),
  target,
  weight,
})
const points = (...listings: StandingListing[]) => listingParts(listings).map(part => part.points)

test('a list takes 25, 10 or 3 points by its weight, and nothing for information', () => {
  expect(points(listing('a', 1), listing('b', 3), listing('c', 2), listing('d', 0))).toEqual([25, 10, 3])
})

test('a list counts once, however many addresses stand on it', () => {
  const parts = listingParts([listing('a', 2, '192.0.2.9'), listing('a', 3), listing('b', 1)])
  expect(parts).toEqual([
    { zone: 'a', name: 'A', targets: ['192.0.2.1', '192.0.2.9'], points: 25 },
    { zone: 'b', name: 'B', targets: ['192.0.2.1'], points: 3 },
  ])
})

test('the widely used lists take 50 points together at most, and a third is still named', () => {
  expect(points(listing('a', 3), listing('b', 3), listing('c', 3), listing('d', 2))).toEqual([25, 25, 0, 10])
})

test('an unknown score stays unknown', () => {
  expect(scoreWithListings(null, [{ points: 25 }])).toBeNull()
  expect(scoreWithListings(100, [])).toBe(100)
})

test('a score is never below 0 nor raised, and every part names its list and what stands there', () => {
  const any = array(
    record({
      zone: constantFrom('a', 'b', 'c', 'd', 'e'),
      name: constantFrom('', 'Name'),
      target: constantFrom('192.0.2.1', 'example.com', '2001:db8::1'),
      weight: constantFrom(0, 1, 2, 3),
    }),
  )
  assert(
    property(integer({ min: 0, max: 100 }), any, (score, listings) => {
      const parts = listingParts(listings as StandingListing[])
      const left = scoreWithListings(score, parts) ?? -1
      expect(left).toBeGreaterThanOrEqual(0)
      expect(left).toBeLessThanOrEqual(score)
      for (const part of parts) {
        expect(part.name).not.toBe('')
        expect(listingPointsLine(part)).toContain(part.targets[0])
      }
    }),
  )
})
