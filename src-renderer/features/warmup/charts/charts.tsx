import { placementWords } from '#shared/words/warmup-activity.ts'
import { shortDate } from '#shared/words/times.ts'
import type { ReactNode } from 'react'
import {
  Area,
  Bar,
  CartesianGrid,
  Cell,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import type { PlacementPoint, VolumePoint } from './points.ts'

/* Loaded by `lazy.tsx` alone: the chart library is as large as all screens together. */

const axis = { fontSize: 12, fill: 'var(--ink-soft)' }
const margin = { top: 20, right: 22, bottom: 0, left: 0 }

type ChartFrameProps = { height: number; children: ReactNode }

/** Screen readers get the table beside it. */
function ChartFrame({ height, children }: ChartFrameProps) {
  return (
    <div aria-hidden style={{ height }} className="w-full">
      <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 600, height }}>
        {children}
      </ResponsiveContainer>
    </div>
  )
}

/** A date every so many days, from the first on, so that the eye can count along. */
const dateAxis = (points: readonly { date: string }[]) => {
  const every = dateSteps.find(step => points.length <= step * 7) ?? 28
  return (
    <XAxis
      dataKey="date"
      ticks={points.filter((_, index) => index % every === 0).map(({ date }) => date)}
      tickFormatter={shortDate}
      tick={axis}
      tickLine={false}
      axisLine={{ stroke: 'var(--line-strong)' }}
      minTickGap={12}
      interval="equidistantPreserveStart"
    />
  )
}
const dateSteps = [1, 2, 7, 14]
const countAxis = (
  <YAxis tick={axis} tickLine={false} axisLine={false} width={32} tickCount={4} allowDecimals={false} />
)
const lines = <CartesianGrid vertical={false} stroke="var(--line)" />

const mark = (today: string, dates: readonly { date: string }[]) =>
  dates.some(({ date }) => date === today) && (
    <ReferenceLine
      x={today}
      stroke="var(--ink-faint)"
      strokeDasharray="2 3"
      label={{ value: 'today', position: 'top', fontSize: 12, fill: 'var(--ink-soft)' }}
    />
  )

type VolumeChartProps = { points: readonly VolumePoint[]; today: string; height?: number }

/** Planned as a line in the band of the variance, sent as bars, today marked. */
export function VolumeChart({ points, today, height = 240 }: VolumeChartProps) {
  return (
    <ChartFrame height={height}>
      <ComposedChart data={[...points]} margin={margin} accessibilityLayer={false} barCategoryGap="22%">
        {lines}
        {dateAxis(points)}
        {countAxis}
        <Area
          dataKey={({ least, most }: VolumePoint) => (least === null || most === null ? null : [least, most])}
          type="monotone"
          connectNulls
          stroke="none"
          fill="var(--line)"
          fillOpacity={0.7}
          isAnimationActive={false}
          activeDot={false}
        />
        <Bar dataKey="sent" isAnimationActive={false} radius={[2, 2, 0, 0]}>
          {points.map(({ date }) => (
            <Cell key={date} fill={date === today ? 'var(--ink)' : 'var(--unknown-fill)'} />
          ))}
        </Bar>
        <Line
          dataKey="planned"
          type="monotone"
          connectNulls
          stroke="var(--ink)"
          strokeWidth={1.5}
          dot={false}
          activeDot={{ r: 3, fill: 'var(--ink)', stroke: 'var(--page)' }}
          isAnimationActive={false}
        />
        {mark(today, points)}
        <Tooltip
          content={<VolumeTip />}
          cursor={{ fill: 'var(--hover)', opacity: 0.6 }}
          isAnimationActive={false}
        />
      </ComposedChart>
    </ChartFrame>
  )
}

const placementFills = {
  inbox: 'var(--pass-fill)',
  category: 'var(--unknown-fill)',
  junk: 'url(#junk-lines)',
  missing: 'var(--line-strong)',
} as const

/** Where the messages of each day lay, stacked; spam is hatched, so that it is not told by its colour alone. */
export function PlacementChart({ points, today }: { points: readonly PlacementPoint[]; today: string }) {
  return (
    <ChartFrame height={180}>
      <ComposedChart data={[...points]} margin={margin} accessibilityLayer={false} barCategoryGap="22%">
        <defs>
          <pattern
            id="junk-lines"
            width="4"
            height="4"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect width="4" height="4" fill="var(--fail-soft)" />
            <rect width="2" height="4" fill="var(--fail-fill)" />
          </pattern>
        </defs>
        {lines}
        {dateAxis(points)}
        {countAxis}
        {(['inbox', 'category', 'junk', 'missing'] as const).map(where => (
          <Bar
            key={where}
            dataKey={where}
            stackId="where"
            fill={placementFills[where]}
            isAnimationActive={false}
          />
        ))}
        {mark(today, points)}
        <Tooltip
          content={<PlacementTip />}
          cursor={{ fill: 'var(--hover)', opacity: 0.6 }}
          isAnimationActive={false}
        />
      </ComposedChart>
    </ChartFrame>
  )
}

export type ScorePoint = { readonly date: string; readonly score: number | null }

/** Health day by day; the amber and red lines are where it slows down and pauses. */
export function ScoreChart({ points, today }: { points: readonly ScorePoint[]; today: string }) {
  return (
    <ChartFrame height={140}>
      <ComposedChart data={[...points]} margin={margin} accessibilityLayer={false}>
        {lines}
        {dateAxis(points)}
        <YAxis
          tick={axis}
          tickLine={false}
          axisLine={false}
          width={32}
          domain={[(least: number) => Math.max(0, Math.min(60, Math.floor(least / 20) * 20)), 100]}
          ticks={[20, 40, 60, 80, 100]}
        />
        <ReferenceLine
          y={80}
          stroke="var(--fail-fill)"
          strokeDasharray="3 3"
          label={{
            value: 'pauses below 80',
            position: 'insideBottomLeft',
            fontSize: 12,
            fill: 'var(--fail)',
          }}
        />
        <Line
          dataKey="score"
          type="monotone"
          stroke="var(--ink)"
          strokeWidth={1.5}
          dot={false}
          isAnimationActive={false}
        />
        {mark(today, points)}
        <Tooltip content={<ScoreTip />} isAnimationActive={false} />
      </ComposedChart>
    </ChartFrame>
  )
}

type TipProps<Point> = { active?: boolean; payload?: readonly { payload?: Point }[] }

function Tip({ title, rows }: { title: string; rows: readonly (readonly [string, ReactNode])[] }) {
  return (
    <div className="rounded-control border border-line bg-raised px-2.5 py-1.5 text-meta shadow-float">
      <p className="font-medium">{title}</p>
      <dl className="grid grid-cols-[auto_auto] gap-x-3 tabular-nums">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-soft">{name}</dt>
            <dd className="text-right">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function pointOf<Point>({ active, payload }: TipProps<Point>): Point | null {
  return active ? (payload?.[0]?.payload ?? null) : null
}

function VolumeTip(props: TipProps<VolumePoint>) {
  const point = pointOf(props)
  if (!point) return null
  const { date, day, planned, least, most, sent } = point
  return (
    <Tip
      title={day === null ? shortDate(date) : `${shortDate(date)}, day ${day}`}
      rows={[
        ...(sent === null ? [] : [['Sent', sent] as const]),
        ...(planned === null ? [] : [['Planned', planned] as const]),
        ...(least === null || most === null || least === most
          ? []
          : [['Within', `${least}–${most}`] as const]),
      ]}
    />
  )
}

function PlacementTip(props: TipProps<PlacementPoint>) {
  const point = pointOf(props)
  if (!point) return null
  return (
    <Tip
      title={shortDate(point.date)}
      rows={(['inbox', 'category', 'junk', 'missing'] as const).map(
        where => [placementWords[where].name, point[where]] as const,
      )}
    />
  )
}

function ScoreTip(props: TipProps<ScorePoint>) {
  const point = pointOf(props)
  if (!point || point.score === null) return null
  return <Tip title={shortDate(point.date)} rows={[['Health', point.score]]} />
}
