import { dailyLimits } from '#shared/model/mailbox-values.ts'
import type { Domain } from '#shared/model/domain.ts'
import { type FormEvent, useState } from 'react'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { showToast } from '../../ui/toast.tsx'
import { tellFailure } from '../frame/failures.ts'
import { limitProblem } from './preferences-form.tsx'

/** What each mailbox of a domain may send in a day. Made anew when the limit changes elsewhere. */
export function DailyLimit({ domain }: { domain: Domain }) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [limit, setLimit] = useState(String(domain.dailyLimit))
  const problem = limitProblem({ hasOwnLimit: true, limit })
  const save = async (event: FormEvent) => {
    event.preventDefault()
    const result = await client.domains.setDailyLimit({ ids: [domain.id], dailyLimit: Number(limit) })
    if (result.ok) showToast({ tone: 'pass', title: `Each mailbox may send ${limit} a day` })
    else tellFailure(result.failure)
  }
  return (
    <form onSubmit={event => void save(event)} aria-label="Daily limit" className="flex items-start gap-3">
      <div className="w-72">
        <TextField
          label="Daily limit per mailbox"
          value={limit}
          onChange={setLimit}
          description={`From ${dailyLimits.least} to ${dailyLimits.most}; a mailbox may have its own.`}
          error={problem ?? undefined}
        />
      </div>
      <div className="pt-6">
        <Button type="submit" isDisabled={!isOpen || problem !== null || Number(limit) === domain.dailyLimit}>
          Save the limit
        </Button>
      </div>
    </form>
  )
}
