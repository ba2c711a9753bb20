import type { Mailbox } from '#shared/model/mailbox.ts'
import type { WarmupDay, WarmupRow } from '#shared/model/warmup-view.ts'
import { healthStateWords } from '#shared/words/mailbox-health.ts'
import { ArrowRight } from 'lucide-react'
import { Link } from 'wouter'
import { useWarmupRow } from '../../replica/warmup.ts'
import { HealthScoreRing } from '../../ui/health-score-ring.tsx'
import { SlimBar } from '../../ui/slim-bar.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import { useNow } from '../frame/use-now.ts'
import { TrendArrow } from './list/warmup-row.tsx'
import { WarmupStateBadge } from './state-badge.tsx'
import { scoreLines, whyLine } from './state-sentence.ts'
import { useCall } from '../../client/use-call.ts'

/** What the warmup makes of a mailbox, on its own page: health, today against its limit, week and month. */
export function MailboxWarmupSummary({ mailbox }: { mailbox: Mailbox }) {
  const row = useWarmupRow(mailbox.id)
  if (row === undefined) return null
  return (
    <section
      aria-labelledby="warmup"
      className="flex flex-col gap-3 rounded-card border border-line px-5 py-4"
    >
      <div className="flex items-center gap-4">
        <h2 id="warmup" className="flex-1 text-section font-semibold">
          Warmup
        </h2>
        <Link
          to={`/warmup/mailbox/${mailbox.id}`}
          className="inline-flex items-center gap-1 rounded-control font-medium text-accent-ink hover:underline"
        >
          {row === null ? 'Start' : 'All about it'}
          <ArrowRight aria-hidden size={14} />
        </Link>
      </div>
      {row === null ? (
        <p className="text-ink-soft">
          Not in warmup: this mailbox does not write to the others, and they do not write to it.
        </p>
      ) : (
        <Summary row={row} dailyLimit={mailbox.dailyLimit} />
      )}
    </section>
  )
}

function Summary({ row, dailyLimit }: { row: WarmupRow; dailyLimit: number }) {
  const now = useNow()
  const { id, state, today, campaign } = row
  const { value } = useCall(`${id} ${today.date} ${today.sent}`, client => client.warmup.details({ id }))
  const why = whyLine(state, now)
  return (
    <div className="flex flex-wrap items-center gap-x-8 gap-y-4">
      <div className="flex min-w-64 flex-1 items-center gap-4">
        <HealthScoreRing score={row.score} size={48} explanation={scoreLines(row)} />
        <div className="flex min-w-0 flex-col items-start gap-1">
          <span className="flex flex-wrap items-center gap-x-3">
            <WarmupStateBadge state={state.state} byPerson={state.reason === 'paused-by-person'} />
            {row.phase === 'ramp' && row.day > 0 && (
              <span className="text-meta text-ink-soft tabular-nums">
                Day {row.day} of {row.of}
              </span>
            )}
            <TrendArrow row={row} named />
          </span>
          <span>{why === '' ? healthStateWords[state.state].gloss : why}</span>
        </div>
      </div>
      <dl className="flex flex-wrap gap-x-8 gap-y-3">
        <div className="flex w-36 flex-col gap-1">
          <dt className="text-meta text-ink-soft">Today</dt>
          <dd className="flex flex-col gap-1 tabular-nums">
            <span>
              <span className="font-semibold">{today.sent}</span> / {dailyLimit}
              {campaign.today > 0 && (
                <span className="text-ink-soft"> with {campaign.today} of campaigns</span>
              )}
            </span>
            <SlimBar
              done={today.sent}
              planned={today.planned}
              total={dailyLimit}
              label={`Sent today ${today.sent} of a limit of ${dailyLimit}`}
            />
          </dd>
        </div>
        <Sum name="7 days" days={value?.days} count={7} />
        <Sum name="30 days" days={value?.days} count={30} />
        <div className="flex flex-col gap-1">
          <dt className="text-meta text-ink-soft">Health, 30 days</dt>
          <dd>
            <Sparkline values={row.history} least={50} width={120} label={healthOver(row.history)} />
          </dd>
        </div>
      </dl>
    </div>
  )
}

function healthOver(history: WarmupRow['history']): string {
  const known = history.filter(value => value !== null)
  return known.length === 0 ? 'Not known yet' : `From ${known[0]} to ${known.at(-1)}`
}

function Sum({ name, days, count }: { name: string; days: readonly WarmupDay[] | undefined; count: number }) {
  return (
    <div className="flex flex-col gap-1">
      <dt className="text-meta text-ink-soft">{name}</dt>
      <dd className="font-semibold tabular-nums">
        {days === undefined ? '–' : days.slice(-count).reduce((sum, { sent }) => sum + sent, 0)}
      </dd>
    </div>
  )
}
