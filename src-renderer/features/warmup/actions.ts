import type { Result } from '#shared/failure.ts'
import type { WarmupSettings } from '#shared/model/warmup.ts'
import { countMailboxes } from '#shared/words/phrases.ts'
import type { Client } from '../../client/client.ts'
import { showToast } from '../../ui/toast.tsx'
import { tellFailure } from '../frame/failures.ts'

const boxes = (ids: readonly string[]) => countMailboxes(ids.length)

type Undo = { label: string; run: (client: Client, ids: string[]) => void }

/** Says what changed. Resolves to whether the engine did it. */
async function tell(
  client: Client,
  asked: PromiseLike<Result<{ changed: string[] }>>,
  { done, none, undo }: { done: (what: string) => string; none: string; undo?: Undo },
): Promise<boolean> {
  const result = await asked
  if (!result.ok) {
    tellFailure(result.failure)
    return false
  }
  const { changed } = result.value
  showToast({
    tone: 'info',
    title: changed.length === 0 ? none : done(boxes(changed)),
    ...(undo && changed.length > 0
      ? { action: { label: undo.label, run: () => undo.run(client, changed) } }
      : {}),
  })
  return true
}

/** With null each mailbox begins with the default of its own domain. */
export function startWarmup(client: Client, ids: string[], settings: WarmupSettings | null) {
  return tell(client, client.warmup.start({ ids, settings }), {
    done: what => `${what} in warmup`,
    none: 'They were in warmup already',
  })
}

export function pauseWarmup(client: Client, ids: string[]): Promise<boolean> {
  return tell(client, client.warmup.pause({ ids }), {
    done: what => `Warmup of ${what} paused`,
    none: 'Nothing to pause',
    undo: { label: 'Resume', run: (client, changed) => void resumeWarmup(client, changed) },
  })
}

export function resumeWarmup(client: Client, ids: string[], anyway = false): Promise<boolean> {
  return tell(client, client.warmup.resume({ ids, anyway }), {
    done: what => `Warmup of ${what} goes on`,
    none: 'Nothing could be resumed: what paused it is not over',
  })
}

export function skipWarmup(client: Client, ids: string[]): Promise<boolean> {
  return tell(client, client.warmup.skip({ ids }), {
    done: what => `${what} in maintenance`,
    none: 'The ramp was over already',
  })
}

export function stopWarmup(client: Client, ids: string[]): Promise<boolean> {
  return tell(client, client.warmup.stop({ ids }), {
    done: what => `${what} taken out of warmup`,
    none: 'Nothing to take out',
  })
}

export function changeSettings(client: Client, ids: string[], settings: WarmupSettings): Promise<boolean> {
  return tell(client, client.warmup.setSettings({ ids, settings }), {
    done: what => `Settings of ${what} saved`,
    none: 'Nothing changed',
  })
}

/** What a person's own campaigns send every day. */
export function setCampaign(client: Client, ids: string[], messages: number): Promise<boolean> {
  return tell(client, client.warmup.setCampaign({ ids, messages }), {
    done: what => `Campaign of ${what} counted in: ${messages} a day`,
    none: 'Nothing changed',
  })
}
