import { timeAgo } from '#shared/words/times.ts'
import { useEffect, useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { useNow } from '../../frame/use-now.ts'

type Point = { at: number; score: number | null }

/** How the score moved since the earliest check still kept: "up 12 since 3 days ago". Nothing while there is no trend. */
export function ScoreTrend({ id, checkedAt }: { id: string; checkedAt: number | null }) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const now = useNow()
  const [points, setPoints] = useState<Point[]>([])
  useEffect(() => {
    if (!isOpen || checkedAt === null) return
    let isCurrent = true
    void client.domains.history({ id }).then(result => isCurrent && result.ok && setPoints(result.value))
    return () => {
      isCurrent = false
    }
  }, [client, id, isOpen, checkedAt])
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
