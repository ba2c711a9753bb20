import type { BlacklistReport, ListResult } from '#shared/model/blacklist.ts'

export type Standing = { readonly target: string; readonly zone: string }
export type Listing = Standing & { readonly result: ListResult }

/**
 * What a new report changes in the listings that stand: those that are new, those seen again, and those that ended because the list has no
 * entry any more, is no longer asked, or the target is no longer the domain's. A list that gave no usable answer changes
 * nothing. Listings that weigh nothing are none. Pure.
 */
export function diffListings(
  standing: readonly Standing[],
  report: Pick<BlacklistReport, 'targets'>,
): { fresh: Listing[]; seen: Listing[]; ended: Standing[] } {
  const known = new Set(standing.map(keyOf))
  const results = new Map(
    report.targets.flatMap(({ target, lists }) =>
      lists.map(
        result => [keyOf({ target, zone: result.zone }), { target, zone: result.zone, result }] as const,
      ),
    ),
  )
  const listed = [...results.values()].filter(entry => isListing(entry.result))
  const fresh = listed.filter(entry => !known.has(keyOf(entry)))
  const seen = listed.filter(entry => known.has(keyOf(entry)))
  const ended = standing.filter(entry => {
    const now = results.get(keyOf(entry))?.result
    return now === undefined || now.state === 'not-listed' || (now.state === 'listed' && now.weight === 0)
  })
  return { fresh, seen, ended }
}

function isListing(result: Pick<ListResult, 'state' | 'weight'>): boolean {
  return result.state === 'listed' && result.weight > 0
}

function keyOf({ target, zone }: Standing): string {
  return `${zone} ${target}`
}
