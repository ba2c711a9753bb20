import type { Command } from 'commander'

type CommonFlags = { dataDir?: string; passphraseStdin?: boolean; json?: boolean }

/** What `rookery sync` can be asked; with `connect` comes where to. */
export type SyncVerb =
  | { readonly kind: 'connect'; readonly baseUrl: string; readonly tenantId: string }
  | { readonly kind: 'status' | 'now' | 'conflicts' }

/** Adds `rookery sync`; `done` is told the exit code. */
export function addSyncCommand(program: Command, version: string, done: (code: number) => void): void {
  const sync = program.command('sync').description('Keep domains level with a tenant API.')
  const run = async (verb: SyncVerb, { dataDir, passphraseStdin = false, json = false }: CommonFlags) => {
    // Loaded here, so that --help and a wrong flag answer at once.
    const { runSyncVerb } = await import('./sync.ts')
    done(await runSyncVerb({ verb, dataDir, passphraseStdin, json, build: `cli-${version}` }))
  }
  const add = (name: string, description: string) =>
    sync
      .command(name)
      .description(description)
      .option('--data-dir <folder>', "folder of the data (default: the system's folder for applications)")
      .option('--passphrase-stdin', 'unlock the vault with the first line of standard input')
      .option('--json', 'print JSON, one object a line')
      .addHelpText('after', exitCodeHelp)

  add('connect', 'Ask a tenant API once, and keep the connection when it answers.')
    .requiredOption('--url <address>', 'its address, such as https://api.example.com')
    .requiredOption('--tenant <id>', 'the tenant id')
    .requiredOption('--token-stdin', 'read the token from standard input, and from nowhere else')
    .action((flags: CommonFlags & { url: string; tenant: string }) =>
      run({ kind: 'connect', baseUrl: flags.url, tenantId: flags.tenant }, flags),
    )
  add('status', 'Tell where the synchronisation stands. Contacts nobody.').action((flags: CommonFlags) =>
    run({ kind: 'status' }, flags),
  )
  add('now', 'Send what waits and fetch what is new.').action((flags: CommonFlags) =>
    run({ kind: 'now' }, flags),
  )
  add('conflicts', 'List what was changed on both sides, and how it was settled.').action(
    (flags: CommonFlags) => run({ kind: 'conflicts' }, flags),
  )
}

const exitCodeHelp = `
Exit codes:
  0    it was done, or printed
  1    the server refused a change, or a conflict is open
  2    a flag, the address, the token or the data folder cannot be used, or nothing is connected
  3    the server was not reached or lets nobody in, or the vault is locked
  130  interrupted`
