import { ok, type Result } from '#shared/failure.ts'
import type { MailboxConnection } from '#shared/model/mailbox.ts'
import type { Reads } from '../storage/open.ts'
import type { Secrets } from '../vault/secrets.ts'
import { type KeptPassword, mailboxSecret } from './credentials.ts'
import { loginMarkOf } from './events.ts'
import { findMailbox } from './store.ts'

/** A mailbox as others are told of it. */
export type ToldMailbox = {
  readonly id: string
  readonly key: string
  readonly address: string
  readonly domainName: string
  /** Its status, or `removed` once it is off the list. */
  readonly state: string
  /** Grows whenever its servers or its password change; null where it logs in without a password. */
  readonly credential: number | null
}

type Identity = { id: string; address_key: string; address: string; domain_name: string }

/** What others are told of a mailbox, on the list or removed; null when there is none. */
export function mailboxAsTold(reads: Reads, id: string): ToldMailbox | null {
  const row = reads.get<Identity>(
    'SELECT id, address_key, address, domain_name FROM mailboxes WHERE id = ?',
    id,
  )
  if (row === undefined) return null
  const mailbox = findMailbox(reads, id)
  return {
    id,
    key: row.address_key,
    address: row.address,
    domainName: row.domain_name,
    state: mailbox?.status ?? 'removed',
    credential: mailbox?.connection.login.kind === 'password' ? loginMarkOf(reads, id) : null,
  }
}

/** How a mailbox is reached and logged in to. */
export type ToldCredentials = {
  readonly smtp: MailboxConnection['smtp']['server']
  readonly imap: MailboxConnection['smtp']['server'] | null
  readonly user: string
  readonly password: string
}

/** The servers and the password of a mailbox, by its address in lower case; null when it has none to give. Fails as the vault does. */
export async function credentialsOf(
  reads: Reads,
  vault: Pick<Secrets, 'read'>,
  addressKey: string,
): Promise<Result<ToldCredentials | null>> {
  const sql = 'SELECT id FROM mailboxes WHERE address_key = ? AND removed_at IS NULL'
  const id = reads.get<{ id: string }>(sql, addressKey)?.id
  const mailbox = id === undefined ? null : findMailbox(reads, id)
  if (mailbox === null || mailbox.connection.login.kind !== 'password') return ok(null)
  const kept = await vault.read(mailboxSecret(mailbox.id))
  if (!kept.ok) return kept
  if (kept.value === null) return ok(null)
  const { password }: KeptPassword = JSON.parse(kept.value)
  const { smtp, imap } = mailbox.connection
  return ok({ smtp: smtp.server, imap: imap?.server ?? null, user: smtp.user, password })
}
