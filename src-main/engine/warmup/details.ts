import type { ReputationScore } from '#shared/model/reputation.ts'
import type { DomainReputation, WarmupDetails } from '#shared/model/warmup-view.ts'
import type { Reads } from '../storage/open.ts'
import { type DayRow, daysSince, openSlots, toWarmupDay } from './days.ts'
import { reputationDay } from './look-at-health.ts'
import { memberOfMailbox } from './members.ts'
import { previewRamp, rampDays } from './plan.ts'
import { dateBack } from './plan-days.ts'
import { type RowContext, warmupRow } from './rows.ts'
import { type DomainStanding, nothingKnown } from './surroundings.ts'
import { readTemplates } from './texts.ts'

const daysShown = 120
const scoreDays = 28
const historyDays = 30
/** Days of the planned line after the end of the ramp. */
const daysAfterRamp = 10

type StandingOf = (reads: Reads, domainName: string) => DomainStanding

/** What is behind one mailbox's warmup; null when it does not warm up. */
export function warmupDetails(
  context: RowContext,
  standingOf: StandingOf,
  mailboxId: string,
): WarmupDetails | null {
  const { store, mailboxes, dates, seed } = context
  const row = warmupRow(context, mailboxId)
  const member = memberOfMailbox(store, mailboxId)
  const mailbox = mailboxes.find(store, mailboxId)
  if (row === null || member === null || mailbox === null) return null
  const { no, settings, startedAt } = member
  const { date } = row.today
  const days = daysSince(store, no, dateBack(date, daysShown))
  const startDate = dates.dateOf(startedAt, settings.timeZone)
  const ramp = previewRamp(settings, {
    startDate,
    days: rampDays(settings) + daysAfterRamp,
    seed,
    mailboxId,
  })
  const recent = days.filter(day => day.date >= dateBack(date, scoreDays))
  return {
    row,
    settings,
    days: days.map(toWarmupDay),
    planned: ramp.days,
    milestones: ramp.milestones.map(milestone => ({
      ...milestone,
      reachedAt: reachedAt(days, milestone.day),
    })),
    score: scoreFrom(context, standingOf(store, mailbox.domainName), recent, date),
    slots: openSlots(store, no),
    templates: readTemplates(store).length,
  }
}

/** When the mailbox had come as far; the noon of the date, because a day has no moment. */
function reachedAt(days: readonly DayRow[], warmupDay: number): number | null {
  const day = days.find(({ day, sent }) => day !== null && day >= warmupDay && sent > 0)
  return day === undefined ? null : Date.parse(`${day.date}T12:00:00Z`)
}

function scoreFrom(
  { reputation }: RowContext,
  standing: DomainStanding,
  days: readonly DayRow[],
  today: string,
): ReputationScore {
  return reputation.scoreOf({ ...standing, days: days.map(reputationDay) }, today)
}

/** What the mail of all mailboxes of a domain came to; null while none of them warms up. */
export function domainReputation(
  context: RowContext,
  standingOf: StandingOf,
  domainName: string,
): DomainReputation | null {
  const { store, mailboxes, reputation, dates } = context
  const members = mailboxes
    .all(store)
    .filter(mailbox => mailbox.domainName === domainName)
    .flatMap(({ id }) => memberOfMailbox(store, id) ?? [])
  const [first] = members
  if (first === undefined) return null
  const today = dates.dateOf(context.now(), first.settings.timeZone)
  // Each score looks back four weeks, so the oldest of the history needs those before it.
  const days = members.map(({ no }) =>
    daysSince(store, no, dateBack(today, historyDays + scoreDays)).map(reputationDay),
  )
  const standing = standingOf(store, domainName)
  const added = reputation.addUpDays(days)
  const dayOf = (back: number) => dateBack(today, back + 1)
  const history = Array.from({ length: historyDays }, (_, index) => dayOf(historyDays - 1 - index)).map(
    date => {
      const until = added.filter(day => day.date <= date && day.date >= dateBack(date, scoreDays))
      // What was listed then is not known any more, so only the mail itself counts.
      const score = reputation.scoreOf({ ...nothingKnown, days: until }, date)
      return { date, value: score.state === 'known' ? score.value : null }
    },
  )
  const score = reputation.scoreOf(
    { ...standing, days: added.filter(day => day.date >= dateBack(today, scoreDays)) },
    today,
  )
  return { score, trend: reputation.trendOf(history, today), history: history.map(({ value }) => value) }
}
