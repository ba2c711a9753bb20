import { bulkProviders, bulkSenderChecklist, type BulkState } from '#shared/bulk-senders.ts'
import type { AuditReport } from '#shared/model/audit.ts'
import { bulkProviderWords, bulkRequirementWords, bulkStateWords } from '#shared/words/bulk-senders.ts'
import { type Colour, hanging, type Paint } from './layout.ts'

const marks: Record<BulkState, { mark: string; colour: Colour }> = {
  met: { mark: '✓', colour: 'green' },
  'not-met': { mark: '✗', colour: 'red' },
  unknown: { mark: '?', colour: 'blue' },
  'not-checkable': { mark: '–', colour: 'blue' },
}
const stateWidth = Math.max(...Object.values(bulkStateWords).map(({ name }) => name.length)) + 2

/** What Gmail, Yahoo and Microsoft ask of bulk senders, and how far the audit shows it; the rest with where to look. */
export function bulkSenderPart(
  report: AuditReport,
  { paint, width }: { readonly paint: Paint; readonly width: number },
): string {
  const items = bulkSenderChecklist(report)
  const parts = bulkProviders.map(provider => {
    const own = items.filter(item => item.provider === provider)
    const lines = own.map(({ requirement, state }) => {
      const { mark, colour } = marks[state]
      const { name, gloss } = bulkRequirementWords[requirement]
      const text = state === 'met' ? name : `${name}. ${gloss}`
      const label = bulkStateWords[state].name.padEnd(stateWidth)
      return hanging(`    ${paint(colour, mark)} ${label}`, 6 + stateWidth, text, width)
    })
    return [`  ${paint('bold', bulkProviderWords[provider].name)}`, ...lines].join('\n')
  })
  return [`  ${paint('bold', 'What large mailbox providers ask of bulk senders')}`, ...parts].join('\n')
}
