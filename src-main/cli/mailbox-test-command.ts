import { type Command, InvalidArgumentError } from 'commander'
import { type ServerAddress, serverAddressSchema } from '#shared/model/connection.ts'

export type MailboxTestFlags = {
  readonly email: string
  readonly smtp: ServerAddress
  readonly imap?: ServerAddress
  readonly user?: string
  readonly ca?: string
  readonly pin?: string
  readonly imapPin?: string
  readonly resolver?: string[]
  readonly allowPlain?: boolean
  readonly testEmail: boolean
  readonly compare?: boolean
  readonly passwordStdin?: boolean
  readonly tokenStdin?: boolean
  readonly json?: boolean
}

/** Adds `rookery mailbox test`; `done` is told the exit code. */
export function addMailboxTestCommand(mailbox: Command, version: string, done: (code: number) => void): void {
  mailbox
    .command('test')
    .description('Log in, send a message from the mailbox to itself and wait until it is there.')
    .requiredOption('--email <address>', 'the address of the mailbox')
    .requiredOption('--smtp <server>', 'HOST:PORT, and :tls, :starttls or :plain', readServer)
    .option('--imap <server>', 'HOST:PORT, and :tls, :starttls or :plain', readServer)
    .option('--user <name>', 'the name to log in with; the address unless given')
    .option('--ca <file>', 'also trust the authorities of this PEM file')
    .option('--pin <fingerprint>', 'accept the one certificate with this SHA-256 fingerprint')
    .option('--imap-pin <fingerprint>', 'the same for the IMAP server, where it has another one')
    .option(
      '-r, --resolver <address>',
      'ask this DNS server, IP or IP:port; may be given more than once',
      (value: string, earlier: string[] = []) => [...earlier, value],
    )
    .option('--allow-plain', 'let the password travel unencrypted where the server is given as :plain')
    .option('--no-test-email', 'send no message')
    .option(
      '--compare',
      'when a server is silent, also knock at one of Google, to tell a network that blocks mail',
    )
    .option('--password-stdin', 'read the password from standard input')
    .option('--token-stdin', 'read an OAuth access token from standard input')
    .option('--json', 'print one JSON object a line for each phase, and the result as the last')
    .addHelpText('after', exitCodeHelp)
    .action(async (flags: MailboxTestFlags) => {
      // Loaded here, so that --help and a wrong flag answer at once.
      const { runMailboxTestVerb } = await import('./mailbox-test.ts')
      done(await runMailboxTestVerb({ ...flags, build: `cli-${version}` }))
    })
}

const usualSecurity: Readonly<Record<number, ServerAddress['security']>> = { 465: 'tls', 993: 'tls' }

/** Reads `HOST:PORT` or `HOST:PORT:SECURITY`; an IPv6 address stands in brackets. Throws what the command line shows. */
function readServer(text: string): ServerAddress {
  const parts =
    /^(?:\[(?<six>[0-9a-f:.]+)\]|(?<host>[^:[\]]+)):(?<port>\d{1,5})(?::(?<security>[a-z]+))?$/i.exec(
      text,
    )?.groups
  const port = Number(parts?.['port'])
  const security = parts?.['security']?.toLowerCase() ?? usualSecurity[port] ?? 'starttls'
  const read = serverAddressSchema.safeParse({ host: parts?.['six'] ?? parts?.['host'], port, security })
  if (read.success) return read.data
  throw new InvalidArgumentError('Give HOST:PORT, or HOST:PORT:tls, :starttls or :plain.')
}

const exitCodeHelp = `
Exit codes:
  0    everything that was asked for works
  1    something does not, and the last line says what
  2    an address, a flag or a file that cannot be used
  130  interrupted`
