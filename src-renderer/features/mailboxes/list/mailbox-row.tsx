import { mailboxReasonLine, mailboxSummary } from '#shared/words/mailboxes.ts'
import { CirclePause, CirclePlay, PlugZap, ScanSearch, Trash2 } from 'lucide-react'
import { memo } from 'react'
import { useLocation } from 'wouter'
import { useClient } from '../../../client/engine.tsx'
import type { MailboxRow as Row } from '../../../replica/database.ts'
import type { WarmupRow } from '#shared/model/warmup-view.ts'
import { RowActions } from '../../../ui/row-actions.tsx'
import { RowFrame, type RowPlace } from '../../../ui/row-frame.tsx'
import { Spinner } from '../../../ui/spinner.tsx'
import { Time } from '../../frame/time.tsx'
import { holdMailboxes, removeMailboxes } from '../actions.ts'
import { MailboxHealth } from '../../warmup/mailbox-health.tsx'
import { MailboxStatusBadge } from '../status-badge.tsx'
import { useBulkTest } from './bulk-test.ts'

/** One grid for the head and every row, so that they stand under each other. */
export const columns =
  'grid grid-cols-[36px_minmax(180px,5fr)_132px_132px_minmax(60px,3fr)_56px_92px_36px] gap-x-2 items-center px-3 @max-[860px]:grid-cols-[36px_minmax(180px,1fr)_132px_56px_0_0_84px_28px]'

/** What gives way in a narrow window; the reason then stands below the address. */
export const givesWay = '@max-[860px]:invisible'

type MailboxRowProps = RowPlace & {
  row: Row
  warmup: WarmupRow | undefined
}

/** One mailbox in the list. Memoised by its row; the menu comes with the pointer, which scrolling does not feel. */
export const MailboxRow = memo(function MailboxRow(props: MailboxRowProps) {
  const { row, warmup, ...place } = props
  return (
    <RowFrame
      id={`mailbox-${row.id}`}
      name={row.address}
      summary={mailboxSummary(row)}
      place={place}
      look={`${columns} h-11`}
      renderCells={controls => (
        <>
          <div role="gridcell" className="min-w-0">
            <div className="flex items-baseline gap-2">
              <a
                href={`#/mailboxes/${row.id}`}
                tabIndex={-1}
                title={row.address}
                className="max-w-full shrink-0 truncate font-medium hover:underline"
              >
                {row.address}
              </a>
              {row.senderName !== '' && (
                <span className="min-w-0 truncate text-ink-soft @max-[860px]:hidden">{row.senderName}</span>
              )}
            </div>
            {hasWhy(row) && (
              <div className="hidden truncate text-meta text-ink-soft @max-[860px]:block">
                <Why row={row} />
              </div>
            )}
          </div>
          <div role="gridcell" className="flex">
            <MailboxStatusBadge mailbox={row} hint={controls !== 'plain'} />
          </div>
          <div role="gridcell" className="min-w-0">
            <MailboxHealth row={warmup} hint={controls !== 'plain'} />
          </div>
          <div role="gridcell" className={`truncate text-ink-soft ${givesWay}`}>
            {hasWhy(row) ? <Why row={row} /> : <span className="text-ink-faint">–</span>}
          </div>
          <div role="gridcell" className={`overflow-hidden pr-2 text-right tabular-nums ${givesWay}`}>
            {row.dailyLimit}
          </div>
          <div role="gridcell" className="flex items-center gap-1.5 text-meta text-ink-soft">
            {row.testing ? (
              <>
                <Spinner size={14} /> Testing
              </>
            ) : row.testedAt === null ? (
              'Not yet'
            ) : (
              <Time at={row.testedAt} hint={false} />
            )}
          </div>
        </>
      )}
      renderMenu={startsOpen => <RowMenu row={row} startsOpen={startsOpen} />}
    />
  )
})

function hasWhy({ status, limitedUntilAt, reason }: Row): boolean {
  if (status === 'rate-limited' && limitedUntilAt !== null) return true
  return reason !== null && reason.code !== 'by-person'
}

function Why({ row }: { row: Row }) {
  if (row.status === 'rate-limited' && row.limitedUntilAt !== null) {
    return (
      <>
        Goes on <Time at={row.limitedUntilAt} ahead hint={false} />
      </>
    )
  }
  if (row.reason === null) return null
  const line = mailboxReasonLine(row.reason)
  return <span title={line}>{line}</span>
}

function RowMenu({ row, startsOpen }: { row: Row; startsOpen: boolean }) {
  const client = useClient()
  const test = useBulkTest(state => state.start)
  const [, go] = useLocation()
  const isPaused = row.status === 'paused'
  const isDisabled = row.status === 'disabled'
  return (
    <RowActions
      name={row.address}
      startsOpen={startsOpen}
      entries={[
        { id: 'open', label: 'Details', icon: <ScanSearch />, run: () => go(`/mailboxes/${row.id}`) },
        {
          id: 'test',
          label: 'Test the login',
          icon: <PlugZap />,
          disabled: row.testing,
          run: () => test(client, [row.id]),
        },
        isPaused
          ? {
              id: 'resume',
              label: 'Resume',
              icon: <CirclePlay />,
              run: () => void holdMailboxes(client, 'resume', [row.id]),
            }
          : {
              id: 'pause',
              label: 'Pause',
              icon: <CirclePause />,
              disabled: isDisabled,
              run: () => void holdMailboxes(client, 'pause', [row.id]),
            },
        {
          id: 'hold',
          label: isDisabled ? 'Enable' : 'Disable',
          run: () => void holdMailboxes(client, isDisabled ? 'enable' : 'disable', [row.id]),
        },
        { id: 'line', separator: true },
        {
          id: 'delete',
          label: 'Remove',
          icon: <Trash2 />,
          danger: true,
          run: () => void removeMailboxes(client, [row.id], row.address),
        },
      ]}
    />
  )
}
