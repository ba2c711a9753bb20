import { acceptInvitation, invitePartner, takeText } from '#engine/warmup/partners/agreement.ts'
import { confirmPartner } from '#engine/warmup/partners/later-turns.ts'
import { valueOf } from './engine.ts'
import type { TestPool } from './warmup-pool.ts'

/** Two people agree: the first invites, with these of their mailboxes; gives the id that both know it by. */
export async function agree(
  inviter: TestPool,
  invited: TestPool,
  { perDay = 6, ours = all(inviter), theirs = all(invited) } = {},
): Promise<string> {
  const invitation = valueOf(
    await invitePartner(inviter.agreements(), { name: 'North', mailboxIds: ours, perDay, days: 7 }),
  )
  const accepted = valueOf(
    await acceptInvitation(invited.agreements(), {
      name: 'South',
      mailboxIds: theirs,
      perDay,
      text: invitation.text,
    }),
  )
  if (!accepted.taken) throw new Error(accepted.problem.code)
  const taken = valueOf(await takeText(inviter.agreements(), accepted.text))
  if (!taken.taken) throw new Error(taken.problem.code)
  for (const pool of [inviter, invited]) {
    valueOf(confirmPartner(pool.agreements(), invitation.id))
    pool.runner().roster.touchPartners()
  }
  return invitation.id
}

export function all({ mailboxes }: TestPool): string[] {
  return mailboxes.map(({ id }) => id)
}
