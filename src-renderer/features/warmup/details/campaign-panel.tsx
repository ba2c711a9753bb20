import type { WarmupRow } from '#shared/model/warmup-view.ts'
import { providerPerDay, warmupRoom } from '#shared/warmup-room.ts'
import { campaignSentence } from '#shared/words/warmup.ts'
import { type FormEvent, useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { Button } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/field.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { setCampaign } from '../actions.ts'

const most = 100_000

type CampaignPanelProps = {
  row: WarmupRow
  /** What the mailbox may send in a day, campaigns included. */
  dailyLimit: number
}

/** What a person's own campaign sends from the mailbox every day, and what that leaves. Made anew when it changes. */
export function CampaignPanel({ row, dailyLimit }: CampaignPanelProps) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const { campaign, provider, targetPerDay } = row
  const [typed, setTyped] = useState(String(campaign.perDay))
  const isGood = /^\d+$/.test(typed.trim()) && Number(typed) <= most
  const perDay = isGood ? Number(typed) : campaign.perDay
  const room = warmupRoom({
    dailyLimit,
    providerPerDay: providerPerDay[provider] ?? null,
    campaign: perDay,
  })
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (isGood) void setCampaign(client, [row.id], perDay)
  }
  const isShort = perDay > 0 && room.left > 0 && room.left < targetPerDay
  return (
    <section aria-labelledby="campaign" className="flex flex-col gap-2">
      <h2 id="campaign" className="flex min-h-8 items-center text-section font-semibold">
        Your own campaigns
      </h2>
      <form onSubmit={save} aria-label="Your own campaigns" className="flex items-end gap-2">
        <div className="flex-1">
          <TextField
            label="Messages a day from this mailbox"
            value={typed}
            onChange={setTyped}
            error={isGood ? undefined : `A whole number up to ${most.toLocaleString('en')}.`}
          />
        </div>
        <Button type="submit" isDisabled={!isOpen || !isGood || perDay === campaign.perDay}>
          Save
        </Button>
      </form>
      {perDay > 0 && room.left === 0 ? (
        <Notice tone="warn" title="Nothing is left for warmup">
          {campaignSentence(room, perDay)} While it does, this mailbox sends no warmup message.
        </Notice>
      ) : (
        <p className="text-ink-soft" aria-live="polite">
          {campaignSentence(room, perDay)}
          {isShort && ` The target of ${targetPerDay} a day is out of reach.`}
        </p>
      )}
      {campaign.today !== campaign.perDay && (
        <p className="text-ink-soft">Today {campaign.today}, as was said for this day alone.</p>
      )}
    </section>
  )
}
