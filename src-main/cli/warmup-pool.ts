import type { InProcessClient } from '#engine/in-process.ts'
import type { Result } from '#shared/failure.ts'
import type { WarmupRow } from '#shared/model/warmup-view.ts'
import { failureLine } from '#shared/words/failures.ts'
import { healthSentence } from '#shared/words/mailbox-health.ts'
import { countOf } from '#shared/words/phrases.ts'
import { exactTime } from '#shared/words/times.ts'
import { strategyWords } from '#shared/words/warmup.ts'
import { exitCodes } from './exit-code.ts'
import { onDataFolder } from './on-data-folder.ts'
import { jsonLine, printable } from './printable.ts'
import { rowsOfTable } from './rows-of-table.ts'
import type { WarmupPoolFlags, WarmupVerb } from './warmup-pool-command.ts'

type PoolOptions = WarmupPoolFlags & {
  readonly verb: WarmupVerb
  readonly addresses: readonly string[]
  readonly build: string
}

/** Runs `rookery warmup status`, `pause`, `resume` or `campaign` on a data folder, and returns the exit code. */
export function runWarmupPoolVerb(options: PoolOptions): Promise<number> {
  const { verb, addresses, json = false } = options
  return onDataFolder(options, async ({ client, refuse, print }) => {
    const rows = await rowsOf(client)
    const unknown = addresses.filter(address => !rows.some(row => isSame(row.address, address)))
    if (unknown.length > 0) {
      return refuse(
        `No mailbox that warms up has the address ${jsonLine(unknown[0]).trimEnd()}. rookery warmup status lists them.`,
      )
    }
    const named = rows.filter(
      row => addresses.length === 0 || addresses.some(address => isSame(row.address, address)),
    )
    const ids = named.map(({ id }) => id)
    let code: number = exitCodes.clean
    const changed = await change(client, options, ids)
    if (changed !== null) {
      if (!changed.ok) return refuse(failureLine(changed.failure))
      if (changed.value.changed.length < ids.length) code = exitCodes.findings
    }
    const after = (changed === null ? named : await rowsOf(client)).filter(({ id }) => ids.includes(id))
    if (verb === 'status' && after.some(isPausedByItself)) code = exitCodes.findings
    await print(json ? after.map(row => jsonLine(row)).join('') : report(after))
    return code
  })
}

/** Null where nothing is to be changed. */
async function change(
  { warmup }: InProcessClient,
  { verb, anyway = false, messages = 0, date }: PoolOptions,
  ids: string[],
): Promise<Result<{ changed: string[] }> | null> {
  switch (verb) {
    case 'status':
      return null
    case 'pause':
      return warmup.pause({ ids })
    case 'resume':
      return warmup.resume({ ids, anyway })
    case 'campaign':
      return warmup.setCampaign({ ids, messages, date: date ?? null })
  }
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

function isPausedByItself({ state }: WarmupRow): boolean {
  return state.state === 'paused' && state.reason !== 'paused-by-person'
}

async function rowsOf(client: InProcessClient): Promise<WarmupRow[]> {
  const rows = await rowsOfTable(client, 'warmup')
  return rows.toSorted((a, b) => (a.address < b.address ? -1 : 1))
}

function report(rows: readonly WarmupRow[]): string {
  if (rows.length === 0) return 'No mailbox warms up.\n'
  return rows
    .map(({ address, strategy, day, of, today, state, score, campaign }) => {
      const next = today.nextSendAt === null ? '' : `, next ${exactTime(today.nextSendAt)}`
      return [
        printable(address),
        `  ${strategyWords[strategy].name}, day ${day} of ${of}. Health ${score ?? 'not known yet'}.`,
        `  ${healthSentence({ ...state, reviewAt: state.nextAt })}`,
        `  Today ${today.sent} of ${countOf(today.planned, 'message')} sent, ${today.cap} at most${next}.`,
        ...(campaign.perDay + campaign.today === 0
          ? []
          : [`  Own campaigns: ${countOf(campaign.perDay, 'message')} a day, ${campaign.today} today.`]),
        '',
      ].join('\n')
    })
    .join('\n')
}
