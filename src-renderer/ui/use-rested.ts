import { useEffect, useState } from 'react'

const typingPauseMs = 200

/** The value once it has not changed for a moment, for what is asked with every letter that is typed. */
export function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), typingPauseMs)
    return () => clearTimeout(timer)
  }, [value])
  return rested
}
