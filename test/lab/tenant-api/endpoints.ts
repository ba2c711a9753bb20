import { type Answer, refusal, success } from './answers.ts'
import type { Operation } from './operations.ts'
import type { StoredAccount, StoredDomain, TenantState } from './tenant-state.ts'

export type Asked = {
  readonly operation: Operation
  readonly parameter: string
  readonly query: URLSearchParams
  readonly ifMatch: string | null
  readonly ifNoneMatch: string | null
  readonly idempotencyKey: string
  /** The body as JSON, or undefined when it is none. */
  readonly body: unknown
}

export type Rules = {
  /** The longest page, whatever is asked for. */
  readonly pageDomains: number
  /** Whether lists have cursors. */
  readonly cursors: boolean
}

/** What the endpoint answers, with what it asks for done. */
export function answer(state: TenantState, asked: Asked, rules: Rules): Answer {
  switch (asked.operation) {
    case 'listDomains':
      return list(state, asked, rules)
    case 'readDomain': {
      const domain = state.byId(asked.parameter)
      if (domain === null) return noDomain()
      if (asked.ifNoneMatch === tagOf(domain)) return unchanged(tagOf(domain))
      return success(200, domainToWire(domain), { etag: tagOf(domain) })
    }
    case 'putDomain':
      return putDomain(state, asked)
    case 'deleteDomain': {
      const domain = state.byId(asked.parameter)
      if (domain === null) return noDomain()
      if (asked.ifMatch !== null && asked.ifMatch !== tagOf(domain)) return stale(domain)
      if (domain.protectedBy !== null) return refusal(422, 'refused', domain.protectedBy)
      state.remove(domain.name)
      applied(state, asked, domain)
      return success(200, { id: domain.id })
    }
    case 'putAccount':
      return putAccount(state, asked)
    case 'readReputation': {
      const reputation = state.reputation(asked.parameter)
      if (reputation === null)
        return refusal(404, 'reputation_not_found', 'Nothing is known about this domain.')
      const etag = `"r-${Buffer.from(JSON.stringify(reputation)).toString('base64url')}"`
      if (asked.ifNoneMatch === etag) return unchanged(etag)
      return success(200, { domain: asked.parameter, ...reputation }, { etag })
    }
  }
}

const tagOf = (domain: StoredDomain) => `"${versionOf(domain)}"`
const versionOf = (domain: StoredDomain) => `v${domain.changed}`

function list(state: TenantState, { query, ifNoneMatch }: Asked, { pageDomains, cursors }: Rules): Answer {
  const etag = `"list-${state.changes()}"`
  if (ifNoneMatch === etag) return unchanged(etag)
  const limit = Number(query.get('limit') ?? 50)
  const offset = Number(query.get('offset') ?? 0)
  if (!Number.isInteger(limit) || limit < 1) return invalid('limit', 'A page has at least one domain.')
  if (!Number.isInteger(offset) || offset < 0) return invalid('offset', 'The offset is a number from 0 up.')
  const since = cursors ? query.get('updated_since') : null
  const sinceChange = since === null ? null : Number(/^c(\d+)$/.exec(since)?.[1] ?? -1)
  const isPart = sinceChange !== null && sinceChange >= state.oldestCursor() && sinceChange <= state.changes()
  const all = state.domains().filter(domain => !isPart || domain.changed > sinceChange)
  const page = all.slice(offset, offset + Math.min(limit, pageDomains))
  const meta = {
    cursor: `c${state.changes()}`,
    deleted: isPart ? state.deletedAfter(sinceChange) : [],
    ...(since !== null && !isPart ? { complete: true } : {}),
  }
  return {
    status: 200,
    headers: { etag },
    body: {
      success: true,
      data: page.map(domainToWire),
      pagination: {
        total: all.length,
        limit: Math.min(limit, pageDomains),
        offset,
        has_more: offset + page.length < all.length,
      },
      ...(cursors ? { meta } : {}),
    },
  }
}

function putDomain(state: TenantState, asked: Asked): Answer {
  const body = recordOf(asked.body)
  if (body === null) return invalid('', 'The body is not a JSON object.')
  const { name, tags, daily_limit: dailyLimit } = body
  if (typeof name !== 'string' || !/^[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+$/.test(name) || name.length > 253)
    return invalid('name', 'This is not a domain name.')
  if (!isTags(tags)) return invalid('tags', 'Tags are up to 20 words of up to 40 characters.')
  if (typeof dailyLimit !== 'number' || !Number.isInteger(dailyLimit) || dailyLimit < 10 || dailyLimit > 500)
    return invalid('daily_limit', 'The daily limit is between 10 and 500.')
  const there = state.find(name)
  if (asked.ifMatch === null) {
    if (there !== null)
      return refusal(409, 'domain_exists', 'This domain is there already.', { id: there.id })
  } else {
    if (there === null) return noDomain()
    if (asked.ifMatch !== tagOf(there)) return stale(there)
  }
  const domain = state.put(name, { tags, dailyLimit })
  applied(state, asked, domain)
  return success(there === null ? 201 : 200, domainToWire(domain), { etag: tagOf(domain) })
}

function putAccount(state: TenantState, asked: Asked): Answer {
  const domain = state.byId(asked.parameter)
  if (domain === null) return noDomain()
  const body = recordOf(asked.body)
  const { address, state: accountState, credentials } = body ?? {}
  if (typeof address !== 'string' || !address.endsWith(`@${domain.name}`))
    return invalid('address', 'The address does not belong to the domain.')
  if (typeof accountState !== 'string') return invalid('state', 'The state is missing.')
  const isKnown = domain.accounts.some(account => account.address === address)
  const account = state.putAccount(domain, {
    address,
    state: accountState,
    ...(credentials === undefined ? {} : { credentials }),
  })
  applied(state, asked, domain)
  return success(isKnown ? 200 : 201, accountToWire(account))
}

function domainToWire(domain: StoredDomain) {
  return {
    id: domain.id,
    name: domain.name,
    version: versionOf(domain),
    tags: domain.tags,
    daily_limit: domain.dailyLimit,
    status: domain.status,
    updated_at: new Date(domain.updatedAt).toISOString(),
    accounts: domain.accounts.map(accountToWire),
  }
}

function accountToWire({ id, address, state }: StoredAccount) {
  return { id, address, state }
}

function applied(state: TenantState, { operation, idempotencyKey }: Asked, { id, name }: StoredDomain): void {
  state.applied.push({ operation, key: idempotencyKey, id, name })
}

function isTags(tags: unknown): tags is string[] {
  return (
    Array.isArray(tags) &&
    tags.length <= 20 &&
    tags.every(tag => typeof tag === 'string' && tag !== '' && tag.length <= 40)
  )
}

function recordOf(body: unknown): Readonly<Record<string, unknown>> | null {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : null
}

const noDomain = () => refusal(404, 'domain_not_found', 'There is no such domain.')
const unchanged = (etag: string): Answer => ({ status: 304, headers: { etag }, body: null })
const invalid = (field: string, message: string) =>
  refusal(422, 'validation_failed', message, field === '' ? {} : { field })
const stale = (domain: StoredDomain) =>
  refusal(412, 'version_mismatch', 'The domain was changed since.', {
    id: domain.id,
    version: versionOf(domain),
  })
