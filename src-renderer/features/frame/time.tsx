import { exactTime, timeAgo, timeUntil } from '#shared/words/times.ts'
import { Hint } from '../../ui/hint.tsx'
import { useNow } from './use-now.ts'

/** "3 min ago", or "in 5 minutes" for what lies ahead; exact on hover and focus. */
export function Time({ at, hint = true, ahead = false }: { at: number; hint?: boolean; ahead?: boolean }) {
  const now = useNow()
  const words = ahead ? timeUntil(at, now) : timeAgo(at, now)
  const time = (
    <time dateTime={new Date(at).toISOString()} className="whitespace-nowrap tabular-nums">
      {words}
    </time>
  )
  if (!hint) return time
  return (
    <Hint passive text={exactTime(at)}>
      {time}
    </Hint>
  )
}
