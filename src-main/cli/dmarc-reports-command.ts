import type { Command } from 'commander'

/** Adds `rookery dmarc-reports`; `done` is told the exit code. */
export function addDmarcReportsCommand(program: Command, done: (code: number) => void): void {
  program
    .command('dmarc-reports')
    .description(
      'Read DMARC aggregate reports and tell who sends as your domains. Nothing is stored or asked.',
    )
    .argument('<files...>', 'reports as they came: .xml, .gz, .zip or .eml; - reads standard input')
    .option('--json', 'print one JSON object a line: each file, each record, each domain')
    .addHelpText('after', exitCodeHelp)
    .action(async (files: string[], { json = false }: { json?: boolean }) => {
      // Loaded here, so that --help and a wrong flag answer at once.
      const { runDmarcReportsVerb } = await import('./dmarc-reports.ts')
      done(await runDmarcReportsVerb({ files, json }))
    })
}

const exitCodeHelp = `
Exit codes:
  0    every file was read, and all mail in it passes, or was passed on by others
  1    mail that passes neither SPF nor DKIM for the domain
  2    a file, or something in it, that cannot be read; the others are read all the same
  130  interrupted
2 goes before 1.`
