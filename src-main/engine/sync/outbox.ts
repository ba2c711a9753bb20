import type { OwnedFields } from './api.ts'
import { areSameFields } from './fields.ts'

/** What a person wants the server to do about a domain. */
export type Wish =
  | { readonly kind: 'add' | 'change'; readonly fields: OwnedFields }
  | { readonly kind: 'delete' }

export type Outbox = {
  /** What both sides last agreed on; null: the server has no such domain as far as we know. */
  readonly base: OwnedFields | null
  /** Sent, or perhaps sent: it cannot be taken back. */
  readonly open: Wish | null
  /** Refused by the server, or given up by the person. */
  readonly parked: Wish | null
  /** What stands here; null: not on the list. */
  readonly ours: OwnedFields | null
}

/**
 * What has still to be sent once the open wish has arrived, and whether the parked one still stands. Since it follows
 * from what stands here, an addition and its deletion cancel out, changes become one, and a change goes with its
 * deletion (S-20 to S-23). Pure.
 */
export function planItem({ base, open, parked, ours }: Outbox): {
  waiting: Wish | null
  keepsParked: boolean
} {
  const waiting = wishBetween(after(base, open), ours)
  if (parked === null) return { waiting, keepsParked: false }
  // A refused deletion was undone here: its row only tells the person.
  if (parked.kind === 'delete') return { waiting, keepsParked: ours !== null }
  if (waiting !== null && isSameWish(waiting, parked)) return { waiting: null, keepsParked: true }
  return { waiting, keepsParked: false }
}

function after(base: OwnedFields | null, open: Wish | null): OwnedFields | null {
  if (open === null) return base
  return open.kind === 'delete' ? null : open.fields
}

function wishBetween(there: OwnedFields | null, ours: OwnedFields | null): Wish | null {
  if (ours === null) return there === null ? null : { kind: 'delete' }
  if (there === null) return { kind: 'add', fields: ours }
  return areSameFields(there, ours) ? null : { kind: 'change', fields: ours }
}

function isSameWish(a: Wish, b: Wish): boolean {
  if (a.kind === 'delete' || b.kind === 'delete') return a.kind === b.kind
  return a.kind === b.kind && areSameFields(a.fields, b.fields)
}

/** What the server is told of a mailbox. */
export type AccountWish = {
  readonly state: string
  /** Which credential it gets, as a number that grows with each change; null: none. */
  readonly credential: number | null
}

/** What has still to be told of a mailbox; null: nothing. `told` is what the server knows or is being told. Pure. */
export function planAccount(
  told: AccountWish | null,
  parked: AccountWish | null,
  ours: AccountWish | null,
): { waiting: AccountWish | null; keepsParked: boolean } {
  if (ours === null || (told !== null && isSameAccount(told, ours)))
    return { waiting: null, keepsParked: false }
  if (parked !== null && isSameAccount(parked, ours)) return { waiting: null, keepsParked: true }
  return { waiting: ours, keepsParked: false }
}

/** Whether being told the first says all of the second. A credential that is older than the one that is known says nothing. */
function isSameAccount(told: AccountWish, ours: AccountWish): boolean {
  if (told.state !== ours.state) return false
  if (told.credential === null || ours.credential === null) return told.credential === ours.credential
  return ours.credential <= told.credential
}
