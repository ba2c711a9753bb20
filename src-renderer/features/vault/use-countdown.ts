import { useEffect, useState } from 'react'

/** Whole seconds until a moment, counted down; 0 when it is past or null. */
export function useCountdown(untilAt: number | null): number {
  const [now, setNow] = useState(() => Date.now())
  const seconds = untilAt === null ? 0 : Math.max(0, Math.ceil((untilAt - now) / 1_000))
  useEffect(() => {
    setNow(Date.now())
    if (untilAt === null) return
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [untilAt])
  return seconds
}
