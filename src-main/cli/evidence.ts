import type { Finding } from '#shared/model/finding.ts'
import { clip } from '#shared/words/phrases.ts'

const mostCharacters = 400
const mostValues = 4

/** Facts worth reading beside the title: what was found, not the numbers and reasons that the title says already. */
const shown: Readonly<Record<string, string>> = {
  record: 'Found',
  records: 'Found',
  addresses: 'Address',
  others: 'Beside',
  path: 'Way',
  target: 'Target',
  targets: 'Names',
  terms: 'Terms',
  canonical: 'Leads to',
  asked: 'Asked',
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
