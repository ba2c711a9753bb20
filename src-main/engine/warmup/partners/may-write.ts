import type { Reads } from '../../storage/open.ts'
import type { Roster } from '../roster.ts'
import type { HeldKeys } from './held-keys.ts'
import { partnerStateOf } from './standing.ts'
import { type Guest, type PartnerEntry, sentToGuest } from './store.ts'

const dayMs = 24 * 60 * 60_000

/** The guests a mailbox of ours may write to at all while their partner answers. */
export function guestsFor(roster: Roster, mailboxId: string, now: number): Guest[] {
  return guestsOfOpen(roster, now, ({ own }) => own.mailboxIds.includes(mailboxId))
}

/** Every guest that one of ours may write to. */
export function openGuests(roster: Roster, now: number): { domain: string; provider: string }[] {
  return guestsOfOpen(roster, now, () => true)
}

function guestsOfOpen(roster: Roster, now: number, isMeant: (partner: PartnerEntry) => boolean): Guest[] {
  if (roster.guests().length === 0) return []
  const open = new Set(
    roster
      .partners()
      .filter(partner => partnerStateOf(partner, now) === 'on' && isMeant(partner))
      .map(({ id }) => id),
  )
  return roster.guests().filter(({ partnerId, isIn }) => isIn && open.has(partnerId))
}

/** Whether a guest may be written to now: its key is at hand, it refused nothing lately, and its day is not full. */
export function isGuestWelcome(
  reads: Reads,
  { no, partnerId, perDay, unwelcomeUntilAt }: Guest,
  keys: Pick<HeldKeys, 'keyOf'>,
  now: number,
): boolean {
  return (
    keys.keyOf(partnerId) !== null &&
    (unwelcomeUntilAt ?? 0) <= now &&
    sentToGuest(reads, no, now - dayMs) < perDay
  )
}
