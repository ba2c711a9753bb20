import type { NetworkContact } from '#shared/model/settings.ts'
import { RefreshCw } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { Button } from '../../ui/button.tsx'
import { tellFailure } from '../domains/actions.ts'
import { Time } from '../frame/time.tsx'

const purposes: Record<NetworkContact['purpose'], string> = {
  audit: 'Audits',
  verification: 'Background verification',
  recheck: 'Nightly checks',
  blacklists: 'Blacklists',
  'settings-test': 'Trying DNS servers',
  'connection-test': 'Testing mailboxes',
  warmup: 'Warmup',
  discovery: 'Finding mail servers',
  'sign-in': 'Signing in',
}

export function NetworkLog() {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [contacts, setContacts] = useState<NetworkContact[] | null>(null)

  const load = useCallback(async () => {
    const result = await client.settings.networkLog()
    if (result.ok) setContacts(result.value)
    else tellFailure(result.failure)
  }, [client])
  useEffect(() => {
    if (isOpen) void load()
  }, [isOpen, load])

  const clear = async () => {
    const result = await client.settings.clearNetworkLog()
    if (result.ok) setContacts([])
    else tellFailure(result.failure)
  }
  if (contacts === null)
    return <p className="text-ink-soft">{isOpen ? 'Loading' : 'Shown when the engine can be reached.'}</p>
  return (
    <div className="flex flex-col gap-3">
      {contacts.length === 0 ? (
        <p className="text-ink-soft">No host has been contacted yet.</p>
      ) : (
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
                  <td className="font-mono">
                    {contact.host}:{contact.port} <span className="text-ink-faint">{contact.protocol}</span>
                  </td>
                  <td>{purposes[contact.purpose]}</td>
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
      )}
      <div className="flex gap-2">
        <Button onPress={() => void load()} isDisabled={!isOpen}>
          <RefreshCw aria-hidden />
          Refresh
        </Button>
        {contacts.length > 0 && (
          <Button kind="quiet" onPress={() => void clear()} isDisabled={!isOpen}>
            Clear the log
          </Button>
        )}
      </div>
    </div>
  )
}
