import type { Partner, PartnerState, PartnerTextKind, PartnerTextProblem } from '../model/partner.ts'
import { clip, countOf } from './phrases.ts'

export const partnerStateWords: Record<PartnerState, { name: string; gloss: string }> = {
  invited: { name: 'Invited', gloss: 'Their answer has not come yet.' },
  comparing: {
    name: 'Compare the number',
    gloss: 'Nothing is sent until you have compared the check number with them.',
  },
  waiting: { name: 'Waiting', gloss: 'They write first; your mailboxes answer, and then write too.' },
  on: { name: 'Active', gloss: 'Your mailboxes and theirs write to each other.' },
  silent: {
    name: 'Paused',
    gloss: 'Nothing came back for a week, so nothing is sent until they write again.',
  },
  expired: { name: 'Expired', gloss: 'Nobody answered in time. Make a new invitation.' },
  ended: { name: 'Ended', gloss: 'Nothing is sent or answered any more.' },
}

/** Where an agreement stands, in a sentence. */
export function partnerSentence({ state, endedBy }: Pick<Partner, 'state' | 'endedBy'>): string {
  if (state !== 'ended') return partnerStateWords[state].gloss
  return `${endedBy === 'them' ? 'They ended it.' : 'You ended it.'} ${partnerStateWords.ended.gloss}`
}

export const partnerTextWords: Record<PartnerTextKind, { name: string; hand: string }> = {
  invitation: { name: 'Invitation', hand: 'Give them this invitation; they give you an answer back.' },
  answer: { name: 'Answer', hand: 'Give them this answer; without it they cannot write.' },
  change: { name: 'Change', hand: 'Give them this text, so that they know which mailboxes take part.' },
  end: { name: 'End', hand: 'Give them this text, so that their mailboxes stop writing to yours.' },
}

const problemWords: Record<PartnerTextProblem, (address: string) => string> = {
  unreadable: () =>
    'No text of Rookery can be read here. Paste all of it, from the line with BEGIN to the line with END.',
  newer: () => 'This text was made by a newer Rookery. Update yours, then take it again.',
  own: () => 'You made this text yourself. Give it to your partner; what you need is theirs.',
  'not-for-us': () =>
    'This text belongs to no open agreement of yours. An answer can be taken only where the invitation was made.',
  changed: () =>
    'This text was changed on its way, or comes from somebody else. Ask your partner for it again.',
  older: () => 'This text, or a newer one, was taken already.',
  expired: () => 'This invitation has run out. Ask for a new one, or make one yourself.',
  'address-taken': address =>
    `${address === '' ? 'One of the addresses' : clip(address, 60)} is your own, or stands in an agreement with somebody else. Ask your partner to leave it out.`,
}

/** Why a text that was handed over cannot be used, and what to do. */
export function partnerTextProblemSentence({
  code,
  address,
}: {
  readonly code: PartnerTextProblem
  readonly address: string
}): string {
  return problemWords[code](address)
}

/** Why one would want a partner, and what they get to know. */
export const partnerReasonSentences = [
  'The same two mailboxes write to each other once in three days, so a small pool warms up little. With mailboxes of people you know it grows, and reaches other providers.',
  'A partner learns the addresses that you choose, who runs them, and where its own messages to them landed. Passwords, other mailboxes, figures and your own mail stay here.',
] as const

/** "Takes 4 messages a day each". */
export function takesSentence(perDay: number): string {
  return `each takes up to ${countOf(perDay, 'message')} a day`
}
