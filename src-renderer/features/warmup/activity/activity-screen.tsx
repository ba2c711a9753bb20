import { type ActivityGroup, activityGroupWords } from '#shared/words/warmup-activity.ts'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { useWarmupRows } from '../../../replica/warmup.ts'
import { Button } from '../../../ui/button.tsx'
import { Segments } from '../../../ui/choice.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Select } from '../../../ui/select.tsx'
import { failureText } from '../../frame/failures.ts'
import { WarmupPage } from '../warmup-page.tsx'
import { ActivityList } from './activity-list.tsx'
import { useActivity } from './use-activity.ts'

const pageEntries = 100

/** Everything that happened in the warmup, newest first; of one mailbox, or of all. */
export function ActivityScreen({ mailbox = '' }: { mailbox?: string | undefined }) {
  const [, go] = useLocation()
  const [group, setGroup] = useState<ActivityGroup | 'all'>('all')
  const rows = useWarmupRows()
  // Something happened when a row changed; what it was is then read.
  const version =
    rows === undefined ? '' : String(rows.reduce((sum, row) => sum + row.today.sent + row.placed, 0))
  const activity = useActivity({ id: mailbox === '' ? null : mailbox, group, limit: pageEntries, version })
  return (
    <WarmupPage>
      <div className="flex h-12 shrink-0 items-center gap-3 border-b border-line px-5">
        <Segments
          label="What"
          value={group}
          onChange={picked => setGroup(picked as typeof group)}
          options={[
            { id: 'all', label: 'Everything' },
            ...Object.entries(activityGroupWords).map(([id, { name }]) => ({ id, label: name })),
          ]}
        />
        <span className="flex-1" />
        {rows !== undefined && rows.length > 1 && (
          <Select
            label="Mailbox"
            hideLabel
            value={mailbox}
            onChange={id => go(`/warmup/activity/${id}`, { replace: true })}
            options={[
              { id: '', label: 'All mailboxes' },
              ...rows.map(({ id, address }) => ({ id, label: address })),
            ]}
          />
        )}
      </div>
      <div className="scroll-quiet min-h-0 flex-1">
        <div className="mx-auto flex max-w-4xl flex-col gap-4 px-6 pt-2 pb-8">
          {group !== 'all' && <p className="pt-2 text-ink-soft">{activityGroupWords[group].gloss}</p>}
          <ActivityList
            activity={activity}
            withMailbox={mailbox === ''}
            empty={
              <EmptyState drawing="nest" title="Nothing has happened yet">
                What the mailboxes in warmup send, receive and file stands here, day by day.
              </EmptyState>
            }
          />
          {activity.entries !== null && activity.failure && (
            <Notice
              tone="fail"
              title="More could not be read"
              action={<Button onPress={activity.again}>Try again</Button>}
            >
              {failureText(activity.failure)}
            </Notice>
          )}
          {activity.more && (
            <div className="flex justify-center">
              <Button onPress={activity.readMore}>Show earlier ones</Button>
            </div>
          )}
        </div>
      </div>
    </WarmupPage>
  )
}
