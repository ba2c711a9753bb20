import { countOf } from '#shared/words/phrases.ts'
import { syncLine } from '#shared/words/sync.ts'
import { CircleCheck, CircleX, CloudOff, Clock3, LoaderCircle } from 'lucide-react'
import { Button } from 'react-aria-components/Button'
import { useLocation } from 'wouter'
import { useSyncState } from '../../replica/sync.ts'

const looks = {
  syncing: { icon: LoaderCircle, ink: 'text-ink-faint animate-spin motion-reduce:animate-none' },
  'up-to-date': { icon: CircleCheck, ink: 'text-pass' },
  waiting: { icon: Clock3, ink: 'text-ink-faint' },
  offline: { icon: CloudOff, ink: 'text-warn' },
  paused: { icon: Clock3, ink: 'text-warn' },
  'vault-locked': { icon: Clock3, ink: 'text-warn' },
  'needs-sign-in': { icon: CircleX, ink: 'text-fail' },
  refused: { icon: CircleX, ink: 'text-fail' },
} as const

/** The synchronisation in the status bar: a way to its panel. Without one, the promise that holds then. */
export function SyncLight() {
  const sync = useSyncState()
  const [, go] = useLocation()
  if (sync === undefined || sync.state === 'not-connected')
    return <span>Everything stays on this machine</span>
  const { icon: Icon, ink } = looks[sync.state]
  const needs = [
    ...(sync.conflicts > 0 ? [countOf(sync.conflicts, 'conflict')] : []),
    // Up to date, the line itself says it.
    ...(sync.refused > 0 && sync.state !== 'up-to-date' ? [`${sync.refused} refused`] : []),
  ]
  return (
    <Button
      onPress={() => go('/sync')}
      className="flex cursor-default items-center gap-1.5 rounded-control px-1 hover:bg-hover hover:text-ink"
    >
      <Icon aria-hidden className={ink} />
      {[syncLine(sync), ...needs].join(', ')}
    </Button>
  )
}
