import type { WarmupRow, WarmupState } from '#shared/model/warmup-view.ts'
import { healthReasonWords } from '#shared/words/mailbox-health.ts'
import { trendWords } from '#shared/words/reputation.ts'
import { countOf } from '#shared/words/phrases.ts'
import { dayAndTime } from '#shared/words/times.ts'

/** "The login failed three times in a row." Nothing for a mailbox that is well. */
export function reasonLine({ reason }: Pick<WarmupState, 'reason'>): string {
  if (reason === 'healthy') return ''
  const words = healthReasonWords[reason]
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** "looks again tomorrow 09:00", "until today 14:20"; nothing where no time is set. */
export function nextLine({ state, nextAt }: Pick<WarmupState, 'state' | 'nextAt'>, now: number): string {
  if (nextAt === null) return ''
  return state === 'rate-limited'
    ? `until ${dayAndTime(nextAt, now)}`
    : `looks again ${dayAndTime(nextAt, now)}`
}

/** "The login failed three times in a row. Looks again tomorrow 09:00." Nothing for a mailbox that is well. */
export function whyLine(state: WarmupState, now: number): string {
  const reason = reasonLine(state)
  return reason === '' ? '' : `${reason}${nextLook(state, now)}`
}

function nextLook({ state, nextAt }: WarmupState, now: number): string {
  if (nextAt === null) return state === 'paused' ? ' It stays so until you resume it.' : ''
  const verb = state === 'rate-limited' ? 'Goes on by itself' : 'Looks again'
  return ` ${verb} ${dayAndTime(nextAt, now)}.`
}

/** What stands behind the ring of a row, where only the number and its trend are known. */
export function scoreLines({ score, trend }: Pick<WarmupRow, 'score' | 'trend'>): string[] {
  if (score === null) return ['Too few messages have been sent to say anything.']
  if (trend.direction === 'unknown') return ['No trend yet.']
  const change = Math.abs(Math.round(trend.change))
  if (trend.direction === 'steady' || change === 0) return ['Steady against the week before.']
  const way = trend.change > 0 ? 'more' : 'fewer'
  return [`${trendWords[trend.direction]}: ${countOf(change, 'point')} ${way} than in the week before.`]
}
