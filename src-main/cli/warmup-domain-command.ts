import { type Command, Option } from 'commander'
import type { SendWindow, WarmupDefaults } from '#shared/model/warmup.ts'
import { readLimit, readWindow, wholeWithin } from './warmup-values.ts'

export type WarmupDomainFlags = {
  readonly dataDir?: string
  readonly json?: boolean
  readonly strategy?: WarmupDefaults['strategy']
  readonly target?: number
  readonly window?: SendWindow
  readonly weekdaysOnly?: boolean
  readonly everyDay?: boolean
  readonly usual?: boolean
  readonly limit?: number | 'none'
}

/** Adds `domain` to `rookery warmup`. */
export function addWarmupDomainCommand(warmup: Command, build: string, done: (code: number) => void): void {
  warmup
    .command('domain')
    .description('Print or change what domains decide for the warmup of their mailboxes.')
    .argument('<names...>', 'domains on the list')
    .addOption(
      new Option('--strategy <name>', 'what their mailboxes begin with')
        .choices(['conservative', 'moderate', 'aggressive'])
        .conflicts('usual'),
    )
    .addOption(
      new Option('--target <number>', 'messages a day at the end of the ramp, 5 to 50')
        .argParser(wholeWithin(5, 50))
        .conflicts('usual'),
    )
    .addOption(
      new Option('--window <from-to>', "local hours in the mailbox's own zone, such as 09:00-18:00")
        .argParser(readWindow)
        .conflicts('usual'),
    )
    .addOption(
      new Option('--weekdays-only', 'send nothing on Saturdays and Sundays').conflicts(['everyDay', 'usual']),
    )
    .addOption(new Option('--every-day', 'send on all seven days').conflicts('usual'))
    .option('--usual', 'take the usual again: conservative, every day, 09:00-18:00')
    .option(
      '--limit <number>',
      'messages all mailboxes of a domain may send together in a day, or none',
      readLimit,
    )
    .option('--data-dir <folder>', "folder of the data (default: the system's folder for applications)")
    .option('--json', 'print one JSON object a line for each domain')
    .addHelpText('after', exitCodeHelp)
    .action(async (names: string[], flags: WarmupDomainFlags) => {
      const { runWarmupDomainVerb } = await import('./warmup-domain.ts')
      done(await runWarmupDomainVerb({ names, build, ...flags }))
    })
}

const exitCodeHelp = `
Those in warmup already keep what they have.
Exit codes:
  0  done
  2  a domain that is not on the list, a flag, or a data folder that cannot be used
The data folder must not be in use: close Rookery first, or use its window.`
