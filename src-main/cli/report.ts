import { domainToUnicode } from 'node:url'
import { dnsProvider, mailProvider } from '#engine/domains/providers.ts'
import type { AuditReport } from '#shared/model/audit.ts'
import { checkStateOf } from '#shared/model/check-state.ts'
import { type CheckId, checkOrder, isRequiredCheck } from '#shared/model/check-ids.ts'
import type { Finding, Severity, Verdict } from '#shared/model/finding.ts'
import { checkSentence } from '#shared/words/check-sentence.ts'
import {
  checkWords,
  moreChecksTitle,
  type ScoreBand,
  scoreBand,
  scoreBandWords,
  severityWords,
} from '#shared/words/checks.ts'
import { describeFailure } from '#shared/words/failures.ts'
import { describeFinding } from '#shared/words/findings.ts'
import { countOf, listOf } from '#shared/words/phrases.ts'
import { nothingKnownWrong, unavailableClause } from '#shared/words/unavailable.ts'
import { bulkSenderPart } from './bulk-sender-part.ts'
import { evidenceOf, proposalFor } from './evidence.ts'
import { unanswered } from './exit-code.ts'
import { type Colour, hanging, type Paint } from './layout.ts'
import { olderPart } from './older-part.ts'
import { printable } from './printable.ts'
import type { Told } from './run-audits.ts'
import { spfGauge, spfLimit, spfNearLimit, spfTree } from './spf-tree.ts'

export type ReportStyle = {
  readonly paint: Paint
  readonly width: number
  /** Whether the checklist of the large mailbox providers is printed as well. */
  readonly bulkSenders?: boolean
}

const requiredOrder = checkOrder.filter(isRequiredCheck)
const moreOrder = checkOrder.filter(check => !isRequiredCheck(check))
const widest = (checks: readonly CheckId[]) => Math.max(...checks.map(check => checkWords[check].name.length))
const nameWidth = 4 + widest(requiredOrder) + 2
const moreNameWidth = 4 + widest(moreOrder) + 2
const bodyWidth = 12
const mostUnanswered = 5

const verdictMarks: Record<Verdict, { mark: string; colour: Colour }> = {
  pass: { mark: '✓', colour: 'green' },
  warn: { mark: '▲', colour: 'yellow' },
  fail: { mark: '✗', colour: 'red' },
  unavailable: { mark: '–', colour: 'blue' },
}
const severityColours: Record<Severity, Colour> = {
  critical: 'red',
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
  info: 'blue',
}
const bandColours: Record<ScoreBand, Colour> = { good: 'green', fair: 'yellow', poor: 'red', unknown: 'blue' }

/** What a person reads about one outcome; ends with a line break. */
export function humanReport(outcome: Told, style: ReportStyle): string {
  const parts = outcome.kind === 'failed' ? [failed(outcome, style)] : reportParts(outcome, style)
  return `${parts.filter(part => part !== '').join('\n\n')}\n`
}

function failed(
  { target, failure }: Extract<Told, { kind: 'failed' }>,
  { paint, width }: ReportStyle,
): string {
  const { title, cause, next } = describeFailure(failure)
  const place =
    target.place === null ? '' : paint('dim', `  (${target.place.file}, line ${target.place.line})`)
  const text = printable([title, cause, next].filter(sentence => sentence !== null).join(' '))
  return `${paint('bold', printable(target.input) || '(empty)')}${place}\n${hanging(`  ${paint('red', '✗')} `, 4, text, width)}`
}

function reportParts({ report, target }: Extract<Told, { kind: 'report' }>, style: ReportStyle): string[] {
  return [
    `${heading(report, target.input, style)}\n${requiredOrder.map(check => checkLine(report, check, nameWidth, style)).join('\n')}`,
    moreChecksPart(report, style),
    unansweredPart(report, style),
    ...report.findings
      .filter(({ severity }) => severity !== 'info')
      .map(finding => findingPart(finding, report, style)),
    notesPart(report, style),
    spfPart(report, style),
    olderPart(report, style),
    style.bulkSenders === true ? bulkSenderPart(report, style) : '',
  ]
}

function heading(report: AuditReport, input: string, { paint, width }: ReportStyle): string {
  const shown = domainToUnicode(report.domain) || report.domain
  const name = shown === report.domain ? shown : `${shown} (${report.domain})`
  const title = printable(name === '' ? input : name)
  const score = scoreText(report)
  const gap = ' '.repeat(Math.max(2, width - title.length - score.length))
  const band = scoreBand(report.score.state === 'known' ? report.score.value : null)
  return `${paint('bold', title)}${gap}${paint(['bold', bandColours[band]], score)}`
}

function scoreText({ score }: AuditReport): string {
  if (score.state === 'unknown') {
    const missing = listOf(score.missing.map(check => checkWords[check].name))
    return `no score: ${missing} could not be looked up`
  }
  return `${score.value} of 100, ${scoreBandWords[scoreBand(score.value)].name.toLowerCase()}`
}

/** The further checks that were made, one line each. */
function moreChecksPart(report: AuditReport, style: ReportStyle): string {
  const made = moreOrder.filter(check => checkStateOf(report, check) !== null)
  if (made.length === 0) return ''
  const lines = made.map(check => checkLine(report, check, moreNameWidth, style))
  return [`  ${style.paint('bold', moreChecksTitle)}`, ...lines].join('\n')
}

/** What is good to know, without what to do about it: there is nothing to mend. */
function notesPart(report: AuditReport, { paint, width }: ReportStyle): string {
  const notes = report.findings.filter(({ severity }) => severity === 'info')
  const label = severityWords.info.name
  return notes
    .map(finding => {
      const heading = `  ${paint(['bold', severityColours.info], label)}${' '.repeat(bodyWidth - 2 - label.length)}`
      return hanging(heading, bodyWidth, printable(describeFinding(finding).title), width)
    })
    .join('\n')
}

function checkLine(
  report: AuditReport,
  check: CheckId,
  nameWidth: number,
  { paint, width }: ReportStyle,
): string {
  const { mark, colour } = verdictMarks[checkStateOf(report, check)?.verdict ?? 'unavailable']
  const name = checkWords[check].name.padEnd(nameWidth - 4)
  const sentence = checkSentence(report, check, {
    mail: mailProvider(report.mx.provider)?.name ?? null,
    dns: dnsProvider(report.ns.provider)?.name ?? null,
  })
  return hanging(`  ${paint(colour, mark)} ${name}`, nameWidth, printable(sentence), width)
}

/** Questions without an answer, so that nobody takes "not found" for "not there". */
function unansweredPart(report: AuditReport, { paint, width }: ReportStyle): string {
  const missing = unanswered(report)
  if (missing.length === 0) return ''
  const lines = missing.slice(0, mostUnanswered).map(({ type, name, reason, server }) => {
    const text = printable(`${type} ${name}: ${unavailableClause(reason, server)}.`)
    return hanging('    ', 4, text, width)
  })
  const left = missing.length - lines.length
  if (left > 0) lines.push(`    and ${left} more`)
  const text = `${countOf(missing.length, 'question')} got no usable answer. ${nothingKnownWrong}`
  const title = hanging(`  ${paint('blue', '–')} `, 4, text, width)
  return [title, ...lines].join('\n')
}

function findingPart(finding: Finding, report: AuditReport, { paint, width }: ReportStyle): string {
  const { title, why, fix } = describeFinding(finding)
  const label = severityWords[finding.severity].name
  const line = (heading: string, text: string) => hanging(heading, bodyWidth, text, width)
  const indent = ' '.repeat(bodyWidth)
  const severity = paint(['bold', severityColours[finding.severity]], label)
  // A record is not wrapped: it is there to be compared and copied.
  const record = (label: string, text: string) => `${indent}${paint('dim', `${label}:`)} ${printable(text)}`
  const proposal = proposalFor(finding, report)
  return [
    line(`  ${severity}${' '.repeat(bodyWidth - 2 - label.length)}`, printable(title)),
    line(indent, printable(why)),
    ...evidenceOf(finding)
      .filter(({ text }) => text !== proposal)
      .map(({ label, text }) => record(label, text)),
    line(indent, `Fix: ${printable(fix)}`).replace('Fix:', paint('cyan', 'Fix:')),
    ...(proposal === null ? [] : [record('Publish', proposal)]),
    `${indent}${paint('dim', [finding.rfc, cost(finding, report)].filter(text => text !== '').join(' · '))}`,
  ].join('\n')
}

function cost(finding: Finding, { score }: AuditReport): string {
  if (score.state === 'unknown') return ''
  const lost = score.lost
    .filter(({ code }) => code === finding.code)
    .reduce((sum, { points }) => sum + points, 0)
  return lost > 0 ? `costs ${countOf(lost, 'point')}` : ''
}

function spfPart({ spf }: AuditReport, { paint }: ReportStyle): string {
  if (spf.lookups < spfNearLimit || spf.costs.length === 0) return ''
  const colour = spf.lookups > spfLimit ? 'red' : 'yellow'
  const title = `  SPF look-ups  ${paint(colour, spfGauge(spf.lookups))}  ${spf.lookups} of ${spfLimit}`
  return [title, ...spfTree(spf.costs).map(row => `    ${printable(row)}`)].join('\n')
}
