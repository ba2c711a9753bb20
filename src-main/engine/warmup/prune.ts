import type { Writes } from '../storage/open.ts'
import { prunePartners } from './partners/store.ts'
import { replyStaleMs } from './replies.ts'
import { firstRestingDay } from './texts.ts'

const dayMs = 24 * 60 * 60_000

/** How long what is kept, and why. */
const keptMs = {
  /** Longer than a token lives (30 days), so that whatever still counts as ours is in the books. */
  messages: 35 * dayMs,
  /** A message can be answered, and so quoted, until its answer would be stale; the delay is 20 hours at most. */
  bodies: replyStaleMs + 5 * dayMs,
  slots: 3 * dayMs,
  activity: 90 * dayMs,
  days: 400 * dayMs,
  placements: 60 * dayMs,
} as const

/** Entries of the log that are kept over all mailboxes. */
const activityKept = 200_000

/** Forgets what nothing asks for any more. */
export function pruneBooks(writes: Writes, now: number): void {
  const dateBefore = (ageMs: number) => new Date(now - ageMs).toISOString().slice(0, 10)
  writes.run('DELETE FROM warmup_messages WHERE intent_at < ? AND chore_at IS NULL', now - keptMs.messages)
  writes.run(
    'UPDATE warmup_messages SET body = NULL WHERE intent_at < ? AND body IS NOT NULL',
    now - keptMs.bodies,
  )
  prunePartners(writes, now - keptMs.messages)
  writes.run("DELETE FROM warmup_slots WHERE at < ? AND state <> 'open'", now - keptMs.slots)
  writes.run('DELETE FROM warmup_texts WHERE day < ?', firstRestingDay(now))
  writes.run('DELETE FROM warmup_activity WHERE at < ?', now - keptMs.activity)
  writes.run(
    'DELETE FROM warmup_activity WHERE id <= (SELECT max(id) FROM warmup_activity) - ?',
    activityKept,
  )
  writes.run('DELETE FROM warmup_days WHERE date < ?', dateBefore(keptMs.days))
  writes.run('DELETE FROM warmup_placements WHERE date < ?', dateBefore(keptMs.placements))
  writes.run('DELETE FROM warmup_campaigns WHERE date < ?', dateBefore(keptMs.placements))
}
