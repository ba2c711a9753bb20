import { RefreshCw, Tag, Trash2, Upload } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useClient } from '../../../client/engine.tsx'
import { isFiltering } from '../../../replica/domain-table.ts'
import { useDomainCounts, useTags } from '../../../replica/domains.ts'
import { Button } from '../../../ui/button.tsx'
import { Checkbox, Segments } from '../../../ui/choice.tsx'
import { later } from '../../../ui/later.tsx'
import { SearchField } from '../../../ui/search-field.tsx'
import { useTypedSearch } from '../../../ui/typed-search.ts'
import { checkDomains, removeDomains } from '../actions.ts'
import { useList } from './list-state.ts'

const TagDialog = later({ load: async () => (await import('./tag-dialog.tsx')).TagDialog })
const Select = later({ load: async () => (await import('../../../ui/select.tsx')).Select })

/** Search and filters; when rows are selected, what can be done with them. */
export function ListToolbar({ shown }: { shown: number | undefined }) {
  const hasSelection = useList(state => state.selected.size > 0)
  const cleared = useList(state => state.cleared)
  return (
    <div className="@container flex h-12 shrink-0 items-center gap-3 border-b border-line px-3">
      {hasSelection ? <SelectionActions /> : <Filters key={cleared} shown={shown} />}
    </div>
  )
}

function Filters({ shown }: { shown: number | undefined }) {
  const { filter, setFilter, clearFilter, setImportOpen } = useList()
  const counts = useDomainCounts()
  const tags = useTags()
  const [search, setSearch] = useTypedSearch(filter.search, setFilter)
  const input = useRef<HTMLInputElement>(null)

  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (
        event.key !== '/' ||
        event.target instanceof HTMLInputElement ||
        event.target instanceof HTMLTextAreaElement
      )
        return
      event.preventDefault()
      input.current?.focus()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  return (
    <>
      <SearchField
        label="Search domains"
        placeholder="Search ( / )"
        value={search}
        onChange={setSearch}
        inputRef={input}
      />
      <Segments
        label="Status"
        value={filter.status}
        onChange={status => setFilter({ status: status as typeof filter.status })}
        options={[
          { id: 'all', label: 'All', extra: count(counts?.all) },
          { id: 'failed', label: 'Failed', extra: count(counts?.failed) },
          { id: 'pending', label: 'Pending', extra: count(counts?.pending) },
          { id: 'verified', label: 'Verified', extra: count(counts?.verified) },
        ]}
      />
      {tags.length > 0 && (
        <Select
          label="Tag"
          hideLabel
          value={filter.tag ?? ''}
          onChange={tag => setFilter({ tag: tag === '' ? null : tag })}
          options={[{ id: '', label: 'Any tag' }, ...tags.map(tag => ({ id: tag, label: tag }))]}
        />
      )}
      <Checkbox
        showLabel
        label="Serious findings"
        checked={filter.attention}
        onChange={attention => setFilter({ attention })}
      />
      {isFiltering(filter) && (
        <>
          <Button kind="quiet" onPress={clearFilter}>
            Clear
          </Button>
          <output className="text-meta whitespace-nowrap text-ink-soft tabular-nums @max-[860px]:hidden">
            {shown === undefined ? 'Looking' : `${shown.toLocaleString('en')} shown`}
          </output>
        </>
      )}
      <span className="flex-1" />
      <span className={isFiltering(filter) ? '@max-[780px]:hidden' : ''}>
        <Button kind="quiet" onPress={() => setImportOpen(true)}>
          <Upload aria-hidden />
          <span className="@max-[780px]:sr-only">Import</span>
        </Button>
      </span>
    </>
  )
}

function count(value: number | undefined) {
  return value === undefined ? null : (
    <span className="text-meta text-ink-faint tabular-nums @max-[940px]:hidden">
      {value.toLocaleString('en')}
    </span>
  )
}

function SelectionActions() {
  const { selected, select } = useList()
  const client = useClient()
  const [isTagging, setTagging] = useState(false)
  const ids = [...selected]
  return (
    <>
      <output className="px-1 font-medium tabular-nums">{selected.size.toLocaleString('en')} selected</output>
      <Button onPress={() => void checkDomains(client, ids)}>
        <RefreshCw aria-hidden />
        Check
      </Button>
      <Button onPress={() => setTagging(true)}>
        <Tag aria-hidden />
        Tag
      </Button>
      <Button
        kind="danger"
        onPress={() => {
          select([])
          void removeDomains(client, ids)
        }}
      >
        <Trash2 aria-hidden />
        Delete
      </Button>
      <span className="flex-1" />
      <Button kind="quiet" onPress={() => select([])}>
        Clear selection
      </Button>
      {isTagging && <TagDialog ids={ids} isOpen onClose={() => setTagging(false)} />}
    </>
  )
}
