import type { WarmupDetails, WarmupRow } from '#shared/model/warmup-view.ts'
import { healthStateWords } from '#shared/words/mailbox-health.ts'
import { reputationWords, tooLittleKnown } from '#shared/words/reputation.ts'
import { dayAndTime, exactTime } from '#shared/words/times.ts'
import { phaseWords, strategyWords } from '#shared/words/warmup.ts'
import { CirclePause, CirclePlay, CircleX, FastForward, SlidersHorizontal } from 'lucide-react'
import { Link } from 'wouter'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { HealthScoreRing } from '../../../ui/health-score-ring.tsx'
import { SlimBar } from '../../../ui/slim-bar.tsx'
import { mailProviderName } from '../../../words/providers.ts'
import { useNow } from '../../frame/use-now.ts'
import { decide } from '../decision.tsx'
import { TrendArrow } from '../list/warmup-row.tsx'
import { WarmupStateBadge } from '../state-badge.tsx'
import { scoreLines, whyLine } from '../state-sentence.ts'

type HeaderProps = { row: WarmupRow; details: WarmupDetails | null; onSettings: () => void }

/** How the mailbox stands in its warmup, and what can be done. */
export function Header({ row, details, onSettings }: HeaderProps) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const now = useNow()
  const { state, day, of, phase, strategy } = row
  const isPaused = state.state === 'paused'
  const why = whyLine(state, now)
  const name = strategyWords[strategy].name.toLowerCase()
  return (
    <header className="flex flex-wrap items-start gap-x-6 gap-y-4">
      <HealthScoreRing score={row.score} size={96} explanation={explain(row, details)} />
      <div className="flex min-w-64 flex-1 flex-col gap-1.5">
        <div className="flex flex-wrap items-center gap-2">
          <WarmupStateBadge state={state.state} byPerson={state.reason === 'paused-by-person'} />
          {phase !== 'ramp' && state.state !== 'maintenance' && (
            <Badge tone="neutral">{phaseWords[phase].name}</Badge>
          )}
          <TrendArrow row={row} named />
        </div>
        <p aria-live="polite" className="text-section">
          {why === '' ? healthStateWords[state.state].gloss : why}
        </p>
        <div className="flex max-w-md flex-col gap-1">
          <p className="tabular-nums">
            {day === 0
              ? `Not begun yet, ${of} days, ${name}`
              : phase === 'ramp'
                ? `Day ${day} of ${of}, ${name}`
                : `All ${of} days of the ramp are behind it, ${name}`}
          </p>
          <SlimBar done={day} total={of} label={`Day ${day} of ${of}`} />
        </div>
        <p className="flex flex-wrap gap-x-4 text-meta text-ink-soft">
          <Link to={`/mailboxes/${row.id}`} className="text-accent-ink hover:underline">
            Mailbox and servers
          </Link>
          <span>{mailProviderName(row.provider) ?? 'Provider not known'}</span>
          <span>In warmup since {exactTime(row.startedAt)}</span>
          {state.reason !== 'healthy' && (
            <span>
              {healthStateWords[state.state].name} since {dayAndTime(state.sinceAt, now)}
            </span>
          )}
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {isPaused ? (
          <Button kind="primary" isDisabled={!isOpen} onPress={() => decide(client, 'resume', [row])}>
            <CirclePlay aria-hidden />
            Resume
          </Button>
        ) : (
          <Button isDisabled={!isOpen} onPress={() => decide(client, 'pause', [row])}>
            <CirclePause aria-hidden />
            Pause
          </Button>
        )}
        <Button isDisabled={!isOpen || details === null} onPress={onSettings}>
          <SlidersHorizontal aria-hidden />
          Settings
        </Button>
        <Button
          kind="quiet"
          isDisabled={!isOpen || phase === 'maintenance'}
          onPress={() => decide(client, 'skip', [row])}
        >
          <FastForward aria-hidden />
          Skip the ramp
        </Button>
        <Button kind="quiet" isDisabled={!isOpen} onPress={() => decide(client, 'stop', [row])}>
          <CircleX aria-hidden />
          Take out
        </Button>
      </div>
    </header>
  )
}

function explain(row: WarmupRow, details: WarmupDetails | null): string[] {
  if (details === null) return scoreLines(row)
  const { score } = details
  if (score.state === 'unknown') return [tooLittleKnown(score)]
  if (score.lost.length === 0) return ['No points lost.', ...scoreLines(row)]
  return score.lost.map(({ code, points, facts }) => `−${points} ${reputationWords[code](facts)}`)
}
