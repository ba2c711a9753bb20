import { z } from 'zod'
import { type Fail, fail, ok, type Result } from '#shared/failure.ts'
import type { TenantFailure } from '#shared/words/failures/tenant.ts'
import { limits } from '../net/limits.ts'
import { type ReadJson, readJson } from './read-answer.ts'
import { brokenAnswer, faultOfStatus, readRetryAfter } from './tenant-faults.ts'
import type { TenantAnswer } from './tenant-request.ts'
import { fieldOf, type WireError, wireEnvelopeSchema, wireErrorSchema } from './tenant-wire.ts'

/** What the status of an answer refuses, or null for a success and, where it was asked for, for "nothing changed". */
export function refusalOf(
  { status, headers, body }: TenantAnswer,
  { host, isConditional, nowAt }: { host: string; isConditional: boolean; nowAt: number },
): Fail<TenantFailure> | null {
  if (status === 200 || status === 201 || status === 204) return null
  if (status === 304 && isConditional) return null
  const retryAfterMs = readRetryAfter(headers['retry-after'], headers.date, nowAt, limits.tenantRetryAfterMs)
  const error = errorIn(readJson(body, headers['content-type']))
  return faultOfStatus({ status, host, error, retryAfterMs })
}

/**
 * Reads the envelope of a success with `schema` for all that stands in it. `tenant-answer-broken` {problem, field} tells what
 * cannot be used; an envelope that says it is no success is `tenant-refused`, whatever the status.
 */
export function readEnvelope<S extends z.ZodType>(
  schema: S,
  { status, body, headers }: TenantAnswer,
  host: string,
): Result<z.infer<S>, TenantFailure> {
  const json = readJson(body, headers['content-type'])
  if (!json.ok) return brokenAnswer(host, json.problem, json.detail === '' ? {} : { found: json.detail })
  const envelope = wireEnvelopeSchema.safeParse(json.value)
  if (!envelope.success) return brokenAnswer(host, 'field', { field: fieldOf(envelope.error) || 'success' })
  if (!envelope.data.success) {
    const error = errorIn(json)
    return fail('tenant-refused', { host, status, ...(error?.message ? { reason: error.message } : {}) })
  }
  const read = schema.safeParse(json.value)
  return read.success ? ok(read.data) : brokenAnswer(host, 'field', { field: fieldOf(read.error) })
}

/** A success that has nothing to say: no body at all, or an envelope. A page with status 200 is neither. */
export function readDone(answer: TenantAnswer, host: string): Result<null, TenantFailure> {
  if (answer.body.length === 0) return ok(null)
  const read = readEnvelope(wireEnvelopeSchema, answer, host)
  return read.ok ? ok(null) : read
}

/** An envelope with one thing in it. */
export function dataOf<S extends z.ZodType>(schema: S) {
  return z.object({ data: schema })
}

/** The entity tag of an answer as it came, or null when there is none that could be sent back. */
export function etagOf({ headers }: TenantAnswer): string | null {
  const { etag } = headers
  return etag !== undefined && /^(?:W\/)?"[\x21\x23-\x7e]{0,1000}"$/.test(etag) ? etag : null
}

function errorIn(json: ReadJson): WireError | null {
  if (!json.ok || typeof json.value !== 'object' || json.value === null || !('error' in json.value))
    return null
  const error = wireErrorSchema.safeParse(json.value.error)
  return error.success ? error.data : null
}
