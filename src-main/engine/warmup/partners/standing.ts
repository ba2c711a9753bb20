import type { PartnerState } from '#shared/model/partner.ts'
import type { PartnerEntry } from './store.ts'

const dayMs = 24 * 60 * 60_000

/** A partner from whom nothing came for so long, although so much went there, is written to no more. */
const silence = { days: 7, messages: 3 } as const

/** Where an agreement stands. Pure. */
export function partnerStateOf(
  entry: Pick<PartnerEntry, 'stage' | 'side' | 'confirmedAt' | 'heardAt' | 'silentAt' | 'expiresAt'>,
  now: number,
): PartnerState {
  const { stage, side, confirmedAt, heardAt, silentAt, expiresAt } = entry
  if (stage === 'ended' || stage === 'expired') return stage
  if (stage === 'invited') return now < expiresAt ? 'invited' : 'expired'
  if (confirmedAt === null) return 'comparing'
  // Whoever was invited cannot know whether the answer arrived, until the other side writes.
  if (side === 'invited' && heardAt === null) return 'waiting'
  return silentAt === null ? 'on' : 'silent'
}

/** Since when nothing has come back counts: from the last message of theirs, or a person's word to go on. */
export function silenceFromAt({
  heardAt,
  askedAt,
  confirmedAt,
}: Pick<PartnerEntry, 'heardAt' | 'askedAt' | 'confirmedAt'>): number {
  return Math.max(heardAt ?? 0, askedAt ?? 0, confirmedAt ?? 0)
}

/** Whether a partner has been silent for too long, by what went there since. Pure. */
export function isSilent(
  sent: { readonly count: number; readonly firstAt: number | null },
  now: number,
): boolean {
  return sent.count >= silence.messages && sent.firstAt !== null && now - sent.firstAt >= silence.days * dayMs
}
