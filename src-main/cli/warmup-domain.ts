import type { Domain } from '#shared/model/domain.ts'
import type { WarmupDefaults } from '#shared/model/warmup.ts'
import { usualDefaults } from '#shared/warmup-ramps.ts'
import { failureLine } from '#shared/words/failures.ts'
import { countOf } from '#shared/words/phrases.ts'
import { defaultsSentence, startsWithSentence } from '#shared/words/warmup.ts'
import { exitCodes } from './exit-code.ts'
import { onDataFolder } from './on-data-folder.ts'
import { jsonLine, printable } from './printable.ts'
import { rowsOfTable } from './rows-of-table.ts'
import type { WarmupDomainFlags } from './warmup-domain-command.ts'

/**
 * Runs `rookery warmup domain` on a data folder: prints what domains decide for the warmup of their mailboxes, after it
 * was changed where a flag asks for it. Returns the exit code.
 */
export function runWarmupDomainVerb(
  options: WarmupDomainFlags & { readonly names: readonly string[]; readonly build: string },
): Promise<number> {
  const { names, json = false, limit } = options
  return onDataFolder(options, async ({ client, refuse, print }) => {
    const chosen = async () => {
      const domains = await rowsOfTable(client, 'domains')
      return names.map(name => domains.find(domain => isNamed(domain, name)))
    }
    const before = await chosen()
    const missing = before.indexOf(undefined)
    if (missing >= 0) return refuse(`The domain ${jsonLine(names[missing]).trimEnd()} is not on the list.`)
    for (const domain of before) {
      if (domain === undefined) continue
      const ids = [domain.id]
      const defaults = changedDefaults(domain, options)
      const kept = defaults === undefined ? null : await client.domains.setWarmupDefaults({ ids, defaults })
      if (kept?.ok === false) return refuse(failureLine(kept.failure))
      const limited =
        limit === undefined
          ? null
          : await client.domains.setWarmupPerDay({ ids, perDay: limit === 'none' ? null : limit })
      if (limited?.ok === false) return refuse(failureLine(limited.failure))
    }
    for (const domain of await chosen()) {
      if (domain === undefined) continue
      const { name, warmupDefaults, warmupPerDay, dailyLimit } = domain
      await print(
        json ? jsonLine({ domain: name, warmupDefaults, warmupPerDay, dailyLimit }) : report(domain),
      )
    }
    return exitCodes.clean
  })
}

function isNamed({ name, displayName }: Domain, wanted: string): boolean {
  return name === wanted.toLowerCase() || displayName.toLowerCase() === wanted.toLowerCase()
}

/** Undefined where nothing is to be changed, null to take the usual again. What no flag names stays. */
function changedDefaults(
  { warmupDefaults }: Domain,
  { usual = false, strategy, target, window, weekdaysOnly, everyDay }: WarmupDomainFlags,
): WarmupDefaults | null | undefined {
  if (usual) return null
  const weekdays = weekdaysOnly ? [1, 2, 3, 4, 5] : everyDay ? [1, 2, 3, 4, 5, 6, 7] : undefined
  if ([strategy, target, window, weekdays].every(value => value === undefined)) return undefined
  const before = warmupDefaults ?? usualDefaults()
  return {
    strategy: strategy ?? before.strategy,
    // Another strategy brings its own target.
    targetPerDay: target ?? (strategy === undefined ? before.targetPerDay : null),
    window: window ?? before.window,
    weekdays: weekdays ?? before.weekdays,
  }
}

function report({ name, warmupDefaults, warmupPerDay, dailyLimit }: Domain): string {
  const together =
    warmupPerDay === null ? 'no limit for all together' : `${countOf(warmupPerDay, 'message')} all together`
  return [
    printable(name),
    `  Mailboxes begin with ${startsWithSentence(warmupDefaults, name)}.`,
    `  ${defaultsSentence(warmupDefaults ?? usualDefaults())}`,
    `  Each may send ${dailyLimit} a day, ${together}.`,
    '',
  ].join('\n')
}
