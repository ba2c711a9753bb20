import type { LocalDates } from './local-dates.ts'
import type { HeldKeys } from './partners/held-keys.ts'
import type { Roster } from './roster.ts'
import type { WarmupSurroundings } from './surroundings.ts'
import type { TokenKeys } from './token-keys.ts'
import type { Watches } from './watches.ts'

/** What the parts of the engine around the pure core share while it runs. */
export type WarmupContext = WarmupSurroundings & {
  readonly seed: string
  readonly roster: Roster
  readonly dates: LocalDates
  /** Null until they were read from the vault. */
  keys(): TokenKeys | null
  readonly partnerKeys: HeldKeys
  readonly watches: Watches
  /** When this process began. What is older may have been answered by books that are lost. */
  readonly startedAt: number
  /** Messages that are being sent right now, by their id in the books. */
  readonly inFlight: Set<number>
  /** Asks the runner for a look soon. */
  wake(): void
  /** Nothing is sent for now: a clock was turned, the machine slept, or the books are old. */
  isHeld(): boolean
  /** The books turned out to be older than what was sent: a message received then is not in them. */
  noteRestored(receivedAt: number): void
}

/** The keys that a message to or from this number in the books may have been marked with: ours, or the partner's. */
export function keysWith(context: WarmupContext, no: number): readonly Uint8Array[] {
  const guest = context.roster.correspondent(no)?.guest ?? null
  if (guest === null) return context.keys() ?? []
  const key = context.partnerKeys.keyOf(guest.partnerId)
  return key === null ? [] : [key]
}
