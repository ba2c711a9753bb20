import { warmupRoom } from '#shared/warmup-room.ts'
import type { Reads } from '../storage/open.ts'
import { campaignOn, findDay } from './days.ts'
import { sendsSince, sentBetween, sentOn } from './ledger-counts.ts'
import type { LocalDates } from './local-dates.ts'
import { dateReachMs } from './plan-days.ts'
import { usualCaps } from './plan-day.ts'
import type { Participant, Roster } from './roster.ts'
import { gapFor } from './slots.ts'
import { providerPerDay } from './strategies.ts'
import type { WarmupSurroundings } from './surroundings.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

export type Gate =
  | { readonly isOpen: true; readonly date: string; readonly mayBegin: boolean }
  | { readonly isOpen: false }

export type GateSurroundings = {
  readonly roster: Roster
  readonly dates: LocalDates
  readonly now: number
  readonly ofDomain: WarmupSurroundings['ofDomain']
}

const closed: Gate = { isOpen: false }

/**
 * Whether a mailbox may send now, by what the books say it and the others have sent: every cap and gap holds whatever
 * was planned, also after a clock was turned. `mayBegin` is false when only a reply may go.
 */
export function gateOf(
  reads: Reads,
  { member, mailbox, effect, isUsable }: Participant,
  surroundings: GateSurroundings,
): Gate {
  const { roster, dates, now } = surroundings
  if (!isUsable || effect.factor === 0) return closed
  const { no, settings } = member
  const gapMs = gapFor(usualCaps.mailboxPerHour)
  // A message with a later time than now was sent before a clock was put back.
  if (sentBetween(reads, no, now - gapMs, now + gapMs) > 0) return closed
  if (sentBetween(reads, no, now - hourMs, now + hourMs) >= usualCaps.mailboxPerHour) return closed
  const date = dates.dateOf(now, settings.timeZone)
  const day = findDay(reads, no, date)
  if (day === null || day.is_planned !== 1) return closed
  const sent = sentOn(reads, no, date, now - dateReachMs)
  const campaign = campaignOn(reads, no, date)
  const room = warmupRoom({
    dailyLimit: mailbox.dailyLimit,
    providerPerDay: providerPerDay[mailbox.provider] ?? null,
    campaign,
  })
  if (sent.all >= Math.min(day.cap, room.left)) return closed
  if (
    !hasDomainRoom(reads, mailbox.domainName, surroundings) ||
    !hasPace(reads, mailbox.provider, roster, now)
  )
    return closed
  return { isOpen: true, date, mayBegin: sent.threads < day.threads }
}

/** Whether the mailboxes of a domain may send one more together, each on its own local date. */
function hasDomainRoom(
  reads: Reads,
  domainName: string,
  { roster, dates, now, ofDomain }: GateSurroundings,
): boolean {
  const { perDay } = ofDomain(reads, domainName)
  if (perDay === null) return true
  let used = 0
  for (const { member, mailbox } of roster.all()) {
    if (mailbox.domainName !== domainName) continue
    const date = dates.dateOf(now, member.settings.timeZone)
    used += sentOn(reads, member.no, date, now - dateReachMs).all + campaignOn(reads, member.no, date)
  }
  return used < perDay
}

/** Whether one more goes through a provider within its minute and its hour. */
function hasPace(reads: Reads, provider: string, roster: Roster, now: number): boolean {
  const { providerPerHour, providerPerMinute } = usualCaps
  if (providerPerHour === null && providerPerMinute === null) return true
  let lastHour = 0
  let lastMinute = 0
  for (const { no, all, lately } of sendsSince(reads, now - hourMs, now - minuteMs)) {
    if (roster.of(no)?.mailbox.provider !== provider) continue
    lastHour += all
    lastMinute += lately
  }
  return (
    lastHour < (providerPerHour ?? Number.POSITIVE_INFINITY) &&
    lastMinute < (providerPerMinute ?? Number.POSITIVE_INFINITY)
  )
}
