import type { Failure } from '#shared/failure.ts'
import type { Discovery, DiscoveryEvent } from '#shared/model/discovery.ts'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useClient } from '../../../client/engine.tsx'
import { readStream } from '../../../client/stream.ts'

export type DiscoveryView = {
  readonly address: string
  readonly events: readonly DiscoveryEvent[]
  readonly discovery: Discovery | null
  readonly failure: Failure | null
}

/** Looks for the servers of an address; a new search ends the one before. */
export function useDiscovery(onFound: (discovery: Discovery) => void) {
  const client = useClient()
  const [view, setView] = useState<DiscoveryView | null>(null)
  const running = useRef<AbortController | null>(null)
  const told = useRef(onFound)
  told.current = onFound

  const find = useCallback(
    (address: string) => {
      running.current?.abort()
      const cancel = new AbortController()
      running.current = cancel
      setView({ address, events: [], discovery: null, failure: null })
      void readStream(client.mailboxes.discover({ address }, { signal: cancel.signal }), {
        signal: cancel.signal,
        onEvent: event => setView(before => before && { ...before, events: [...before.events, event] }),
      }).then(result => {
        if (running.current !== cancel) return
        running.current = null
        if (result.ok) told.current(result.value)
        setView(
          before =>
            before && {
              ...before,
              discovery: result.ok ? result.value : null,
              failure: result.ok ? null : result.failure,
            },
        )
      })
    },
    [client],
  )
  const clear = useCallback(() => {
    running.current?.abort()
    running.current = null
    setView(null)
  }, [])
  useEffect(() => () => running.current?.abort(), [])
  return { view, find, clear }
}
