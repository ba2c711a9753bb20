import type { Rate } from '#shared/model/reputation.ts'
import type { WarmupDetails } from '#shared/model/warmup-view.ts'
import { listOf } from '#shared/words/phrases.ts'
import {
  confidenceWords,
  reputationInputWords,
  reputationWords,
  tooLittleKnown,
} from '#shared/words/reputation.ts'
import { shortDate } from '#shared/words/times.ts'
import { ChartPanel } from '../charts/chart-panel.tsx'
import { ScoreChart } from '../charts/lazy.tsx'
import { scoreLines } from '../state-sentence.ts'

const daysShown = 30

/** The score with every point explained, what it rests on, and how it moved. */
export function ScorePanel({ details }: { details: WarmupDetails }) {
  const { score, row } = details
  const points = details.days
    .slice(-daysShown)
    .map(({ date, score }) => ({ date, score }))
    .filter(
      (point, index, all) => point.score !== null || all.slice(0, index).some(({ score }) => score !== null),
    )
  return (
    <section aria-labelledby="score" className="flex flex-col gap-3">
      <h2 id="score" className="text-section font-semibold">
        Health{score.state === 'known' ? `: ${score.value} of 100` : ''}
      </h2>
      {score.state === 'unknown' ? (
        <p>{tooLittleKnown(score)}</p>
      ) : (
        <>
          {score.lost.length === 0 ? (
            <p>No points lost.</p>
          ) : (
            <ul aria-label="Points lost" className="divide-y divide-line rounded-card border border-line">
              {score.lost.map(({ code, points, facts }) => (
                <li key={`${code} ${String(facts.list)}`} className="flex gap-4 px-4 py-2">
                  <span className="w-10 shrink-0 font-semibold text-fail tabular-nums">−{points}</span>
                  <span>{reputationWords[code](facts)}</span>
                </li>
              ))}
            </ul>
          )}
          <p className="text-ink-soft">
            {confidenceWords[score.confidence]} {row.trend.direction !== 'unknown' && scoreLines(row)[0]}
          </p>
        </>
      )}
      <dl className="grid grid-cols-3 gap-4">
        <RateFigure name="In the inbox" rate={score.rates.inbox} good />
        <RateFigure name="Came back" rate={score.rates.bounces} />
        <RateFigure name="Complaints" rate={score.rates.complaints} />
      </dl>
      {score.missing.length > 0 && (
        <p className="text-meta text-ink-soft">
          Not counted:{' '}
          {listOf(
            score.missing.map(input => reputationInputWords[input]),
            5,
            80,
          )}
          .
        </p>
      )}
      <ChartPanel
        level={3}
        title="30 days"
        rows={points}
        rowKey={({ date }) => date}
        columns={[
          { name: 'Date', value: ({ date }) => shortDate(date) },
          { name: 'Health', value: ({ score }) => score ?? '–' },
        ]}
        empty="No day with a score yet."
        chart={<ScoreChart points={points} today={row.today.date} />}
      />
    </section>
  )
}

/** A share with how many it rests on, and between which bounds the truth most likely lies. */
export function RateFigure({ name, rate, good = false }: { name: string; rate: Rate; good?: boolean }) {
  const digits = good ? 0 : 1
  const percent = (share: number) => (share * 100).toFixed(share === 0 || share === 1 ? 0 : digits)
  return (
    <div className="flex flex-col">
      <dt className="text-meta text-ink-soft">{name}</dt>
      <dd className="flex flex-col">
        <span className="text-title font-semibold tabular-nums">
          {rate.share === null ? '–' : `${percent(rate.share)} %`}
        </span>
        <span className="text-meta text-ink-soft tabular-nums">
          {rate.of === 0
            ? 'nothing counted yet'
            : `${Math.round(rate.count)} of ${Math.round(rate.of)}, most likely ${percent(rate.low)}–${percent(rate.high)} %`}
        </span>
      </dd>
    </div>
  )
}
