import type { WarmupDetails } from '#shared/model/warmup-view.ts'
import { healthStateWords } from '#shared/words/mailbox-health.ts'
import { shortDate } from '#shared/words/times.ts'
import { placementWords } from '#shared/words/warmup-activity.ts'
import { useMemo } from 'react'
import { ChartPanel, Swatch } from '../charts/chart-panel.tsx'
import { PlacementChart, VolumeChart } from '../charts/lazy.tsx'
import { placementPoints, volumePoints } from '../charts/points.ts'

const dash = (value: number | null) => (value === null ? '–' : value)

/** What was planned and what was sent, the whole ramp and a little beyond. */
export function VolumeSection({ details }: { details: WarmupDetails }) {
  const points = useMemo(() => volumePoints(details), [details])
  const states = useMemo(() => new Map(details.days.map(({ date, state }) => [date, state])), [details])
  return (
    <ChartPanel
      title="Planned and sent"
      legend={
        <>
          <Swatch kind="line">planned</Swatch>
          <Swatch kind="band">range of a day</Swatch>
          <Swatch kind="bar">sent</Swatch>
        </>
      }
      rows={points}
      rowKey={({ date }) => date}
      columns={[
        { name: 'Date', value: ({ date }) => shortDate(date) },
        { name: 'Day', value: ({ day }) => (day === null ? 'rest' : day) },
        { name: 'Planned', value: ({ planned }) => dash(planned) },
        { name: 'At least', value: ({ least }) => dash(least) },
        { name: 'At most', value: ({ most }) => dash(most) },
        { name: 'Sent', value: ({ sent }) => dash(sent) },
        {
          name: 'State',
          isText: true,
          value: ({ date }) => {
            const state = states.get(date)
            return state === undefined ? '' : healthStateWords[state].name
          },
        },
      ]}
      empty="Planned when the first day begins."
      chart={<VolumeChart points={points} today={details.row.today.date} />}
    />
  )
}

export function PlacementSection({ details }: { details: WarmupDetails }) {
  const points = useMemo(() => placementPoints(details.days), [details])
  return (
    <ChartPanel
      title="Where its messages landed"
      legend={(['inbox', 'category', 'junk', 'missing'] as const).map(where => (
        <Swatch key={where} kind={where}>
          {placementWords[where].name}
        </Swatch>
      ))}
      rows={points}
      rowKey={({ date }) => date}
      columns={[
        { name: 'Date', value: ({ date }) => shortDate(date) },
        ...(['inbox', 'category', 'junk', 'missing'] as const).map(where => ({
          name: placementWords[where].name,
          value: (point: (typeof points)[number]) => point[where],
        })),
      ]}
      empty="Nobody has looked yet. It is noted as soon as the first message is found."
      chart={<PlacementChart points={points} today={details.row.today.date} />}
    />
  )
}
