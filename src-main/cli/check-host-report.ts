import type { CheckHostResult, CheckHostStep, CheckHostVerdict } from '#shared/model/check-host.ts'
import { checkHostCounts, checkHostOutcomes, checkHostSentence } from '#shared/words/check-host.ts'
import { type Colour, hanging } from './layout.ts'
import { printable } from './printable.ts'
import type { ReportStyle } from './report.ts'

const marks: Record<CheckHostVerdict, { mark: string; colour: Colour }> = {
  pass: { mark: '✓', colour: 'green' },
  fail: { mark: '✗', colour: 'red' },
  softfail: { mark: '▲', colour: 'yellow' },
  neutral: { mark: '▲', colour: 'yellow' },
  none: { mark: '–', colour: 'blue' },
  temperror: { mark: '–', colour: 'blue' },
  permerror: { mark: '✗', colour: 'red' },
}

/** What a person reads about one answer: a sentence, the way it came about, the counts; ends with a line break. */
export function humanCheckHost(answer: CheckHostResult, { paint, width }: ReportStyle): string {
  const { mark, colour } = marks[answer.result]
  const lines = [hanging(`${paint(colour, mark)} `, 2, printable(checkHostSentence(answer)), width)]
  if (answer.explanation !== null) {
    lines.push(hanging('  ', 2, printable(`The domain explains: ${answer.explanation}`), width))
  }
  if (answer.trace.length > 0) lines.push('', ...traceLines(answer.trace))
  lines.push('', paint('dim', `  ${checkHostCounts(answer)}`))
  return `${lines.join('\n')}\n`
}

function traceLines(trace: readonly CheckHostStep[]): string[] {
  const rows = trace.map(step => {
    const named = step.target !== null && step.term.includes('%') ? ` (${step.target})` : ''
    return {
      text: printable(`${'  '.repeat(step.depth + 1)}${step.term}${named}`),
      outcome: checkHostOutcomes[step.outcome],
    }
  })
  const widest = Math.min(60, Math.max(...rows.map(({ text }) => text.length)))
  return rows.map(({ text, outcome }) => `${text.padEnd(widest)}  ${outcome}`)
}
