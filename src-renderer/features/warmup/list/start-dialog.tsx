import { startsWithSentence, warmupPolicySentences } from '#shared/words/warmup.ts'
import { countMailboxes } from '#shared/words/phrases.ts'
import { defaultSettings, type RampStrategy } from '#shared/warmup-ramps.ts'
import { useMemo, useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import type { MailboxRow } from '../../../replica/database.ts'
import { domainNamed, useDomainVersion } from '../../../replica/domains.ts'
import { Button } from '../../../ui/button.tsx'
import { Checkbox } from '../../../ui/choice.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { OptionCards } from '../../../ui/option-cards.tsx'
import { MailboxStatusBadge } from '../../mailboxes/status-badge.tsx'
import { startWarmup } from '../actions.ts'
import { rampCards } from '../settings/strategy-cards.ts'

type Choice = RampStrategy | 'default'

/** Mailboxes whose login was refused or that rest cannot send; the engine would refuse them. */
const canStart = ({ status }: MailboxRow) => status !== 'disabled' && status !== 'auth-failed'

type StartDialogProps = { mailboxes: readonly MailboxRow[]; onClose: () => void }

/** Which mailboxes begin, how fast, and what warmup is and is not. */
export function StartDialog({ mailboxes, onClose }: StartDialogProps) {
  const able = useMemo(() => mailboxes.filter(canStart), [mailboxes])
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [choice, setChoice] = useState<Choice>('default')
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const chosen = able.filter(({ id }) => !left.has(id))
  const domainNames = useMemo(
    () => [...new Set(able.filter(({ id }) => !left.has(id)).map(({ domainName }) => domainName))],
    [able, left],
  )
  const start = async () => {
    onClose()
    if (choice === 'default') {
      const ids = chosen.map(({ id }) => id)
      await startWarmup(client, ids, null)
      return
    }
    // Each in its own time zone.
    for (const zone of new Set(chosen.map(({ timeZone }) => timeZone))) {
      const ids = chosen.filter(({ timeZone }) => timeZone === zone).map(({ id }) => id)
      if (!(await startWarmup(client, ids, defaultSettings(choice, zone)))) return
    }
  }
  const toggle = (id: string, on: boolean) => {
    const next = new Set(left)
    if (on) next.delete(id)
    else next.add(id)
    setLeft(next)
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Start warmup"
      actions={
        <>
          <Button onPress={onClose}>Not now</Button>
          <Button kind="primary" isDisabled={!isOpen || chosen.length === 0} onPress={() => void start()}>
            Start {countMailboxes(chosen.length)}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 flex w-full items-center gap-3 font-medium">
            <span className="flex-1">Mailboxes</span>
            <Checkbox
              showLabel
              label="All"
              checked={chosen.length === 0 ? false : chosen.length === able.length ? true : 'some'}
              onChange={all => setLeft(all ? new Set() : new Set(able.map(({ id }) => id)))}
            />
          </legend>
          <ul className="scroll-quiet max-h-52 divide-y divide-line rounded-control border border-line">
            {mailboxes.map(row => (
              <li key={row.id} className="flex h-9 items-center gap-3 px-3">
                <Checkbox
                  showLabel
                  label={row.address}
                  isDisabled={!canStart(row)}
                  checked={canStart(row) && !left.has(row.id)}
                  onChange={on => toggle(row.id, on)}
                />
                <span className="flex-1" />
                {row.status !== 'active' && <MailboxStatusBadge mailbox={row} hint={false} />}
              </li>
            ))}
          </ul>
        </fieldset>
        <OptionCards<Choice>
          label="How fast"
          value={choice}
          onChange={setChoice}
          options={[
            {
              id: 'default',
              title: domainNames.length > 1 ? 'As each domain says' : 'As its domain says',
              text: '',
              extra: <DomainDefaultsList names={domainNames} />,
            },
            ...rampCards,
          ]}
        />
        <section aria-label="Before you start" className="rounded-control bg-ice px-4 py-3 text-ink-soft">
          <ul className="flex list-disc flex-col gap-1 pl-4">
            {warmupPolicySentences.map(sentence => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </section>
      </div>
    </Dialog>
  )
}

const mostNamed = 4

/** Which default each of these domains has, and why. */
function DomainDefaultsList({ names }: { names: readonly string[] }) {
  useDomainVersion()
  const left = names.length - mostNamed
  return (
    <ul className="text-meta text-ink-soft">
      {names.slice(0, left === 1 ? names.length : mostNamed).map(name => (
        <li key={name} className="[overflow-wrap:anywhere]">
          {startsWithSentence(domainNamed(name)?.warmupDefaults ?? null, name)}
        </li>
      ))}
      {left > 1 && <li>and {left} more domains, each with its own</li>}
    </ul>
  )
}
