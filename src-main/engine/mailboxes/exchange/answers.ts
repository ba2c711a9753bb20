import { fail, type Result } from '#shared/failure.ts'
import { done, type Stage, trouble } from '../../net/trouble.ts'

/** What the library answers with `false` in place of an error: the server refused, or there was nothing to do it with. */
export function unlessFalse<T>(stage: Stage<T | false | undefined>): Stage<T> {
  if (!stage.ok) return stage
  return stage.value === false || stage.value === undefined
    ? trouble('imap.command-refused')
    : done(stage.value)
}

export function unreachableFailure(reason: string, line: string | null = null): Result<never> {
  return fail('mailbox-unreachable', line === null ? { reason } : { reason, line }, 'later')
}
