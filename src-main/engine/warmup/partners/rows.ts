import type { TableRow } from '#shared/model/change.ts'
import type { Partner } from '#shared/model/partner.ts'
import type { TableReader } from '../../storage/changes.ts'
import type { Reads, Store } from '../../storage/open.ts'
import { partnerStateOf } from './standing.ts'
import { countsOf, findPartner, guestsOf, type PartnerEntry } from './store.ts'

/** Agreements and invitations, as the change feed shows them. */
export function partnersReader(store: Store, now: () => number): TableReader {
  const rowOf = (id: string): TableRow[] => {
    const entry = findPartner(store, id)
    return entry === null ? [] : [{ table: 'partners', key: id, row: partnerRow(store, entry, now()) }]
  }
  return {
    page: (after, limit) =>
      store
        .all<{ id: string }>(
          'SELECT id FROM warmup_partners WHERE id > ? ORDER BY id LIMIT ?',
          after ?? '',
          limit,
        )
        .flatMap(({ id }) => rowOf(id)),
    rows: keys => keys.flatMap(rowOf),
  }
}

export function partnerRow(reads: Reads, entry: PartnerEntry, now: number): Partner {
  const guests = guestsOf(reads, entry.id).filter(({ isIn }) => isIn)
  const { id, name, own, side, endedBy, sinceAt, expiresAt, checkNumber, heardAt, text } = entry
  return {
    id,
    name,
    ownName: own.name,
    state: partnerStateOf(entry, now),
    sinceAt,
    weInvited: side === 'inviter',
    endedBy,
    expiresAt,
    checkNumber,
    theirs: guests.map(({ address, provider }) => ({ address, provider })),
    theirPerDay: guests[0]?.perDay ?? 0,
    ours: [...own.mailboxIds],
    ourPerDay: own.perDay,
    ...countsOf(reads, id),
    heardAt,
    text,
  }
}
