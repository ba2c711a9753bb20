import type { ReportDay } from '#shared/model/dmarc-report.ts'
import type { ReactNode } from 'react'
import {
  Bar,
  BarChart,
  CartesianGrid,
  ResponsiveContainer,
  Tooltip,
  type TooltipContentProps,
  XAxis,
  YAxis,
} from 'recharts'

/** Beyond this many days a bar is a week. */
const mostBars = 120
const height = 150

export type DayBar = {
  day: string
  label: string
  aligned: number
  forwarded: number
  failing: number
}

const short = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const shortOf = (day: string) => short.format(new Date(`${day}T00:00:00Z`))
const month = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' })
const monthOf = (day: string) => month.format(new Date(`${day}T00:00:00Z`))

/** One bar a day, or a week where there are many days. */
export function barsOf(days: readonly ReportDay[]): DayBar[] {
  const size = days.length > mostBars ? 7 : 1
  const bars: DayBar[] = []
  // Counted from the end, so that the last bar is whole.
  for (let end = days.length; end > 0; end -= size) {
    const some = days.slice(Math.max(0, end - size), end)
    const [first] = some
    const last = some.at(-1)
    if (first === undefined || last === undefined) break
    const messages = sum(some, day => day.messages)
    const aligned = sum(some, day => day.aligned)
    const forwarded = sum(some, day => day.forwarded)
    const label = first === last ? shortOf(first.day) : `${shortOf(first.day)} to ${shortOf(last.day)}`
    bars.unshift({ day: first.day, label, aligned, forwarded, failing: messages - aligned - forwarded })
  }
  return bars
}

function sum(days: readonly ReportDay[], of: (day: ReportDay) => number): number {
  return days.reduce((total, day) => total + of(day), 0)
}

/** Messages by day: what passes at the foot, what fails on top. */
export function DayChart({ days }: { days: readonly ReportDay[] }) {
  const bars = barsOf(days)
  return (
    <div aria-hidden className="text-meta">
      <ResponsiveContainer width="100%" height={height} initialDimension={{ width: 800, height }}>
        <BarChart
          data={bars}
          margin={{ top: 8, right: 0, bottom: 0, left: 0 }}
          barCategoryGap="20%"
          accessibilityLayer={false}
        >
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="day"
            tickFormatter={days.length > mostBars ? monthOf : shortOf}
            tickLine={false}
            axisLine={{ stroke: 'var(--line-strong)' }}
            tick={{ fill: 'var(--ink-soft)', fontSize: 12 }}
            interval="equidistantPreserveStart"
            minTickGap={56}
          />
          <YAxis
            allowDecimals={false}
            tickCount={4}
            width={44}
            tickLine={false}
            axisLine={false}
            tick={{ fill: 'var(--ink-soft)', fontSize: 12 }}
            tickFormatter={(value: number) => value.toLocaleString('en', { notation: 'compact' })}
          />
          <Tooltip cursor={{ fill: 'var(--hover)' }} isAnimationActive={false} content={barTooltip} />
          <Bar
            dataKey="aligned"
            stackId="day"
            fill="var(--pass-fill)"
            isAnimationActive={false}
            maxBarSize={28}
          />
          <Bar
            dataKey="forwarded"
            stackId="day"
            fill="var(--unknown-fill)"
            isAnimationActive={false}
            maxBarSize={28}
          />
          <Bar
            dataKey="failing"
            stackId="day"
            fill="var(--fail-fill)"
            isAnimationActive={false}
            maxBarSize={28}
          />
        </BarChart>
      </ResponsiveContainer>
    </div>
  )
}

function barTooltip({ active, payload }: TooltipContentProps): ReactNode {
  const bar = payload[0]?.payload as DayBar | undefined
  return active && bar ? <BarTooltip bar={bar} /> : null
}

function BarTooltip({ bar }: { bar: DayBar }) {
  const lines = [
    ['Pass', bar.aligned],
    ['Passed on and changed', bar.forwarded],
    ['Fail', bar.failing],
  ] as const
  return (
    <div className="rounded-control border border-line bg-raised px-3 py-2 shadow-float">
      <p className="font-medium">{bar.label}</p>
      {lines.map(([name, count]) => (
        <p key={name} className="flex justify-between gap-6">
          <span className="text-ink-soft">{name}</span>
          <span className="tabular-nums">{count.toLocaleString('en')}</span>
        </p>
      ))}
    </div>
  )
}
