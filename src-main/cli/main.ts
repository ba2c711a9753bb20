import { readFileSync } from 'node:fs'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { type MoreCheckId, moreCheckIds } from '#shared/model/finding.ts'
import { exitCodes } from './exit-code.ts'
import { serve } from './serve.ts'

const mostAtOnce = 64
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

async function main(words: readonly string[]): Promise<number> {
  let code: number = exitCodes.clean
  const program = new Command('rookery')
    .description('Checks the DNS records that mail from your domains depends on.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .showHelpAfterError('Run rookery --help to see what can be asked.')

  program
    .command('audit')
    .description('Look up and judge SPF, DKIM, DMARC, MX and what stands around them. Nothing is stored.')
    .argument('[domains...]', 'domain names, such as example.com')
    .option('-f, --file <path>', 'also audit every name of a list or CSV; - reads standard input', gather)
    .option(
      '-r, --resolver <address>',
      'ask this DNS server, IP or IP:port; may be given more than once',
      gather,
    )
    .option('--json', 'print one JSON object a line as each domain finishes')
    .option('-c, --concurrency <number>', 'how many domains are audited at once', concurrency, 8)
    .option(
      '-m, --more <checks>',
      'checks beside the required ones: all, none, or ids separated by commas',
      moreChecks,
      null,
    )
    .option(
      '-t, --tracking-host <name>',
      'also look at the name that links in your mail lead through',
      hostName,
    )
    .option('--no-direct', 'do not ask nameservers directly')
    .option('--no-https', 'fetch no policy, logo or page')
    .option('--no-smtp', 'connect to no mail server')
    .addHelpText('after', exitCodeHelp)
    .action(async (domains: string[], options: AuditFlags) => {
      // Loaded here, so that --help and a wrong flag answer at once.
      const { runAuditVerb } = await import('./audit.ts')
      const { file: files = [], resolver: resolvers = [], json = false, concurrency } = options
      const { direct, https, smtp, more, trackingHost = null } = options
      const reach = { direct, https, smtp, more, trackingHost }
      code = await runAuditVerb({
        domains,
        files,
        resolvers,
        json,
        concurrency,
        reach,
        build: `cli-${version}`,
      })
    })

  program
    .command('serve')
    .description('Run Rookery without a window and print the address to open. Takes the flags of npm start.')
    .helpOption(false)
    .allowUnknownOption()
    .argument('[flags...]')
    .action(async (flags: string[]) => {
      code = await serve(flags)
    })

  try {
    await program.parseAsync(words, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.usage
    // Node would end with 1, which says that findings were made.
    console.error('rookery: something went wrong inside Rookery.', error)
    return exitCodes.fault
  }
}

type AuditFlags = {
  file?: string[]
  resolver?: string[]
  json?: boolean
  concurrency: number
  more: MoreCheckId[] | null
  trackingHost?: string
  direct: boolean
  https: boolean
  smtp: boolean
}

function gather(value: string, earlier: readonly string[] = []): string[] {
  return [...earlier, value]
}

function concurrency(value: string): number {
  const number = Number(value)
  if (/^\d+$/.test(value) && number >= 1 && number <= mostAtOnce) return number
  throw new InvalidArgumentError(`Give a whole number from 1 to ${mostAtOnce}.`)
}

function moreChecks(value: string): MoreCheckId[] | null {
  if (value === 'all') return null
  const names = value === 'none' ? [] : value.split(',').map(name => name.trim())
  const known = names.flatMap(name => moreCheckIds.find(id => id === name) ?? [])
  if (known.length === names.length) return known
  throw new InvalidArgumentError(`Give all, none, or some of ${moreCheckIds.join(', ')}.`)
}

function hostName(value: string): string {
  if (/^[a-z0-9_-]+(?:\.[a-z0-9-]+)+$/i.test(value)) return value
  throw new InvalidArgumentError('Give a host name, such as track.example.com.')
}

const exitCodeHelp = `
Exit codes:
  0    nothing of severity high or worse was found
  1    findings of severity high or worse
  2    a name, a file, a flag or a DNS server that cannot be used
  3    something SPF, DKIM, DMARC, MX or the nameservers rest on could not be looked up
  130  interrupted
When several apply, 2 goes before 3 and 3 before 1.`

process.exitCode = await main(process.argv.slice(2))
