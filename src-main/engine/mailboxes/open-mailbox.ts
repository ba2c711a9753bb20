import { fail, type Failure } from '#shared/failure.ts'
import type { ConnectionFailure } from '#shared/model/connection.ts'
import type { Secrets } from '../vault/secrets.ts'
import { type AccessToken, mailboxSecret, readCredential, settingsOf } from './credentials.ts'
import type { OpenedImap, OpenImap, OpenImapOptions } from './open-imap.ts'
import { findMailbox } from './store.ts'
import type { Store } from '../storage/open.ts'

export type MailboxOpened =
  | { readonly ok: true; readonly value: OpenedImap }
  /** What the server or the way to it refused, or what stood in the way before anything was contacted. */
  | { readonly ok: false; readonly connection: ConnectionFailure; readonly failure: null }
  | { readonly ok: false; readonly connection: null; readonly failure: Failure }

function stopped(failure: Failure): MailboxOpened {
  return { ok: false, connection: null, failure }
}

export type OpenMailbox = (id: string, options: OpenImapOptions) => Promise<MailboxOpened>

/**
 * Logs in to a saved mailbox with what the vault keeps. Fails with `mailbox-not-found` {id}, `mailbox-without-imap`, as the
 * vault and the sign-in do, or with a failure of the connection.
 */
export function openMailbox({
  store,
  vault,
  accessToken,
  openImap,
}: {
  readonly store: Store
  readonly vault: Pick<Secrets, 'read'>
  readonly accessToken: AccessToken
  readonly openImap: OpenImap
}): OpenMailbox {
  return async (id, options) => {
    const mailbox = findMailbox(store, id)
    if (mailbox === null) return stopped(fail('mailbox-not-found', { id }).failure)
    if (mailbox.connection.imap === null) return stopped(fail('mailbox-without-imap').failure)
    const credential = await readCredential(
      { vault, accessToken },
      {
        name: mailboxSecret(id),
        login: mailbox.connection.login,
        address: mailbox.address,
        signal: options.signal,
      },
    )
    if (!credential.ok) return stopped(credential.failure)
    const opened = await openImap(settingsOf(mailbox, false), credential.value, options)
    return opened.ok ? opened : { ok: false, connection: opened.failure, failure: null }
  }
}
