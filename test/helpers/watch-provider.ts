import type { MailHandle, SeenMessage } from '#engine/net/mail-world.ts'
import type { Result } from '#shared/failure.ts'
import { becomes, loopbackWorld, mailAccess, noSignal, type Watched, watched } from './mail-access.ts'
import {
  type ProviderImap,
  type ProviderProfile,
  type ProviderWishes,
  startProviderImap,
} from './provider-imap.ts'
import type { ProviderBox } from './provider-box.ts'

const watchWaits = { roundMs: 400, turnMs: 150, retryMs: 20, retryMostMs: 80, lingerMs: 50 }

export type ProviderWatch = {
  readonly server: ProviderImap
  readonly watch: Watched
  /** The message once it was told of. */
  told(messageId: string): Promise<SeenMessage>
}

const open: ProviderWatch[] = []

/** A mailbox of a provider, watched by the real code. */
export async function watchProvider(
  profile: ProviderProfile,
  box: ProviderBox,
  {
    before,
    watchWaits: otherWaits,
    ...wishes
  }: ProviderWishes & {
    readonly before?: (server: ProviderImap) => void
    readonly watchWaits?: object
  } = {},
): Promise<ProviderWatch> {
  const server = await startProviderImap(profile, box, wishes)
  before?.(server)
  const world = loopbackWorld({
    waits: { connectMs: 2_000, replyMs: 2_000 },
    watchWaits: { ...watchWaits, ...otherWaits },
  })
  const watch = watched(world, mailAccess(1, { smtpPort: 1, imapPort: server.port }))
  const told = async (messageId: string): Promise<SeenMessage> => {
    await becomes(`word of ${messageId}`, () => watch.ids().includes(messageId))
    return watch.seen.findLast(seen => seen.messageId === messageId) as SeenMessage
  }
  const one = { server, watch, told }
  open.push(one)
  return one
}

export async function stopProviders(): Promise<void> {
  for (const { server, watch } of open.splice(0)) {
    await watch.stop()
    await server.close()
  }
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

/** What a mailbox answers, without a signal to stop it. */
export function asked(mail: MailHandle) {
  return {
    find: async (messageId: string) => valueOf(await mail.find({ messageId }, noSignal)),
    rescue: async (seen: SeenMessage) => valueOf(await mail.rescue(seen, noSignal)),
    markRead: async (seen: SeenMessage, flagged: boolean, important: boolean) =>
      valueOf(await mail.markRead(seen, { flagged, important }, noSignal)),
    file: async (seen: SeenMessage) => valueOf(await mail.file(seen, noSignal)),
    tidy: async (before: number, isOurs: (seen: SeenMessage) => boolean = () => true) =>
      valueOf(await mail.tidy(before, 10, isOurs, noSignal)),
  }
}
