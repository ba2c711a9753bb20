import type { FileOutcome } from '#shared/model/dmarc-report.ts'
import { outcomeLine, outcomeName } from '#shared/words/dmarc-reports.ts'
import { countOf } from '#shared/words/phrases.ts'
import { X } from 'lucide-react'
import { IconButton } from '../../ui/icon-button.tsx'
import { Notice } from '../../ui/notice.tsx'

const mostShown = 20

/** What became of the files: refused ones with the reason, then copies; those that were read are only counted. */
export function OutcomeNotice({
  outcomes,
  onDismiss,
}: {
  outcomes: readonly FileOutcome[]
  onDismiss: () => void
}) {
  const of = (state: FileOutcome['state']) => outcomes.filter(one => one.state === state)
  const [read, duplicates, refused] = [of('read'), of('duplicate'), of('refused')]
  const told = [...refused, ...duplicates]
  const parts = [
    read.length > 0 ? `${countOf(read.length, 'report')} read` : 'Nothing new was read',
    ...(duplicates.length > 0 ? [`${countOf(duplicates.length, 'copy', 'copies')} of earlier ones`] : []),
    ...(refused.length > 0 ? [`${refused.length} refused`] : []),
  ]
  return (
    <Notice
      tone={refused.length === 0 ? 'info' : read.length > 0 ? 'warn' : 'fail'}
      title={parts.join(', ')}
      action={
        <IconButton label="Dismiss" onPress={onDismiss}>
          <X aria-hidden />
        </IconButton>
      }
    >
      {told.length > 0 && (
        <ul aria-label="Files that were not read" className="flex flex-col">
          {told.slice(0, mostShown).map((outcome, index) => (
            <li key={`${outcomeName(outcome)} ${index}`} className="[overflow-wrap:anywhere]">
              <span className="font-medium text-ink">{outcomeName(outcome)}</span> {outcomeLine(outcome)}
            </li>
          ))}
          {told.length > mostShown && <li>and {told.length - mostShown} more.</li>}
        </ul>
      )}
    </Notice>
  )
}
