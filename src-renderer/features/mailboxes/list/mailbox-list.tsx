import { mailboxStatuses } from '#shared/model/mailbox-values.ts'
import { mailboxStatusWords } from '#shared/words/mailboxes.ts'
import { CirclePause, CirclePlay, PlugZap, Plus, Trash2, Upload } from 'lucide-react'
import { useLocation } from 'wouter'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { isFilteringMailboxes, useMailboxIds } from '../../../replica/mailboxes.ts'
import { useReplicaReady } from '../../../replica/domains.ts'
import { Button } from '../../../ui/button.tsx'
import { Select } from '../../../ui/select.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { SearchField } from '../../../ui/search-field.tsx'
import { useTypedSearch } from '../../../ui/typed-search.ts'
import { Loading } from '../../../ui/loading.tsx'
import { Page } from '../../frame/page.tsx'
import { holdMailboxes, removeMailboxes } from '../actions.ts'
import { BulkTestBar } from './bulk-test-bar.tsx'
import { useBulkTest } from './bulk-test.ts'
import { noFilter, useMailboxList } from './list-state.ts'
import { MailboxGrid } from './mailbox-grid.tsx'

/** Every mailbox, with what needs a person first. */
export function MailboxList() {
  const { sort, filter, setFilter } = useMailboxList()
  const ids = useMailboxIds(sort, filter)
  const isReady = useReplicaReady()
  const connection = useConnectionState()
  const [, go] = useLocation()
  const isFiltering = isFilteringMailboxes(filter)
  const isEmpty = ids?.length === 0
  const add = (
    <Button kind="primary" onPress={() => go('/mailboxes/add')}>
      <Plus aria-hidden />
      Add mailbox
    </Button>
  )
  return (
    <Page title="Mailboxes" action={isEmpty && !isFiltering ? undefined : add}>
      {isEmpty && isFiltering ? (
        <>
          <Toolbar ids={[]} />
          <EmptyState
            drawing="search"
            title="No mailbox matches"
            action={<Button onPress={() => setFilter(noFilter)}>Clear the search and the filter</Button>}
          >
            Nothing on your list fits what you search and filter for.
          </EmptyState>
        </>
      ) : isEmpty && isReady ? (
        <EmptyState
          drawing="nest"
          title="No mailboxes yet"
          action={
            <>
              {add}
              <Button onPress={() => go('/mailboxes/import')}>
                <Upload aria-hidden />
                Import a list
              </Button>
            </>
          }
        >
          Add a mailbox you send from. Rookery finds its servers, tests every step, and says exactly what is
          wrong when something is. The password stays in the vault on this machine.
        </EmptyState>
      ) : ids === undefined || (isEmpty && connection.kind !== 'away') ? (
        <Loading label="Loading your mailboxes" />
      ) : isEmpty ? (
        <EmptyState drawing="away" title="Nothing to show while the engine is away">
          This window has no copy of your mailboxes yet. It fills by itself as soon as the engine answers.
        </EmptyState>
      ) : (
        <>
          <Toolbar ids={ids} />
          <BulkTestBar />
          <MailboxGrid ids={ids} />
        </>
      )}
    </Page>
  )
}

function Toolbar({ ids }: { ids: string[] }) {
  const hasSelection = useMailboxList(state => state.selected.size > 0)
  return (
    <div className="flex h-12 shrink-0 items-center gap-3 border-b border-line px-3">
      {hasSelection ? <SelectionActions /> : <Filters ids={ids} />}
    </div>
  )
}

function Filters({ ids }: { ids: string[] }) {
  const { filter, setFilter } = useMailboxList()
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const test = useBulkTest()
  const [search, setSearch] = useTypedSearch(filter.search, setFilter)
  const [, go] = useLocation()
  return (
    <>
      <SearchField label="Search mailboxes" placeholder="Search" value={search} onChange={setSearch} />
      <Select
        label="Status"
        hideLabel
        value={filter.status}
        onChange={status => setFilter({ status: status as typeof filter.status })}
        options={[
          { id: 'all', label: 'Any status' },
          ...mailboxStatuses.map(id => ({ id, label: mailboxStatusWords[id].name })),
        ]}
      />
      <output className="text-meta whitespace-nowrap text-ink-soft tabular-nums">
        {ids.length.toLocaleString('en')} shown
      </output>
      <span className="flex-1" />
      <Button
        kind="quiet"
        isDisabled={!isOpen || ids.length === 0 || test.run?.isRunning === true}
        onPress={() => test.start(client, ids)}
      >
        <PlugZap aria-hidden />
        Test all shown
      </Button>
      <Button kind="quiet" onPress={() => go('/mailboxes/import')}>
        <Upload aria-hidden />
        Import
      </Button>
    </>
  )
}

function SelectionActions() {
  const { selected, select } = useMailboxList()
  const start = useBulkTest(state => state.start)
  const client = useClient()
  const ids = [...selected]
  return (
    <>
      <output className="px-1 font-medium tabular-nums">{selected.size.toLocaleString('en')} selected</output>
      <Button onPress={() => start(client, ids)}>
        <PlugZap aria-hidden />
        Test
      </Button>
      <Button onPress={() => void holdMailboxes(client, 'pause', ids)}>
        <CirclePause aria-hidden />
        Pause
      </Button>
      <Button onPress={() => void holdMailboxes(client, 'resume', ids)}>
        <CirclePlay aria-hidden />
        Resume
      </Button>
      <Button
        kind="danger"
        onPress={() => {
          select([])
          void removeMailboxes(client, ids)
        }}
      >
        <Trash2 aria-hidden />
        Remove
      </Button>
      <span className="flex-1" />
      <Button kind="quiet" onPress={() => select([])}>
        Clear selection
      </Button>
    </>
  )
}
