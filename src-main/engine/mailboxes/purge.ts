import type { Writes } from '../storage/open.ts'
import type { Secrets } from '../vault/secrets.ts'
import { draftSecret, listSecret, mailboxSecret } from './credentials.ts'
import { mailboxesToPurge } from './put-and-remove.ts'

/** Deletes for good what was removed too long ago to come back, and forgets how it logged in. */
export function purgeMailboxes(writes: Writes, vault: Pick<Secrets, 'forgetWithin'>, now: number): void {
  for (const id of mailboxesToPurge(writes, now)) {
    vault.forgetWithin(writes, mailboxSecret(id))
    writes.run('DELETE FROM mailboxes WHERE id = ?', id)
  }
}

/** Forgets passwords that no mailbox belongs to: of drafts and lists that the last process left behind. */
export function forgetLeftovers(writes: Writes, vault: Pick<Secrets, 'forgetWithin'>): void {
  const names = writes.all<{ name: string }>(
    `SELECT name FROM secrets WHERE name LIKE ? OR name LIKE ?
       OR (name LIKE ? AND substr(name, ?) NOT IN (SELECT id FROM mailboxes))`,
    draftSecret('%'),
    listSecret('%'),
    mailboxSecret('%'),
    mailboxSecret('').length + 1,
  )
  for (const { name } of names) vault.forgetWithin(writes, name)
}
