import type { WarmupDetails } from '#shared/model/warmup-view.ts'
import { countOf } from '#shared/words/phrases.ts'
import { shortDate, timeOfDay } from '#shared/words/times.ts'
import { milestoneWords, volumeLimitWords } from '#shared/words/warmup.ts'
import { Check, CircleDashed } from 'lucide-react'
import { SlimBar } from '../../../ui/slim-bar.tsx'

/** What was sent today, what is still to come and when, and what keeps the day small. */
export function TodayPanel({ details: { row, slots, settings } }: { details: WarmupDetails }) {
  const { today, targetPerDay } = row
  return (
    <section aria-labelledby="today" className="flex flex-col gap-2">
      <h2 id="today" className="flex min-h-8 items-center text-section font-semibold">
        Today
      </h2>
      <p className="flex items-baseline gap-2">
        <span className="text-number font-semibold tracking-tight tabular-nums">{today.sent}</span>
        <span className="text-ink-soft tabular-nums">
          of {today.planned} planned, {today.cap} at most
        </span>
      </p>
      <SlimBar
        done={today.sent}
        planned={today.planned}
        total={Math.max(today.cap, today.sent)}
        label={`Sent ${today.sent} of ${today.planned} planned, ${today.cap} at most`}
      />
      <p className="text-ink-soft">Target: {targetPerDay} a day.</p>
      {today.limitedBy !== null && <p className="text-ink-soft">{volumeLimitWords[today.limitedBy]}</p>}
      {slots.length === 0 ? (
        <p className="text-ink-soft">Nothing more to send today.</p>
      ) : (
        <>
          <p>{countOf(slots.length, 'message')} still to come:</p>
          <ul aria-label="Times still to come today" className="flex flex-wrap gap-1.5">
            {slots.map(at => (
              <li
                key={at}
                className="rounded-control border border-line px-1.5 py-0.5 text-meta tabular-nums"
              >
                {timeOfDay(at, settings.timeZone)}
              </li>
            ))}
          </ul>
          <p className="text-meta text-ink-soft">{settings.timeZone.replaceAll('_', ' ')} time</p>
        </>
      )}
    </section>
  )
}

export function Milestones({ details: { milestones, settings } }: { details: WarmupDetails }) {
  return (
    <section aria-labelledby="milestones" className="flex flex-col gap-2">
      <h2 id="milestones" className="flex min-h-8 items-center text-section font-semibold">
        Milestones
      </h2>
      <ol className="flex flex-col">
        {milestones.map(({ code, day, date, perDay, reachedAt }) => (
          <li key={code} className="flex gap-2.5 border-b border-line py-2 last:border-0">
            {reachedAt === null ? (
              <CircleDashed aria-hidden size={16} className="mt-0.5 shrink-0 text-ink-faint" />
            ) : (
              <Check aria-hidden size={16} className="mt-0.5 shrink-0 text-pass" />
            )}
            <span className="flex min-w-0 flex-1 flex-col">
              <span className={reachedAt === null ? '' : 'font-medium'}>{milestoneWords[code]}</span>
              <span className="text-meta text-ink-soft tabular-nums">
                {reachedAt === null
                  ? `Day ${day}, about ${shortDate(date)}, ${perDay} a day`
                  : `Reached ${shortDate(localDate(reachedAt, settings.timeZone))}, day ${day}`}
              </span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** `YYYY-MM-DD` in the zone. */
function localDate(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at)
}
