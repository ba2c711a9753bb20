import { propagationNotice, statusWords } from '#shared/words/checks.ts'
import { RefreshCw, Square } from 'lucide-react'
import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { useConnectionState } from '../../../client/engine.tsx'
import { useDomain } from '../../../replica/domains.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Progress } from '../../../ui/progress.tsx'
import { FailureNotice } from '../../frame/failure-notice.tsx'
import { Time } from '../../frame/time.tsx'
import { useAudit } from '../details/use-audit.ts'
import { DnsStatusTable } from '../records/dns-status-table.tsx'

/** Watches the records being checked one by one. Can be left at any time; the engine goes on by itself. */
export function VerifyStep({ id }: { id: string }) {
  const domain = useDomain(id)
  const { report, run, failure, start, stop } = useAudit(id, domain?.checkedAt)
  const isOpen = useConnectionState().kind === 'open'
  const [, go] = useLocation()

  useEffect(() => {
    if (isOpen) start()
  }, [isOpen, start])

  const isVerified = domain?.status === 'verified' && !run
  return (
    <div className="flex flex-col gap-5">
      <div className="flex h-8 items-center gap-4">
        <h2 aria-live="polite" className="text-section font-semibold">
          {run ? 'Checking your records' : isVerified ? 'Verified' : 'What is seen now'}
        </h2>
        <div className="flex-1">
          {run && <Progress label="Records checked" done={run.done.size} total={run.checks.length} />}
        </div>
        {run ? (
          <Button onPress={stop}>
            <Square aria-hidden />
            Stop
          </Button>
        ) : (
          <Button onPress={start} isDisabled={!isOpen}>
            <RefreshCw aria-hidden />
            Check again
          </Button>
        )}
      </div>
      {failure && <FailureNotice failure={failure} />}
      <DnsStatusTable report={report ?? null} run={run} />
      {isVerified ? (
        <Notice tone="info" title={statusWords.verified.gloss}>
          Rookery goes on looking after it.
        </Notice>
      ) : (
        <Notice tone="info" title="Not seen yet? That is usual at first.">
          {propagationNotice}
          {domain?.nextCheckAt && (
            <>
              {' '}
              Next look: <Time at={domain.nextCheckAt} ahead />.
            </>
          )}
        </Notice>
      )}
      <div className="flex items-center gap-3">
        {isVerified ? (
          <Button kind="primary" onPress={() => go(`/domains/${id}`)}>
            Open the domain
          </Button>
        ) : (
          <>
            <Button kind="primary" onPress={() => go('/domains')}>
              Verify later
            </Button>
            <span className="text-meta text-ink-soft">
              The domain stays Pending and is checked in the background.
            </span>
          </>
        )}
      </div>
    </div>
  )
}
