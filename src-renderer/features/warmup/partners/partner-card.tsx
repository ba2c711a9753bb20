import type { Partner, PartnerState } from '#shared/model/partner.ts'
import { partnerSentence, partnerStateWords, takesSentence } from '#shared/words/partners.ts'
import { countMailboxes } from '#shared/words/phrases.ts'
import { CircleCheck, CirclePause, CircleX, Hourglass, Scale } from 'lucide-react'
import { useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { Badge, type Tone } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { showToast } from '../../../ui/toast.tsx'
import { mailProviderName } from '../../../words/providers.ts'
import { tellFailure } from '../../frame/failures.ts'
import { Time } from '../../frame/time.tsx'
import { HandOver } from './hand-over.tsx'
import { CheckNumber } from './take-panel.tsx'

const looks: Record<PartnerState, { tone: Tone; icon: typeof CircleCheck }> = {
  invited: { tone: 'neutral', icon: Hourglass },
  comparing: { tone: 'warn', icon: Scale },
  waiting: { tone: 'neutral', icon: Hourglass },
  on: { tone: 'pass', icon: CircleCheck },
  silent: { tone: 'warn', icon: CirclePause },
  expired: { tone: 'unknown', icon: CircleX },
  ended: { tone: 'unknown', icon: CircleX },
}

type PartnerCardProps = { partner: Partner; ours: readonly string[]; onChange: () => void }

/** One agreement: who, how it stands, what went to and fro, and what can be done. */
export function PartnerCard({ partner, ours, onChange }: PartnerCardProps) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [isEnding, setEnding] = useState(false)
  const { id, state, checkNumber, text, theirs, sent, received, heardAt } = partner
  const name = partner.name === '' ? 'Not answered yet' : partner.name
  const { tone, icon: Icon } = looks[state]
  const stands = ['comparing', 'waiting', 'on', 'silent'].includes(state)
  const confirm = async () => {
    const done = await client.partners.confirm({ id })
    if (!done.ok) return tellFailure(done.failure)
    showToast({ tone: 'pass', title: `Agreed with ${name}` })
  }
  const goOn = async () => {
    const done = await client.partners.goOn({ id })
    if (!done.ok) tellFailure(done.failure)
  }
  const end = async () => {
    setEnding(false)
    const done = await client.partners.revoke({ id })
    if (!done.ok) return tellFailure(done.failure)
    showToast({ tone: 'info', title: stands ? `Agreement with ${name} ended` : 'Invitation taken back' })
  }
  return (
    <article aria-label={name} className="flex flex-col gap-3 rounded-card border border-line px-5 py-4">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 className="min-w-0 truncate text-section font-semibold">{name}</h2>
        <Badge tone={tone}>
          <Icon aria-hidden />
          {partnerStateWords[state].name}
        </Badge>
        <span className="flex-1" />
        {stands && (
          <Button kind="quiet" isDisabled={!isOpen} onPress={onChange}>
            Change mailboxes
          </Button>
        )}
        {(stands || state === 'invited') && (
          <Button kind="danger" isDisabled={!isOpen} onPress={() => setEnding(true)}>
            {stands ? 'End' : 'Take back'}
          </Button>
        )}
      </header>
      <p className="text-ink-soft">
        {partnerSentence(partner)}{' '}
        {state === 'invited' ? (
          <>
            Holds <Time at={partner.expiresAt} ahead />.
          </>
        ) : (
          <>
            Since <Time at={partner.sinceAt} />.
          </>
        )}
      </p>
      {state === 'comparing' && checkNumber !== null && (
        <div className="flex flex-wrap items-end gap-4 rounded-control bg-warn-soft px-4 py-3">
          <CheckNumber digits={checkNumber} />
          <p className="min-w-56 flex-1">
            Read it to each other, best on the telephone. If it differs, somebody changed a text: end this and
            begin again.
          </p>
          <Button kind="primary" isDisabled={!isOpen} onPress={() => void confirm()}>
            It is the same
          </Button>
        </div>
      )}
      {state === 'silent' && (
        <div>
          <Button isDisabled={!isOpen} onPress={() => void goOn()}>
            Write to them again
          </Button>
        </div>
      )}
      {stands && (
        <dl className="grid gap-x-8 gap-y-2 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto]">
          <Fact term={`Theirs (${takesSentence(partner.theirPerDay)})`}>
            <ul>
              {theirs.map(({ address, provider }) => (
                <li key={address} className="truncate">
                  {address} <span className="text-ink-soft">{mailProviderName(provider) ?? ''}</span>
                </li>
              ))}
            </ul>
          </Fact>
          <Fact term={`Yours (${takesSentence(partner.ourPerDay)})`}>
            {ours.length === 0 ? (
              'None of them warms up any more.'
            ) : (
              <ul>
                {ours.map(address => (
                  <li key={address} className="truncate">
                    {address}
                  </li>
                ))}
              </ul>
            )}
          </Fact>
          <Fact term="To and fro">
            <span className="tabular-nums">
              {sent} out, {received} in
            </span>
            {heardAt !== null && (
              <span className="block text-ink-soft">
                Last heard <Time at={heardAt} />
              </span>
            )}
          </Fact>
        </dl>
      )}
      {text !== null && (
        <details>
          <summary className="cursor-default text-ink-soft">The text for them</summary>
          <div className="pt-2">
            <HandOver kind={text.kind} text={text.text} />
          </div>
        </details>
      )}
      {isEnding && (
        <Dialog
          isOpen
          onClose={() => setEnding(false)}
          title={stands ? `End the agreement with ${name}?` : 'Take the invitation back?'}
          actions={
            <>
              <Button onPress={() => setEnding(false)}>{stands ? 'Keep it' : 'Leave it'}</Button>
              <Button kind="danger" isDisabled={!isOpen} onPress={() => void end()}>
                {stands ? 'End it' : 'Take it back'}
              </Button>
            </>
          }
        >
          <ul className="ml-4 list-disc text-ink-soft">
            {stands ? (
              <>
                <li>
                  Nothing is sent to {countMailboxes(theirs.length)} of theirs, and nothing of theirs is
                  answered, from this moment on.
                </li>
                <li>The key you share is forgotten. A new agreement needs a new invitation.</li>
                <li>You get a text that tells them; without it they stop by themselves after a week.</li>
              </>
            ) : (
              <li>An answer to it will not be taken any more.</li>
            )}
          </ul>
        </Dialog>
      )}
    </article>
  )
}

function Fact({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-meta text-ink-soft">{term}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}
