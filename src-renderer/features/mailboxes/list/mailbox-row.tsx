import { mailboxReasonLine, mailboxSummary } from '#shared/words/mailboxes.ts'
import { CirclePause, CirclePlay, Ellipsis, PlugZap, ScanSearch, Trash2 } from 'lucide-react'
import { memo, useState } from 'react'
import { Button } from 'react-aria-components'
import { useLocation } from 'wouter'
import { useClient } from '../../../client/engine.tsx'
import type { MailboxRow as Row } from '../../../replica/database.ts'
import type { WarmupRow } from '#shared/model/warmup-view.ts'
import { RowCheck } from '../../../ui/choice.tsx'
import { Menu } from '../../../ui/menu.tsx'
import { Spinner } from '../../../ui/spinner.tsx'
import { Time } from '../../frame/time.tsx'
import { holdMailboxes, removeMailboxes } from '../actions.ts'
import { MailboxHealth } from '../../warmup/mailbox-health.tsx'
import { MailboxStatusBadge } from '../status-badge.tsx'
import { useBulkTest } from './bulk-test.ts'

/** One grid for the head and every row, so that they stand under each other. */
export const columns =
  'grid grid-cols-[36px_minmax(140px,1fr)_132px_132px_minmax(60px,1fr)_48px_92px_36px] gap-x-2 items-center px-3 @max-[860px]:grid-cols-[36px_minmax(120px,1fr)_132px_56px_minmax(40px,1fr)_48px_84px_28px]'

type MailboxRowProps = {
  row: Row
  warmup: WarmupRow | undefined
  index: number
  top: number
  isSelected: boolean
  isActive: boolean
  onSelect: (index: number, extend: boolean) => void
}

/** One mailbox in the list. Memoised by its row; the menu comes with the pointer, which scrolling does not feel. */
export const MailboxRow = memo(function MailboxRow(props: MailboxRowProps) {
  const { row, warmup, index, top, isSelected, isActive, onSelect } = props
  const [controls, setControls] = useState<'plain' | 'full' | 'open'>('plain')
  return (
    <div
      role="row"
      tabIndex={-1}
      id={`mailbox-${row.id}`}
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      aria-label={mailboxSummary(row)}
      onPointerEnter={event => event.pointerType !== 'touch' && controls === 'plain' && setControls('full')}
      className={`${columns} group absolute inset-x-0 h-11 border-b border-line ${isSelected ? 'bg-chosen' : 'hover:bg-hover'} ${isActive ? 'group-focus-visible/list:shadow-[inset_0_0_0_2px_var(--accent)]' : ''}`}
      style={{ top }}
    >
      <div role="gridcell" className="flex">
        <RowCheck
          label={`Select ${row.address}`}
          checked={isSelected}
          onPress={extend => onSelect(index, extend)}
        />
      </div>
      <div role="gridcell" className="flex min-w-0 items-baseline gap-2">
        <a
          href={`#/mailboxes/${row.id}`}
          tabIndex={-1}
          className="min-w-0 truncate font-medium hover:underline"
        >
          {row.address}
        </a>
        {row.senderName !== '' && <span className="truncate text-ink-soft">{row.senderName}</span>}
      </div>
      <div role="gridcell">
        <MailboxStatusBadge mailbox={row} hint={controls !== 'plain'} />
      </div>
      <div role="gridcell" className="min-w-0">
        <MailboxHealth row={warmup} hint={controls !== 'plain'} />
      </div>
      <div role="gridcell" className="truncate text-ink-soft">
        <Why row={row} />
      </div>
      <div role="gridcell" className="tabular-nums">
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
      <div role="gridcell" className="flex justify-end">
        {controls === 'plain' ? (
          <button
            type="button"
            tabIndex={-1}
            aria-haspopup="menu"
            aria-label={`Actions for ${row.address}`}
            onClick={() => setControls('open')}
            className={menuButton}
          >
            <Ellipsis />
          </button>
        ) : (
          <RowMenu row={row} startsOpen={controls === 'open'} />
        )}
      </div>
    </div>
  )
})

function Why({ row }: { row: Row }) {
  if (row.status === 'rate-limited' && row.limitedUntilAt !== null) {
    return (
      <>
        Goes on <Time at={row.limitedUntilAt} ahead hint={false} />
      </>
    )
  }
  if (row.reason === null || row.reason.code === 'by-person') return <span className="text-ink-faint">–</span>
  const line = mailboxReasonLine(row.reason)
  return <span title={line}>{line}</span>
}

const menuButton =
  'inline-flex size-7 cursor-default items-center justify-center rounded-control text-ink-soft opacity-0 hover:bg-hover group-hover:opacity-100 data-pressed:opacity-100 aria-expanded:opacity-100 [&_svg]:size-4'

function RowMenu({ row, startsOpen }: { row: Row; startsOpen: boolean }) {
  const client = useClient()
  const test = useBulkTest(state => state.start)
  const [, go] = useLocation()
  const isPaused = row.status === 'paused'
  const isDisabled = row.status === 'disabled'
  return (
    <Menu
      label={`Actions for ${row.address}`}
      startsOpen={startsOpen}
      trigger={
        <Button excludeFromTabOrder aria-label={`Actions for ${row.address}`} className={menuButton}>
          <Ellipsis />
        </Button>
      }
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
