import { countMailboxes } from '#shared/words/phrases.ts'
import type { Result } from '#shared/failure.ts'
import type { Client } from '../../client/client.ts'
import { showToast } from '../../ui/toast.tsx'
import { tellFailure } from '../frame/failures.ts'

/** Takes mailboxes off the list, with the way back in the notice. */
export async function removeMailboxes(client: Client, ids: string[], address?: string): Promise<boolean> {
  const result = await client.mailboxes.remove({ ids })
  if (!result.ok) {
    tellFailure(result.failure)
    return false
  }
  const { removed } = result.value
  showToast({
    tone: 'info',
    title: `${address ?? countMailboxes(removed.length)} removed`,
    detail: 'Kept for seven days with its password, in case you want it back.',
    action: { label: 'Undo', run: () => void restore(client, removed) },
  })
  return true
}

async function restore(client: Client, ids: string[]): Promise<void> {
  const result = await client.mailboxes.restore({ ids })
  if (result.ok)
    showToast({ tone: 'pass', title: `${countMailboxes(result.value.restored.length)} back on the list` })
  else tellFailure(result.failure)
}

export type Hold = 'pause' | 'resume' | 'disable' | 'enable'
const held: Record<Hold, string> = {
  pause: 'paused',
  resume: 'resumed',
  disable: 'disabled',
  enable: 'enabled',
}

export async function holdMailboxes(client: Client, hold: Hold, ids: string[]): Promise<void> {
  const result: Result<{ changed: string[] }> = await client.mailboxes[hold]({ ids })
  if (!result.ok) return tellFailure(result.failure)
  if (result.value.changed.length > 0) {
    showToast({ tone: 'info', title: `${countMailboxes(result.value.changed.length)} ${held[hold]}` })
  }
}
