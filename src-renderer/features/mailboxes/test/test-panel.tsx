import type { ConnectionAlternative, ConnectionResult } from '#shared/model/connection.ts'
import { connectionResultWords } from '#shared/words/connection.ts'
import { duration } from '#shared/words/times.ts'
import { CircleCheck, CircleDashed, Square } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Progress } from '../../../ui/progress.tsx'
import { FailureNotice } from '../../frame/failure-notice.tsx'
import { FailurePanel, type Pins } from './failure-panel.tsx'
import { PhaseList } from './phase-list.tsx'
import type { TestView } from './follow-test.ts'

type TestPanelProps = {
  view: TestView
  onStop?: () => void
  onAgain?: () => void
  onAlternative?: (alternative: ConnectionAlternative) => void
  onPin?: (pins: Pins) => void
  /** What comes next, right under the result. */
  children?: ReactNode
}

/** A test as it goes and as it ended: the result first, then every phase with its evidence. */
export function TestPanel({ view, onStop, onAgain, onAlternative, onPin, children }: TestPanelProps) {
  const { phases, reports, isRunning, outcome, failure } = view
  const done = phases.filter(phase => !['running', undefined].includes(reports.get(phase)?.state)).length
  return (
    <div className="flex flex-col gap-4">
      {isRunning && (
        <div className="flex items-center gap-4">
          <div className="flex-1">
            <Progress label="Phases done" done={done} total={Math.max(1, phases.length)} />
          </div>
          {onStop && (
            <Button onPress={onStop}>
              <Square aria-hidden />
              Stop
            </Button>
          )}
        </div>
      )}
      <p aria-live="polite" className="sr-only">
        {isRunning ? 'Testing' : outcome ? connectionResultWords[outcome.result.result] : ''}
      </p>
      {failure && failure.code !== 'cancelled' && (
        <FailureNotice
          failure={failure}
          withCause
          action={onAgain && <Button onPress={onAgain}>Test again</Button>}
        />
      )}
      {failure?.code === 'cancelled' && (
        <Notice
          tone="unknown"
          title="Stopped before the end"
          action={onAgain && <Button onPress={onAgain}>Test again</Button>}
        >
          Nothing was saved.
        </Notice>
      )}
      {outcome && (
        <ResultPanel
          result={outcome.result}
          {...(onAlternative ? { onAlternative } : {})}
          {...(onPin ? { onPin } : {})}
        />
      )}
      {children}
      <PhaseList phases={phases} reports={reports} isRunning={isRunning} />
    </div>
  )
}

type ResultPanelProps = Pick<TestPanelProps, 'onAlternative' | 'onPin'> & { result: ConnectionResult }

export function ResultPanel({ result, onAlternative, onPin }: ResultPanelProps) {
  return (
    <>
      {result.result !== 'failed' && <Works result={result} />}
      <FailurePanel
        result={result}
        {...(onAlternative ? { onAlternative } : {})}
        {...(onPin ? { onPin } : {})}
      />
    </>
  )
}

function Works({ result }: { result: ConnectionResult }) {
  const { delivery, failures } = result
  const isWhole = result.result === 'passed'
  const Icon = isWhole ? CircleCheck : CircleDashed
  return (
    <div
      role="status"
      className={`flex items-start gap-3 rounded-card px-4 py-3 ${isWhole ? 'bg-pass-soft' : 'bg-warn-soft'}`}
    >
      <Icon aria-hidden size={16} className={`mt-0.5 shrink-0 ${isWhole ? 'text-pass' : 'text-warn'}`} />
      <div>
        <p className="font-medium">{connectionResultWords[result.result]}</p>
        {delivery === null && failures.length === 0 && (
          <p className="text-ink-soft">No message was looked for, so nobody has seen one arrive.</p>
        )}
        {delivery && (
          <p className="text-ink-soft">
            It arrived in {delivery.folder} after {duration(delivery.delayMs)}.{' '}
            {delivery.authentication.length > 0
              ? `The receiver says: ${delivery.authentication.map(({ method, result }) => `${method.toUpperCase()} ${result}`).join(', ')}.`
              : 'The receiver wrote nothing about SPF, DKIM or DMARC.'}
          </p>
        )}
      </div>
    </div>
  )
}
