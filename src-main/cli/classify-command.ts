import type { Command } from 'commander'

/** Adds `rookery classify`; `done` is told the exit code. */
export function addClassifyCommand(program: Command, done: (code: number) => void): void {
  program
    .command('classify')
    .description('Tell bounces, delays, complaints and automatic answers apart. Nothing is stored.')
    .argument('<files...>', 'messages as they were received (.eml); - reads standard input')
    .option('--json', 'print one JSON object a line for each file')
    .addHelpText('after', exitCodeHelp)
    .action(async (files: string[], { json = false }: { json?: boolean }) => {
      // Loaded here, so that --help and a wrong flag answer at once.
      const { runClassifyVerb } = await import('./classify.ts')
      done(await runClassifyVerb({ files, json }))
    })
}

const exitCodeHelp = `
Exit codes:
  0    every file was read, whatever it reports
  2    a file that cannot be read; the others are read all the same
  130  interrupted`
