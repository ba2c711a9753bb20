import type { Failure, Result } from '#shared/failure.ts'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Client } from './client.ts'
import { useClient, useConnectionState } from './engine.tsx'

export type Called<T> = {
  value: T | null
  failure: Failure | null
  again: () => void
  /** Puts the answer to a change in place of the one before. */
  take: (result: Result<T>) => void
}

/**
 * What the engine answers to a call, asked again whenever `key` changes and when the engine comes back. What was
 * answered last stays until there is something newer. A null key asks nothing.
 */
export function useCall<T>(key: string | null, call: (client: Client) => PromiseLike<Result<T>>): Called<T> {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [value, setValue] = useState<T | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [tries, setTries] = useState(0)
  const take = useCallback((result: Result<T>) => {
    if (result.ok) setValue(result.value)
    setFailure(result.ok ? null : result.failure)
  }, [])
  const latest = useRef(call)
  latest.current = call
  useEffect(() => {
    if (!isOpen || key === null) return
    let isCurrent = true
    void latest.current(client).then(result => {
      if (isCurrent) take(result)
    })
    return () => {
      isCurrent = false
    }
  }, [client, isOpen, key, tries, take])
  return { value, failure, again: () => setTries(count => count + 1), take }
}
