import { isTrouble } from '#engine/dmarc-reports/judge-sources.ts'
import { readReportFile } from '#engine/dmarc-reports/read-report-file.ts'
import { summariesOf } from '#engine/dmarc-reports/summary.ts'
import { limits } from '#engine/net/limits.ts'
import type { DmarcReport, DmarcSummary, FileOutcome } from '#shared/model/dmarc-report.ts'
import {
  firstLine,
  outcomeLine,
  outcomeName,
  senderName,
  shareText,
  verdictNames,
  verdictWords,
} from '#shared/words/dmarc-reports.ts'
import { countOf } from '#shared/words/phrases.ts'
import { exitCodes } from './exit-code.ts'
import { watchInterrupts } from './interrupts.ts'
import { hanging, type Paint, paintFor } from './layout.ts'
import { openOutputs } from './output.ts'
import { jsonLine, printable } from './printable.ts'
import { readOctets } from './read-octets.ts'

/** Runs `rookery dmarc-reports` and returns its exit code. Everything written has been handed over by then. */
export async function runDmarcReportsVerb({
  files,
  json,
}: {
  files: readonly string[]
  json: boolean
}): Promise<number> {
  const { stop, stdout, stderr } = openOutputs()
  const interrupted = watchInterrupts(stop)
  const paint = paintFor(process.stdout)
  const reports: DmarcReport[] = []
  const seen = new Set<string>()
  let isAllRead = true
  for (const file of files) {
    if (stop.signal.aborted) break
    // An octet more than is taken, so that a file that is larger is told.
    const read = await readOctets(file, limits.dmarcFileBytes + 1)
    if (!read.ok) {
      isAllRead = false
      await stderr.write(`rookery: ${printable(file)}: ${read.why}\n`)
      continue
    }
    for (const one of await readReportFile(read.octets, Date.now())) {
      const outcome = one.ok
        ? outcomeOf(file, one.part, one.report, seen)
        : ({ file, part: one.part, state: 'refused', code: one.code, facts: { ...one.facts } } as const)
      if (outcome.state === 'refused') isAllRead = false
      await stdout.write(json ? jsonLine({ kind: 'file', ...outcome }) : fileLine(outcome, paint))
      if (!one.ok || outcome.state !== 'read') continue
      reports.push(one.report)
      if (json) for (const row of one.report.rows) await stdout.write(jsonLine(rowOf(one.report, row)))
    }
  }
  const summaries = summariesOf(reports)
  if (!interrupted.code())
    for (const summary of summaries) {
      await stdout.write(json ? jsonLine({ kind: 'summary', ...summary }) : summaryText(summary, paint))
    }
  await stdout.flush()
  interrupted.end()
  const code = isAllRead
    ? summaries.some(hasTrouble)
      ? exitCodes.findings
      : exitCodes.clean
    : exitCodes.usage
  return interrupted.code() ?? (stdout.gone() ? exitCodes.readerGone : code)
}

function outcomeOf(file: string, part: string | null, report: DmarcReport, seen: Set<string>): FileOutcome {
  const { domain, organisation, reportId, beginsAt, endsAt, rows, leftOut } = report
  const messages = rows.reduce((total, row) => total + row.messages, 0)
  const about = { file, part, domain, organisation, reportId, messages }
  const key = JSON.stringify([domain, organisation, reportId])
  if (seen.has(key)) return { ...about, state: 'duplicate' }
  seen.add(key)
  return { ...about, state: 'read', beginsAt, endsAt, rows: rows.length, leftOut }
}

function rowOf({ domain, organisation, reportId }: DmarcReport, row: DmarcReport['rows'][number]) {
  return { kind: 'row', domain, organisation, reportId, ...row }
}

function hasTrouble({ sources, more }: DmarcSummary): boolean {
  return (
    more.aligned < more.messages ||
    sources.some(({ lines }) => lines.some(({ verdict }) => isTrouble(verdict)))
  )
}

function fileLine(outcome: FileOutcome, paint: Paint): string {
  const colour = outcome.state === 'refused' ? 'red' : 'dim'
  return `${printable(outcomeName(outcome))}: ${paint(colour, printable(outcomeLine(outcome)))}\n`
}

function summaryText(summary: DmarcSummary, paint: Paint): string {
  const { domain, fromDay, toDay, messages, aligned, reports, sources, more, errors } = summary
  const period = fromDay === toDay ? fromDay : `${fromDay} to ${toDay}`
  const head = `${paint('bold', printable(domain))}  ${period}  ${countOf(reports, 'report')}, ${countOf(messages, 'message')}, ${shareText(aligned, messages)} pass DMARC`
  const lines = sources.slice(0, sourcesShown).flatMap(source => {
    const line = firstLine(source)
    const colour = isTrouble(line.verdict) ? 'red' : line.verdict === 'aligned-by-spf' ? 'yellow' : 'green'
    return [
      `  ${printable(senderName(source.sender))}: ${countOf(source.messages, 'message')}, ${shareText(source.aligned, source.messages)} pass. ${paint(colour, `${verdictNames[line.verdict]}.`)}`,
      hanging('    ', 4, printable(verdictWords[line.verdict](line)), textWidth),
    ]
  })
  const rest = more.sources + Math.max(0, sources.length - sourcesShown)
  return `\n${[
    head,
    ...errors.map(error => `  The reporter found a fault in the DMARC record: ${printable(error)}`),
    ...lines,
    ...(rest > 0 ? [`  and ${countOf(rest, 'more sender')}`] : []),
  ].join('\n')}\n`
}

const sourcesShown = 25
const textWidth = 100
