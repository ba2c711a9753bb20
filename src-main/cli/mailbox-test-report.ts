import type {
  ConnectionAlternative,
  ConnectionEvent,
  ConnectionFailure,
  ConnectionResult,
  PhaseState,
  ServerAddress,
} from '#shared/model/connection.ts'
import {
  connectionResultWords,
  describeConnectionFailure,
  phaseWords,
  securityWords,
} from '#shared/words/connection.ts'
import { duration } from '#shared/words/times.ts'
import { type Colour, hanging } from './layout.ts'
import { printable } from './printable.ts'
import type { ReportStyle } from './report.ts'

const marks: Record<PhaseState, { mark: string; colour: Colour }> = {
  running: { mark: '·', colour: 'dim' },
  passed: { mark: '✓', colour: 'green' },
  failed: { mark: '✗', colour: 'red' },
  skipped: { mark: '–', colour: 'blue' },
}
const results: Record<ConnectionResult['result'], Colour> = {
  passed: 'green',
  partly: 'yellow',
  failed: 'red',
}

/** One line for a phase that has ended. */
export function humanPhase(
  { phase, state, ms, evidence }: ConnectionEvent,
  { paint, width }: ReportStyle,
): string {
  const { mark, colour } = marks[state]
  const time = state === 'skipped' ? '' : `  ${paint('dim', `${ms} ms`)}`
  const shown = evidence === null ? '' : `${hanging('    ', 4, printable(evidence), width)}\n`
  return `${paint(colour, mark)} ${phaseWords[phase]}${time}\n${state === 'skipped' ? '' : paint('dim', shown)}`
}

/** The result, and for each failure and notice what it is, why, and what to do; ends with a line break. */
export function humanResult(result: ConnectionResult, style: ReportStyle): string {
  const { paint } = style
  const lines = ['', paint(['bold', results[result.result]], connectionResultWords[result.result])]
  if (result.delivery !== null) {
    const { folder, delayMs, authentication } = result.delivery
    lines.push(printable(`It arrived in ${folder} after ${duration(delayMs)}.`))
    const verdicts = authentication.map(one => `${one.method} ${one.result}`).join(', ')
    if (verdicts !== '') lines.push(printable(`The receiver says: ${verdicts}.`))
  }
  for (const failure of result.failures) lines.push('', ...problemLines(failure, '✗', 'red', style))
  for (const notice of result.notices) lines.push('', ...problemLines(notice, '▲', 'yellow', style))
  if (result.alternatives.length > 0) {
    lines.push('', 'These answered; try the test with one of them:')
    lines.push(...result.alternatives.map(one => `  ${printable(alternativeText(one))}`))
  }
  const { certificate } = result
  if (certificate !== null && result.failures.some(({ code }) => code.startsWith('tls.cert-'))) {
    lines.push('', paint('dim', `SHA-256 of the certificate: ${certificate.fingerprint}`))
  }
  return `${lines.join('\n')}\n`
}

function problemLines(
  failure: ConnectionFailure,
  mark: string,
  colour: Colour,
  { paint, width }: ReportStyle,
): string[] {
  const { title, cause, fixes, link } = describeConnectionFailure(failure)
  return [
    hanging(`${paint(colour, mark)} `, 2, printable(title), width),
    hanging('  ', 2, printable(cause), width),
    ...(failure.evidence === null
      ? []
      : [hanging('  ', 2, paint('dim', printable(failure.evidence)), width)]),
    ...fixes.map((fix, index) => hanging(`  ${index + 1}. `, 5, printable(fix), width)),
    ...(link === null ? [] : [paint('dim', `  ${link}`)]),
  ]
}

function alternativeText({ smtp, imap }: ConnectionAlternative): string {
  return smtp ? shown(smtp, '--smtp') : imap ? shown(imap, '--imap') : ''
}

function shown({ host, port, security }: ServerAddress, flag: string): string {
  return `${flag} ${host.includes(':') ? `[${host}]` : host}:${port}:${security}  (${securityWords[security]})`
}
