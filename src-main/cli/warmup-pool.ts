import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { createEngine } from '#engine/engine.ts'
import { createInProcessClient, type InProcessClient } from '#engine/in-process.ts'
import { noMail } from '#engine/mailboxes/mail-reach.ts'
import type { WarmupRow } from '#shared/model/warmup-view.ts'
import { failureLine } from '#shared/words/failures.ts'
import { healthSentence } from '#shared/words/mailbox-health.ts'
import { countOf } from '#shared/words/phrases.ts'
import { exactTime } from '#shared/words/times.ts'
import { strategyWords } from '#shared/words/warmup.ts'
import { defaultDataFolder } from '../hosts/data-folder.ts'
import { exitCodes } from './exit-code.ts'
import { warmupRows } from './feed-rows.ts'
import { platformOf } from './open-engine.ts'
import { createOutput } from './output.ts'
import { jsonLine, printable } from './printable.ts'
import type { WarmupPoolFlags, WarmupVerb } from './warmup-pool-command.ts'

/**
 * Runs `rookery warmup status`, `pause` or `resume` on a data folder that no other process uses, and returns the exit
 * code. Nothing is sent, and nobody is asked anything.
 */
export async function runWarmupPoolVerb(
  options: WarmupPoolFlags & {
    readonly verb: WarmupVerb
    readonly addresses: readonly string[]
    readonly build: string
  },
): Promise<number> {
  const { verb, addresses, json = false } = options
  const stdout = createOutput(process.stdout, () => undefined)
  const stderr = createOutput(process.stderr, () => undefined)
  const refuse = async (why: string) => {
    await stderr.write(`rookery: ${why}\n`)
    return exitCodes.usage
  }
  const { platform, env } = process
  const dataDir = resolve(options.dataDir ?? defaultDataFolder({ platform, home: homedir(), env }))
  const opened = await createEngine(platformOf(options.build, dataDir), undefined, () => null, {
    makeMail: noMail,
  })
  if (!opened.ok) return refuse(failureLine(opened.failure))
  const engine = opened.value
  try {
    const client = createInProcessClient(engine.router)
    const rows = await rowsOf(client)
    const unknown = addresses.filter(address => !rows.some(row => isSame(row.address, address)))
    if (unknown.length > 0) {
      return await refuse(
        `No mailbox that warms up has the address ${jsonLine(unknown[0]).trimEnd()}. rookery warmup status lists them.`,
      )
    }
    const named = rows.filter(
      row => addresses.length === 0 || addresses.some(address => isSame(row.address, address)),
    )
    const ids = named.map(({ id }) => id)
    let code: number = exitCodes.clean
    if (verb !== 'status') {
      const changed =
        verb === 'pause'
          ? await client.warmup.pause({ ids })
          : await client.warmup.resume({ ids, anyway: options.anyway ?? false })
      if (!changed.ok) return await refuse(failureLine(changed.failure))
      if (changed.value.changed.length < ids.length) code = exitCodes.findings
    }
    const after = (verb === 'status' ? named : await rowsOf(client)).filter(({ id }) => ids.includes(id))
    if (verb === 'status' && after.some(isPausedByItself)) code = exitCodes.findings
    const text = json ? after.map(row => jsonLine(row)).join('') : report(after)
    await stdout.write(text)
    await stdout.flush()
    return code
  } finally {
    await engine.stop()
  }
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

function isPausedByItself({ state }: WarmupRow): boolean {
  return state.state === 'paused' && state.reason !== 'paused-by-person'
}

async function rowsOf(client: InProcessClient): Promise<WarmupRow[]> {
  const rows = await warmupRows(client)
  return rows.toSorted((a, b) => (a.address < b.address ? -1 : 1))
}

function report(rows: readonly WarmupRow[]): string {
  if (rows.length === 0) return 'No mailbox warms up.\n'
  return rows
    .map(({ address, strategy, day, of, today, state, score }) => {
      const next = today.nextSendAt === null ? '' : `, next ${exactTime(today.nextSendAt)}`
      return [
        printable(address),
        `  ${strategyWords[strategy].name}, day ${day} of ${of}. Health ${score ?? 'not known yet'}.`,
        `  ${healthSentence({ ...state, reviewAt: state.nextAt })}`,
        `  Today ${today.sent} of ${countOf(today.planned, 'message')} sent${next}.`,
        '',
      ].join('\n')
    })
    .join('\n')
}
