import type { PartnerTextProblem } from '#shared/model/partner.ts'
import type { Reads } from '../../storage/open.ts'
import type { WarmupMailboxes } from '../surroundings.ts'
import type { Said } from './partner-text.ts'
import { type PartnerEntry, takenAddress } from './store.ts'

/** Why a text is not taken. */
export type Refused = {
  readonly taken: false
  readonly problem: { readonly code: PartnerTextProblem; readonly address: string }
}

export const refuse = (code: PartnerTextProblem, address = ''): Refused => ({
  taken: false,
  problem: { code, address },
})

/** What stands in the way of accepting an invitation. */
export function problemOfInvitation(
  reads: Reads,
  mailboxes: WarmupMailboxes,
  said: Extract<Said, { kind: 'invitation' }>,
  known: PartnerEntry | null,
  now: number,
): Refused | null {
  if (known !== null) return refuse(known.side === 'inviter' ? 'own' : 'older')
  if (now >= said.expiresAt) return refuse('expired')
  return addressProblem(reads, mailboxes, said)
}

/** What stands in the way of an answer, a change or an end, its seal left aside. */
export function problemOfTurn(
  reads: Reads,
  mailboxes: WarmupMailboxes,
  said: Exclude<Said, { kind: 'invitation' }>,
  known: PartnerEntry | null,
  now: number,
): Refused | null {
  if (known === null) return refuse('not-for-us')
  const by = said.kind === 'answer' ? 'invited' : said.by
  if (by === known.side) return refuse('own')
  if (said.kind === 'answer') {
    if (known.stage === 'agreed') return refuse('older')
    if (known.stage === 'expired' || (known.stage === 'invited' && now >= known.expiresAt))
      return refuse('expired')
    if (known.stage !== 'invited') return refuse('not-for-us')
  } else if (known.stage !== 'agreed') return refuse('not-for-us')
  else if (said.number <= known.theirNumber) return refuse('older')
  return said.kind === 'end' ? null : addressProblem(reads, mailboxes, said)
}

/** An address is ours, or somebody else's whom we agreed with: two keys would speak for it. */
function addressProblem(
  reads: Reads,
  mailboxes: WarmupMailboxes,
  {
    id,
    mailboxes: theirs,
  }: { readonly id: string; readonly mailboxes: readonly { readonly address: string }[] },
): Refused | null {
  const own = new Set(mailboxes.all(reads).map(({ address }) => address.toLowerCase()))
  const addresses = theirs.map(({ address }) => address)
  const taken = addresses.find(one => own.has(one.toLowerCase())) ?? takenAddress(reads, id, addresses)
  return taken === null ? null : refuse('address-taken', taken)
}
