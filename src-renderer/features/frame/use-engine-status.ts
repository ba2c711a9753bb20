import type { EngineStatus } from '#shared/model/host.ts'
import { useEffect } from 'react'
import { create } from 'zustand'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { readStream } from '../../client/stream.ts'

const useStatusStore = create<{ status: EngineStatus | null }>(() => ({ status: null }))

/** What the engine is doing, while it can be reached; null otherwise. */
export function useEngineStatus(): EngineStatus | null {
  return useStatusStore(state => state.status)
}

/** Follows the status for every part of the window; used once. */
export function useEngineStatusFollowed(): void {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  useEffect(() => {
    if (!isOpen) {
      useStatusStore.setState({ status: null })
      return
    }
    const leaving = new AbortController()
    void readStream(client.host.status(undefined, { signal: leaving.signal }), {
      signal: leaving.signal,
      onEvent: status => useStatusStore.setState({ status }),
    })
    return () => leaving.abort()
  }, [client, isOpen])
}
