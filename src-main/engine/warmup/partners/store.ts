import type { PartnerTextKind } from '#shared/model/partner.ts'
import type { Reads, Row, Writes } from '../../storage/open.ts'

export type Side = 'inviter' | 'invited'

/** What we let the other side have. */
export type OwnOffer = {
  readonly name: string
  readonly mailboxIds: readonly string[]
  readonly perDay: number
}

/** An agreement with another Rookery, or an invitation to one. Times are epoch milliseconds. */
export type PartnerEntry = {
  readonly id: string
  /** What we are in it. */
  readonly side: Side
  readonly stage: 'invited' | 'agreed' | 'expired' | 'ended'
  readonly endedBy: 'us' | 'them' | null
  readonly name: string
  readonly own: OwnOffer
  /** The text that both keys come from. */
  readonly invitation: string
  readonly text: { readonly kind: PartnerTextKind; readonly text: string } | null
  readonly checkNumber: string | null
  /** The numbers of the last texts that were sealed by us and taken from them. */
  readonly ownNumber: number
  readonly theirNumber: number
  readonly sinceAt: number
  readonly expiresAt: number
  readonly confirmedAt: number | null
  /** When a message of theirs came last. */
  readonly heardAt: number | null
  /** When a person let it go on after a silence. */
  readonly askedAt: number | null
  readonly silentAt: number | null
}

type PartnerRow = Row & {
  id: string
  side: Side
  stage: PartnerEntry['stage']
  ended_by: PartnerEntry['endedBy']
  name: string
  own: string
  invitation: string
  text_kind: PartnerTextKind | null
  text: string | null
  check_number: string | null
  own_number: number
  their_number: number
  since_at: number
  expires_at: number
  confirmed_at: number | null
  heard_at: number | null
  asked_at: number | null
  silent_at: number | null
}

/** A mailbox of a partner: ours write to it and answer it; what else becomes of it is not known here. */
export type Guest = {
  /** Its number in the books, below zero. */
  readonly no: number
  readonly partnerId: string
  readonly address: string
  readonly domain: string
  readonly provider: string
  /** Messages it takes from us in a day. */
  readonly perDay: number
  /** Whether it still takes part. */
  readonly isIn: boolean
  readonly unwelcomeUntilAt: number | null
}

type GuestRow = Row & {
  no: number
  partner_id: string
  address: string
  provider: string
  per_day: number
  is_in: number
  unwelcome_until_at: number | null
}

/** Whether a number in the books is that of a partner's mailbox. */
export function isGuest(no: number): boolean {
  return no < 0
}

export function allPartners(reads: Reads): PartnerEntry[] {
  return reads.all<PartnerRow>('SELECT * FROM warmup_partners ORDER BY since_at, id').map(toEntry)
}

export function findPartner(reads: Reads, id: string): PartnerEntry | null {
  const row = reads.get<PartnerRow>('SELECT * FROM warmup_partners WHERE id = ?', id)
  return row === undefined ? null : toEntry(row)
}

function toEntry(row: PartnerRow): PartnerEntry {
  return {
    id: row.id,
    side: row.side,
    stage: row.stage,
    endedBy: row.ended_by,
    name: row.name,
    own: JSON.parse(row.own),
    invitation: row.invitation,
    text: row.text === null || row.text_kind === null ? null : { kind: row.text_kind, text: row.text },
    checkNumber: row.check_number,
    ownNumber: row.own_number,
    theirNumber: row.their_number,
    sinceAt: row.since_at,
    expiresAt: row.expires_at,
    confirmedAt: row.confirmed_at,
    heardAt: row.heard_at,
    askedAt: row.asked_at,
    silentAt: row.silent_at,
  }
}

/** Writes an agreement down as it is now, and tells the windows. */
export function putPartner(writes: Writes, entry: PartnerEntry): void {
  writes.run(
    `INSERT OR REPLACE INTO warmup_partners (id, side, stage, ended_by, name, own, invitation, text_kind, text,
       check_number, own_number, their_number, since_at, expires_at, confirmed_at, heard_at, asked_at, silent_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    entry.id,
    entry.side,
    entry.stage,
    entry.endedBy,
    entry.name,
    JSON.stringify(entry.own),
    entry.invitation,
    entry.text?.kind ?? null,
    entry.text?.text ?? null,
    entry.checkNumber,
    entry.ownNumber,
    entry.theirNumber,
    entry.sinceAt,
    entry.expiresAt,
    entry.confirmedAt,
    entry.heardAt,
    entry.askedAt,
    entry.silentAt,
  )
  writes.changed('partners', entry.id, 'put')
}

/** Every mailbox of a partner that ever took part, in the order of their numbers. */
export function allGuests(reads: Reads): Guest[] {
  return reads.all<GuestRow>('SELECT * FROM warmup_guests ORDER BY no DESC').map(toGuest)
}

export function guestsOf(reads: Reads, partnerId: string): Guest[] {
  const sql = 'SELECT * FROM warmup_guests WHERE partner_id = ? ORDER BY no DESC'
  return reads.all<GuestRow>(sql, partnerId).map(toGuest)
}

function toGuest(row: GuestRow): Guest {
  return {
    no: row.no,
    partnerId: row.partner_id,
    address: row.address,
    domain: row.address.slice(row.address.lastIndexOf('@') + 1),
    provider: row.provider,
    perDay: row.per_day,
    isIn: row.is_in === 1,
    unwelcomeUntilAt: row.unwelcome_until_at,
  }
}

/** The mailboxes that take part from here on; one that did before keeps its number. */
export function putGuests(
  writes: Writes,
  partnerId: string,
  mailboxes: readonly { readonly address: string; readonly provider: string }[],
  perDay: number,
): void {
  takeGuestsOut(writes, partnerId)
  for (const { address, provider } of mailboxes) {
    writes.run(
      `INSERT INTO warmup_guests (no, partner_id, address, provider, per_day)
         VALUES ((SELECT coalesce(min(no), 0) - 1 FROM warmup_guests), ?, ?, ?, ?)
       ON CONFLICT (partner_id, address) DO UPDATE SET is_in = 1, provider = excluded.provider,
         per_day = excluded.per_day`,
      partnerId,
      address.toLowerCase(),
      provider,
      perDay,
    )
  }
}

export function takeGuestsOut(writes: Writes, partnerId: string): void {
  writes.run('UPDATE warmup_guests SET is_in = 0 WHERE partner_id = ?', partnerId)
}

/** Which of these addresses stand in an agreement with somebody else. */
export function takenAddress(reads: Reads, partnerId: string, addresses: readonly string[]): string | null {
  const sql = `SELECT 1 FROM warmup_guests JOIN warmup_partners ON warmup_partners.id = partner_id
    WHERE address = ? AND is_in = 1 AND partner_id <> ? AND stage = 'agreed'`
  return addresses.find(one => reads.get(sql, one.toLowerCase(), partnerId) !== undefined) ?? null
}

/** Nobody writes to it until then. */
export function noteUnwelcome(writes: Writes, no: number, untilAt: number): void {
  writes.run('UPDATE warmup_guests SET unwelcome_until_at = ? WHERE no = ?', untilAt, no)
}

/** One more went to a guest, or came from it. */
export function countWith(writes: Writes, no: number, way: 'sent' | 'received'): void {
  // The names are ours, from a closed list.
  const row = writes.get<{ partner_id: string }>(
    `UPDATE warmup_guests SET ${way} = ${way} + 1 WHERE no = ? RETURNING partner_id`,
    no,
  )
  if (row !== undefined) writes.changed('partners', row.partner_id, 'put')
}

export function countsOf(reads: Reads, partnerId: string): { sent: number; received: number } {
  const sql = `SELECT coalesce(sum(sent), 0) AS sent, coalesce(sum(received), 0) AS received
    FROM warmup_guests WHERE partner_id = ?`
  return reads.get<{ sent: number; received: number }>(sql, partnerId) ?? { sent: 0, received: 0 }
}

/** What went to a partner's mailboxes since a moment: how many, and when the first. */
export function sentToPartner(
  reads: Reads,
  partnerId: string,
  since: number,
): { readonly count: number; readonly firstAt: number | null } {
  const row = reads.get<{ count: number; first_at: number | null }>(
    `SELECT count(*) AS count, min(intent_at) AS first_at FROM warmup_messages
       WHERE to_no < 0 AND to_no IN (SELECT no FROM warmup_guests WHERE partner_id = ?) AND intent_at > ?
         AND state IN ('accepted', 'unknown')`,
    partnerId,
    since,
  )
  return { count: row?.count ?? 0, firstAt: row?.first_at ?? null }
}

/** How many a guest got from us, or may have, since a moment. */
export function sentToGuest(reads: Reads, no: number, since: number): number {
  const sql = `SELECT count(*) AS count FROM warmup_messages
    WHERE to_no < 0 AND to_no = ? AND intent_at > ? AND state NOT IN ('failed', 'dropped')`
  return reads.get<{ count: number }>(sql, no, since)?.count ?? 0
}

/** Forgets agreements that ended so long ago that no message of theirs is in the books, and invitations nobody took. */
export function prunePartners(writes: Writes, before: number): void {
  const sql = "SELECT id FROM warmup_partners WHERE stage IN ('expired', 'ended') AND since_at < ?"
  for (const { id } of writes.all<{ id: string }>(sql, before)) {
    writes.run('DELETE FROM warmup_guests WHERE partner_id = ?', id)
    writes.run('DELETE FROM warmup_partners WHERE id = ?', id)
    writes.changed('partners', id, 'remove')
  }
}
