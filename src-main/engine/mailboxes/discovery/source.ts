import type { DiscoveryCandidate, DiscoveryReason, SourceOutcome } from '#shared/model/discovery.ts'

/** What one source gave. */
export type SourceAnswer = {
  readonly candidates: readonly DiscoveryCandidate[]
  readonly state: SourceOutcome['state']
  readonly reason: DiscoveryReason | null
}

/** The mail servers of a domain, or that they could not be looked up. */
export type MxAnswer =
  | { readonly state: 'known'; readonly hosts: readonly string[] }
  | { readonly state: 'unavailable'; readonly reason: DiscoveryReason }

export const absent = (reason: DiscoveryReason | null = null): SourceAnswer => ({
  candidates: [],
  state: 'absent',
  reason,
})
export const unavailable = (reason: DiscoveryReason): SourceAnswer => ({
  candidates: [],
  state: 'unavailable',
  reason,
})
export const skipped: SourceAnswer = { candidates: [], state: 'skipped', reason: null }
export const found = (...candidates: DiscoveryCandidate[]): SourceAnswer => ({
  candidates,
  state: 'found',
  reason: null,
})
