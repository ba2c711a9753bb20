import type { AuditReport } from '#shared/model/audit.ts'
import type { Finding } from '#shared/model/finding.ts'
import { clip } from '#shared/words/phrases.ts'

const mostCharacters = 400
const mostValues = 4

/** Facts worth reading beside the title: what was found, not the numbers and reasons that the title says already. */
const shown: Readonly<Record<string, string>> = {
  record: 'Found',
  records: 'Found',
  others: 'Beside',
  path: 'Way',
  terms: 'Terms',
  asked: 'Asked',
  expected: 'Should be',
}

/** The evidence of a finding, line by line, each with its label. */
export function evidenceOf(finding: Finding): readonly { label: string; text: string }[] {
  return Object.entries(shown).flatMap(([name, label]) => {
    const fact = finding.facts[name]
    if (fact === undefined || fact === '') return []
    const values = Array.isArray(fact) ? fact : [String(fact)]
    const lines = values.slice(0, mostValues).map(value => ({ label, text: clip(value, mostCharacters) }))
    const left = values.length - lines.length
    return left > 0 ? [...lines, { label, text: `and ${left} more` }] : lines
  })
}

/** Where a record is missing or is to be replaced: the one that the audit would publish, whole, so it can be copied. */
export function proposalFor(finding: Finding, report: AuditReport): string | null {
  const row = report.rows.find(({ codes, expected }) => expected !== null && codes.includes(finding.code))
  if (row === undefined || row.expected === null || row.found.includes(row.expected)) return null
  // One proposal mends all findings of its record; it stands with the first.
  const first = report.findings.find(({ code }) => row.codes.includes(code))
  return first === finding ? row.expected : null
}
