import { ok } from '#shared/failure.ts'
import type { NetworkContact } from '#shared/model/settings.ts'
import { networkPurposeWords } from '#shared/words/network-log.ts'
import { countOf } from '#shared/words/phrases.ts'
import { Download, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { Button } from '../../ui/button.tsx'
import { saveText } from '../../ui/save-text.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { Select } from '../../ui/select.tsx'
import { NotYet } from '../frame/not-yet.tsx'
import { Time } from '../frame/time.tsx'
import { useAnswer } from '../frame/use-answer.ts'
import { contactsAsCsv, type ContactFilter, filterContacts } from './contacts.ts'

const anyPurpose = 'any'
/** So many rows are there at once; a search finds the others, and the file holds them all. */
const mostShown = 500

export function NetworkLog() {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const { value: contacts, take, again } = useAnswer(engine => engine.settings.networkLog())
  const [filter, setFilter] = useState<ContactFilter>({ text: '', purpose: null })

  const clear = async () => {
    const result = await client.settings.clearNetworkLog()
    take(result.ok ? ok([]) : result)
  }
  if (contacts === null) return <NotYet />
  const shown = filterContacts(contacts, filter)
  const purposes = [...new Set(contacts.map(({ purpose }) => purpose))]
  return (
    <div className="flex flex-col gap-3">
      {contacts.length === 0 ? (
        <p className="text-ink-soft">No host has been contacted yet.</p>
      ) : (
        <>
          <div className="flex flex-wrap items-center gap-2">
            <SearchField
              label="Search the hosts"
              placeholder="Host or port"
              value={filter.text}
              onChange={text => setFilter({ ...filter, text })}
            />
            <Select
              label="Contacted for"
              hideLabel
              value={filter.purpose ?? anyPurpose}
              onChange={picked =>
                setFilter({
                  ...filter,
                  purpose: purposes.find(purpose => purpose === picked) ?? null,
                })
              }
              options={[
                { id: anyPurpose, label: 'For anything' },
                ...purposes.map(id => ({ id, label: networkPurposeWords[id] })),
              ]}
            />
            <span className="text-meta text-ink-soft tabular-nums" role="status">
              {shown.length === contacts.length
                ? countOf(contacts.length, 'entry', 'entries')
                : `${shown.length} of ${countOf(contacts.length, 'entry', 'entries')}`}
            </span>
          </div>
          {shown.length === 0 ? (
            <p className="text-ink-soft">No host matches.</p>
          ) : (
            <ContactTable contacts={shown.slice(0, mostShown)} />
          )}
          {shown.length > mostShown && (
            <p className="text-ink-soft">
              The {mostShown} contacted last. Search for the others, or save all of them as CSV.
            </p>
          )}
        </>
      )}
      <div className="flex gap-2">
        <Button onPress={again} isDisabled={!isOpen}>
          <RefreshCw aria-hidden />
          Refresh
        </Button>
        {shown.length > 0 && (
          <Button onPress={() => saveText('rookery-network-log.csv', contactsAsCsv(shown))}>
            <Download aria-hidden />
            Save as CSV
          </Button>
        )}
        {contacts.length > 0 && (
          <Button kind="quiet" onPress={() => void clear()} isDisabled={!isOpen}>
            Clear the log
          </Button>
        )}
      </div>
    </div>
  )
}

function ContactTable({ contacts }: { contacts: readonly NetworkContact[] }) {
  return (
    <div
      className="scroll-quiet max-h-80 rounded-card border border-line"
      tabIndex={0}
      role="region"
      aria-label="Hosts contacted"
    >
      <table className="w-full text-left text-meta">
        <thead className="sticky top-0 bg-ice text-ink-soft">
          <tr className="h-8 [&_th]:px-3 [&_th]:font-normal">
            <th scope="col">Host</th>
            <th scope="col">For</th>
            <th scope="col" className="text-right">
              Contacts
            </th>
            <th scope="col" className="text-right">
              Failed
            </th>
            <th scope="col">Last</th>
          </tr>
        </thead>
        <tbody>
          {contacts.map(contact => (
            <tr
              key={`${contact.host}:${contact.port}:${contact.protocol}:${contact.purpose}`}
              className="h-8 border-t border-line [&_td]:px-3"
            >
              <td className="font-mono [overflow-wrap:anywhere]">
                {contact.host}:{contact.port} <span className="text-ink-faint">{contact.protocol}</span>
              </td>
              <td>{networkPurposeWords[contact.purpose]}</td>
              <td className="text-right tabular-nums">{contact.count.toLocaleString('en')}</td>
              <td className="text-right tabular-nums">{contact.failures.toLocaleString('en')}</td>
              <td className="text-ink-soft">
                <Time at={contact.lastAt} hint={false} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
