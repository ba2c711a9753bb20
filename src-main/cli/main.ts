import { readFileSync } from 'node:fs'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { type MoreCheckId, moreCheckIds } from '#shared/model/finding.ts'
import { addClassifyCommand } from './classify-command.ts'
import { addDmarcReportsCommand } from './dmarc-reports-command.ts'
import { exitCodes } from './exit-code.ts'
import { addMailboxCommand } from './mailbox.ts'
import { addRecordsCommand } from './records-command.ts'
import { serve } from './serve.ts'
import { addSourceOptions, type SourceFlags } from './source-options.ts'
import { addSyncCommand } from './sync-command.ts'
import { addWarmupCommand } from './warmup-command.ts'

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

  const audit = program
    .command('audit')
    .description('Look up and judge SPF, DKIM, DMARC, MX and what stands around them. Nothing is stored.')
    .argument('[domains...]', 'domain names, such as example.com')
    .option('-f, --file <path>', 'also audit every name of a list or CSV; - reads standard input', gather)
  addSourceOptions(audit)
    .option('--save-snapshot <file>', 'also save every answer, so that the audit can be given again')
    .option('--json', 'print one JSON object a line as each domain finishes')
    .option('--bulk-senders', 'also print what Gmail, Yahoo and Microsoft ask of bulk senders')
    .option('-c, --concurrency <number>', 'how many domains are audited at once', concurrency, 16)
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
    .option('--no-dkim-search', 'guess no DKIM selectors')
    .option('--no-direct', 'do not ask nameservers directly')
    .option('--no-https', 'fetch no policy, logo or page')
    .option('--no-smtp', 'connect to no mail server')
    .option('--dns-only', 'all three of these: ask DNS servers alone')
    .addHelpText('after', exitCodeHelp)
    .action(async (domains: string[], options: AuditFlags) => {
      // Loaded here, so that --help and a wrong flag answer at once.
      const { runAuditVerb } = await import('./audit.ts')
      const { file: files = [], saveSnapshot = null, json = false, concurrency, ...rest } = options
      const { bulkSenders = false, dnsOnly = false, direct, https, smtp, more, ...others } = rest
      const { trackingHost = null, dkimSearch: guessSelectors, ...source } = others
      const reach = {
        direct: direct && !dnsOnly,
        https: https && !dnsOnly,
        smtp: smtp && !dnsOnly,
        more,
        trackingHost,
        guessSelectors,
      }
      const build = `cli-${version}`
      code = await runAuditVerb({
        domains,
        files,
        source,
        saveSnapshot,
        json,
        bulkSenders,
        concurrency,
        reach,
        build,
      })
    })

  const checkHost = program
    .command('check-host')
    .description('Ask SPF whether a server may send mail: check_host of RFC 7208. Nothing is stored.')
    .requiredOption('--ip <address>', 'the address that connects, IPv4 or IPv6')
    .requiredOption('--mail-from <address>', 'the envelope sender; empty ("") for a bounce')
    .requiredOption('--helo <name>', 'the name the server greets with')
  addSourceOptions(checkHost)
    .option('--json', 'print the answer as one JSON object')
    .addHelpText('after', checkHostExitCodeHelp)
    .action(async (options: CheckHostFlags) => {
      const { runCheckHostVerb } = await import('./check-host.ts')
      const { json = false, ip, mailFrom, helo, ...source } = options
      code = await runCheckHostVerb({ ip, mailFrom, helo, source, json, build: `cli-${version}` })
    })

  addRecordsCommand(program, version, ended => {
    code = ended
  })

  addMailboxCommand(program, version, ended => {
    code = ended
  })

  addWarmupCommand(program, version, ended => {
    code = ended
  })

  addSyncCommand(program, version, ended => {
    code = ended
  })

  addClassifyCommand(program, ended => {
    code = ended
  })

  addDmarcReportsCommand(program, ended => {
    code = ended
  })

  program
    .command('blacklists')
    .description('Look addresses, domains and mailboxes up on the blacklists. Nothing is stored.')
    .argument('[targets...]', 'IP addresses, domain names or email addresses')
    .option(
      '-r, --resolver <address>',
      'ask this DNS server, IP or IP:port; may be given more than once',
      gather,
    )
    .option('--json', 'print one JSON object a line for each target')
    .addHelpText('after', blacklistExitCodeHelp)
    .action(async (targets: string[], options: { resolver?: string[]; json?: boolean }) => {
      const { runBlacklistsVerb } = await import('./blacklists.ts')
      const { resolver: resolvers = [], json = false } = options
      code = await runBlacklistsVerb({ targets, resolvers, json, build: `cli-${version}` })
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

type AuditFlags = SourceFlags & {
  file?: string[]
  saveSnapshot?: string
  json?: boolean
  bulkSenders?: boolean
  concurrency: number
  more: MoreCheckId[] | null
  trackingHost?: string
  dkimSearch: boolean
  direct: boolean
  https: boolean
  smtp: boolean
  dnsOnly?: boolean
}

type CheckHostFlags = SourceFlags & { ip: string; mailFrom: string; helo: string; json?: boolean }

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

const blacklistExitCodeHelp = `
Exit codes:
  0    nothing is listed with weight 2 or more, and nothing is open
  1    something is listed with weight 2 or more
  2    a target, a flag or a DNS server that cannot be used
  3    a list could not be asked or believed, and nothing of weight 2 is listed
  130  interrupted`

const checkHostExitCodeHelp = `
Exit codes:
  0    SPF has answered: pass, fail, softfail, neutral, none or permerror
  2    an address, a flag or a DNS server that cannot be used
  3    temperror: something could not be looked up
  130  interrupted`

process.exitCode = await main(process.argv.slice(2))
