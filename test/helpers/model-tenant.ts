import type {
  AccountToRegister,
  DomainListing,
  OwnedFields,
  TenantApi,
  TenantDomain,
  TenantReputation,
} from '#engine/sync/api.ts'
import { type Fail, fail, type FailureCode, ok, type Result } from '#shared/failure.ts'

/** One request as the model saw it. */
export type ModelCall = { readonly name: keyof TenantApi; readonly input: Record<string, unknown> }

/**
 * What happens to a request: it is answered; it is lost before or after it was carried out; it is delivered twice; or it ends
 * with a failure, before or after it was carried out.
 */
export type Fate =
  | 'answered'
  | 'lost-before'
  | 'lost-after'
  | 'twice'
  | { readonly code: FailureCode; readonly done: boolean; readonly detail?: Record<string, string | number> }

type Kept = {
  id: string
  name: string
  fields: OwnedFields
  status: TenantDomain['serverStatus']
  revision: number
  updatedAt: number
  accounts: Map<string, AccountToRegister & { id: string }>
}

type Reputation = { kind: 'unchanged' } | { kind: 'reputation'; reputation: TenantReputation }

export type ModelTenant = {
  readonly domains: Map<string, Kept>
  readonly calls: ModelCall[]
  /** How often a domain of a name was made, and deleted. */
  readonly made: Map<string, number>
  readonly deleted: Map<string, number>
  readonly reputations: Map<string, TenantReputation>
  /** Names that are refused (422). */
  readonly refusedNames: Set<string>
  refuseDeletes: boolean
  byName(name: string): Kept | undefined
  /** The server's own doing: it verified a domain. */
  verify(name: string, status: TenantDomain['serverStatus']): void
  /** The API as somebody sees it; `fate` decides about each request, and may wait before it does. */
  api(fate?: (call: ModelCall) => Fate | Promise<Fate>): TenantApi
}

/** A tenant server in memory, faithful where it matters: versions, tombstones, cursors, entity tags, idempotency keys. */
export function modelTenant({
  knowsCursor = true,
  now = () => 0,
}: {
  knowsCursor?: boolean
  now?: () => number
} = {}): ModelTenant {
  const domains = new Map<string, Kept>()
  const tombstones = new Map<string, number>()
  const answers = new Map<string, { body: string; answer: Result<unknown> }>()
  const calls: ModelCall[] = []
  const made = new Map<string, number>()
  const deleted = new Map<string, number>()
  const reputations = new Map<string, TenantReputation>()
  const refusedNames = new Set<string>()
  let revision = 0
  let ids = 0

  const byName = (name: string) => [...domains.values()].find(domain => domain.name === name)
  const touch = (domain: Kept) => {
    revision += 1
    domain.revision = revision
    domain.updatedAt = now()
  }
  const shown = (domain: Kept): TenantDomain => ({
    id: domain.id,
    name: domain.name,
    fields: { ...domain.fields, tags: [...domain.fields.tags] },
    serverStatus: domain.status,
    updatedAt: domain.updatedAt,
    version: `v${domain.revision}`,
    accounts: [...domain.accounts.values()].map(({ id, address, state }) => ({ id, address, state })),
  })

  const list = ({ cursor, etag }: { cursor: string | null; etag: string | null }): Result<DomainListing> => {
    if (etag === `e${revision}`) return ok({ kind: 'unchanged' })
    const since = knowsCursor && cursor !== null ? Number(cursor) : null
    const changed = [...domains.values()].filter(domain => since === null || domain.revision > since)
    const gone = [...tombstones].filter(([, at]) => since !== null && at > since).map(([id]) => id)
    return ok({
      kind: 'domains',
      complete: since === null,
      domains: changed.map(shown),
      deletedIds: gone,
      cursor: knowsCursor ? String(revision) : null,
      etag: `e${revision}`,
    })
  }

  const put = ({ name, fields, ifMatch }: { name: string; fields: OwnedFields; ifMatch: string | null }) => {
    if (refusedNames.has(name)) return fail('tenant-refused', { reason: 'not this name' })
    const found = byName(name)
    if (ifMatch === null) {
      if (found !== undefined) return fail('tenant-conflict', { name, id: found.id })
      ids += 1
      const domain: Kept = {
        id: `s${ids}`,
        name,
        fields,
        status: null,
        revision: 0,
        updatedAt: 0,
        accounts: new Map(),
      }
      domains.set(domain.id, domain)
      touch(domain)
      count(made, name)
      return ok(shown(domain))
    }
    if (found === undefined) return fail('tenant-not-found')
    if (ifMatch !== `v${found.revision}`) return fail('tenant-stale', { name })
    found.fields = fields
    touch(found)
    return ok(shown(found))
  }

  const remove = ({ id, ifMatch }: { id: string; ifMatch: string | null }): Result<null> => {
    const found = domains.get(id)
    if (found === undefined) return ok(null)
    if (tenant.refuseDeletes) return fail('tenant-refused', { reason: 'it is still in use' })
    if (ifMatch !== null && ifMatch !== `v${found.revision}`) return fail('tenant-stale')
    domains.delete(id)
    revision += 1
    tombstones.set(id, revision)
    count(deleted, found.name)
    return ok(null)
  }

  const register = ({ domainId, account }: { domainId: string; account: AccountToRegister }) => {
    const domain = domains.get(domainId)
    if (domain === undefined) return fail('tenant-not-found')
    const id = domain.accounts.get(account.address)?.id ?? `a${account.address}`
    domain.accounts.set(account.address, { ...account, id })
    return ok({ id, address: account.address, state: account.state })
  }

  /** The same key gives the same answer again; with another body it is refused. */
  const once = <T>(input: { idempotencyKey: string }, work: () => Result<T>): Result<T> => {
    const body = JSON.stringify(input)
    const before = answers.get(input.idempotencyKey)
    if (before !== undefined) {
      return before.body === body
        ? (before.answer as Result<T>)
        : fail('tenant-refused', { reason: 'key reused' })
    }
    const answer = work()
    answers.set(input.idempotencyKey, { body, answer })
    return answer
  }

  const tenant: ModelTenant = {
    domains,
    calls,
    made,
    deleted,
    reputations,
    refusedNames,
    refuseDeletes: false,
    byName,
    verify: (name, status) => {
      const domain = byName(name)
      if (domain === undefined) return
      domain.status = status
      touch(domain)
    },
    api: (fate = () => 'answered') => {
      const through = async <T>(
        name: keyof TenantApi,
        input: object,
        work: () => Result<T>,
      ): Promise<Result<T>> => {
        const call: ModelCall = { name, input: { ...input } }
        const decided = await fate(call)
        if (decided === 'lost-before') return lost
        if (typeof decided === 'object' && !decided.done) return fail(decided.code, decided.detail ?? {})
        calls.push(call)
        const answer = work()
        if (decided === 'twice') work()
        if (decided === 'lost-after') return lost
        if (typeof decided === 'object') return fail(decided.code, decided.detail ?? {})
        return answer
      }
      return {
        listDomains: input => through('listDomains', input, () => list(input)),
        readDomain: input =>
          through('readDomain', input, () => {
            const domain = domains.get(input.id)
            return domain === undefined
              ? fail('tenant-not-found')
              : ok({ kind: 'domain' as const, domain: shown(domain) })
          }),
        putDomain: input => through('putDomain', input, () => once(input, () => put(input))),
        deleteDomain: input => through('deleteDomain', input, () => once(input, () => remove(input))),
        putAccount: input => through('putAccount', input, () => once(input, () => register(input))),
        readReputation: input =>
          through<Reputation>('readReputation', input, () => {
            const reputation = reputations.get(input.name)
            if (reputation === undefined) return fail('tenant-not-found')
            if (input.etag !== null && input.etag === reputation.etag) return ok({ kind: 'unchanged' })
            return ok({ kind: 'reputation', reputation })
          }),
      }
    },
  }
  return tenant
}

const lost: Fail = fail('tenant-unreachable', { host: 'tenant.example', cause: 'reset' }, 'later')

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
