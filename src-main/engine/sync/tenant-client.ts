import { setTimeout as wait } from 'node:timers/promises'
import { type Fail, fail, ok, type Result } from '#shared/failure.ts'
import { type Deadline, partOf, startDeadline } from '../net/deadline.ts'
import { evidenceOf } from '../net/evidence.ts'
import { limits } from '../net/limits.ts'
import type { NetworkLog } from '../net/network-log.ts'
import type { ProxyEnvironment } from '../net/proxy.ts'
import type { TenantApi, TenantDomain, TenantReputation } from './api.ts'
import { isToken, readBaseUrl, readTenantId, type TenantConnection } from './tenant-address.ts'
import { dataOf, etagOf, readDone, readEnvelope, refusalOf } from './tenant-envelope.ts'
import { brokenAnswer } from './tenant-faults.ts'
import { type ListingPage, readListing } from './tenant-listing.ts'
import { createSendRequest, type TenantAnswer, type TenantRequest } from './tenant-request.ts'
import { createTries, type Pause } from './tenant-tries.ts'
import {
  accountToWire,
  domainOf,
  domainToWire,
  reputationOf,
  wireAccountSchema,
  wireDomainSchema,
  wireListSchema,
  wireReputationSchema,
} from './tenant-wire.ts'

export type TenantClientOptions = {
  /** Asked at each call; null when no tenant API is connected. */
  connection(): TenantConnection | null
  /** Asked at each call and not kept; null when there is none. A locked vault fails with its own code, which is passed on. */
  readToken(): Promise<Result<string | null>>
  readonly networkLog: NetworkLog
  now(): number
  /** Where a proxy is read from; the process's own unless given. */
  readonly environment?: ProxyEnvironment
  /** Further certificate authorities, PEM. */
  readonly ca?: readonly string[]
  /** The budget of one request; `limits.tenantRequestMs` unless given. */
  readonly requestMs?: number
  random?(): number
  readonly pause?: Pause
}

type Unchanged = { readonly kind: 'unchanged' }

/** What is asked: a path below the base address, what goes with it, and how its answer is read. */
type Asked<T> = {
  readonly method: TenantRequest['method']
  readonly path: string
  readonly body?: object
  readonly etag?: string | null
  readonly ifMatch?: string | null
  readonly idempotencyKey?: string
  /** Beside the token, what must not stand in a failure whatever the server says. */
  readonly secrets?: readonly string[]
  /** Reads an answer that is a success, or with an `etag` status 304. */
  read(answer: TenantAnswer, host: string): Result<T>
}

/**
 * The tenant API over HTTP, as `resources/tenant-api.yaml` has it: https with the certificate verified, or plain http to this
 * machine. Each request has its deadline, each question its tries (see `createTries`), each contact its line in the network log.
 * Fails with the `tenant-` codes, `cancelled`, and what reading the token fails with. No failure holds the token or a password.
 */
export function createTenantClient(options: TenantClientOptions): TenantApi {
  const { connection, readToken, networkLog, now } = options
  const requestMs = options.requestMs ?? limits.tenantRequestMs
  const send = createSendRequest({
    networkLog,
    environment: options.environment ?? process.env,
    requestMs,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  })
  const tries = createTries({
    now,
    random: options.random ?? Math.random,
    pause: options.pause ?? pauseFor,
    key: () => {
      const connected = connection()
      // Not all of it: what else is known of a connection changes with each request.
      return connected === null ? '' : `${connected.baseUrl} ${connected.tenantId}`
    },
  })

  const attempt = async <T>(asked: Asked<T>, deadline: Deadline): Promise<Result<T>> => {
    const connected = connection()
    if (connected === null) return fail('tenant-not-connected')
    const base = readBaseUrl(connected.baseUrl)
    if (!base.ok) return base
    const tenantId = readTenantId(connected.tenantId)
    if (!tenantId.ok) return tenantId
    const token = await readToken()
    if (!token.ok) return token
    if (token.value === null || token.value === '') return fail('tenant-not-connected')
    const url = new URL(`${base.value}${asked.path}`)
    const host = url.hostname
    if (!isToken(token.value)) return fail('tenant-unauthorised', { host })
    const etag = asked.etag ?? null
    const ifMatch = asked.ifMatch ?? null
    const request = {
      method: asked.method,
      url,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'identity',
        authorization: `Bearer ${token.value}`,
        'x-tenant-id': tenantId.value,
        ...(asked.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(etag === null ? {} : { 'if-none-match': etag }),
        ...(ifMatch === null ? {} : { 'if-match': entityTag(ifMatch) }),
        ...(asked.idempotencyKey === undefined ? {} : { 'idempotency-key': asked.idempotencyKey }),
      },
      body: asked.body === undefined ? null : JSON.stringify(asked.body),
    }
    const answer = await send(request, deadline)
    const refusal = answer.ok
      ? refusalOf(answer.value, { host, isConditional: etag !== null, nowAt: now() })
      : answer
    const result = !answer.ok ? answer : (refusal ?? asked.read(answer.value, host))
    return result.ok ? result : withoutSecrets(result, [token.value, ...(asked.secrets ?? [])])
  }

  const ask = async <T>(asked: Asked<T>, whole: Deadline): Promise<Result<T>> => {
    const deadline = partOf(whole, Math.max(limits.tenantQuestionMs, requestMs))
    try {
      return await tries.run(deadline, () => attempt(asked, deadline))
    } finally {
      deadline.end()
    }
  }

  const question = <T>(asked: Asked<T>, signal: AbortSignal): Promise<Result<T>> =>
    within(Math.max(limits.tenantQuestionMs, requestMs), signal, deadline => ask(asked, deadline))

  return {
    listDomains: ({ cursor, etag }, signal) =>
      within(limits.tenantListingMs, signal, deadline =>
        readListing(page => ask(pageOf({ ...page, cursor }), deadline), { etag }),
      ),

    readDomain: ({ id, etag }, signal) =>
      question<Unchanged | { readonly kind: 'domain'; readonly domain: TenantDomain }>(
        {
          method: 'GET',
          path: domainPath(id),
          etag: etag === null ? null : entityTag(etag),
          read: (answer, host) => {
            if (answer.status === 304) return ok({ kind: 'unchanged' })
            const domain = readEnvelope(dataOf(wireDomainSchema), answer, host)
            if (!domain.ok) return domain
            // Something on the way mistook one answer for another.
            if (domain.value.data.id !== id) return brokenAnswer(host, 'field', { field: 'data.id' })
            return ok({ kind: 'domain', domain: domainOf(domain.value.data) })
          },
        },
        signal,
      ),

    putDomain: async ({ name, fields, ifMatch, idempotencyKey }, signal) => {
      const put = await question(
        {
          method: 'POST',
          path: domainsPath,
          body: domainToWire(name, fields),
          ifMatch,
          idempotencyKey,
          read: (answer, host) => {
            const domain = readEnvelope(dataOf(wireDomainSchema), answer, host)
            return domain.ok ? ok(domainOf(domain.value.data)) : domain
          },
        },
        signal,
      )
      return put.ok ? put : withName(put, name)
    },

    deleteDomain: async ({ id, ifMatch, idempotencyKey }, signal) => {
      const gone = await question(
        { method: 'DELETE', path: domainPath(id), ifMatch, idempotencyKey, read: readDone },
        signal,
      )
      return !gone.ok && gone.failure.code === 'tenant-not-found' ? ok(null) : gone
    },

    putAccount: ({ domainId, account, idempotencyKey }, signal) =>
      question(
        {
          method: 'POST',
          path: `${domainPath(domainId)}/accounts`,
          body: accountToWire(account),
          idempotencyKey,
          secrets: account.credentials === null ? [] : [account.credentials.password],
          read: (answer, host) => {
            const registered = readEnvelope(dataOf(wireAccountSchema), answer, host)
            return registered.ok ? ok(registered.value.data) : registered
          },
        },
        signal,
      ),

    readReputation: ({ name, etag }, signal) =>
      question<Unchanged | { readonly kind: 'reputation'; readonly reputation: TenantReputation }>(
        {
          method: 'GET',
          path: `/api/v1/reputation/domains/${encodeURIComponent(name)}`,
          etag,
          read: (answer, host) => {
            if (answer.status === 304) return ok({ kind: 'unchanged' })
            const read = readEnvelope(dataOf(wireReputationSchema), answer, host)
            if (!read.ok) return read
            return ok({ kind: 'reputation', reputation: reputationOf(read.value.data, etagOf(answer)) })
          },
        },
        signal,
      ),
  }
}

const domainsPath = '/api/v1/tenant/domains'
const domainPath = (id: string) => `${domainsPath}/${encodeURIComponent(id)}`

function pageOf({
  offset,
  etag,
  cursor,
}: {
  readonly offset: number
  readonly etag: string | null
  readonly cursor: string | null
}): Asked<Unchanged | { readonly kind: 'page'; readonly page: ListingPage }> {
  const since = cursor === null ? '' : `&updated_since=${encodeURIComponent(cursor)}`
  return {
    method: 'GET',
    path: `${domainsPath}?limit=${limits.tenantPageDomains}&offset=${offset}${since}`,
    etag,
    read: (answer, host) => {
      if (answer.status === 304) return ok({ kind: 'unchanged' })
      const read = readEnvelope(wireListSchema, answer, host)
      if (!read.ok) return read
      const { data, pagination, meta } = read.value
      const next = meta?.cursor ?? null
      const page: ListingPage = {
        domains: data.map(domainOf),
        total: pagination?.total ?? null,
        hasMore: pagination?.has_more ?? null,
        cursor: next,
        deletedIds: meta?.deleted ?? [],
        // A server that gives no cursor knows none, and answered with everything.
        complete: cursor === null || next === null || meta?.complete === true,
        etag: etagOf(answer),
      }
      return ok({ kind: 'page', page })
    },
  }
}

/** A version as it was read from a domain, or an entity tag as it came in a header (RFC 9110 §8.8.3). */
function entityTag(version: string): string {
  return version.endsWith('"') ? version : `"${version}"`
}

async function within<T>(
  budgetMs: number,
  signal: AbortSignal,
  work: (deadline: Deadline) => Promise<Result<T>>,
): Promise<Result<T>> {
  const deadline = startDeadline(budgetMs, signal)
  try {
    return await work(deadline)
  } finally {
    deadline.end()
  }
}

function withName<T>(failed: Result<T>, name: string): Result<T> {
  if (failed.ok) return failed
  const { code, retry, detail } = failed.failure
  return code === 'tenant-conflict' || code === 'tenant-stale'
    ? fail(code, { ...detail, name }, retry)
    : failed
}

function withoutSecrets(failed: Fail, secrets: readonly string[]): Fail {
  const { code, retry, detail } = failed.failure
  // Names of hosts and types of content come in lower case, whatever a server put into them.
  const forms = secrets.flatMap(secret => [secret, secret.toLowerCase()])
  const cleared = Object.entries(detail).map(([name, value]) => [
    name,
    typeof value === 'string' ? evidenceOf(value, forms) : value,
  ])
  return fail(code, Object.fromEntries(cleared), retry)
}

async function pauseFor(pauseMs: number, signal: AbortSignal): Promise<void> {
  await wait(pauseMs, null, { signal }).catch(() => {})
}
