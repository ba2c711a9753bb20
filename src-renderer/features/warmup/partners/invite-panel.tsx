import type { Result } from '#shared/failure.ts'
import { usualInvitationDays } from '#shared/model/partner-values.ts'
import type { WarmupRow } from '#shared/model/warmup-view.ts'
import { partnerReasonSentences } from '#shared/words/partners.ts'
import { countOf } from '#shared/words/phrases.ts'
import { useState } from 'react'
import { useClient } from '../../../client/engine.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Select } from '../../../ui/select.tsx'
import { failureText } from '../../frame/failures.ts'
import { HandOver } from './hand-over.tsx'
import { isWhole, OfferForm, useOffer } from './offer-form.tsx'
import { PartnerPanel } from './partner-panel.tsx'

const dayChoices = [1, 3, 7, 14, 30]

/** Makes an invitation, and shows the text to hand over. */
export function InvitePanel({ rows, onClose }: { rows: readonly WarmupRow[]; onClose: () => void }) {
  const client = useClient()
  const [offer, change] = useOffer(rows)
  const [days, setDays] = useState(usualInvitationDays)
  const [made, setMade] = useState<Result<{ text: string }> | null>(null)
  const invite = async () => {
    const { name, mailboxIds, perDay } = offer
    const asked = { name: name.trim(), mailboxIds: [...mailboxIds], perDay, days }
    setMade(await client.partners.invite(asked))
  }
  const subtitle = 'Somebody you know who uses Rookery too'
  if (made?.ok)
    return (
      <PartnerPanel title="Your invitation" subtitle={subtitle} step={null} onClose={onClose}>
        <div className="flex flex-col gap-4">
          <HandOver kind="invitation" text={made.value.text} />
          <p className="text-ink-soft">
            The text is no secret. When their answer comes, choose “Take a text” and paste it. You will both
            see a number to compare, so that nobody in between can put in mailboxes of their own.
          </p>
        </div>
      </PartnerPanel>
    )
  return (
    <PartnerPanel
      title="Invite a partner"
      subtitle={subtitle}
      step={{ label: 'Make the invitation', leave: 'Not now', isReady: isWhole(offer), run: invite }}
      onClose={onClose}
    >
      <OfferForm rows={rows} offer={offer} onChange={change} />
      <Select
        label="The invitation holds for"
        value={String(days)}
        onChange={value => setDays(Number(value))}
        options={dayChoices.map(count => ({ id: String(count), label: countOf(count, 'day') }))}
      />
      <p className="rounded-control bg-ice px-4 py-3 text-ink-soft">{partnerReasonSentences[1]}</p>
      {made && (
        <Notice tone="fail" title="No invitation was made">
          {failureText(made.failure)}
        </Notice>
      )}
    </PartnerPanel>
  )
}
