import { FileSearch, Plus, Upload } from 'lucide-react'
import { useLocation } from 'wouter'
import { useConnectionState } from '../../../client/engine.tsx'
import { isFiltering } from '../../../replica/domain-table.ts'
import { useDomainIds, useReplicaReady } from '../../../replica/domains.ts'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { later } from '../../../ui/later.tsx'
import { useIsSettled } from '../../frame/use-is-settled.ts'
import { OpenDemo } from '../../frame/demo.tsx'
import { Page } from '../../frame/page.tsx'
import { DomainGrid } from './domain-grid.tsx'
import { ListToolbar } from './list-toolbar.tsx'
import { useList } from './list-state.ts'

const ImportPanel = later({ load: async () => (await import('./import-panel.tsx')).ImportPanel })

/** Home: every domain, with what is wrong in sight. */
export function DomainList() {
  const { sort, filter, clearFilter, isImportOpen, setImportOpen } = useList()
  const isSettled = useIsSettled()
  const ids = useDomainIds(sort, filter)
  const isReady = useReplicaReady()
  const connection = useConnectionState()
  const [, go] = useLocation()
  const isEmpty = ids?.length === 0
  const add = (
    <Button kind="primary" onPress={() => go('/domains/add')}>
      <Plus aria-hidden />
      Add domain
    </Button>
  )
  return (
    <Page
      title="Domains"
      action={
        <>
          <Button kind="quiet" onPress={() => go('/offline')}>
            <FileSearch aria-hidden />
            Audit a zone file
          </Button>
          {isEmpty && !isFiltering(filter) ? undefined : add}
        </>
      }
    >
      {isEmpty && isFiltering(filter) ? (
        <>
          <ListToolbar shown={0} />
          <EmptyState
            drawing="search"
            title="No domain matches"
            action={<Button onPress={clearFilter}>Clear the search and filters</Button>}
          >
            Nothing on your list fits what you search and filter for.
          </EmptyState>
        </>
      ) : isEmpty && isReady ? (
        <EmptyState
          drawing="nest"
          title="No domains yet"
          action={
            <>
              {add}
              <Button onPress={() => setImportOpen(true)}>
                <Upload aria-hidden />
                Import a list
              </Button>
              <OpenDemo />
            </>
          }
        >
          Add a domain you send mail from. Rookery checks its SPF, DKIM, DMARC and MX records, says what is
          wrong, and gives you the value to publish.
        </EmptyState>
      ) : ids === undefined || (isEmpty && connection.kind !== 'away') ? (
        <Skeleton />
      ) : isEmpty ? (
        <EmptyState drawing="away" title="Nothing to show while the engine is away">
          This window has no copy of your domains yet. It fills by itself as soon as the engine answers.
        </EmptyState>
      ) : (
        <>
          <ListToolbar shown={ids.length} />
          <DomainGrid ids={ids} />
        </>
      )}
      {(isSettled || isImportOpen) && <ImportPanel />}
    </Page>
  )
}

/** The shape of the list while the first rows come. */
function Skeleton() {
  return (
    <div role="status" aria-label="Loading your domains" className="flex flex-col px-3 pt-12">
      {Array.from({ length: 8 }, (_, index) => (
        <div key={index} className="flex h-11 items-center gap-4 border-b border-line">
          <span className="size-7 rounded-full bg-hover" />
          <span className="h-3 rounded-full bg-hover" style={{ width: 120 + ((index * 53) % 90) }} />
        </div>
      ))}
    </div>
  )
}
