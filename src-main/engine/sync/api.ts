import type { Result } from '#shared/failure.ts'

/**
 * What the synchronisation asks of the tenant API, whoever answers: the HTTP client, or a model of the server in a test.
 * Every call ends in a `Result`; the failure codes begin with `tenant-`. Times are epoch milliseconds.
 */
export type TenantApi = {
  /**
   * The domains of the tenant. With a `cursor` of an earlier answer only what changed since, where the server can;
   * otherwise, and always without one, all of them, over as many pages as it takes. `unchanged` when `etag` still holds.
   */
  listDomains(
    input: { cursor: string | null; etag: string | null },
    signal: AbortSignal,
  ): Promise<Result<DomainListing>>

  /** One domain with its accounts. `unchanged` when `etag` still holds; `tenant-not-found` when it is gone. */
  readDomain(
    input: { id: string; etag: string | null },
    signal: AbortSignal,
  ): Promise<Result<{ kind: 'unchanged' } | { kind: 'domain'; domain: TenantDomain }>>

  /**
   * Adds a domain, or with `ifMatch` (the version last seen) changes the fields a person owns of one that is there.
   * `tenant-conflict` when the name is there and no version was given, `tenant-stale` when the version is an older one.
   * The same key gives the same answer again and does nothing twice.
   */
  putDomain(
    input: { name: string; fields: OwnedFields; ifMatch: string | null; idempotencyKey: string },
    signal: AbortSignal,
  ): Promise<Result<TenantDomain>>

  /** Deletes a domain; one that is gone already is no failure. `tenant-stale` when `ifMatch` is an older version. */
  deleteDomain(
    input: { id: string; ifMatch: string | null; idempotencyKey: string },
    signal: AbortSignal,
  ): Promise<Result<null>>

  /** Registers a mailbox, or tells the state of one that is registered. */
  putAccount(
    input: { domainId: string; account: AccountToRegister; idempotencyKey: string },
    signal: AbortSignal,
  ): Promise<Result<TenantAccount>>

  readReputation(
    input: { name: string; etag: string | null },
    signal: AbortSignal,
  ): Promise<Result<{ kind: 'unchanged' } | { kind: 'reputation'; reputation: TenantReputation }>>
}

export type DomainListing =
  | { readonly kind: 'unchanged' }
  | {
      readonly kind: 'domains'
      /** Every domain there is; then what is not in it is gone. Otherwise only what changed since the cursor. */
      readonly complete: boolean
      readonly domains: readonly TenantDomain[]
      readonly deletedIds: readonly string[]
      readonly cursor: string | null
      readonly etag: string | null
    }

/** What a person decides about a domain; the rest of it is the server's. */
export type OwnedFields = {
  readonly tags: readonly string[]
  /** Messages a day and mailbox. */
  readonly dailyLimit: number
}

export type TenantDomain = {
  readonly id: string
  readonly name: string
  readonly fields: OwnedFields
  /** What the server found when it verified the domain itself; null when it did not. */
  readonly serverStatus: 'verified' | 'pending' | 'failed' | null
  readonly updatedAt: number
  /** The entity tag of this version. */
  readonly version: string
  readonly accounts: readonly TenantAccount[]
}

export type TenantAccount = { readonly id: string; readonly address: string; readonly state: string }

export type AccountToRegister = {
  readonly address: string
  /** As Rookery shows it: active, paused … */
  readonly state: string
  /** Only where the person chose so for this mailbox. */
  readonly credentials: AccountCredentials | null
}

export type AccountCredentials = {
  readonly smtp: { readonly host: string; readonly port: number; readonly security: string }
  readonly imap: { readonly host: string; readonly port: number; readonly security: string } | null
  readonly user: string
  readonly password: string
}

export type TenantReputation = {
  readonly name: string
  /** 0–100, or null when the server has none. */
  readonly score: number | null
  readonly bounceRate: number | null
  readonly complaintRate: number | null
  readonly listedOn: readonly string[]
  readonly measuredAt: number | null
  readonly etag: string | null
}
