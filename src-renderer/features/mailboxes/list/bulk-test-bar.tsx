import { countMailboxes } from '#shared/words/phrases.ts'
import { Square } from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Progress } from '../../../ui/progress.tsx'
import { failureText } from '../../frame/failures.ts'
import { useBulkTest } from './bulk-test.ts'
import { useMailboxList } from './list-state.ts'

/** How a test of many goes, and what it came to. */
export function BulkTestBar() {
  const { run, stop, dismiss } = useBulkTest()
  const select = useMailboxList(state => state.select)
  if (run === null) return null
  if (run.isRunning)
    return (
      <div role="status" className="flex items-center gap-4 border-b border-line px-4 py-2">
        <span className="whitespace-nowrap">Testing {countMailboxes(run.total)}</span>
        <div className="flex-1">
          <Progress label="Mailboxes tested" done={run.done} total={run.total} />
        </div>
        {run.failed.length > 0 && (
          <span className="whitespace-nowrap text-fail">{run.failed.length} failed</span>
        )}
        <Button onPress={stop}>
          <Square aria-hidden />
          Stop
        </Button>
      </div>
    )
  const dismissal = <Button onPress={dismiss}>Close</Button>
  return (
    <div className="p-3 pb-0">
      {run.failure && run.failure.code !== 'cancelled' ? (
        <Notice tone="fail" title="The test ended early" action={dismissal}>
          {failureText(run.failure)}
        </Notice>
      ) : run.failure ? (
        <Notice tone="unknown" title={`Stopped after ${run.done} of ${run.total}`} action={dismissal}>
          What was tested until then is kept.
        </Notice>
      ) : (
        <Notice
          tone={run.failed.length > 0 ? 'warn' : 'info'}
          title={
            run.failed.length > 0
              ? `${countMailboxes(run.failed.length)} of ${run.total} failed`
              : `${countMailboxes(run.total)} tested, and every login works`
          }
          action={
            <div className="flex gap-2">
              {run.failed.length > 0 && (
                <Button onPress={() => select(run.failed)}>Select what failed</Button>
              )}
              {dismissal}
            </div>
          }
        >
          {run.failed.length > 0 ? 'Open one to see what to do.' : 'No message was sent.'}
        </Notice>
      )}
    </div>
  )
}
