import { useSyncExternalStore } from 'react'

/** Narrower than the smallest window: magnified to twice the size on a small screen. */
const query = matchMedia('(max-width: 767px)')

function follow(changed: () => void): () => void {
  query.addEventListener('change', changed)
  return () => query.removeEventListener('change', changed)
}

export function useIsCramped(): boolean {
  return useSyncExternalStore(follow, () => query.matches)
}
