import { limits } from '#engine/net/limits.ts'
import { readMailReport } from '#engine/reputation/bounces.ts'
import type { MailReport } from '#shared/model/mail-report.ts'
import { countOf } from '#shared/words/phrases.ts'
import { reportActionWords, reportCategoryWords, reportKindWords } from '#shared/words/mail-reports.ts'
import { exitCodes } from './exit-code.ts'
import { watchInterrupts } from './interrupts.ts'
import { type Paint, paintFor } from './layout.ts'
import { openOutputs } from './output.ts'
import { jsonLine, printable } from './printable.ts'
import { readOctets } from './read-octets.ts'

/** Runs `rookery classify` and returns its exit code. Everything written has been handed over by then. */
export async function runClassifyVerb({
  files,
  json,
}: {
  files: readonly string[]
  json: boolean
}): Promise<number> {
  const { stop, stdout, stderr } = openOutputs()
  const interrupted = watchInterrupts(stop)
  const paint = paintFor(process.stdout)
  let worst: number = exitCodes.clean
  for (const file of files) {
    if (stop.signal.aborted) break
    // A message of any size costs no more than this.
    const read = await readOctets(file, limits.mailReadBytes)
    if (!read.ok) {
      worst = exitCodes.usage
      await stderr.write(`rookery: ${printable(file)}: ${read.why}\n`)
      continue
    }
    const report = await readMailReport(read.octets)
    await stdout.write(json ? jsonLine({ file, ...report }) : linesFor(file, report, paint))
  }
  await stdout.flush()
  interrupted.end()
  return interrupted.code() ?? (stdout.gone() ? exitCodes.readerGone : worst)
}

function linesFor(file: string, { kind, recipients }: MailReport, paint: Paint): string {
  const colour = kind === 'bounce' || kind === 'complaint' ? 'red' : kind === 'delay' ? 'yellow' : 'dim'
  const count = recipients.length === 0 ? '' : ` (${countOf(recipients.length, 'recipient')})`
  const head = `${printable(file)}: ${paint(colour, reportKindWords[kind].name)}${count}`
  const lines = recipients.map(({ address, action, status, category, permanent }) => {
    const end = permanent && action === 'failed' ? ', for good' : ''
    return `  ${printable(address)}: ${reportActionWords[action]}${end}. ${reportCategoryWords[category].gloss}${status === null ? '' : ` (${status})`}`
  })
  return `${[head, ...lines].join('\n')}\n`
}
