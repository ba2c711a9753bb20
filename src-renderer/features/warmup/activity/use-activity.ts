import type { Failure } from '#shared/failure.ts'
import type { WarmupActivity, WarmupActivityCode } from '#shared/model/warmup-view.ts'
import { type ActivityGroup, activityGroups } from '#shared/words/warmup-activity.ts'
import { useCallback, useEffect, useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'

export type Activity = {
  /** Newest first; null until the first answer. */
  readonly entries: readonly WarmupActivity[] | null
  readonly more: boolean
  readonly failure: Failure | null
  readonly isAway: boolean
  readMore(): void
  again(): void
}

type Asked = {
  /** One mailbox, or all. */
  id: string | null
  group: ActivityGroup | 'all'
  limit: number
  /** Read anew when it changes. */
  version: string
}

const codesOf = (group: ActivityGroup): WarmupActivityCode[] =>
  (Object.keys(activityGroups) as WarmupActivityCode[]).filter(code => activityGroups[code] === group)

/** What happened, a page at a time. New entries come on top when `version` changes; what was read further down stays. */
export function useActivity({ id, group, limit, version }: Asked): Activity {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [read, setRead] = useState<{ key: string; entries: readonly WarmupActivity[]; more: boolean } | null>(
    null,
  )
  const [failure, setFailure] = useState<Failure | null>(null)
  const [tries, setTries] = useState(0)
  const key = `${id} ${group}`
  const known = read?.key === key ? read : null
  const ask = useCallback(
    (before: number | null) =>
      client.warmup.activity({ id, codes: group === 'all' ? null : codesOf(group), before, limit }),
    [client, id, group, limit],
  )
  useEffect(() => {
    if (!isOpen || version === '') return
    let isCurrent = true
    void ask(null).then(result => {
      if (!isCurrent) return
      setFailure(result.ok ? null : result.failure)
      if (!result.ok) return
      const { entries, more } = result.value
      const last = entries.at(-1)?.id
      setRead(before => {
        const older =
          before?.key === key && last !== undefined ? before.entries.filter(({ id }) => id < last) : []
        // A gap between the new page and what was read before would hide entries.
        const joins = before?.key === key && before.entries.some(({ id }) => id === last)
        return joins
          ? { key, entries: [...entries, ...older], more: older.length > 0 ? before.more : more }
          : { key, entries, more }
      })
    })
    return () => {
      isCurrent = false
    }
  }, [ask, isOpen, key, version, tries])
  const readMore = () => {
    const last = known?.entries.at(-1)
    if (last === undefined) return
    void ask(last.id).then(result => {
      setFailure(result.ok ? null : result.failure)
      if (!result.ok) return
      const { entries, more } = result.value
      setRead(before =>
        before?.key === key ? { key, entries: [...before.entries, ...entries], more } : before,
      )
    })
  }
  return {
    entries: known?.entries ?? null,
    more: known?.more ?? false,
    failure,
    isAway: !isOpen,
    readMore,
    again: () => setTries(count => count + 1),
  }
}
