import { countOf } from '#shared/words/phrases.ts'
import type { Client } from '../../client/client.ts'
import { domains } from '../../replica/domain-table.ts'
import { showToast } from '../../ui/toast.tsx'
import { tellFailure } from '../frame/failures.ts'
import { useRemoval } from './removal.ts'

/** Takes domains off the list, with the way back in the notice. */
export async function removeDomains(client: Client, ids: string[], name?: string): Promise<boolean> {
  const result = await removeAsking(client, ids, name)
  if (result === null) return false
  if (!result.ok) {
    tellFailure(result.failure)
    return false
  }
  showToast({
    tone: 'info',
    title: `${name ?? countOf(ids.length, 'domain')} removed`,
    detail: 'Kept for seven days, in case you want it back.',
    action: { label: 'Undo', run: () => void restoreDomains(client, result.value.removed) },
  })
  return true
}

/** Removes domains; where mailboxes would go with them, a person is asked first. Null: kept. */
async function removeAsking(client: Client, ids: string[], name: string | undefined) {
  const result = await client.domains.remove({ ids })
  if (result.ok || result.failure.code !== 'domain-has-mailboxes') return result
  const mailboxes = ids.reduce((count, id) => count + (domains.row(id)?.mailboxes ?? 0), 0)
  const what = name ?? countOf(ids.length, 'domain')
  const isYes = await useRemoval.getState().ask({ what, mailboxes })
  return isYes ? client.domains.remove({ ids, withMailboxes: true }) : null
}

async function restoreDomains(client: Client, ids: string[]): Promise<void> {
  const result = await client.domains.restore({ ids })
  if (result.ok)
    showToast({ tone: 'pass', title: `${countOf(result.value.restored.length, 'domain')} back on the list` })
  else tellFailure(result.failure)
}

/** Queues checks; the rows show them as they finish. */
export async function checkDomains(client: Client, ids: string[]): Promise<void> {
  const result = await client.domains.check({ ids })
  if (!result.ok) return tellFailure(result.failure)
  showToast({
    tone: 'info',
    title: `Checking ${countOf(result.value.queued, 'domain')}`,
    action: { label: 'Stop', run: () => void cancelChecks(client, ids) },
  })
}

async function cancelChecks(client: Client, ids: string[]): Promise<void> {
  const result = await client.domains.cancelChecks({ ids })
  if (result.ok) showToast({ tone: 'info', title: `${countOf(result.value.cancelled, 'check')} stopped` })
  else tellFailure(result.failure)
}
