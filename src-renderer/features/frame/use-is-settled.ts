import { useEffect, useState } from 'react'
import { useReplicaReady } from '../../replica/domains.ts'

/** At the latest, when the engine is away or the window never comes to rest. */
const latestMs = 3_000

/** The first thing a person does after the list is there must not wait for what may be done later. */
const headStartMs = 600

/** False until the window shows what it was opened for and has a moment to spare; then true for good. */
export function useIsSettled(): boolean {
  const [isSettled, settle] = useState(false)
  const isReady = useReplicaReady() === true
  useEffect(() => {
    const timer = setTimeout(() => settle(true), latestMs)
    return () => clearTimeout(timer)
  }, [])
  useEffect(() => {
    if (!isReady) return undefined
    let handle: number | undefined
    const timer = setTimeout(() => {
      handle = requestIdleCallback(() => settle(true), { timeout: latestMs })
    }, headStartMs)
    return () => {
      clearTimeout(timer)
      if (handle !== undefined) cancelIdleCallback(handle)
    }
  }, [isReady])
  return isSettled
}
