import type { Command } from 'commander'
import { readDate, wholeWithin } from './warmup-values.ts'

export type WarmupVerb = 'status' | 'pause' | 'resume' | 'campaign'
export type WarmupPoolFlags = {
  dataDir?: string
  json?: boolean
  anyway?: boolean
  /** Of the own campaigns, on the local date or every day. */
  messages?: number
  date?: string
}

const described: Readonly<Record<WarmupVerb, string>> = {
  status: 'Print how the mailboxes that warm up stand: all, or those named.',
  pause: 'Hold mailboxes until they are resumed. What arrives is still found, rescued and read.',
  resume: 'Let mailboxes go on, at half the volume after a pause that Rookery made.',
  campaign:
    'Say how many messages a day your own campaigns send from mailboxes, so that warmup leaves them room.',
}

/** Adds `status`, `pause`, `resume` and `campaign` to `rookery warmup`. */
export function addWarmupPoolCommands(warmup: Command, build: string, done: (code: number) => void): void {
  for (const verb of ['status', 'pause', 'resume', 'campaign'] as const) {
    const command = warmup
      .command(verb)
      .description(described[verb])
      .argument(
        verb === 'status' ? '[addresses...]' : '<addresses...>',
        'addresses of mailboxes that warm up',
      )
      .option('--data-dir <folder>', "folder of the data (default: the system's folder for applications)")
      .option('--json', 'print one JSON object a line for each mailbox')
    if (verb === 'resume') {
      command.option('--anyway', 'also end a pause that Rookery made, while its cause is still there')
    }
    if (verb === 'campaign') {
      command
        .requiredOption('--messages <number>', 'messages a day', wholeWithin(0, 100_000))
        .option('--date <date>', 'on this local date alone, YYYY-MM-DD (default: every day)', readDate)
    }
    command.addHelpText('after', exitCodeHelp).action(async (addresses: string[], flags: WarmupPoolFlags) => {
      const { runWarmupPoolVerb } = await import('./warmup-pool.ts')
      done(await runWarmupPoolVerb({ verb, addresses, build, ...flags }))
    })
  }
}

const exitCodeHelp = `
Exit codes:
  0    done
  1    a mailbox is paused by Rookery itself (status), or was not changed (pause, resume, campaign)
  2    an address that does not warm up, a flag, or a data folder that cannot be used
The data folder must not be in use: close Rookery first, or use its window.`
