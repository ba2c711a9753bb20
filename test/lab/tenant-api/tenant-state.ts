export type DomainStatus = 'verified' | 'pending' | 'failed'
export type StoredAccount = { id: string; address: string; state: string; credentials: unknown }

export type StoredDomain = {
  readonly id: string
  readonly name: string
  tags: readonly string[]
  dailyLimit: number
  status: DomainStatus | null
  updatedAt: number
  /** The change of the tenant that made it what it is; its version and the place of a cursor. */
  changed: number
  readonly accounts: StoredAccount[]
  /** Why it may not be deleted; null when it may. */
  protectedBy: string | null
}

export type StoredReputation = {
  score: number | null
  bounce_rate: number | null
  complaint_rate: number | null
  listed_on: readonly string[]
  measured_at: string | null
}

/** One thing that was done because a request asked for it. */
export type Applied = {
  readonly operation: string
  readonly key: string
  readonly id: string
  readonly name: string
}

/** What one tenant has on the server. The functions are what the server or another of its clients does by itself. */
export type TenantState = {
  domains(): readonly StoredDomain[]
  find(name: string): StoredDomain | null
  byId(id: string): StoredDomain | null
  /** Adds a domain, or changes one that is there. */
  put(
    name: string,
    fields?: Partial<Pick<StoredDomain, 'tags' | 'dailyLimit' | 'status' | 'protectedBy'>>,
  ): StoredDomain
  putAccount(
    domain: StoredDomain,
    account: Omit<StoredAccount, 'id' | 'credentials'> & { credentials?: unknown },
  ): StoredAccount
  remove(name: string): void
  setReputation(name: string, reputation: Partial<StoredReputation>): void
  reputation(name: string): StoredReputation | null
  /** How many changes there were. */
  changes(): number
  deletedAfter(change: number): readonly string[]
  /** From now on cursors before this moment are too old. */
  forgetCursors(): void
  oldestCursor(): number
  /** What requests had done, in order. */
  readonly applied: Applied[]
}

export function createTenantState(now: () => number, idPrefix: string): TenantState {
  const domains = new Map<string, StoredDomain>()
  const reputations = new Map<string, StoredReputation>()
  const deleted: { id: string; changed: number }[] = []
  let changes = 0
  let ids = 0
  let oldestCursor = 0
  const nextId = (kind: string) => {
    ids += 1
    return `${idPrefix}-${kind}${ids}`
  }
  const touch = (domain: StoredDomain) => {
    changes += 1
    domain.changed = changes
    domain.updatedAt = now()
  }
  return {
    // Those that were added first stand first, so that a page keeps its place while others are added.
    domains: () => [...domains.values()],
    find: name => domains.get(name) ?? null,
    byId: id => [...domains.values()].find(domain => domain.id === id) ?? null,
    put: (name, fields = {}) => {
      const domain = domains.get(name) ?? {
        id: nextId('d'),
        name,
        tags: [],
        dailyLimit: 50,
        status: 'pending',
        updatedAt: 0,
        changed: 0,
        accounts: [],
        protectedBy: null,
      }
      Object.assign(domain, fields)
      touch(domain)
      domains.set(name, domain)
      return domain
    },
    putAccount: (domain, { address, state, credentials }) => {
      let account = domain.accounts.find(one => one.address === address)
      if (account === undefined) {
        account = { id: nextId('a'), address, state, credentials: null }
        domain.accounts.push(account)
      }
      account.state = state
      if (credentials !== undefined) account.credentials = credentials
      touch(domain)
      return account
    },
    remove: name => {
      const domain = domains.get(name)
      if (domain === undefined) return
      domains.delete(name)
      changes += 1
      deleted.push({ id: domain.id, changed: changes })
    },
    setReputation: (name, reputation) => {
      const before = reputations.get(name) ?? {
        score: null,
        bounce_rate: null,
        complaint_rate: null,
        listed_on: [],
        measured_at: null,
      }
      reputations.set(name, { ...before, ...reputation })
    },
    reputation: name => reputations.get(name) ?? null,
    changes: () => changes,
    deletedAfter: change => deleted.filter(one => one.changed > change).map(one => one.id),
    forgetCursors: () => {
      oldestCursor = changes + 1
    },
    oldestCursor: () => oldestCursor,
    applied: [],
  }
}
