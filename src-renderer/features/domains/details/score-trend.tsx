import { timeAgo } from '#shared/words/times.ts'
import { useNow } from '../../frame/use-now.ts'
import { useHistory } from './use-history.ts'

/** How the score moved since the earliest check still kept: "up 12 since 3 days ago". Nothing while there is no trend. */
export function ScoreTrend({ id, checkedAt }: { id: string; checkedAt: number | null }) {
  const now = useNow()
  const points = useHistory(id, checkedAt)
  const known = points.flatMap(({ at, score }) => (score === null ? [] : [{ at, score }]))
  const first = known[0]
  const last = known.at(-1)
  if (!first || !last || first === last) return null
  const moved = last.score - first.score
  const words = moved === 0 ? 'unchanged' : moved > 0 ? `up ${moved}` : `down ${-moved}`
  return (
    <span className={moved < 0 ? 'text-fail' : moved > 0 ? 'text-pass' : ''}>
      Health {words} since {timeAgo(first.at, now)}
    </span>
  )
}
