import { type Fail, fail, type FailureDetail } from '#shared/failure.ts'
import type { TenantFailure } from '#shared/words/failures/tenant.ts'
import { codeOf, httpsFaultOf, wayTroubleOf } from '../net/classify.ts'
import type { WireError } from './tenant-wire.ts'

/** What an error without an answer means. `isProxied` when a proxy stands between. */
export function faultOfError(error: Error, host: string, isProxied: boolean): Fail<TenantFailure> {
  const fault = httpsFaultOf(error)
  if (fault?.fault.startsWith('certificate-'))
    return fail('tenant-certificate', { host, problem: fault.fault.slice('certificate-'.length) }, 'later')
  if (fault?.fault === 'too-large') return fail('tenant-answer-too-large', { host }, 'later')
  if (fault?.fault === 'malformed')
    return fail('tenant-answer-broken', { host, problem: 'http', found: codeOf(error) }, 'later')
  const trouble = wayTroubleOf(error)
  if (trouble === 'timeout') return fail('tenant-timed-out', { host }, 'later')
  // Then it is the proxy that has no address, or that nothing listens at.
  const cause = isProxied && trouble !== 'reset' && trouble !== 'tls' ? 'proxy' : trouble
  return fail('tenant-unreachable', { host, cause }, 'later')
}

export type Refusal = {
  readonly status: number
  readonly host: string
  /** What the server said in the envelope; null when it said nothing we could read. */
  readonly error: WireError | null
  readonly retryAfterMs: number | null
}

/**
 * What a status that is no success means (RFC 9110 §15.5, §15.6; RFC 6585 §4). The server's own words stand in it as they
 * came: whoever shows or keeps them passes them through `evidenceOf` first.
 */
export function faultOfStatus({ status, host, error, retryAfterMs }: Refusal): Fail<TenantFailure> {
  const code = error?.code ?? ''
  const facts = (more: FailureDetail = {}): FailureDetail => ({
    host,
    status,
    ...withText('code', code),
    ...withText('reason', error?.message),
    ...withText('field', error?.details['field']),
    ...withText('id', error?.details['id']),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
    ...more,
  })
  if (status >= 500) return fail('tenant-server-error', facts(), 'later')
  switch (status) {
    case 401:
      return fail('tenant-unauthorised', facts())
    case 403:
      return fail('tenant-forbidden', facts())
    case 404:
    case 410:
      // Whatever stands before a server says this too while the server is away, and of everything.
      return error === null ? brokenAnswer(host, 'status', { status }) : fail('tenant-not-found', facts())
    case 407:
      return fail('tenant-unreachable', facts({ cause: 'proxy' }), 'later')
    case 408:
      return fail('tenant-timed-out', facts(), 'later')
    case 409:
      if (code === 'domain_exists') return fail('tenant-conflict', facts())
      if (code === 'request_in_progress') return fail('tenant-server-error', facts(), 'later')
      return fail('tenant-refused', facts())
    case 412:
      return fail('tenant-stale', facts())
    case 429:
      return fail('tenant-rate-limited', facts(), 'later')
    default:
      return status >= 400
        ? fail('tenant-refused', facts())
        : fail('tenant-answer-broken', { host, problem: 'status', status }, 'later')
  }
}

export function brokenAnswer(host: string, problem: string, detail: FailureDetail = {}): Fail<TenantFailure> {
  return fail('tenant-answer-broken', { host, problem, ...detail }, 'later')
}

/**
 * How long a server asks to be left alone, in milliseconds, at most `mostMs`: seconds, or a date (RFC 9110 §10.2.3), which is
 * taken by the server's own clock where it says what time it has. Null when it asks for nothing that can be read.
 */
export function readRetryAfter(
  header: string | undefined,
  date: string | undefined,
  nowAt: number,
  mostMs: number,
): number | null {
  const text = header?.trim() ?? ''
  if (/^\d+$/.test(text)) return Math.min(mostMs, Number(text) * 1_000)
  // Date.parse takes a lone number for a year.
  const untilAt = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(untilAt)) return null
  const serverAt = Date.parse(date ?? '')
  return Math.min(mostMs, Math.max(0, untilAt - (Number.isNaN(serverAt) ? nowAt : serverAt)))
}

function withText(name: string, text: unknown): FailureDetail {
  return typeof text === 'string' && text !== '' ? { [name]: text } : {}
}
