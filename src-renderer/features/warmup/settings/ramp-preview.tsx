import type { WarmupSettings } from '#shared/model/warmup.ts'
import { countOf } from '#shared/words/phrases.ts'
import { shortDate } from '#shared/words/times.ts'
import { milestoneWords, poolSentence } from '#shared/words/warmup.ts'
import { useMemo } from 'react'
import { Notice } from '../../../ui/notice.tsx'
import { Loading } from '../../../ui/loading.tsx'
import { useRested } from '../../../ui/use-rested.ts'
import { failureText } from '../../frame/failures.ts'
import { ChartPanel, Swatch } from '../charts/chart-panel.tsx'
import { VolumeChart } from '../charts/lazy.tsx'
import { previewPoints } from '../charts/points.ts'
import { useCall } from '../../../client/use-call.ts'

type RampPreviewProps = {
  /** Of the mailbox; null for any. */
  id: string | null
  /** Null while something is wrong with what is typed: then what was shown last stays. */
  settings: WarmupSettings | null
}

/** The whole ramp these settings would give, its milestones, and what the pool can give. Nothing is sent or stored. */
export function RampPreview({ id, settings }: RampPreviewProps) {
  const key = useRested(settings === null ? null : JSON.stringify(settings))
  const { value, failure } = useCall(key, client =>
    client.warmup.preview({ id, settings: JSON.parse(key ?? '') as WarmupSettings }),
  )
  const points = useMemo(() => (value === null ? [] : previewPoints(value.ramp)), [value])
  if (failure)
    return (
      <Notice tone="fail" title="No preview">
        {failureText(failure)}
      </Notice>
    )
  if (value === null) return <Loading label="Loading the preview" className="justify-center p-8" />
  const { ramp, reach } = value
  return (
    <div className="flex flex-col gap-3">
      <ChartPanel
        level={3}
        title="What it would be"
        legend={
          <>
            <Swatch kind="line">planned</Swatch>
            <Swatch kind="band">range</Swatch>
          </>
        }
        rows={points}
        rowKey={({ date }) => date}
        columns={[
          { name: 'Date', value: ({ date }) => shortDate(date) },
          { name: 'Day', value: ({ day }) => day ?? 'rest' },
          { name: 'Planned', value: ({ planned }) => planned ?? '–' },
          { name: 'At least', value: ({ least }) => least ?? '–' },
          { name: 'At most', value: ({ most }) => most ?? '–' },
        ]}
        empty="Nothing would be sent."
        chart={<VolumeChart points={points} today="" height={160} />}
      />
      {ramp.steep && (
        <Notice tone="warn" title="This ramp is steep">
          It grows by more than two messages from one day to the next. Providers notice jumps; a lower target
          or more days are safer.
        </Notice>
      )}
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-0.5 tabular-nums">
        {ramp.milestones.map(({ code, day, date, perDay }) => (
          <div key={code} className="contents">
            <dt className="text-ink-soft">
              {shortDate(date)}, day {day}
            </dt>
            <dd>
              {milestoneWords[code]}, {perDay} a day
            </dd>
          </div>
        ))}
      </dl>
      <p className="text-ink-soft">
        {ramp.total.toLocaleString('en')} messages over {countOf(ramp.days.length, 'day')} on which it sends.
      </p>
      {reach.notes.length > 0 && (
        <ul aria-label="What the pool can give" className="flex flex-col gap-1 text-ink-soft">
          {reach.notes.map(note => (
            <li key={note}>{poolSentence(note, reach)}</li>
          ))}
        </ul>
      )}
    </div>
  )
}
