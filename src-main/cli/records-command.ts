import { type Command, Option } from 'commander'
import { dmarcPolicies } from '#shared/mail-auth/parse-dmarc.ts'
import type { DmarcStep, MtaStsMode } from '#shared/model/record-plan.ts'

type RecordsFlags = {
  mailProvider?: string
  dnsProvider?: string
  spfInclude?: string
  dmarc?: DmarcStep
  mtaSts?: MtaStsMode
  tlsRpt?: boolean
  tracking?: string
  trackingName: string
  resolver?: string[]
  json?: boolean
  bind?: boolean
}

/** Adds `rookery records`; `done` is told the exit code. */
export function addRecordsCommand(program: Command, version: string, done: (code: number) => void): void {
  program
    .command('records')
    .description('Print the records a domain should publish. Nothing is stored.')
    .argument('<domain>', 'a domain name, such as example.com')
    .option('--mail-provider <id>', 'plan for this mail provider instead of the one that is detected')
    .option('--dns-provider <id>', 'write names and values the way this DNS provider wants them')
    .option('--spf-include <name>', 'also let this name send, as include:NAME in SPF')
    .addOption(new Option('--dmarc <policy>', 'the DMARC policy to publish').choices(dmarcPolicies))
    .addOption(
      new Option('--mta-sts <mode>', 'add MTA-STS with its policy file').choices(['testing', 'enforce']),
    )
    .option('--tls-rpt', 'add TLS-RPT')
    .option('--tracking <target>', 'add a tracking name that leads there')
    .option('--tracking-name <name>', 'the tracking name', 'track')
    .option(
      '-r, --resolver <address>',
      'ask this DNS server, IP or IP:port; may be given more than once',
      (value: string, earlier: string[] = []) => [...earlier, value],
    )
    .addOption(new Option('--json', 'print the plan as one JSON object').conflicts('bind'))
    .option('--bind', 'print the records as a zone file')
    .addHelpText('after', exitCodeHelp)
    .action(async (domain: string, flags: RecordsFlags) => {
      // Loaded here, so that --help and a wrong flag answer at once.
      const { runRecordsVerb } = await import('./records.ts')
      const code = await runRecordsVerb({
        domain,
        choices: {
          mailProvider: flags.mailProvider ?? null,
          dnsProvider: flags.dnsProvider ?? null,
          spfInclude: flags.spfInclude ?? null,
          dmarcStep: flags.dmarc ?? null,
          mtaSts: flags.mtaSts ?? null,
          tlsRpt: flags.tlsRpt ?? false,
          trackingTarget: flags.tracking ?? null,
          trackingName: flags.trackingName,
        },
        form: flags.json ? 'json' : flags.bind ? 'bind' : 'people',
        resolvers: flags.resolver ?? [],
        build: `cli-${version}`,
      })
      done(code)
    })
}

const exitCodeHelp = `
Exit codes:
  0    the plan was printed
  2    a name, a flag or a DNS server that cannot be used
  3    something could not be looked up, so the plan may change
  130  interrupted`
