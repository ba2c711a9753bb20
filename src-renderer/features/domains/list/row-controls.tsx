import type { Verdict } from '#shared/model/finding.ts'
import { ListChecks, MailPlus, RefreshCw, ScanSearch, SlidersHorizontal, Trash2 } from 'lucide-react'
import { Button } from 'react-aria-components'
import { useLocation } from 'wouter'
import { useClient } from '../../../client/engine.tsx'
import type { DomainRow as Row } from '../../../replica/domain-table.ts'
import { Hint } from '../../../ui/hint.tsx'
import { RowActions } from '../../../ui/row-actions.tsx'
import { VerdictMark } from '../../../ui/verdict-mark.tsx'
import { checkDomains, removeDomains } from '../actions.ts'

/** A mark with its words as a hint. */
export function HintedMark({ verdict, words }: { verdict: Verdict; words: string }) {
  return (
    <Hint text={words}>
      <Button excludeFromTabOrder aria-label={words} className="inline-flex cursor-default rounded-full">
        <VerdictMark kind={verdict} label={words} />
      </Button>
    </Hint>
  )
}

export function RowMenu({ row, startsOpen }: { row: Row; startsOpen: boolean }) {
  const client = useClient()
  const [, go] = useLocation()
  return (
    <RowActions
      name={row.displayName}
      startsOpen={startsOpen}
      entries={[
        { id: 'open', label: 'Details', icon: <ScanSearch />, run: () => go(`/domains/${row.id}`) },
        {
          id: 'records',
          label: 'Records to publish',
          icon: <ListChecks />,
          run: () => go(`/domains/${row.id}/setup/records`),
        },
        {
          id: 'check',
          label: row.status === 'failed' ? 'Check DNS' : 'Check now',
          icon: <RefreshCw />,
          disabled: row.checking,
          run: () => void checkDomains(client, [row.id]),
        },
        {
          id: 'mailbox',
          label: 'Add mailbox',
          icon: <MailPlus />,
          run: () => go(`/mailboxes/add?domain=${row.name}`),
        },
        {
          id: 'settings',
          label: 'Settings',
          icon: <SlidersHorizontal />,
          run: () => go(`/domains/${row.id}/settings`),
        },
        { id: 'line', separator: true },
        {
          id: 'delete',
          label: 'Delete',
          icon: <Trash2 />,
          danger: true,
          run: () => void removeDomains(client, [row.id], row.displayName),
        },
      ]}
    />
  )
}
