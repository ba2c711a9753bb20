import type { WarmupRow } from '#shared/model/warmup-view.ts'
import { warmupPolicySentences } from '#shared/words/warmup.ts'
import { countMailboxes } from '#shared/words/phrases.ts'
import { CirclePause, CirclePlay, CircleX, FastForward, Flame, Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import type { MailboxRow } from '../../../replica/database.ts'
import { useReplicaReady } from '../../../replica/domains.ts'
import { useAllMailboxes } from '../../../replica/mailboxes.ts'
import { useWarmupRows } from '../../../replica/warmup.ts'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { SearchField } from '../../../ui/search-field.tsx'
import { useTypedSearch } from '../../../ui/typed-search.ts'
import { Select } from '../../../ui/select.tsx'
import { Loading } from '../../../ui/loading.tsx'
import { mailProviderName } from '../../../words/providers.ts'
import { decide, type DecisionKind } from '../decision.tsx'
import { WarmupPage } from '../warmup-page.tsx'
import { useWarmupList } from './list-state.ts'
import { choicesOf, domainOf, isFilteringWarmup, noWarmupFilter, orderWarmup } from './order.ts'
import { StartDialog } from './start-dialog.tsx'
import { SummaryStrip } from './summary-strip.tsx'
import { WarmupGrid } from './warmup-grid.tsx'

/** Every mailbox that warms up, with what needs a person first, and what they come to together. */
export function WarmupList() {
  const rows = useWarmupRows()
  const mailboxes = useAllMailboxes()
  const isReady = useReplicaReady()
  const connection = useConnectionState()
  const [isStarting, setStarting] = useState(false)
  const isOpen = connection.kind === 'open'
  const outside = useMemo(() => {
    const inside = new Set(rows?.map(({ id }) => id))
    return mailboxes?.filter(({ id }) => !inside.has(id)) ?? []
  }, [rows, mailboxes])
  const start = outside.length > 0 && (
    <Button kind="primary" isDisabled={!isOpen} onPress={() => setStarting(true)}>
      <Flame aria-hidden />
      Start warmup
    </Button>
  )
  const isEmpty = rows?.length === 0
  return (
    <WarmupPage action={isEmpty ? undefined : start}>
      {rows === undefined ||
      mailboxes === undefined ||
      (isEmpty && !isReady && connection.kind !== 'away') ? (
        <Loading label="Loading the warmup" />
      ) : isEmpty && !isReady ? (
        <EmptyState drawing="away" title="Nothing to show while the engine is away">
          This window has no copy of your warmup yet. It fills by itself as soon as the engine answers.
        </EmptyState>
      ) : isEmpty ? (
        <Empty mailboxes={mailboxes} start={start} />
      ) : (
        <Filled rows={rows} />
      )}
      {isStarting && <StartDialog mailboxes={outside} onClose={() => setStarting(false)} />}
    </WarmupPage>
  )
}

function Empty({ mailboxes, start }: { mailboxes: readonly MailboxRow[]; start: React.ReactNode }) {
  const [, go] = useLocation()
  if (mailboxes.length === 0)
    return (
      <EmptyState
        drawing="nest"
        title="No mailboxes yet"
        action={
          <Button kind="primary" onPress={() => go('/mailboxes/add')}>
            <Plus aria-hidden />
            Add mailbox
          </Button>
        }
      >
        Warmup lets your mailboxes write to each other, a little more each day. Add the first two, best at
        different providers.
      </EmptyState>
    )
  return (
    <EmptyState drawing="nest" title={`${countMailboxes(mailboxes.length)}, none in warmup`} action={start}>
      {warmupPolicySentences.join(' ')}
    </EmptyState>
  )
}

function Filled({ rows }: { rows: readonly WarmupRow[] }) {
  const { sort, filter, setFilter } = useWarmupList()
  const shown = useMemo(() => orderWarmup(rows, sort, filter), [rows, sort, filter])
  return (
    <>
      <SummaryStrip rows={rows} />
      <Toolbar rows={rows} shown={shown} />
      {shown.length === 0 && isFilteringWarmup(filter) ? (
        <EmptyState
          drawing="search"
          title="No mailbox matches"
          action={<Button onPress={() => setFilter(noWarmupFilter)}>Clear the search and filters</Button>}
        >
          None in warmup fits what you search and filter for.
        </EmptyState>
      ) : (
        <WarmupGrid rows={shown} />
      )}
    </>
  )
}

type ToolbarProps = { rows: readonly WarmupRow[]; shown: readonly WarmupRow[] }

function Toolbar({ rows, shown }: ToolbarProps) {
  const hasSelection = useWarmupList(state => state.selected.size > 0)
  return (
    <div className="@container flex h-12 shrink-0 items-center gap-3 border-b border-line px-3">
      {hasSelection ? <SelectionActions rows={rows} /> : <Filters rows={rows} shown={shown} />}
    </div>
  )
}

function Filters({ rows, shown }: ToolbarProps) {
  const { filter, setFilter } = useWarmupList()
  const [search, setSearch] = useTypedSearch(filter.search, setFilter)
  const domains = useMemo(() => choicesOf(rows, domainOf), [rows])
  const providers = useMemo(() => choicesOf(rows, ({ provider }) => provider), [rows])
  return (
    <>
      <SearchField label="Search mailboxes" placeholder="Search" value={search} onChange={setSearch} />
      {domains.length > 1 && (
        <Select
          label="Domain"
          hideLabel
          value={filter.domain ?? ''}
          onChange={domain => setFilter({ domain: domain === '' ? null : domain })}
          options={[{ id: '', label: 'Any domain' }, ...domains.map(id => ({ id, label: id }))]}
        />
      )}
      {providers.length > 1 && (
        <Select
          label="Provider"
          hideLabel
          value={filter.provider ?? ''}
          onChange={provider => setFilter({ provider: provider === '' ? null : provider })}
          options={[
            { id: '', label: 'Any provider' },
            ...providers.map(id => ({ id, label: mailProviderName(id) ?? 'Other' })),
          ]}
        />
      )}
      <span className="flex-1" />
      <output className="text-meta whitespace-nowrap text-ink-soft tabular-nums">
        {shown.length.toLocaleString('en')} shown
      </output>
    </>
  )
}

const actions = [
  { kind: 'pause', label: 'Pause', icon: <CirclePause aria-hidden /> },
  { kind: 'resume', label: 'Resume', icon: <CirclePlay aria-hidden /> },
  { kind: 'skip', label: 'Skip the ramp', icon: <FastForward aria-hidden /> },
  { kind: 'stop', label: 'Take out', icon: <CircleX aria-hidden /> },
] as const satisfies readonly { kind: DecisionKind; label: string; icon: React.ReactNode }[]

function SelectionActions({ rows }: { rows: readonly WarmupRow[] }) {
  const { selected, select } = useWarmupList()
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const chosen = rows.filter(({ id }) => selected.has(id))
  return (
    <>
      <output className="px-1 font-medium whitespace-nowrap tabular-nums">
        {selected.size.toLocaleString('en')} selected
      </output>
      {actions.map(({ kind, label, icon }) => (
        <Button
          key={kind}
          kind={kind === 'stop' ? 'danger' : 'plain'}
          isDisabled={!isOpen}
          onPress={() => decide(client, kind, chosen, () => select([]))}
        >
          {icon}
          {label}
        </Button>
      ))}
      <span className="flex-1" />
      <Button kind="quiet" onPress={() => select([])}>
        Clear<span className="@max-[760px]:sr-only"> selection</span>
      </Button>
    </>
  )
}
