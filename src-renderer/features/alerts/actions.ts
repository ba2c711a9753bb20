import { countOf } from '#shared/words/phrases.ts'
import type { Client } from '../../client/client.ts'
import { showToast } from '../../ui/toast.tsx'
import { tellFailure } from '../frame/failures.ts'

export async function acknowledgeAlerts(client: Client, ids: string[]): Promise<void> {
  const result = await client.alerts.acknowledge({ ids })
  if (result.ok) tellChanged(client, result.value.changed, 'marked as seen')
  else tellFailure(result.failure)
}

export async function resolveAlerts(client: Client, ids: string[]): Promise<void> {
  const result = await client.alerts.resolve({ ids })
  if (result.ok) tellChanged(client, result.value.changed, 'resolved')
  else tellFailure(result.failure)
}

export async function reopenAlerts(client: Client, ids: string[]): Promise<void> {
  const result = await client.alerts.reopen({ ids })
  if (!result.ok) tellFailure(result.failure)
}

function tellChanged(client: Client, ids: string[], what: string): void {
  if (ids.length === 0) return
  showToast({
    tone: 'info',
    title: `${countOf(ids.length, 'alert')} ${what}`,
    action: { label: 'Undo', run: () => void reopenAlerts(client, ids) },
  })
}
