import type { PoolNote, PoolReach } from '#shared/model/warmup.ts'

const dayMs = 24 * 60 * 60_000

/** The same two mailboxes begin at most one thread in this time, whoever of them begins it. */
export const pairRestMs = 3 * dayMs
const pairRestDays = pairRestMs / dayMs

export const deepestThread = 4

/** Below this the same few people write to each other all the time, which looks like what it is. */
const enoughMailboxes = 4

/** Messages of a thread on average, when each is answered with this probability and none has more than four. */
export function meanDepth(replyRate: number): number {
  let mean = 1
  for (let depth = 1, share = replyRate; depth < deepestThread; depth += 1, share *= replyRate) mean += share
  return mean
}

/** Threads a mailbox can begin in a day in the long run, when it can write to this many others. */
export function threadsToBegin(partners: number): number {
  return partners / (2 * pairRestDays)
}

/**
 * What a pool can and cannot do before anything is sent: how many messages its pairs allow, and what a person should
 * know about it. `targetPerDay` is the largest of its mailboxes. Pure.
 */
export function poolReach(
  pool: readonly { readonly domain: string; readonly provider: string }[],
  { replyRate, targetPerDay }: { readonly replyRate: number; readonly targetPerDay: number },
): PoolReach {
  const mailboxes = pool.length
  const pairs = (mailboxes * (mailboxes - 1)) / 2
  const depth = meanDepth(replyRate)
  const messagesPerMailboxPerDay = mailboxes < 2 ? 0 : threadsToBegin(mailboxes - 1) * depth
  const mailboxesForTarget = Math.max(2, Math.ceil((targetPerDay / depth) * 2 * pairRestDays) + 1)
  const notes: PoolNote[] = []
  if (mailboxes < 2) notes.push('alone')
  else if (mailboxes === 2) notes.push('one-pair')
  else if (mailboxes < enoughMailboxes) notes.push('few-mailboxes')
  if (mailboxes < mailboxesForTarget) notes.push('target-out-of-reach')
  if (mailboxes > 1 && new Set(pool.map(({ domain }) => domain)).size === 1) notes.push('one-domain')
  if (mailboxes > 1 && new Set(pool.map(({ provider }) => provider)).size === 1) notes.push('one-provider')
  return {
    mailboxes,
    pairs,
    threadsPerDay: pairs / pairRestDays,
    messagesPerMailboxPerDay,
    mailboxesForTarget,
    notes,
  }
}
