import { type Command, Option } from 'commander'
import { addWarmupDomainCommand } from './warmup-domain-command.ts'
import { addWarmupPartnersCommands } from './warmup-partners-command.ts'
import { addWarmupPoolCommands } from './warmup-pool-command.ts'
import { readDate, wholeWithin } from './warmup-values.ts'
import type { WarmupStrategy } from '#shared/model/warmup.ts'

/** More would take minutes and fill a disk. */
const most = { mailboxes: 2_000, days: 366 }

type SimulateFlags = {
  mailboxes: number
  days: number
  seed: string
  strategy: Exclude<WarmupStrategy, 'custom'>
  timeZone?: string[]
  start?: string
  weekdaysOnly?: boolean
  json?: boolean
}

/** Adds `rookery warmup`; `done` is told the exit code. */
export function addWarmupCommand(program: Command, version: string, done: (code: number) => void): void {
  const warmup = program.command('warmup').description('Warm mailboxes up: simulate, look, pause and resume.')
  addWarmupPoolCommands(warmup, `cli-${version}`, done)
  addWarmupDomainCommand(warmup, `cli-${version}`, done)
  addWarmupPartnersCommands(warmup, `cli-${version}`, done)
  warmup
    .command('simulate')
    .description('Play a pool of made-up mailboxes forward. Nothing is sent, nothing is stored.')
    .requiredOption(
      '--mailboxes <number>',
      `how many mailboxes, 1 to ${most.mailboxes}`,
      wholeWithin(1, most.mailboxes),
    )
    .requiredOption('--days <number>', `how many days, 1 to ${most.days}`, wholeWithin(1, most.days))
    .requiredOption('--seed <text>', 'the same seed gives the same plan')
    .addOption(
      new Option('--strategy <name>', 'how fast the volume grows')
        .choices(['conservative', 'moderate', 'aggressive'])
        .default('conservative'),
    )
    .option(
      '--time-zone <zone>',
      'an IANA zone such as Europe/Berlin; given more than once, the mailboxes take turns (default: UTC)',
      (value: string, earlier: string[] = []) => [...earlier, value],
    )
    .option('--start <date>', 'the first day, YYYY-MM-DD (default: today)', readDate)
    .option('--weekdays-only', 'send nothing on Saturdays and Sundays')
    .option('--json', 'print one JSON object a line for each message, and one for each mailbox and day')
    .addHelpText('after', exitCodeHelp)
    .action(async (flags: SimulateFlags) => {
      // Loaded here, so that --help and a wrong flag answer at once.
      const { runSimulateVerb } = await import('./warmup-simulate.ts')
      done(
        await runSimulateVerb({
          mailboxes: flags.mailboxes,
          days: flags.days,
          seed: flags.seed,
          strategy: flags.strategy,
          timeZones: flags.timeZone ?? ['UTC'],
          startDate: flags.start ?? new Date().toISOString().slice(0, 10),
          weekdaysOnly: flags.weekdaysOnly ?? false,
          json: flags.json ?? false,
        }),
      )
    })
}

const exitCodeHelp = `
Exit codes:
  0    the simulation was printed
  2    a flag or a time zone that cannot be used
  130  interrupted`
