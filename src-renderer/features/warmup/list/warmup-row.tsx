import type { WarmupRow as Row } from '#shared/model/warmup-view.ts'
import { healthStateWords } from '#shared/words/mailbox-health.ts'
import { phaseWords, volumeLimitWords } from '#shared/words/warmup.ts'
import { timeOfDay } from '#shared/words/times.ts'
import {
  ArrowDownRight,
  ArrowRight,
  ArrowUpRight,
  CirclePause,
  CirclePlay,
  CircleX,
  FastForward,
  Mail,
  TrendingUp,
} from 'lucide-react'
import { memo } from 'react'
import { useLocation } from 'wouter'
import { useClient } from '../../../client/engine.tsx'
import { HealthScoreRing } from '../../../ui/health-score-ring.tsx'
import { RowActions } from '../../../ui/row-actions.tsx'
import { RowFrame, type RowPlace } from '../../../ui/row-frame.tsx'
import { SlimBar } from '../../../ui/slim-bar.tsx'
import { Sparkline } from '../../../ui/sparkline.tsx'
import { decide } from '../decision.tsx'
import { WarmupStateBadge } from '../state-badge.tsx'
import { nextLine, reasonLine, scoreLines, whyLine } from '../state-sentence.ts'
import { inboxShare } from './order.ts'

/** One grid for the head and every row, so that they stand under each other. */
export const columns =
  'grid grid-cols-[28px_52px_minmax(150px,1fr)_164px_84px_104px_56px_88px_52px_28px] gap-x-3 items-center px-3 @max-[880px]:grid-cols-[28px_48px_minmax(116px,1fr)_160px_56px_64px_44px_28px] @max-[880px]:gap-x-2'
/** What only a wide window has room for. */
export const wideOnly = '@max-[880px]:hidden'

type WarmupRowProps = RowPlace & {
  row: Row
  now: number
}

/** One mailbox of the overview. Memoised by its row; the menu and hints come with the pointer. */
export const WarmupRow = memo(function WarmupRow(props: WarmupRowProps) {
  const { row, now, ...place } = props
  const why = whyLine(row.state, now)
  const [reason, next] = [reasonLine(row.state), nextLine(row.state, now)]
  const share = inboxShare(row)
  const { today } = row
  // The days of a ramp that was skipped count as behind it.
  const day = row.phase === 'ramp' ? row.day : row.of
  return (
    <RowFrame
      id={`warmup-${row.id}`}
      name={row.address}
      summary={`${row.address}, ${healthStateWords[row.state.state].name}. ${why}`.trim()}
      place={place}
      look={`${columns} h-13`}
      renderCells={controls => (
        <>
          <div role="gridcell" className="flex items-center gap-1">
            <HealthScoreRing score={row.score} explanation={controls === 'plain' ? [] : scoreLines(row)} />
            <TrendArrow row={row} />
          </div>
          <div role="gridcell" className="flex min-w-0 flex-col">
            <a
              href={`#/warmup/mailbox/${row.id}`}
              tabIndex={-1}
              className="truncate font-medium hover:underline"
            >
              {row.address}
            </a>
            <span className="truncate text-meta text-ink-soft" title={reason === '' ? undefined : reason}>
              {reason === '' && row.phase !== 'ramp' ? phaseWords[row.phase].gloss : reason}
            </span>
          </div>
          <div role="gridcell" className="flex min-w-0 flex-col items-start">
            <WarmupStateBadge state={row.state.state} byPerson={row.state.reason === 'paused-by-person'} />
            {next !== '' && (
              <span className="max-w-full truncate text-meta text-ink-soft tabular-nums">{next}</span>
            )}
          </div>
          <div role="gridcell" className="flex flex-col gap-1.5 tabular-nums">
            {day === 0 ? (
              <span className="text-ink-faint">Not begun</span>
            ) : (
              <>
                <span>
                  {day} <span className="text-ink-faint">of {row.of}</span>
                </span>
                <SlimBar done={day} total={row.of} label={`Day ${day} of ${row.of}`} />
              </>
            )}
          </div>
          <div
            role="gridcell"
            className="flex flex-col gap-1.5 tabular-nums"
            title={`${today.sent} sent, ${today.planned} planned, ${today.cap} at most.${today.limitedBy === null ? '' : ` ${volumeLimitWords[today.limitedBy]}`}`}
          >
            {today.cap === 0 && today.sent === 0 ? (
              <span className="text-ink-faint">None today</span>
            ) : (
              <>
                <span className="flex items-baseline gap-1">
                  {today.sent} <span className="flex-1 text-ink-faint">/ {today.planned}</span>
                  <span className="text-meta text-ink-faint @max-[880px]:hidden">max {today.cap}</span>
                </span>
                <SlimBar
                  done={today.sent}
                  planned={today.planned}
                  total={Math.max(today.cap, today.sent)}
                  label={`Today ${today.sent} of ${today.planned} planned, ${today.cap} at most`}
                />
              </>
            )}
          </div>
          <div role="gridcell" className="pr-1 text-right whitespace-nowrap tabular-nums">
            {share === null ? (
              <span aria-label="Not seen yet" className="text-ink-faint">
                –
              </span>
            ) : (
              <span title={`${row.inInbox} of ${row.placed} messages in 28 days`}>
                {Math.round(share * 100)} %
              </span>
            )}
          </div>
          <div role="gridcell" className={wideOnly}>
            <Sparkline values={row.history} least={50} label={historyLabel(row.history)} />
          </div>
          <div role="gridcell" className={`tabular-nums ${wideOnly}`}>
            {today.nextSendAt === null ? (
              <span aria-label="None today" className="text-ink-faint">
                –
              </span>
            ) : (
              timeOfDay(today.nextSendAt)
            )}
          </div>
        </>
      )}
      renderMenu={startsOpen => <RowMenu row={row} startsOpen={startsOpen} />}
    />
  )
})

const arrows = {
  rising: { icon: ArrowUpRight, ink: 'text-pass', label: 'rising' },
  falling: { icon: ArrowDownRight, ink: 'text-fail', label: 'falling' },
  steady: { icon: ArrowRight, ink: 'text-ink-faint', label: 'steady' },
} as const

type TrendArrowProps = { row: Pick<Row, 'trend' | 'score'>; named?: boolean }

/** Where the health is going; `named` where the ring does not stand beside it. */
export function TrendArrow({ row: { trend, score }, named = false }: TrendArrowProps) {
  if (trend.direction === 'unknown' || score === null) return null
  const { icon: Icon, ink, label } = arrows[trend.direction]
  if (named)
    return (
      <span className="inline-flex items-center gap-1 text-meta whitespace-nowrap text-ink-soft">
        <Icon aria-hidden size={14} className={ink} />
        Health {label}
      </span>
    )
  return <Icon role="img" aria-label={label} size={14} className={ink} />
}

function historyLabel(history: Row['history']): string {
  const known = history.filter(value => value !== null)
  const [first, last] = [known[0], known.at(-1)]
  if (first === undefined || last === undefined) return 'Health over 30 days: not known yet'
  return `Health over 30 days: from ${first} to ${last}`
}

function RowMenu({ row, startsOpen }: { row: Row; startsOpen: boolean }) {
  const client = useClient()
  const [, go] = useLocation()
  const isPaused = row.state.state === 'paused'
  return (
    <RowActions
      name={row.address}
      startsOpen={startsOpen}
      entries={[
        { id: 'open', label: 'Warmup', icon: <TrendingUp />, run: () => go(`/warmup/mailbox/${row.id}`) },
        { id: 'mailbox', label: 'Mailbox', icon: <Mail />, run: () => go(`/mailboxes/${row.id}`) },
        isPaused
          ? {
              id: 'resume',
              label: 'Resume',
              icon: <CirclePlay />,
              run: () => decide(client, 'resume', [row]),
            }
          : { id: 'pause', label: 'Pause', icon: <CirclePause />, run: () => decide(client, 'pause', [row]) },
        {
          id: 'skip',
          label: 'Skip the ramp',
          icon: <FastForward />,
          disabled: row.phase === 'maintenance',
          run: () => decide(client, 'skip', [row]),
        },
        { id: 'line', separator: true },
        {
          id: 'stop',
          label: 'Take out of warmup',
          icon: <CircleX />,
          danger: true,
          run: () => decide(client, 'stop', [row]),
        },
      ]}
    />
  )
}
