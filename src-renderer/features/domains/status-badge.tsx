import type { DomainStatus } from '#shared/model/domain.ts'
import { statusWords } from '#shared/words/checks.ts'
import { CircleCheck, CircleX, Clock } from 'lucide-react'
import { Badge } from '../../ui/badge.tsx'
import { Hint } from '../../ui/hint.tsx'

const looks = {
  verified: { tone: 'pass', icon: CircleCheck },
  pending: { tone: 'warn', icon: Clock },
  failed: { tone: 'fail', icon: CircleX },
} as const

export function StatusBadge({ status }: { status: DomainStatus }) {
  const { tone, icon: Icon } = looks[status]
  return (
    <Hint passive text={statusWords[status].gloss}>
      <span role="note" className="inline-flex rounded-full">
        <Badge tone={tone}>
          <Icon aria-hidden />
          {statusWords[status].name}
        </Badge>
      </span>
    </Hint>
  )
}
