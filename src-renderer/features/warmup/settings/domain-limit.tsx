import type { Domain } from '#shared/model/domain.ts'
import { countOf } from '#shared/words/phrases.ts'
import { type FormEvent, useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { useWarmupRowsOf } from '../../../replica/warmup.ts'
import { Button } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/field.tsx'
import { showToast } from '../../../ui/toast.tsx'
import { tellFailure } from '../../frame/failures.ts'

const most = 100_000

/** What all mailboxes of a domain may send together in a day. Made anew when it changes elsewhere. */
export function DomainLimit({ domain }: { domain: Domain }) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const kept = domain.warmupPerDay === null ? '' : String(domain.warmupPerDay)
  const [limit, setLimit] = useState(kept)
  const rows = useWarmupRowsOf(domain.name)
  const campaigns = (rows ?? []).reduce((sum, { campaign }) => sum + campaign.today, 0)
  const text = limit.trim()
  const isGood = text === '' || (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= most)
  const perDay = text === '' ? null : Number(text)
  const isFull = isGood && perDay !== null && campaigns >= perDay
  const save = async (event: FormEvent) => {
    event.preventDefault()
    const result = await client.domains.setWarmupPerDay({ ids: [domain.id], perDay })
    if (!result.ok) return tellFailure(result.failure)
    showToast({
      tone: 'pass',
      title:
        perDay === null
          ? 'The mailboxes of the domain share no limit'
          : `The mailboxes of the domain send ${countOf(perDay, 'message')} a day together at most`,
    })
  }
  return (
    <form
      onSubmit={event => void save(event)}
      aria-label="Limit of the domain"
      className="flex items-start gap-3"
    >
      <div className="w-72">
        <TextField
          label="All mailboxes together, a day"
          value={limit}
          onChange={setLimit}
          placeholder="no limit"
          description={
            isFull
              ? `Campaigns take ${campaigns}: nothing is left for warmup.`
              : 'Campaigns count too. Empty for no limit.'
          }
          error={isGood ? undefined : `A number from 1 to ${most.toLocaleString('en')}, or nothing.`}
        />
      </div>
      <div className="pt-6">
        <Button type="submit" isDisabled={!isOpen || !isGood || text === kept}>
          Save the limit of the domain
        </Button>
      </div>
    </form>
  )
}
