import type { Result } from '#shared/failure.ts'
import type { Partner } from '#shared/model/partner.ts'
import type { WarmupRow } from '#shared/model/warmup-view.ts'
import { useState } from 'react'
import { useClient } from '../../../client/engine.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { failureText } from '../../frame/failures.ts'
import { HandOver } from './hand-over.tsx'
import { isWhole, OfferForm, useOffer } from './offer-form.tsx'
import { PartnerPanel } from './partner-panel.tsx'

type ChangePanelProps = { partner: Partner; rows: readonly WarmupRow[]; onClose: () => void }

/** Lets other mailboxes take part, and shows the text that tells the partner. */
export function ChangePanel({ partner, rows, onClose }: ChangePanelProps) {
  const client = useClient()
  const known = new Set(rows.map(({ id }) => id))
  const [offer, change] = useOffer(rows, {
    name: partner.ownName,
    mailboxIds: partner.ours.filter(id => known.has(id)),
    perDay: partner.ourPerDay,
  })
  const [made, setMade] = useState<Result<{ text: string }> | null>(null)
  const save = async () => {
    const { mailboxIds, perDay } = offer
    setMade(await client.partners.change({ id: partner.id, mailboxIds: [...mailboxIds], perDay }))
  }
  return (
    <PartnerPanel
      title={`Your mailboxes with ${partner.name}`}
      step={
        made?.ok ? null : { label: 'Change', leave: 'Leave as it is', isReady: isWhole(offer), run: save }
      }
      onClose={onClose}
    >
      {made?.ok ? (
        <HandOver kind="change" text={made.value.text} />
      ) : (
        <OfferForm rows={rows} offer={offer} onChange={change} withName={false} />
      )}
      {made?.ok === false && (
        <Notice tone="fail" title="Nothing was changed">
          {failureText(made.failure)}
        </Notice>
      )}
    </PartnerPanel>
  )
}
