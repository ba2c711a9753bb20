import type { BlacklistWeight } from './model/blacklist.ts'
import type { ListedOn } from './model/domain.ts'

/** One entry of a list that stands for a domain. */
export type StandingListing = {
  readonly zone: string
  readonly name: string
  readonly target: string
  readonly weight: BlacklistWeight
}

/** What a list of each weight takes from the health score. */
const pointsOf: Record<BlacklistWeight, number> = { 0: 0, 1: 3, 2: 10, 3: 25 }
/** Lists that cause rejections widely often copy one another: two of them say it all. */
const mostOfWidelyUsed = 50

/**
 * What the blacklists take from the health score, worst first: each list once, however many addresses of the domain
 * stand on it, and the widely used ones 50 points together at most. Lists that weigh nothing are left out. Pure.
 */
export function listingParts(listings: readonly StandingListing[]): ListedOn[] {
  const byZone = new Map<string, StandingListing[]>()
  for (const entry of listings) {
    if (entry.weight > 0) byZone.set(entry.zone, [...(byZone.get(entry.zone) ?? []), entry])
  }
  let left = mostOfWidelyUsed
  return [...byZone]
    .map(([zone, entries]) => ({
      zone,
      name: entries[0]?.name || zone,
      targets: entries.map(({ target }) => target).toSorted(),
      weight: Math.max(...entries.map(({ weight }) => weight)) as BlacklistWeight,
    }))
    .toSorted((a, b) => b.weight - a.weight || (a.zone < b.zone ? -1 : 1))
    .map(({ weight, ...list }) => {
      const points = weight === 3 ? Math.min(pointsOf[3], left) : pointsOf[weight]
      if (weight === 3) left -= points
      return { ...list, points }
    })
}

/** A health score less what the blacklists take. Unknown stays unknown: a listing says nothing about the records. Pure. */
export function scoreWithListings(
  score: number | null,
  listedOn: readonly Pick<ListedOn, 'points'>[],
): number | null {
  if (score === null) return null
  return Math.max(
    0,
    listedOn.reduce((sum, { points }) => sum - points, score),
  )
}
