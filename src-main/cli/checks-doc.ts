import { writeFileSync } from 'node:fs'
import { rules } from '#engine/domains/checks/rules.ts'
import { type CheckId, checkOrder } from '#shared/model/check-ids.ts'
import { type FindingCode, findingCodes } from '#shared/model/finding.ts'
import { checkWords, severityWords } from '#shared/words/checks.ts'
import { describeFinding } from '#shared/words/findings.ts'
import { catalogueIds, withoutFinding } from './catalogue.ts'
import { sampleFactsOf } from './sample-facts.ts'

/** docs/checks.md: every check, every finding and every id of the catalogue, from the rules and the words. */
export function checksDocument(): string {
  return [
    '# What Rookery checks',
    '',
    'Made from the rules and the words by `npm run checks-doc`. The sentences stand here with example values. Severity is',
    'that of the rule; a finding may be milder or worse where the facts say so. Points are what it takes from the health',
    'score of 100; each check has a share it cannot exceed (`src-main/engine/domains/score.ts`).',
    '',
    ...checkOrder.flatMap(section),
    '## Every id of the catalogue',
    '',
    ...table(
      ['Id', 'Findings'],
      catalogueIds.map(id => [id, coveredBy(id)]),
    ),
    '',
  ].join('\n')
}

function section(check: CheckId): string[] {
  const { name, gloss } = checkWords[check]
  const codes = findingCodes.filter(code => code.startsWith(`${check}.`))
  return [
    `## ${name} (\`${check}\`)`,
    '',
    gloss,
    '',
    ...table(['Id', 'Code', 'Severity', 'Points', 'Rule', 'What it says', 'How to fix'], codes.map(line)),
    '',
  ]
}

function line(code: FindingCode): string[] {
  const { ids, severity, points, rfc, facts } = rules[code]
  const { title, fix } = describeFinding({ code, facts: sampleFactsOf(code, facts) })
  return [ids.join(', '), `\`${code}\``, severityWords[severity].name, String(points), rfc, title, fix]
}

/** The codes of the rules that name this id, or why there is none. */
function coveredBy(id: string): string {
  const codes = findingCodes.filter(code => rules[code].ids.includes(id))
  if (codes.length > 0) return codes.map(code => `\`${code}\``).join(', ')
  return withoutFinding[id] ?? 'No finding of its own.'
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [tableLine(head), `|${'---|'.repeat(head.length)}`, ...rows.map(tableLine)]
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

if (import.meta.main) {
  writeFileSync(new URL('../../docs/checks.md', import.meta.url), checksDocument())
}
