import { useEffect, useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'

const typingPauseMs = 500

type Use = 'spf-include' | 'tracking-target'
export type NameCheck = {
  name: string
  state: 'usable' | 'unusable' | 'unavailable'
  lookups: number | null
}

/** Looks a name up once its typing has paused; null while nothing is known of this very name. */
export function useNameCheck(use: Use, typed: string | null): NameCheck | null {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [checked, setChecked] = useState<{ typed: string; answer: NameCheck } | null>(null)
  useEffect(() => {
    if (!isOpen || typed === null || typed.trim() === '') return
    const leave = new AbortController()
    const timer = setTimeout(async () => {
      const name = typed.replace(/^[+~?-]?include[:=]/i, '')
      const result = await client.records.checkName({ use, name }, { signal: leave.signal })
      if (result.ok && !leave.signal.aborted) setChecked({ typed, answer: result.value })
    }, typingPauseMs)
    return () => {
      clearTimeout(timer)
      leave.abort()
    }
  }, [client, isOpen, typed, use])
  return checked?.typed === typed ? checked.answer : null
}
