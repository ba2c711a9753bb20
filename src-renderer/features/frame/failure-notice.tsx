import type { Failure } from '#shared/failure.ts'
import { describeFailure } from '#shared/words/failures.ts'
import type { ReactNode } from 'react'
import { Notice } from '../../ui/notice.tsx'

type FailureNoticeProps = {
  failure: Failure
  /** Says what it comes from too. */
  withCause?: boolean
  action?: ReactNode
}

/** What failed and what to do, where it would have stood. */
export function FailureNotice({ failure, withCause = false, action }: FailureNoticeProps) {
  const { title, cause, next } = describeFailure(failure)
  return (
    <Notice tone="fail" title={title} action={action}>
      {withCause ? [cause, next].filter(Boolean).join(' ') : next}
    </Notice>
  )
}
