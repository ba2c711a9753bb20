import { randomUUID } from 'node:crypto'
import { fail, type Failure, type FailureCode, ok, type Result } from '#shared/failure.ts'
import type { Reads, Store, Writes } from '../storage/open.ts'
import type { AccountCredentials, TenantAccount, TenantApi, TenantDomain } from './api.ts'
import { agreedById, agreedOn, fieldsHere, putAccountTold, readAgainLater } from './agreed.ts'
import { type Applier, forgetDomain, type LocalDomains } from './apply.ts'
import { countDrained, endDrain, listAllAnew } from './connection.ts'
import { usualFields } from './fields.ts'
import {
  type AccountRequest,
  beginSending,
  countItems,
  drop,
  holdBack,
  type Item,
  itemById,
  nextItem,
  park,
  type Request,
  tryAgain,
} from './items.ts'
import { isSharedAddress, type Planner } from './note.ts'
import type { AccountWish, Wish } from './outbox.ts'
import { meaningOf, waitAfter } from './trouble.ts'

/** Domains whose changes are under way at once; of one domain, one after the other. */
const domainsAtOnce = 4
/** Looks at the same domain in one go; a server that never agrees with itself is left for a while. */
const looksAtOnce = 4
/** So many answers in a row that the server itself is in trouble, or that are none of its own, mean that it is no use now. */
const serverErrorsInARow = 3
const serverErrors: ReadonlySet<FailureCode> = new Set(['tenant-server-error', 'tenant-answer-broken'])
/** A change of a domain that the server no longer has does not go out again before its list was read. */
const goneHoldMs = 60_000

/** Servers and password of a mailbox, opened at the moment they are sent; null when there is no password to give. */
export type ReadCredentials = (addressKey: string) => Promise<Result<AccountCredentials | null>>

export type PushOptions = {
  readonly store: Store
  readonly api: TenantApi
  readonly applier: Applier
  readonly planner: Planner
  readonly domains: LocalDomains
  readonly readCredentials: ReadCredentials
  random(): number
  now(): number
}

type Answer =
  | { readonly kind: 'domain'; readonly domain: TenantDomain }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'account'; readonly account: TenantAccount }
  /** It was not done; this is what the server has instead. */
  | { readonly kind: 'instead'; readonly theirs: TenantDomain | null; readonly id: string | null }

/**
 * Sends what waits, in order for each domain, until nothing more can go out now. Returns the failure that stopped it, or
 * null. What was sent and not answered stays as it is, to be sent again with the same key.
 */
export async function push(
  options: PushOptions,
  signal: AbortSignal,
  onSent: () => void,
): Promise<Failure | null> {
  const { store, now } = options
  const busy = new Set<string>()
  const looks = new Map<string, number>()
  let stop: Failure | null = null
  let inARow = 0

  const take = (): Item | null => {
    if (stop !== null || signal.aborted) return null
    return store.write(writes => {
      const next = nextItem(writes, now(), [...busy])
      if (next === null) return null
      if (next.state === 'sending') return isStillMeant(writes, next) ? next : withoutCredential(writes, next)
      beginSending(writes, next.id, requestOf(writes, next), randomUUID())
      return itemById(writes, next.id)
    })
  }

  const work = async () => {
    for (let item = take(); item !== null; item = take()) {
      busy.add(item.domainName)
      const answer = await send(options, item, signal)
      if (answer.ok) {
        inARow = 0
        const looked = (looks.get(item.domainName) ?? 0) + (answer.value.kind === 'instead' ? 1 : 0)
        looks.set(item.domainName, looked)
        store.write(writes => {
          settle(options, writes, item, answer.value)
          if (looked >= looksAtOnce)
            holdBack(writes, item.domainName, now() + waitAfter(looked, options.random()))
        })
        onSent()
      } else {
        const meaning = meaningOf(answer.failure)
        if (meaning.kind === 'refuse') {
          inARow = 0
          store.write(writes => refuse(options, writes, item, answer.failure))
          onSent()
        } else {
          inARow = serverErrors.has(answer.failure.code) ? inARow + 1 : inARow
          const waitMs = meaning.kind === 'stop' ? 0 : waitAfter(item.tries + 1, options.random())
          store.write(writes => tryAgain(writes, item.id, answer.failure, waitMs === 0 ? 0 : now() + waitMs))
          if (meaning.kind === 'stop' || inARow >= serverErrorsInARow) stop = answer.failure
        }
      }
      busy.delete(item.domainName)
    }
  }
  await Promise.all(Array.from({ length: domainsAtOnce }, work))
  if (countItems(store, 'open') === 0) store.write(endDrain)
  return stop
}

/** S-53: whether what was fixed may still go out: a credential only while the person's choice holds. */
function isStillMeant(reads: Reads, { request, address }: Item): boolean {
  return request?.kind !== 'register' || request.credential === null || isSharedAddress(reads, address)
}

/** The same without the credential is another request, with a key of its own. */
function withoutCredential(writes: Writes, { id, request }: Item): Item | null {
  if (request?.kind === 'register') beginSending(writes, id, { ...request, credential: null }, randomUUID())
  return itemById(writes, id)
}

/** What is fixed before the first try. */
function requestOf(reads: Reads, { kind, domainName, address, wish }: Item): Request {
  const agreed = agreedOn(reads, domainName)
  if (kind === 'register') {
    const { state, credential } = wish as AccountWish
    return { kind, domainId: agreed?.serverId ?? '', address, state, credential }
  }
  if (kind === 'delete') return { kind, id: agreed?.serverId ?? '', ifMatch: agreed?.version ?? null }
  const asked = wish as Wish
  const fields = asked.kind === 'delete' ? usualFields : asked.fields
  return { kind: 'put', name: domainName, fields, ifMatch: kind === 'add' ? null : (agreed?.version ?? null) }
}

async function send(options: PushOptions, item: Item, signal: AbortSignal): Promise<Result<Answer>> {
  const { api } = options
  const { request } = item
  const idempotencyKey = item.key ?? ''
  if (request === null) throw new Error('An item was sent that nothing was fixed of.')
  switch (request.kind) {
    case 'put': {
      const { name, fields, ifMatch } = request
      const put = await api.putDomain({ name, fields, ifMatch, idempotencyKey }, signal)
      if (put.ok && options.domains.readName(put.value.name) !== name)
        return fail('tenant-answer-broken', { problem: 'field', field: 'data.name' }, 'later')
      if (put.ok) return ok({ kind: 'domain', domain: put.value })
      return meaningOf(put.failure).kind === 'resolve' ? lookInstead(options, item, put.failure, signal) : put
    }
    case 'delete': {
      const { id, ifMatch } = request
      const deleted = await api.deleteDomain({ id, ifMatch, idempotencyKey }, signal)
      if (deleted.ok) return ok({ kind: 'deleted' })
      if (deleted.failure.code === 'tenant-not-found') return ok({ kind: 'deleted' })
      return meaningOf(deleted.failure).kind === 'resolve'
        ? lookInstead(options, item, deleted.failure, signal)
        : deleted
    }
    case 'register': {
      const registered = await register(options, request, idempotencyKey, signal)
      if (registered.ok) return ok({ kind: 'account', account: registered.value })
      if (meaningOf(registered.failure).kind !== 'resolve') return registered
      const instead = await lookInstead(options, item, registered.failure, signal)
      // It says that the domain is not there, and that it is.
      const isThere =
        instead.ok && instead.value.kind === 'instead' && instead.value.theirs?.id === request.domainId
      return isThere ? registered : instead
    }
  }
}

/** S-53: the credential is opened now, and only where it was chosen; nothing of it is written down. */
async function register(
  { api, readCredentials }: PushOptions,
  { domainId, address, state, credential }: AccountRequest,
  idempotencyKey: string,
  signal: AbortSignal,
): Promise<Result<TenantAccount>> {
  const credentials = credential === null ? ok(null) : await readCredentials(address)
  if (!credentials.ok) return credentials
  const account = { address, state, credentials: credentials.value }
  return api.putAccount({ domainId, account, idempotencyKey }, signal)
}

/** What the server has where it did not do what was asked. */
async function lookInstead(
  { store, api, domains }: PushOptions,
  { domainName }: Item,
  { detail }: Failure,
  signal: AbortSignal,
): Promise<Result<Answer>> {
  const told = detail['id']
  const known = typeof told === 'string' && told !== '' ? told : agreedOn(store, domainName)?.serverId
  if (known !== undefined) {
    const read = await api.readDomain({ id: known, etag: null }, signal)
    if (read.ok && read.value.kind === 'domain')
      return ok({ kind: 'instead', theirs: read.value.domain, id: known })
    if (read.ok || read.failure.code === 'tenant-not-found')
      return ok({ kind: 'instead', theirs: null, id: known })
    return read
  }
  const listed = await api.listDomains({ cursor: null, etag: null }, signal)
  if (!listed.ok) return listed
  const found =
    listed.value.kind === 'domains'
      ? listed.value.domains.find(({ name }) => domains.readName(name) === domainName)
      : undefined
  return ok({ kind: 'instead', theirs: found ?? null, id: found?.id ?? null })
}

/** Keeps what came of a request, in one transaction with the end of its item. */
function settle(options: PushOptions, writes: Writes, item: Item, answer: Answer): void {
  const { applier, planner } = options
  // Disconnected meanwhile: there is nothing left to keep it for.
  if (itemById(writes, item.id) === null) return
  drop(writes, item.id)
  countDrained(writes)
  const { domainName, request } = item
  switch (answer.kind) {
    case 'domain':
      if (request?.kind === 'put') applier.applyAnswer(writes, domainName, request.fields, answer.domain)
      planner.planMailboxesOf(writes, domainName)
      break
    case 'deleted':
      if (request?.kind === 'delete' && agreedById(writes, request.id)?.name === domainName)
        forgetDomain(writes, domainName)
      planner.planDomain(writes, domainName)
      planner.planMailboxesOf(writes, domainName)
      break
    case 'account':
      if (request?.kind === 'register' && agreedOn(writes, domainName)?.serverId === request.domainId) {
        const { state, credential } = request
        putAccountTold(writes, { address: item.address, domainName, state, credential })
      }
      planner.planMailboxesOf(writes, domainName)
      break
    case 'instead':
      settleInstead(options, writes, item, answer)
  }
}

function settleInstead(
  { applier, planner, now }: PushOptions,
  writes: Writes,
  { domainName }: Item,
  { theirs, id }: { theirs: TenantDomain | null; id: string | null },
): void {
  const agreed = agreedOn(writes, domainName)
  // Some other domain of ours is gone or there; this one is looked at by its own id.
  if (theirs === null && agreed !== null && id !== null && agreed.serverId !== id) {
    readAgainLater(writes, domainName, agreed.serverId)
    planner.planDomain(writes, domainName)
    return
  }
  if (theirs === null && agreed !== null) {
    // S-44, S-45: whether it was deleted there, or the server lost them all, is told by the whole list.
    listAllAnew(writes)
    planner.planDomain(writes, domainName)
    planner.planMailboxesOf(writes, domainName)
    holdBack(writes, domainName, now() + goneHoldMs)
    return
  }
  applier.apply(writes, domainName, theirs)
  planner.planMailboxesOf(writes, domainName)
}

/** S-25, S-26: what is refused waits for a person; a domain whose deletion is refused comes back. */
function refuse({ domains, planner }: PushOptions, writes: Writes, item: Item, failure: Failure): void {
  if (itemById(writes, item.id) === null) return
  park(writes, item.id, 'refused', failure)
  const agreed = agreedOn(writes, item.domainName)
  const isGoneHere = fieldsHere(writes, item.domainName) === null
  if (item.kind === 'delete' && isGoneHere && agreed !== null)
    domains.put(writes, item.domainName, agreed.fields)
  planner.planDomain(writes, item.domainName)
  planner.planMailboxesOf(writes, item.domainName)
}
