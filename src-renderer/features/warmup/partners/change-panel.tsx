import type { Failure } from '#shared/failure.ts'
import type { Partner } from '#shared/model/partner.ts'
import type { WarmupRow } from '#shared/model/warmup-view.ts'
import { useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { Button } from '../../../ui/button.tsx'
import { SidePanel } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { failureText } from '../../mailboxes/actions.ts'
import { HandOver } from './hand-over.tsx'
import { isWhole, OfferForm, useOffer } from './offer-form.tsx'

type ChangePanelProps = { partner: Partner; rows: readonly WarmupRow[]; onClose: () => void }

/** Lets other mailboxes take part, and shows the text that tells the partner. */
export function ChangePanel({ partner, rows, onClose }: ChangePanelProps) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const known = new Set(rows.map(({ id }) => id))
  const [offer, change] = useOffer(rows, {
    name: partner.ownName,
    mailboxIds: partner.ours.filter(id => known.has(id)),
    perDay: partner.ourPerDay,
  })
  const [text, setText] = useState<string | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const save = async () => {
    const { mailboxIds, perDay } = offer
    const made = await client.partners.change({ id: partner.id, mailboxIds: [...mailboxIds], perDay })
    setFailure(made.ok ? null : made.failure)
    if (made.ok) setText(made.value.text)
  }
  return (
    <SidePanel
      isOpen
      onClose={onClose}
      title={`Your mailboxes with ${partner.name}`}
      actions={
        text === null ? (
          <>
            <Button onPress={onClose}>Leave as it is</Button>
            <Button kind="primary" isDisabled={!isOpen || !isWhole(offer)} onPress={() => void save()}>
              Change
            </Button>
          </>
        ) : (
          <Button kind="primary" onPress={onClose}>
            Done
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-5">
        {text === null ? (
          <OfferForm rows={rows} offer={offer} onChange={change} withName={false} />
        ) : (
          <HandOver kind="change" text={text} />
        )}
        {failure && (
          <Notice tone="fail" title="Nothing was changed">
            {failureText(failure)}
          </Notice>
        )}
      </div>
    </SidePanel>
  )
}
