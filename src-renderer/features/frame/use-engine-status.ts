import type { EngineStatus } from '#shared/model/host.ts'
import { useEffect, useState } from 'react'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { readStream } from '../../client/stream.ts'

/** What the engine is doing, while it can be reached; null otherwise. */
export function useEngineStatus(): EngineStatus | null {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [status, setStatus] = useState<EngineStatus | null>(null)
  useEffect(() => {
    if (!isOpen) {
      setStatus(null)
      return
    }
    const leaving = new AbortController()
    void readStream(client.host.status(undefined, { signal: leaving.signal }), {
      signal: leaving.signal,
      onEvent: setStatus,
    })
    return () => leaving.abort()
  }, [client, isOpen])
  return status
}
