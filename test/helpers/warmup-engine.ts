import { putMember } from '#engine/warmup/members.ts'
import { defaultSettings } from '#engine/warmup/strategies.ts'
import { putMailbox } from '#engine/mailboxes/put-and-remove.ts'
import { openStore, type Store } from '#engine/storage/open.ts'
import { freshStanding } from '#engine/mailboxes/standing.ts'
import type { MailboxConnection } from '#shared/model/mailbox.ts'
import { valueOf } from './engine.ts'

/** Servers that no test reaches. */
const someConnection: MailboxConnection = {
  smtp: { server: { host: 'smtp.example', port: 465, security: 'tls' }, user: 'anna' },
  imap: { server: { host: 'imap.example', port: 993, security: 'tls' }, user: 'anna' },
  login: { kind: 'password', separate: false },
  allowPlain: false,
  pinnedCertificate: null,
  provider: null,
} as unknown as MailboxConnection

/** Puts mailboxes that passed their test into a store; gives their ids. */
export function putActiveMailboxes(store: Store, addresses: readonly string[], now: number): string[] {
  return store.write(writes =>
    addresses.map(address => {
      const id = putMailbox(
        writes,
        {
          address,
          key: address.toLowerCase(),
          domainName: address.slice(address.indexOf('@') + 1),
          senderName: 'Anna',
          signature: '',
          timeZone: 'Europe/Berlin',
          dailyLimit: null,
          connection: someConnection,
          standing: { ...freshStanding, standing: 'active', reason: null, proven: true },
          lastTest: null,
          how: 'added',
        },
        now,
      )
      if (id === null) throw new Error(`${address} is there already.`)
      return id
    }),
  )
}

/** A data folder with mailboxes that warm up. */
export async function addMailboxes(folder: string, addresses: readonly string[]): Promise<void> {
  const store = valueOf(await openStore(folder, Date.now))
  const ids = putActiveMailboxes(store, addresses, Date.now())
  store.write(writes => {
    for (const id of ids) putMember(writes, id, defaultSettings('conservative', 'Europe/Berlin'), Date.now())
  })
  store.close()
}
