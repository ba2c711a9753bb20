import type { WarmupRow } from '#shared/model/warmup-view.ts'
import { healthStateWords } from '#shared/words/mailbox-health.ts'
import { HealthScoreRing } from '../../ui/health-score-ring.tsx'
import { scoreLines } from './state-sentence.ts'

type MailboxHealthProps = {
  /** Undefined: not in warmup. */
  row: WarmupRow | undefined
  /** Whether the ring tells more when pointed at. */
  hint: boolean
}

/** Health and warmup state of a mailbox in a list of mailboxes. */
export function MailboxHealth({ row, hint }: MailboxHealthProps) {
  if (row === undefined)
    return (
      <span className="block truncate text-ink-faint" title="Not in warmup">
        <span aria-hidden>–</span>
        <span className="sr-only">Not in warmup</span>
      </span>
    )
  return (
    <span className="flex items-center gap-2">
      <HealthScoreRing score={row.score} explanation={hint ? scoreLines(row) : []} />
      <span className="truncate @max-[860px]:sr-only">{healthStateWords[row.state.state].name}</span>
    </span>
  )
}
