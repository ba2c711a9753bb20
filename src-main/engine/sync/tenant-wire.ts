import { z } from 'zod'
import { dailyLimits } from '#shared/model/mailbox-values.ts'
import type { AccountToRegister, OwnedFields, TenantDomain, TenantReputation } from './api.ts'

/**
 * The tenant API as it stands in `resources/tenant-api.yaml`, as far as it is read here: fields that are not named are
 * passed over, those that may be missing are, and one that is there in another form breaks the answer.
 */

const rfc3339 = z.iso.datetime({ offset: true }).transform(text => Date.parse(text))

/** Stands in paths: `..` would lead elsewhere. */
const idSchema = z.string().regex(/^(?!\.{1,2}$)[\x21-\x7e]{1,200}$/)

/** Goes between the quotation marks of an entity tag (RFC 9110 §8.8.3). */
const versionSchema = z.string().regex(/^[\x21\x23-\x7e]{1,200}$/)

export const wireAccountSchema = z.object({
  id: idSchema,
  address: z.string().min(1).max(320),
  state: z.string().max(60),
})

const serverStatuses = ['verified', 'pending', 'failed'] as const

export const wireDomainSchema = z.object({
  id: idSchema,
  name: z.string().min(1).max(255),
  version: versionSchema,
  tags: z.array(z.string().max(200)),
  daily_limit: z.number().int().min(0),
  updated_at: rfc3339,
  /** A word that is not known here says nothing. */
  status: z.enum(serverStatuses).nullish().catch(null),
  accounts: z.array(wireAccountSchema).nullish(),
})

export const wireReputationSchema = z.object({
  domain: z.string().min(1).max(255),
  score: z.number().min(0).max(100).nullish(),
  bounce_rate: z.number().min(0).max(1).nullish(),
  complaint_rate: z.number().min(0).max(1).nullish(),
  listed_on: z.array(z.string().max(255)).nullish(),
  measured_at: rfc3339.nullish(),
})

export const wirePaginationSchema = z.object({
  total: z.number().int().min(0).nullish(),
  limit: z.number().int().nullish(),
  offset: z.number().int().nullish(),
  has_more: z.boolean().nullish(),
})

export const wireMetaSchema = z.object({
  cursor: z.string().min(1).max(1_000).nullish(),
  deleted: z.array(idSchema).nullish(),
  complete: z.boolean().nullish(),
})

export const wireListSchema = z.object({
  data: z.array(wireDomainSchema),
  pagination: wirePaginationSchema.nullish(),
  meta: wireMetaSchema.nullish(),
})

export const wireErrorSchema = z.object({
  code: z.string().max(200).catch(''),
  message: z.string().catch(''),
  details: z.record(z.string(), z.unknown()).catch({}),
})
export type WireError = z.infer<typeof wireErrorSchema>

export const wireEnvelopeSchema = z.object({ success: z.boolean() })

export function domainOf(wire: z.infer<typeof wireDomainSchema>): TenantDomain {
  return {
    id: wire.id,
    name: wire.name,
    // Another program may allow more; what can be set here holds here.
    fields: {
      tags: wire.tags,
      dailyLimit: Math.min(dailyLimits.most, Math.max(dailyLimits.least, wire.daily_limit)),
    },
    serverStatus: wire.status ?? null,
    updatedAt: wire.updated_at,
    version: wire.version,
    accounts: wire.accounts ?? [],
  }
}

export function reputationOf(
  wire: z.infer<typeof wireReputationSchema>,
  etag: string | null,
): TenantReputation {
  return {
    name: wire.domain,
    score: wire.score ?? null,
    bounceRate: wire.bounce_rate ?? null,
    complaintRate: wire.complaint_rate ?? null,
    listedOn: wire.listed_on ?? [],
    measuredAt: wire.measured_at ?? null,
    etag,
  }
}

export function domainToWire(name: string, fields: OwnedFields) {
  return { name, tags: fields.tags, daily_limit: fields.dailyLimit }
}

/** Field by field, so that nothing that stands beside them in memory goes along. */
export function accountToWire({ address, state, credentials }: AccountToRegister) {
  if (credentials === null) return { address, state }
  const { smtp, imap, user, password } = credentials
  const server = ({ host, port, security }: typeof smtp) => ({ host, port, security })
  return {
    address,
    state,
    credentials: { smtp: server(smtp), imap: imap === null ? null : server(imap), user, password },
  }
}

/** As a person would write it: `data[3].version`. */
export function fieldOf(error: z.ZodError): string {
  const path = error.issues[0]?.path ?? []
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
    )
    .join('')
}
