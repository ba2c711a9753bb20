import type { PlanChoices } from '#shared/model/record-plan.ts'
import type { WarmupDefaults } from '#shared/model/warmup.ts'
import type { Reads, Writes } from '../storage/open.ts'
import { nameOf, noteMailboxes } from './store.ts'

/** What each mailbox of a domain may send in a day, unless it has a limit of its own. */
export function writeDailyLimit(writes: Writes, id: string, dailyLimit: number): void {
  writes.run('UPDATE domains SET daily_limit = ? WHERE id = ?', dailyLimit, id)
  writes.changed('domains', id, 'put')
  noteMailboxes(writes, nameOf(writes, id))
}

/** What the mailboxes of a domain begin to warm up with; those that warm up already keep their settings. */
export function writeWarmupDefaults(writes: Writes, id: string, defaults: WarmupDefaults | null): void {
  writes.run(
    'UPDATE domains SET warmup_defaults = ? WHERE id = ?',
    defaults === null ? null : JSON.stringify(defaults),
    id,
  )
  writes.changed('domains', id, 'put')
}

/** What the mailboxes of a domain may send together in a day. */
export function writeWarmupPerDay(writes: Writes, id: string, perDay: number | null): void {
  writes.run('UPDATE domains SET warmup_per_day = ? WHERE id = ?', perDay, id)
  writes.changed('domains', id, 'put')
}

/** What a domain on the list says about the warmup of its mailboxes; nothing for any other name. */
export function warmupOfDomain(
  reads: Reads,
  name: string,
): { readonly defaults: WarmupDefaults | null; readonly perDay: number | null } {
  const row = reads.get<{ warmup_defaults: string | null; warmup_per_day: number | null }>(
    'SELECT warmup_defaults, warmup_per_day FROM domains WHERE name = ? AND removed_at IS NULL',
    name,
  )
  const defaults = row?.warmup_defaults ?? null
  return {
    defaults: defaults === null ? null : JSON.parse(defaults),
    perDay: row?.warmup_per_day ?? null,
  }
}

/** What a person chose about the records of a domain, as it was kept; null before they chose anything. */
export function findPlanChoices(reads: Reads, id: string): unknown {
  const row = reads.get<{ plan_choices: string | null }>('SELECT plan_choices FROM domains WHERE id = ?', id)
  return row === undefined || row.plan_choices === null ? null : JSON.parse(row.plan_choices)
}

export function writePlanChoices(writes: Writes, id: string, choices: PlanChoices): void {
  writes.run('UPDATE domains SET plan_choices = ? WHERE id = ?', JSON.stringify(choices), id)
}
