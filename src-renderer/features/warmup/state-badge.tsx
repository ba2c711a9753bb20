import type { HealthState } from '#shared/model/mailbox-health.ts'
import { healthStateWords } from '#shared/words/mailbox-health.ts'
import { CircleCheck, CirclePause, Gauge, Hourglass, TrendingUp, WifiOff } from 'lucide-react'
import { Badge, type Tone } from '../../ui/badge.tsx'

export const stateLooks: Record<HealthState, { tone: Tone; icon: typeof CircleCheck }> = {
  ramping: { tone: 'pass', icon: TrendingUp },
  maintenance: { tone: 'pass', icon: CircleCheck },
  slowed: { tone: 'warn', icon: Gauge },
  'rate-limited': { tone: 'warn', icon: Hourglass },
  paused: { tone: 'fail', icon: CirclePause },
  offline: { tone: 'unknown', icon: WifiOff },
}

/** Where a mailbox stands. One that a person paused is no trouble, and grey. */
export function WarmupStateBadge({ state, byPerson = false }: { state: HealthState; byPerson?: boolean }) {
  const { tone, icon: Icon } = stateLooks[state]
  return (
    <Badge tone={byPerson ? 'unknown' : tone}>
      <Icon aria-hidden />
      {healthStateWords[state].name}
    </Badge>
  )
}
