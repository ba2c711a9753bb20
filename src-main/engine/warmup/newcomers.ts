import type { Writes } from '../storage/open.ts'
import { noteActivity } from './activity.ts'
import type { WarmupContext } from './context.ts'
import { memberOfMailbox, putMember } from './members.ts'
import { readState, writeState } from './pool-state.ts'
import { usualSettings } from './surroundings.ts'

/** A mailbox whose whole way was seen to work begins by itself, once. */
export function beginNewcomers(context: WarmupContext, now: number): void {
  const { store, roster, mailboxes } = context
  if (!roster.takeListChange() || !context.settings().startsByItself) return
  const fresh = mailboxes
    .all(store)
    .filter(({ isProven, canBeRead, hold }) => isProven && canBeRead && hold === null)
    .filter(({ id }) => memberOfMailbox(store, id) === null)
  if (fresh.length === 0) return
  store.write(writes => {
    for (const mailbox of fresh) {
      const no = putMember(writes, mailbox.id, usualSettings(context, writes, mailbox), now)
      noteActivity(writes, no, 'started', {}, now)
    }
    tellRules(context, writes, fresh[0]?.id ?? null)
  })
  roster.touch()
}

/** Some providers forbid warmup; whoever lets it run is told so once. */
export function tellRules(
  { alerts }: Pick<WarmupContext, 'alerts'>,
  writes: Writes,
  mailboxId: string | null,
): void {
  if (mailboxId === null || readState(writes, 'told-rules') !== null) return
  writeState(writes, 'told-rules', '1')
  alerts.raise(writes, { code: 'warmup.rules', mailboxId, subject: 'rules', severity: 'info', facts: {} })
}
