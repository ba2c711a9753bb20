import type { Command } from 'commander'
import { addSourceOptions, type SourceFlags } from './source-options.ts'

export type MailboxDiscoverFlags = SourceFlags & {
  readonly https: boolean
  readonly probe: boolean
  readonly json?: boolean
}

/** Adds `rookery mailbox discover`; `done` is told the exit code. */
export function addMailboxDiscoverCommand(mailbox: Command, done: (code: number) => void): void {
  const discover = mailbox
    .command('discover')
    .description('Find the servers of a mailbox from its address, and the rules of its provider.')
    .argument('<address>', 'a mail address, such as anna@example.com')
  addSourceOptions(discover)
    .option('--no-https', 'fetch no settings that the domain publishes')
    .option('--no-probe', 'connect to no mail server')
    .option('--json', 'print the answer as one JSON object')
    .addHelpText('after', exitCodeHelp)
    .action(async (address: string, flags: MailboxDiscoverFlags) => {
      // Loaded here, so that --help and a wrong flag answer at once.
      const { runMailboxDiscoverVerb } = await import('./mailbox-discover.ts')
      done(await runMailboxDiscoverVerb(address, flags))
    })
}

const exitCodeHelp = `
Exit codes:
  0    servers that can be trusted were found
  1    none were found, or none that are taken without a person's word
  2    an address, a flag or a file that cannot be used
  3    none were found, and some place could not be looked at
  130  interrupted`
