import type { ReportChange } from '../report-diff.ts'
import { checkWords, verdictWords } from './checks.ts'
import { describeFinding } from './findings.ts'

/** Whether a change is for the better, for the worse, or neither. */
export type ChangeTone = 'better' | 'worse' | 'neutral'

const verdictOrder = ['pass', 'warn', 'fail'] as const

/** One change in one sentence; the values of records are shown beside it. */
export function changeSentence(change: ReportChange): string {
  switch (change.kind) {
    case 'score':
      return `Health ${change.before ?? 'unknown'} → ${change.after ?? 'unknown'}.`
    case 'verdict':
      return `${checkWords[change.check].name}: ${verdictWords[change.before].name} → ${verdictWords[change.after].name}.`
    case 'record-added':
      return `${nameOf(change)} was added.`
    case 'record-removed':
      return `${nameOf(change)} is gone.`
    case 'record-changed':
      return `${nameOf(change)} says something else.`
    case 'record-lost-sight':
      return `${nameOf(change)} could not be looked up the second time. Nothing is known to have changed.`
    case 'record-in-sight':
      return `${nameOf(change)} could not be looked up the first time.`
    case 'finding-new':
      return `New: ${describeFinding(change.finding).title}`
    case 'finding-gone':
      return `No longer so: ${describeFinding(change.finding).title}`
    case 'finding-changed':
      return `Still so: ${describeFinding(change.after).title}`
    case 'finding-seen':
      return `Seen now, not looked up the first time: ${describeFinding(change.finding).title}`
    case 'finding-unknown':
      return `Not looked up the second time, so perhaps still so: ${describeFinding(change.finding).title}`
  }
}

export function changeTone(change: ReportChange): ChangeTone {
  switch (change.kind) {
    case 'score':
      if (change.before === null || change.after === null) return 'neutral'
      return change.after > change.before ? 'better' : 'worse'
    case 'verdict': {
      const [was, is] = [change.before, change.after].map(verdict =>
        verdict === 'unavailable' ? -1 : verdictOrder.indexOf(verdict),
      )
      if (was === undefined || is === undefined || was < 0 || is < 0) return 'neutral'
      return is < was ? 'better' : 'worse'
    }
    case 'finding-new':
      return change.finding.severity === 'info' ? 'neutral' : 'worse'
    case 'finding-gone':
      return change.finding.severity === 'info' ? 'neutral' : 'better'
    default:
      return 'neutral'
  }
}

function nameOf(change: Extract<ReportChange, { row: string }>): string {
  const selector = /^dkim:(.*)$/.exec(change.row)?.[1]
  return selector === undefined
    ? `The ${checkWords[change.check].name} record`
    : `The DKIM key of selector ${selector}`
}
