import { useState } from 'react'
import { useConnectionState } from '../../../client/engine.tsx'
import { useWarmupRows } from '../../../replica/warmup.ts'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Select } from '../../../ui/select.tsx'
import { failureText } from '../../frame/failures.ts'
import { useCall } from '../../../client/use-call.ts'
import { WarmupPage } from '../warmup-page.tsx'
import { PlacementMatrix } from './placement-matrix.tsx'

/** Where messages landed, sender by recipient. */
export function PlacementScreen() {
  const rows = useWarmupRows()
  const [mailbox, setMailbox] = useState('')
  const isAway = useConnectionState().kind !== 'open'
  // Asked anew when more was found.
  const placed = rows?.reduce((sum, row) => sum + row.placed, 0)
  const id = mailbox === '' ? null : mailbox
  const {
    value: cells,
    failure,
    again,
  } = useCall(placed === undefined ? null : `${mailbox} ${placed}`, client =>
    client.warmup.placements({ id }),
  )
  return (
    <WarmupPage>
      <div className="scroll-quiet min-h-0 flex-1">
        <div className="mx-auto flex max-w-[1200px] flex-col gap-4 px-6 py-6">
          <div className="flex flex-wrap items-end gap-4">
            <div className="min-w-64 flex-1">
              <h2 className="text-section font-semibold">Placement by provider</h2>
              <p className="text-ink-soft">
                Share of messages that landed in the inbox over 28 days. Below 90 % a mailbox slows down,
                below 75 % it pauses.
              </p>
            </div>
            {rows !== undefined && rows.length > 1 && (
              <Select
                label="Mailbox"
                hideLabel
                value={mailbox}
                onChange={setMailbox}
                options={[
                  { id: '', label: 'All mailboxes' },
                  ...rows.map(({ id, address }) => ({ id, label: address })),
                ]}
              />
            )}
          </div>
          {failure ? (
            <Notice
              tone="fail"
              title="The placements could not be read"
              action={<Button onPress={again}>Try again</Button>}
            >
              {failureText(failure)}
            </Notice>
          ) : cells === null && isAway ? (
            <EmptyState drawing="away" title="Nothing to show while the engine is away">
              The placements are read when it can be reached again.
            </EmptyState>
          ) : cells?.length === 0 ? (
            <EmptyState drawing="nest" title="Nothing was seen yet">
              It fills as soon as the first messages of the warmup are found where they landed.
            </EmptyState>
          ) : (
            <PlacementMatrix cells={cells} />
          )}
        </div>
      </div>
    </WarmupPage>
  )
}
