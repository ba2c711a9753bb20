import type { RecordView, ViewedServer } from '#shared/model/audit.ts'

export type SeenBy = {
  readonly state: ViewedServer['state']
  /** In presentation form, in any order. */
  readonly values: readonly string[]
}

export type Compared = Pick<RecordView, 'state' | 'ttlS'>

/**
 * One record as the nameservers have it and as a resolver sees it. `differs`: the nameservers disagree; `resolver-old`:
 * they agree, and the resolver still hands out something else, for `ttlS` seconds more; `lame`: those that hold the
 * zone agree with the resolver, and another is listed that does not hold it. Whoever could not be asked counts for nothing. Pure.
 */
export function compareViews(
  resolver: SeenBy & { readonly ttlS: number | null },
  servers: readonly SeenBy[],
): Compared {
  const contents = servers.filter(({ state }) => state === 'found' || state === 'absent').map(contentOf)
  const [first] = contents
  if (first === undefined) return { state: 'unavailable', ttlS: resolver.ttlS }
  if (contents.some(content => content !== first)) return { state: 'differs', ttlS: resolver.ttlS }
  if (resolver.state === 'unavailable') return { state: 'unavailable', ttlS: null }
  if (contentOf(resolver) !== first) return { state: 'resolver-old', ttlS: resolver.ttlS }
  const isLame = servers.some(({ state }) => state === 'lame')
  return { state: isLame ? 'lame' : 'same', ttlS: resolver.ttlS }
}

/** That there is none is a content too. */
function contentOf({ state, values }: SeenBy): string {
  return state === 'found' ? `found\n${values.toSorted().join('\n')}` : 'absent'
}
