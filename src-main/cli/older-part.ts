import type { AuditReport } from '#shared/model/audit.ts'
import { olderHeading, olderSentences } from '#shared/words/older-receivers.ts'
import { hanging, type Paint } from './layout.ts'
import { printable } from './printable.ts'

/** How receivers of the older DMARC standard differ; empty when they do the same. */
export function olderPart(
  { dmarc }: AuditReport,
  { paint, width }: { readonly paint: Paint; readonly width: number },
): string {
  const sentences = olderSentences(dmarc)
  if (sentences.length === 0) return ''
  const lines = sentences.map(sentence => hanging('    ', 4, printable(sentence), width))
  return [`  ${paint('bold', 'DMARC')}  ${olderHeading}`, ...lines].join('\n')
}
