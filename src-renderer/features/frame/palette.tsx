import {
  Bell,
  FileSearch,
  Flame,
  Globe,
  Mail,
  Mails,
  Moon,
  Plus,
  RefreshCw,
  Search,
  Settings,
  Sun,
  Upload,
} from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import {
  Autocomplete,
  Dialog,
  Input,
  Menu,
  MenuItem,
  Modal,
  ModalOverlay,
  SearchField,
} from 'react-aria-components'
import { useLocation } from 'wouter'
import { useMailboxesFound } from '../../replica/mailboxes.ts'
import { useClient } from '../../client/engine.tsx'
import { useDomainsNamed } from '../../replica/domains.ts'
import { useList } from '../domains/list/list-state.ts'
import { syncNow } from '../sync/actions.ts'
import { takeTypedAhead, useFrame } from './frame-state.ts'

type Command = { id: string; label: string; note?: string; icon: ReactNode; run: () => void }
const mostDomains = 8

/** Ctrl+K: go to a domain or do something, without the mouse. */
export function Palette() {
  const isOpen = useFrame(state => state.isPaletteOpen)
  const setOpen = useFrame(state => state.setPalette)
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={setOpen}
      isDismissable
      className="fixed inset-0 z-50 flex items-start justify-center bg-shade p-6 pt-[12vh]"
    >
      <Modal className="w-full max-w-xl animate-appear overflow-hidden rounded-card border border-line bg-raised shadow-float">
        <Dialog aria-label="Search or do something" className="outline-none">
          <PaletteBody close={() => setOpen(false)} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function PaletteBody({ close }: { close: () => void }) {
  const [text, setText] = useState('')
  const commands = useCommands(text)
  const [first] = commands
  const run = (command: Command) => {
    close()
    command.run()
  }
  // Of a text that matches nothing yet Enter is kept until the rows of the replica are there.
  const [isEntered, setEntered] = useState(false)
  const waiting = isEntered ? first : undefined
  useEffect(() => {
    if (waiting === undefined) return
    setEntered(false)
    close()
    waiting.run()
  }, [waiting, close])
  return (
    <Autocomplete
      inputValue={text}
      onInputChange={typed => {
        setText(typed)
        setEntered(false)
      }}
    >
      <SearchField
        aria-label="Search or do something"
        autoFocus
        onFocus={() => setText(before => before + takeTypedAhead())}
        className="flex items-center gap-3 border-b border-line px-4"
      >
        <Search aria-hidden size={16} className="text-ink-faint" />
        <Input
          placeholder="A domain, or what you want to do"
          onKeyDown={event => {
            if (event.key === 'Enter' && first === undefined) setEntered(true)
          }}
          className="h-12 flex-1 bg-transparent text-section outline-none! [&::-webkit-search-cancel-button]:hidden"
        />
      </SearchField>
      <Menu
        // Anew with each text and each first match, so that the first one is what Enter chooses.
        key={`${text} ${first?.id ?? ''}`}
        autoFocus={text.trim() === '' ? false : 'first'}
        aria-label="Matches"
        className="scroll-quiet max-h-96 p-2 outline-none"
        renderEmptyState={() => <p className="p-4 text-center text-ink-soft">Nothing matches.</p>}
      >
        {commands.map(command => (
          <MenuItem
            key={command.id}
            id={command.id}
            textValue={command.label}
            onAction={() => run(command)}
            className="flex h-9 cursor-default items-center gap-3 rounded-control px-3 outline-none data-focused:bg-hover [&_svg]:size-4 [&_svg]:text-ink-faint"
          >
            {command.icon}
            <span className="flex-1 truncate">{command.label}</span>
            {command.note && <span className="text-meta text-ink-faint">{command.note}</span>}
          </MenuItem>
        ))}
      </Menu>
    </Autocomplete>
  )
}

function useCommands(text: string): Command[] {
  const [, go] = useLocation()
  const client = useClient()
  const setImportOpen = useList(state => state.setImportOpen)
  const openImport = () => {
    go('/domains')
    setImportOpen(true)
  }
  const wanted = text.trim().toLowerCase()
  const domains = useDomainsNamed(wanted, mostDomains)
  const mailboxes = useMailboxesFound(wanted, mostDomains)
  const actions: Command[] = [
    { id: 'add', label: 'Add a domain', icon: <Plus />, run: () => go('/domains/add') },
    { id: 'import', label: 'Import a list of domains', icon: <Upload />, run: () => openImport() },
    { id: 'add-mailbox', label: 'Add a mailbox', icon: <Plus />, run: () => go('/mailboxes/add') },
    {
      id: 'import-mailboxes',
      label: 'Import a list of mailboxes',
      icon: <Upload />,
      run: () => go('/mailboxes/import'),
    },
    { id: 'offline', label: 'Audit a zone file', icon: <FileSearch />, run: () => go('/offline') },
    { id: 'snapshot', label: 'Open a snapshot', icon: <FileSearch />, run: () => go('/offline') },
    { id: 'domains', label: 'Go to Domains', icon: <Globe />, run: () => go('/domains') },
    { id: 'mailboxes', label: 'Go to Mailboxes', icon: <Mails />, run: () => go('/mailboxes') },
    { id: 'warmup', label: 'Go to Warmup', icon: <Flame />, run: () => go('/warmup') },
    { id: 'alerts', label: 'Go to Alerts', icon: <Bell />, run: () => go('/alerts') },
    { id: 'sync', label: 'Go to Sync', icon: <RefreshCw />, run: () => go('/sync') },
    { id: 'sync-now', label: 'Sync now', icon: <RefreshCw />, run: () => void syncNow(client) },
    { id: 'settings', label: 'Go to Settings', icon: <Settings />, run: () => go('/settings') },
    {
      id: 'light',
      label: 'Use the light theme',
      icon: <Sun />,
      run: () => void client.settings.set({ theme: 'light' }),
    },
    {
      id: 'dark',
      label: 'Use the dark theme',
      icon: <Moon />,
      run: () => void client.settings.set({ theme: 'dark' }),
    },
  ]
  return [
    ...domains.map(domain => ({
      id: `domain:${domain.id}`,
      label: domain.displayName,
      note: 'Domain',
      icon: <Globe />,
      run: () => go(`/domains/${domain.id}`),
    })),
    // The replica may still show what was asked for before.
    ...mailboxes
      .filter(({ sortAddress }) => wanted !== '' && sortAddress.includes(wanted))
      .map(({ id, address }) => ({
        id: `mailbox:${id}`,
        label: address,
        note: 'Mailbox',
        icon: <Mail />,
        run: () => go(`/mailboxes/${id}`),
      })),
    ...actions.filter(({ label }) => wanted === '' || label.toLowerCase().includes(wanted)),
  ]
}
