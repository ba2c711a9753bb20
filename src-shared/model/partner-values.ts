/**
 * Where an agreement with another Rookery stands. `invited`: the answer to our invitation has not come. `comparing`: the
 * two people have still to compare the check number. `waiting`: we were invited, and they write first. `silent`: nothing
 * came back for a week, so nothing is sent.
 */
export const partnerStates = ['invited', 'comparing', 'waiting', 'on', 'silent', 'expired', 'ended'] as const
export type PartnerState = (typeof partnerStates)[number]

export const partnerTextKinds = ['invitation', 'answer', 'change', 'end'] as const
export type PartnerTextKind = (typeof partnerTextKinds)[number]

/** Why a text that was handed over cannot be used. */
export const partnerTextProblems = [
  'unreadable',
  'newer',
  'own',
  'not-for-us',
  'changed',
  'older',
  'expired',
  'address-taken',
] as const
export type PartnerTextProblem = (typeof partnerTextProblems)[number]

/** Messages a day that each mailbox takes from the other side, unless a person says otherwise. */
export const usualPerDay = 4
/** How long an invitation holds, unless a person says otherwise. */
export const usualInvitationDays = 7
