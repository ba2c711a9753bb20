import type { OutboxKind } from '#shared/model/sync.ts'
import type { Reads, Touched, Writes } from '../storage/open.ts'
import { agreedOn, fieldsHere, noteServerDomain, toldAccount } from './agreed.ts'
import { noteConflictsOf } from './conflicts.ts'
import { isConnected, readConnection } from './connection.ts'
import { drop, isSetAside, type Item, itemsOf, queue } from './items.ts'
import { type AccountWish, planAccount, planItem, type Wish } from './outbox.ts'

/** A mailbox as the server is told of it. */
export type MailboxHere = {
  readonly id: string
  /** What it is known by: the address in lower case. */
  readonly key: string
  readonly address: string
  readonly domainName: string
  /** As a person sees it; `removed` once it is off the list. */
  readonly state: string
  /** Grows whenever its servers or its password change; null where it has no password to share. */
  readonly credential: number | null
}

/** Reads a mailbox, on the list or removed; null when there is none. Given by `engine.ts`, where features meet. */
export type FindMailbox = (reads: Reads, id: string) => MailboxHere | null

export type Planner = {
  /** To be called at the end of every transaction: what a person changed in it goes into the outbox with it. */
  noteChanges(writes: Writes, touched: Touched): void
  planDomain(writes: Writes, name: string): void
  planMailbox(writes: Writes, id: string): void
  planMailboxesOf(writes: Writes, domainName: string): void
  /** Everything that stands here, after both sides were brought together for the first time. */
  planAll(writes: Writes): void
}

/**
 * Keeps the outbox in step with what stands here. It does not follow what was done but compares what there is, so a
 * change that comes to nothing leaves nothing, and whatever writes a domain or a mailbox is noticed.
 */
export function createPlanner({
  findMailbox,
  queued,
  now,
}: {
  readonly findMailbox: FindMailbox
  /** Something waits that did not, or not like this. */
  queued(writes: Writes): void
  now(): number
}): Planner {
  const put = (writes: Writes, about: Parameters<typeof queue>[1], before: Item | undefined) => {
    if (queue(writes, about, before, now())) queued(writes)
  }
  const planDomain: Planner['planDomain'] = (writes, name) => {
    const items = itemsOf(writes, name, '')
    const open = items.find(({ state }) => state === 'sending')
    const base = agreedOn(writes, name)
    // S-33: before both sides were joined nobody knows whether the server has it too.
    if (base === null && items.length === 0 && readConnection(writes)?.joined !== true) return
    const before = items.find(({ state }) => state === 'waiting')
    const parked = items.find(({ state }) => state === 'refused' || state === 'given-up')
    const plan = planItem({
      base: base?.fields ?? null,
      open: wishOf(open),
      parked: wishOf(parked),
      ours: fieldsHere(writes, name),
    })
    if (parked !== undefined && !plan.keepsParked) drop(writes, parked.id)
    const about = { domainName: name, address: '' }
    if (plan.waiting !== null) {
      put(writes, { ...about, kind: plan.waiting.kind, wish: plan.waiting }, before)
    } else if (before !== undefined) {
      drop(writes, before.id)
      if (before.kind === 'delete') noteServerDomain(writes, name)
    }
  }

  const planMailbox: Planner['planMailbox'] = (writes, id) => {
    const mailbox = findMailbox(writes, id)
    if (mailbox === null) return
    const { key, domainName } = mailbox
    const items = itemsOf(writes, domainName, key)
    if (items.length === 0 && readConnection(writes)?.joined !== true) return
    const open = items.find(({ state }) => state === 'sending')
    const before = items.find(({ state }) => state === 'waiting')
    const parked = items.find(({ state }) => state === 'refused' || state === 'given-up')
    const told = toldAccount(writes, key)
    const plan = planAccount(
      open === undefined ? told : accountOf(open),
      parked === undefined ? null : accountOf(parked),
      accountWish(writes, mailbox, told !== null || open !== undefined),
    )
    if (parked !== undefined && !plan.keepsParked) drop(writes, parked.id)
    if (plan.waiting !== null) {
      const kind: OutboxKind = 'register'
      put(writes, { domainName, address: key, kind, wish: plan.waiting }, before)
    } else if (before !== undefined) {
      drop(writes, before.id)
    }
  }

  const planMailboxesOf: Planner['planMailboxesOf'] = (writes, domainName) => {
    const sql = 'SELECT id FROM mailboxes WHERE domain_name = ? AND removed_at IS NULL ORDER BY id'
    for (const { id } of writes.all<{ id: string }>(sql, domainName)) planMailbox(writes, id)
  }

  return {
    planDomain,
    planMailbox,
    planMailboxesOf,
    noteChanges: (writes, touched) => {
      const domains = touched.get('domains')
      const mailboxes = touched.get('mailboxes')
      if ((domains === undefined && mailboxes === undefined) || !isConnected(writes)) return
      for (const id of domains ?? []) {
        const name = nameOf(writes, id)
        if (name === null) continue
        planDomain(writes, name)
        noteConflictsOf(writes, name)
      }
      for (const id of mailboxes ?? []) planMailbox(writes, id)
    },
    planAll: writes => {
      for (const { name } of writes.all<{ name: string }>(
        'SELECT name FROM domains WHERE removed_at IS NULL ORDER BY added_at, name',
      ))
        planDomain(writes, name)
      for (const { id } of writes.all<{ id: string }>(
        'SELECT id FROM mailboxes WHERE removed_at IS NULL ORDER BY added_at, id',
      ))
        planMailbox(writes, id)
    },
  }
}

function wishOf(item: Item | undefined): Wish | null {
  return item === undefined ? null : (item.wish as Wish)
}

function accountOf(item: Item): AccountWish {
  return item.wish as AccountWish
}

/** What the server should know of a mailbox; null: nothing, because its domain is not there to register it with. */
function accountWish(reads: Reads, mailbox: MailboxHere, isKnownThere: boolean): AccountWish | null {
  if (fieldsHere(reads, mailbox.domainName) === null) return null
  if (isSetAside(reads, mailbox.domainName)) return null
  if (mailbox.state === 'removed') return isKnownThere ? { state: 'removed', credential: null } : null
  return { state: mailbox.state, credential: isShared(reads, mailbox.id) ? mailbox.credential : null }
}

/** Whether the person chose that the server gets the credential of this mailbox. */
function isShared(reads: Reads, mailboxId: string): boolean {
  return reads.get('SELECT 1 FROM sync_shared_credentials WHERE mailbox_id = ?', mailboxId) !== undefined
}

/** The same by the key of its address. */
export function isSharedAddress(reads: Reads, addressKey: string): boolean {
  const sql = `SELECT 1 FROM sync_shared_credentials JOIN mailboxes ON mailboxes.id = mailbox_id
    WHERE address_key = ? AND removed_at IS NULL`
  return reads.get(sql, addressKey) !== undefined
}

function nameOf(reads: Reads, domainId: string): string | null {
  return reads.get<{ name: string }>('SELECT name FROM domains WHERE id = ?', domainId)?.name ?? null
}
