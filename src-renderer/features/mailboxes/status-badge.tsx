import type { MailboxStatus } from '#shared/model/mailbox-values.ts'
import type { Mailbox } from '#shared/model/mailbox.ts'
import { mailboxReasonLine, mailboxStatusWords } from '#shared/words/mailboxes.ts'
import { CircleCheck, CircleDashed, CircleOff, CirclePause, CircleX, Hourglass } from 'lucide-react'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Hint } from '../../ui/hint.tsx'

const looks: Record<MailboxStatus, { tone: Tone; icon: typeof CircleCheck }> = {
  active: { tone: 'pass', icon: CircleCheck },
  'not-fully-tested': { tone: 'warn', icon: CircleDashed },
  'auth-failed': { tone: 'fail', icon: CircleX },
  'rate-limited': { tone: 'warn', icon: Hourglass },
  paused: { tone: 'unknown', icon: CirclePause },
  disabled: { tone: 'neutral', icon: CircleOff },
}

type StatusProps = { mailbox: Pick<Mailbox, 'status' | 'reason'>; hint?: boolean }

/** Where a mailbox stands, with the reason behind it. */
export function MailboxStatusBadge({ mailbox: { status, reason }, hint = true }: StatusProps) {
  const { tone, icon: Icon } = looks[status]
  const { name, gloss } = mailboxStatusWords[status]
  const badge = (
    <Badge tone={tone}>
      <Icon aria-hidden />
      {name}
    </Badge>
  )
  if (!hint) return badge
  return (
    <Hint passive text={reason === null ? gloss : `${gloss} ${mailboxReasonLine(reason)}`}>
      <span role="note" className="inline-flex rounded-full">
        {badge}
      </span>
    </Hint>
  )
}
