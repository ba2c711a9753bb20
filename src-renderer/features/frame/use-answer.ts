import type { Result } from '#shared/failure.ts'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Client } from '../../client/client.ts'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { tellFailure } from './failures.ts'

type Answer<T> = {
  /** Null until the engine has told. */
  value: T | null
  /** Puts the answer to a change in place of the one before. */
  take(result: Result<T>): void
  again(): void
}

/** What the engine answers, asked whenever it comes within reach. What fails is told in passing, and the last answer stays. */
export function useAnswer<T>(ask: (client: Client) => PromiseLike<Result<T>>): Answer<T> {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [value, setValue] = useState<T | null>(null)
  const latest = useRef(ask)
  latest.current = ask
  const take = useCallback((result: Result<T>) => {
    if (result.ok) setValue(result.value)
    else tellFailure(result.failure)
  }, [])
  const again = useCallback(() => void latest.current(client).then(take), [client, take])
  useEffect(() => {
    if (isOpen) again()
  }, [isOpen, again])
  return { value, take, again }
}
