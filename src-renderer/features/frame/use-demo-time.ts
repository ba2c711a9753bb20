import type { DemoTime } from '#shared/model/demo.ts'
import { useEffect, useState } from 'react'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { readStream } from '../../client/stream.ts'
import { setAhead } from './use-now.ts'

/** The time of the demo while its window is connected, null elsewhere; everything that says "ago" follows it. Used once. */
export function useDemoTime(): DemoTime | null {
  const client = useClient()
  const connection = useConnectionState()
  const isDemo = connection.kind === 'open' && connection.hello.host.workspace === 'demo'
  const [time, setTime] = useState<DemoTime | null>(null)
  useEffect(() => {
    if (!isDemo) return
    const leaving = new AbortController()
    void readStream(client.demo.watch(undefined, { signal: leaving.signal }), {
      signal: leaving.signal,
      onEvent: told => {
        setTime(told)
        setAhead(told.now - Date.now())
      },
    })
    return () => {
      leaving.abort()
      setTime(null)
      setAhead(0)
    }
  }, [client, isDemo])
  return isDemo ? time : null
}
