import type { Result } from '#shared/failure.ts'
import { useEffect } from 'react'
import type { Client } from '../../client/client.ts'
import { type Called, useCall } from '../../client/use-call.ts'
import { tellFailure } from './failures.ts'

/** What the engine answers, asked whenever it comes within reach. What fails is told in passing, and the last answer stays. */
export function useAnswer<T>(
  ask: (client: Client) => PromiseLike<Result<T>>,
): Pick<Called<T>, 'value' | 'again' | 'take'> {
  const { value, failure, again, take } = useCall('', ask)
  useEffect(() => {
    if (failure !== null) tellFailure(failure)
  }, [failure])
  return { value, again, take }
}
