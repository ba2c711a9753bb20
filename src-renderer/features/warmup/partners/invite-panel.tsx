import type { Failure } from '#shared/failure.ts'
import { usualInvitationDays } from '#shared/model/partner-values.ts'
import type { WarmupRow } from '#shared/model/warmup-view.ts'
import { partnerReasonSentences } from '#shared/words/partners.ts'
import { countOf } from '#shared/words/phrases.ts'
import { useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { Button } from '../../../ui/button.tsx'
import { SidePanel } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Select } from '../../../ui/select.tsx'
import { failureText } from '../../mailboxes/actions.ts'
import { HandOver } from './hand-over.tsx'
import { isWhole, OfferForm, useOffer } from './offer-form.tsx'

const dayChoices = [1, 3, 7, 14, 30]

/** Makes an invitation, and shows the text to hand over. */
export function InvitePanel({ rows, onClose }: { rows: readonly WarmupRow[]; onClose: () => void }) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [offer, change] = useOffer(rows)
  const [days, setDays] = useState(usualInvitationDays)
  const [text, setText] = useState<string | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const invite = async () => {
    const made = await client.partners.invite({
      name: offer.name.trim(),
      mailboxIds: [...offer.mailboxIds],
      perDay: offer.perDay,
      days,
    })
    setFailure(made.ok ? null : made.failure)
    if (made.ok) setText(made.value.text)
  }
  return (
    <SidePanel
      isOpen
      onClose={onClose}
      title={text === null ? 'Invite a partner' : 'Your invitation'}
      subtitle="Somebody you know who uses Rookery too"
      actions={
        text === null ? (
          <>
            <Button onPress={onClose}>Not now</Button>
            <Button kind="primary" isDisabled={!isOpen || !isWhole(offer)} onPress={() => void invite()}>
              Make the invitation
            </Button>
          </>
        ) : (
          <Button kind="primary" onPress={onClose}>
            Done
          </Button>
        )
      }
    >
      {text === null ? (
        <div className="flex flex-col gap-5">
          <OfferForm rows={rows} offer={offer} onChange={change} />
          <Select
            label="The invitation holds for"
            value={String(days)}
            onChange={value => setDays(Number(value))}
            options={dayChoices.map(count => ({ id: String(count), label: countOf(count, 'day') }))}
          />
          <p className="rounded-control bg-ice px-4 py-3 text-ink-soft">{partnerReasonSentences[1]}</p>
          {failure && (
            <Notice tone="fail" title="No invitation was made">
              {failureText(failure)}
            </Notice>
          )}
        </div>
      ) : (
        <div className="flex flex-col gap-4">
          <HandOver kind="invitation" text={text} />
          <p className="text-ink-soft">
            The text is no secret. When their answer comes, choose “Take a text” and paste it. You will both
            see a number to compare, so that nobody in between can put in mailboxes of their own.
          </p>
        </div>
      )}
    </SidePanel>
  )
}
