import { setImmediate } from 'node:timers/promises'
import { type Failure, ok, type Result } from '#shared/failure.ts'
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
  const isFull = connection.listedAt === null || now() - connection.listedAt >= listAllEveryMs
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
    const missing = await missingOnes(options, listed.value, known, signal)
    if (!missing.ok) return missing.failure
    if (!isSame(connection)) return null
    const taken = await takeIn(options, listed.value, missing.value, () => isSame(connection), onTaken)
    if (!taken) return null
  }
  return readAgain(options, signal)
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

type Missing = { readonly gone: readonly string[]; readonly isRest: boolean }

/** S-43: a domain that a complete list leaves out is asked for by its id, and gone only when the server says so. */
async function missingOnes(
  { api }: PullOptions,
  listing: Extract<DomainListing, { kind: 'domains' }>,
  known: readonly { serverId: string }[],
  signal: AbortSignal,
): Promise<Result<Missing>> {
  if (!listing.complete) return ok({ gone: [], isRest: false })
  const there = new Set([...listing.domains.map(({ id }) => id), ...listing.deletedIds])
  const missing = known.filter(({ serverId }) => !there.has(serverId))
  const gone: string[] = []
  for (const { serverId } of missing.slice(0, missingAtOnce)) {
    const read = await api.readDomain({ id: serverId, etag: null }, signal)
    if (!read.ok && read.failure.code !== 'tenant-not-found') return read
    if (!read.ok) gone.push(serverId)
  }
  return ok({ gone, isRest: missing.length > missingAtOnce })
}

async function takeIn(
  options: PullOptions,
  listing: Extract<DomainListing, { kind: 'domains' }>,
  { gone, isRest }: Missing,
  isSame: () => boolean,
  onTaken: (done: number, total: number) => void,
): Promise<boolean> {
  const { store, planner, domains, now } = options
  const items: Item[] = [
    ...[...listing.deletedIds, ...gone].map(id => ({ id, domain: null })),
    ...listing.domains.map(domain => ({ id: domain.id, domain })),
  ]
  for (let done = 0; done < items.length; done += domainsAtOnce) {
    if (!isSame()) return false
    store.write(writes => {
      for (const item of items.slice(done, done + domainsAtOnce)) takeOne(options, writes, item, domains)
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

type Item = { readonly id: string; readonly domain: TenantDomain | null }

/** S-41: while nobody knows whether a change of a domain has arrived, what the list says of it is only remembered. */
function takeOne(
  options: PullOptions,
  writes: Writes,
  { id, domain }: Item,
  { readName }: LocalDomains,
): void {
  const { applier } = options
  const name = domain === null ? agreedById(writes, id)?.name : readName(domain.name)
  // Not one of ours, or a name that no mail can be sent from.
  if (name === undefined || name === null) return
  if (isUncertain(writes, name)) return readAgainLater(writes, name, id)
  const agreed = agreedOn(writes, name)
  const isKnown = domain !== null && agreed?.serverId === id && agreed.version === domain.version
  if (isKnown && agreed.serverStatus === domain.serverStatus) return
  applier.apply(writes, name, domain)
}

/** Reads what could not be taken in before, now that the changes of these domains have come to their end. */
async function readAgain({ store, api, applier }: PullOptions, signal: AbortSignal): Promise<Failure | null> {
  for (const { name, serverId } of toReadAgain(store)) {
    const read = await api.readDomain({ id: serverId, etag: null }, signal)
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
