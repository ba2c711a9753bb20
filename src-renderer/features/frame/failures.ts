import type { Failure } from '#shared/failure.ts'
import { describeFailure } from '#shared/words/failures.ts'
import { showToast } from '../../ui/toast.tsx'

/** Says in passing what failed; what a person stopped needs no word. */
export function tellFailure(failure: Failure): void {
  if (failure.code === 'cancelled') return
  const { title, next } = describeFailure(failure)
  showToast({ tone: 'warn', title, detail: next })
}

/** A failure in one sentence after the other, for a form. */
export function failureText(failure: Failure): string {
  const { title, next } = describeFailure(failure)
  return `${title} ${next}`
}
