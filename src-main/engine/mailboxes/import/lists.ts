import { randomUUID } from 'node:crypto'
import { fail, ok, type Result } from '#shared/failure.ts'
import { limits } from '../../net/limits.ts'
import type { Secrets } from '../../vault/secrets.ts'
import { listSecret } from '../credentials.ts'
import type { ListRow, MailboxList, RowPasswords } from './read-list.ts'

type Kept = { readonly rows: readonly ListRow[]; readonly readAt: number }
type Passwords = ReadonlyMap<number, RowPasswords>

export type Lists = {
  /** Seals the passwords of a list and keeps its good rows; returns its name. Fails as the vault does. */
  keep(list: MailboxList): Promise<Result<string>>
  /** The good rows with their passwords by line. `mailbox-import-gone` when it was added, dropped or forgotten. */
  take(name: string): Promise<Result<{ rows: readonly ListRow[]; passwords: Passwords }>>
  drop(name: string): void
}

/** Lists that were read and wait to be added: rows in memory, passwords in the vault, one at a time, for an hour. */
export function createLists({
  vault,
  now,
}: {
  vault: Pick<Secrets, 'keep' | 'read' | 'forget'>
  now: () => number
}): Lists {
  const lists = new Map<string, Kept>()
  const drop = (name: string) => {
    if (lists.delete(name)) vault.forget(listSecret(name))
  }
  return {
    keep: async list => {
      // A window reads one list at a time; an older one was left.
      for (const name of lists.keys()) drop(name)
      const name = randomUUID()
      const kept = await vault.keep(listSecret(name), JSON.stringify([...list.passwords]))
      if (!kept.ok) return kept
      lists.set(name, { rows: list.rows.filter(({ problems }) => problems.length === 0), readAt: now() })
      return ok(name)
    },
    take: async name => {
      const kept = lists.get(name)
      if (kept === undefined || kept.readAt <= now() - limits.mailboxDraftMs) {
        drop(name)
        return fail('mailbox-import-gone')
      }
      const sealed = await vault.read(listSecret(name))
      if (!sealed.ok) return sealed
      if (sealed.value === null) return fail('mailbox-import-gone')
      return ok({ rows: kept.rows, passwords: new Map(JSON.parse(sealed.value)) })
    },
    drop,
  }
}
