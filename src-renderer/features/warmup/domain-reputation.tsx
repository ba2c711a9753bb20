import { confidenceWords, reputationWords, tooLittleKnown } from '#shared/words/reputation.ts'
import type { Domain } from '#shared/model/domain.ts'
import { useWarmupRowsOf } from '../../replica/warmup.ts'
import { HealthScoreRing } from '../../ui/health-score-ring.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import { RateFigure } from './details/score-panel.tsx'
import { useCall } from '../../client/use-call.ts'

/** What receivers made of a domain's mail over 28 days. Nothing while none of its mailboxes warms up. */
export function DomainReputationPanel({ domain: { id, name } }: { domain: Domain }) {
  const rows = useWarmupRowsOf(name)
  const sent = rows?.reduce((sum, { today, placed }) => sum + today.sent + placed, 0) ?? 0
  const { value } = useCall(rows === undefined || rows.length === 0 ? null : `${id} ${sent}`, client =>
    client.warmup.domain({ id }),
  )
  if (rows === undefined || rows.length === 0 || value === null) return null
  const { score, history } = value
  return (
    <section aria-labelledby="mail-reputation" className="flex flex-col gap-3">
      <h2 id="mail-reputation" className="text-section font-semibold">
        What receivers make of its mail
      </h2>
      <div className="flex flex-wrap items-center gap-x-8 gap-y-4 rounded-card border border-line px-5 py-4">
        <HealthScoreRing
          score={score.state === 'known' ? score.value : null}
          size={48}
          explanation={
            score.state === 'unknown'
              ? [tooLittleKnown(score)]
              : [score.lost.length === 0 ? 'No points lost.' : 'What was lost stands beneath.']
          }
        />
        <dl className="flex flex-1 flex-wrap gap-x-8 gap-y-3">
          <RateFigure name="In the inbox" rate={score.rates.inbox} good />
          <RateFigure name="Came back" rate={score.rates.bounces} />
          <RateFigure name="Complaints" rate={score.rates.complaints} />
        </dl>
        <div className="flex flex-col gap-1">
          <span aria-hidden className="text-meta text-ink-soft">
            Health, 30 days
          </span>
          <Sparkline
            values={history}
            least={50}
            width={120}
            height={28}
            label="Health of its mail over 30 days"
          />
        </div>
      </div>
      {score.state === 'known' && score.lost.length > 0 && (
        <ul aria-label="Points lost" className="flex flex-col">
          {score.lost.map(({ code, points, facts }) => (
            <li key={`${code} ${String(facts.list)}`} className="flex gap-3">
              <span className="w-8 shrink-0 font-semibold text-fail tabular-nums">−{points}</span>
              {reputationWords[code](facts)}
            </li>
          ))}
        </ul>
      )}
      <p className="text-meta text-ink-soft">
        Over 28 days and all its mailboxes.{' '}
        {score.state === 'known' ? confidenceWords[score.confidence] : tooLittleKnown(score)}
      </p>
    </section>
  )
}
