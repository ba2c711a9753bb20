import { setImmediate } from 'node:timers/promises'
import { fail, type Failure, ok, type Result } from '#shared/failure.ts'
import type { Store, Writes } from '../storage/open.ts'
import type { DomainListing, TenantApi, TenantDomain } from './api.ts'
import { agreedById, agreedIds, agreedOn, readAgainLater, toReadAgain, wasReadAgain } from './agreed.ts'
import type { Applier, LocalDomains } from './apply.ts'
import { notePull, notePullUnchanged, readConnection } from './connection.ts'
import { isUncertain } from './items.ts'
import type { Planner } from './note.ts'

/** Domains taken in with one transaction: few enough that nobody at the window notices. */
const domainsAtOnce = 100
/** Missing domains that are asked for one by one in a round; the rest is left for the next. */
const missingAtOnce = 50
/** Now and then everything is listed, whatever the cursor says: a server may forget what it deleted. */
const listAllEveryMs = 24 * 60 * 60_000

export type PullOptions = {
  readonly store: Store
  readonly api: TenantApi
  readonly applier: Applier
  readonly planner: Planner
  readonly domains: LocalDomains
  now(): number
}

/**
 * Takes in what the server has since the last time. Returns the failure that ended it, or null. The cursor moves in the
 * transaction with the last of what it brought, so a crash on the way brings all of it again (S-42).
 */
export async function pull(
  options: PullOptions,
  signal: AbortSignal,
  onTaken: (done: number, total: number) => void,
): Promise<Failure | null> {
  const { store, api, now } = options
  const connection = readConnection(store)
  if (connection === null) return null
  const listedMs = connection.listedAt === null ? null : now() - connection.listedAt
  // Before that moment: the clock was turned back.
  const isFull = listedMs === null || listedMs < 0 || listedMs >= listAllEveryMs
  const known = agreedIds(store)
  const listed = await api.listDomains(
    { cursor: isFull ? null : connection.cursor, etag: isFull ? null : connection.etag },
    signal,
  )
  if (!listed.ok) return listed.failure
  const isSame = sameConnection(options)
  if (!isSame(connection)) return null
  if (listed.value.kind === 'unchanged') store.write(writes => notePullUnchanged(writes, now()))
  else {
    const host = new URL(connection.baseUrl).hostname
    const missing = await missingOnes(options.api, host, listed.value, known, signal)
    if (!missing.ok) return missing.failure
    if (!isSame(connection)) return null
    const taken = await takeIn(options, listed.value, missing.value, () => isSame(connection), onTaken)
    if (!taken) return null
  }
  return readAgain(options, signal, () => isSame(connection))
}

/** Whether the server is still the one that was asked: a person may have connected another one meanwhile. */
function sameConnection({ store }: PullOptions) {
  return ({ baseUrl, tenantId, connectedAt }: { baseUrl: string; tenantId: string; connectedAt: number }) => {
    const current = readConnection(store)
    return (
      current?.baseUrl === baseUrl && current.tenantId === tenantId && current.connectedAt === connectedAt
    )
  }
}

type Missing = {
  readonly gone: readonly string[]
  readonly isRest: boolean
  /** Set when so many are gone that nobody will have deleted them; then they only count as lost there. */
  readonly lost: Failure | null
}

/** S-45: whether so many of the known ones are missing that they are not taken for deletions. Pure. */
export function isLoss(missing: number, known: number): boolean {
  return missing >= 3 && missing * 2 > known
}

/** S-43: a domain that a complete list leaves out is asked for by its id, and gone only when the server says so. */
async function missingOnes(
  api: TenantApi,
  host: string,
  listing: Extract<DomainListing, { kind: 'domains' }>,
  known: readonly { serverId: string }[],
  signal: AbortSignal,
): Promise<Result<Missing>> {
  if (!listing.complete) return ok({ gone: [], isRest: false, lost: null })
  const there = new Set([...listing.domains.map(({ id }) => id), ...listing.deletedIds])
  const missing = known.filter(({ serverId }) => !there.has(serverId))
  const gone: string[] = []
  for (const { serverId } of missing.slice(0, missingAtOnce)) {
    const read = await api.readDomain({ id: serverId, etag: null }, signal)
    if (!read.ok && read.failure.code !== 'tenant-not-found') return read
    if (!read.ok) gone.push(serverId)
  }
  if (!isLoss(missing.length, known.length))
    return ok({ gone, isRest: missing.length > missingAtOnce, lost: null })
  const isAll = gone.length === Math.min(missing.length, missingAtOnce)
  return ok({
    gone: isAll ? missing.map(({ serverId }) => serverId) : gone,
    isRest: !isAll && missing.length > missingAtOnce,
    lost: fail('tenant-not-found', { host, missing: missing.length, known: known.length }).failure,
  })
}

async function takeIn(
  options: PullOptions,
  listing: Extract<DomainListing, { kind: 'domains' }>,
  { gone, isRest, lost }: Missing,
  isSame: () => boolean,
  onTaken: (done: number, total: number) => void,
): Promise<boolean> {
  const { store, planner, domains, now } = options
  const listed = listing.domains.map(domain => {
    return { id: domain.id, domain, name: domains.readName(domain.name), lost: null }
  })
  const items: Item[] = [
    ...listing.deletedIds.map(id => ({ id, domain: null, name: null, lost: null })),
    ...gone.map(id => ({ id, domain: null, name: null, lost })),
    ...listed,
  ]
  const namesThere = new Map(listed.map(({ id, name }) => [id, name]))
  for (let done = 0; done < items.length; done += domainsAtOnce) {
    if (!isSame()) return false
    store.write(writes => {
      for (const item of items.slice(done, done + domainsAtOnce)) takeOne(options, writes, item, namesThere)
    })
    onTaken(Math.min(items.length, done + domainsAtOnce), items.length)
    await setImmediate()
  }
  if (!isSame()) return false
  store.write(writes => {
    const isFirst = readConnection(writes)?.joined === false
    const { cursor, etag, complete } = listing
    // The rest of what is missing must come again, so this one counts as not listed.
    if (isRest) notePull(writes, { cursor: null, etag: null, complete: false, now: now() })
    else notePull(writes, { cursor, etag, complete, now: now() })
    if (isFirst) planner.planAll(writes)
  })
  return true
}

type Item = {
  readonly id: string
  readonly domain: TenantDomain | null
  /** As we write what it is listed as; null for one that is gone, or that no mail can be sent from. */
  readonly name: string | null
  readonly lost: Failure | null
}

/** S-41: while nobody knows whether a change of a domain has arrived, what the list says of it is only remembered. */
function takeOne(
  options: PullOptions,
  writes: Writes,
  { id, domain, name: listedAs, lost }: Item,
  namesThere: ReadonlyMap<string, string | null>,
): void {
  const { applier } = options
  const name = domain === null ? agreedById(writes, id)?.name : listedAs
  // Not one of ours, or a name that no mail can be sent from.
  if (name === undefined || name === null) return
  const agreed = agreedOn(writes, name)
  // S-13: two spellings of one name there; taking in both would go to and fro for ever.
  const isSecond = domain !== null && agreed !== null && agreed.serverId !== id
  if (isSecond && namesThere.get(agreed.serverId) === name) return
  if (isUncertain(writes, name)) return readAgainLater(writes, name, id)
  const isKnown = domain !== null && agreed?.serverId === id && agreed.version === domain.version
  if (isKnown && agreed.serverStatus === domain.serverStatus) return
  if (lost === null) applier.apply(writes, name, domain)
  else applier.setAside(writes, name, lost)
}

/** Reads what could not be taken in before, now that the changes of these domains have come to their end. */
async function readAgain(
  { store, api, applier }: PullOptions,
  signal: AbortSignal,
  isSame: () => boolean,
): Promise<Failure | null> {
  for (const { name, serverId } of toReadAgain(store)) {
    const read = await api.readDomain({ id: serverId, etag: null }, signal)
    if (!isSame()) return null
    if (!read.ok && read.failure.code !== 'tenant-not-found') return read.failure
    store.write(writes => {
      if (isUncertain(writes, name)) return
      const agreed = agreedOn(writes, name)
      if (read.ok && read.value.kind === 'domain') applier.apply(writes, name, read.value.domain)
      else if (agreed?.serverId === serverId) applier.apply(writes, name, null)
      else wasReadAgain(writes, name, serverId)
    })
  }
  return null
}
