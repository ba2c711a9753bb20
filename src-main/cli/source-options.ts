import type { Command } from 'commander'

/** Where the answers come from, as given on the command line. */
export type SourceFlags = {
  readonly resolver?: readonly string[]
  readonly zone?: readonly string[]
  readonly snapshot?: string
  readonly skipErrors?: boolean
}

/** The flags that every verb shares which asks the DNS. */
export function addSourceOptions(command: Command): Command {
  return command
    .option(
      '-r, --resolver <address>',
      'ask this DNS server, IP or IP:port; may be given more than once',
      gather,
    )
    .option(
      '-z, --zone <file>',
      'take all answers from this zone file and use no network; may be given more than once',
      gather,
    )
    .option('--snapshot <file>', 'take all answers from this snapshot and use no network')
    .option('--skip-errors', 'audit what can be read of a zone file with mistakes')
}

function gather(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, value]
}
