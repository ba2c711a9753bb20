import { z } from 'zod'
import { failureSchema } from './result.ts'

const at = z.number().int()
const count = z.number().int().nonnegative()

/**
 * Where the synchronisation with the tenant API stands. `offline`: the last try did not reach it. `paused`: it asked for
 * a pause, until `nextAt`. `vault-locked`: the token cannot be read now. `needs-sign-in`: the token is not accepted; nothing is tried
 * until there is another one. `refused`: the server, or its address, does not allow it.
 */
export const syncStates = [
  'not-connected',
  'syncing',
  'up-to-date',
  'waiting',
  'offline',
  'paused',
  'vault-locked',
  'needs-sign-in',
  'refused',
] as const
export type SyncStateCode = (typeof syncStates)[number]

/** The one row of the table `sync`. */
export const syncStateSchema = z.object({
  state: z.enum(syncStates),
  /** Null while nothing is connected. */
  baseUrl: z.string().nullable(),
  tenantId: z.string().nullable(),
  /** Why it is offline, paused, refused or needs a sign-in. */
  failure: failureSchema.nullable(),
  /** Changes made here that have still to reach the server; refused ones are not among them. */
  waiting: count,
  refused: count,
  /** Conflicts nobody has looked at. */
  conflicts: count,
  /** "312 of 1,000": of the changes that waited when the queue was last empty; null while few wait. */
  progress: z.object({ done: count, total: count }).nullable(),
  /** The next try by itself; null when none is planned. */
  nextAt: at.nullable(),
  /** When everything was last level on both sides; null before the first time. */
  syncedAt: at.nullable(),
  connectedAt: at.nullable(),
})
export type SyncState = z.infer<typeof syncStateSchema>

/** `add`, `change` and `delete` are about a domain, `register` about a mailbox. */
export const outboxKinds = ['add', 'change', 'delete', 'register'] as const
export type OutboxKind = (typeof outboxKinds)[number]

/**
 * One change on its way to the server (table `outbox`). `sending` also when nobody knows whether it arrived: then it is
 * sent again with the same key. One that is `refused` waits for a person. What is up to date has no row.
 */
export const outboxItemSchema = z.object({
  id: z.string(),
  kind: z.enum(outboxKinds),
  /** The domain on the list, or null when it does not stand there (any more). */
  domainId: z.string().nullable(),
  domainName: z.string(),
  mailboxId: z.string().nullable(),
  address: z.string().nullable(),
  state: z.enum(['waiting', 'sending', 'refused']),
  /** Why the last try failed. */
  failure: failureSchema.nullable(),
  tries: count,
  queuedAt: at,
})
export type OutboxItem = z.infer<typeof outboxItemSchema>

/** What a person decides about a domain and both sides keep. */
export const ownedFieldsSchema = z.object({ tags: z.array(z.string()), dailyLimit: z.number().int() })
export const ownedFieldNames = ['tags', 'dailyLimit'] as const
export type OwnedFieldName = (typeof ownedFieldNames)[number]

/**
 * - `both-changed`: `field` was changed here and there; what stands here was kept (`kept`), `other` is what stood there
 * - `deleted-there`: changed here, deleted there; it went, and `other` is what stood here
 * - `deleted-here`: deleted here, changed there; it came back with `kept`
 */
export const conflictCodes = ['both-changed', 'deleted-there', 'deleted-here'] as const
export type ConflictCode = (typeof conflictCodes)[number]

/** Two sides that did not agree, how it was settled, and what would undo that (table `conflicts`). */
export const conflictSchema = z.object({
  id: z.string(),
  code: z.enum(conflictCodes),
  domainId: z.string().nullable(),
  domainName: z.string(),
  /** For `both-changed`; null for the others. */
  field: z.enum(ownedFieldNames).nullable(),
  /** What holds now; null where the domain went. */
  kept: ownedFieldsSchema.partial().nullable(),
  /** What was put aside; null where that was a deletion. */
  other: ownedFieldsSchema.partial().nullable(),
  state: z.enum(['open', 'accepted', 'undone']),
  at,
})
export type Conflict = z.infer<typeof conflictSchema>

/** What the server says about a domain (table `serverDomains`, key: the domain's id); only where it says something. */
export const serverDomainSchema = z.object({
  domainId: z.string(),
  /** What it found when it verified the domain itself. */
  serverStatus: z.enum(['verified', 'pending', 'failed']).nullable(),
  /** 0–100, or null when the server has none. */
  score: z.number().nullable(),
  bounceRate: z.number().nullable(),
  complaintRate: z.number().nullable(),
  listedOn: z.array(z.string()),
  /** By the server's clock. */
  measuredAt: at.nullable(),
  /** When it was asked; null before the first time. */
  askedAt: at.nullable(),
})
export type ServerDomain = z.infer<typeof serverDomainSchema>

/** What one round of synchronising tells as it goes. */
export const syncEventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('sending'), done: count, total: count }),
  z.object({ kind: z.literal('fetching') }),
  z.object({ kind: z.literal('taking-in'), done: count, total: count }),
])
export type SyncEvent = z.infer<typeof syncEventSchema>
