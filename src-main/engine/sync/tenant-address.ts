import { fail, ok, type Result } from '#shared/failure.ts'
import { isLoopback } from '../net/loopback.ts'
import { limits } from '../net/limits.ts'

/** Where a tenant API is, and whose data are asked for there. */
export type TenantConnection = {
  /** As `readBaseUrl` gives it. */
  readonly baseUrl: string
  readonly tenantId: string
}

/**
 * The address of a tenant API as a person typed it, in its one form: no slash at the end, without the `/api/v1` that all
 * paths begin with. `tenant-address-not-allowed` {reason} when it is no URL, leads elsewhere than to https or this machine,
 * or carries a login or a query.
 */
export function readBaseUrl(text: string): Result<string, 'tenant-address-not-allowed'> {
  const typed = text.trim()
  if (typed.length > limits.tenantUrlCharacters || !URL.canParse(typed)) return notAllowed('not-a-url')
  const url = new URL(typed)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return notAllowed('not-a-url')
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) return notAllowed('plain-http')
  if (url.username !== '' || url.password !== '') return notAllowed('credentials')
  if (url.search !== '' || url.hash !== '' || /[?#]$/.test(typed)) return notAllowed('query')
  const path = url.pathname.replace(/\/+$/, '').replace(/\/api\/v1$/, '')
  return ok(`${url.origin}${path}`)
}

/** A tenant id that fits into a header. `tenant-address-not-allowed` {reason} otherwise. */
export function readTenantId(text: string): Result<string, 'tenant-address-not-allowed'> {
  const typed = text.trim()
  return /^[\x21-\x7e]{1,200}$/.test(typed) ? ok(typed) : notAllowed('tenant-id')
}

/** Whether a token can stand in a header at all. */
export function isToken(text: string): boolean {
  return text.length <= limits.tenantTokenCharacters && /^[\x21-\x7e]+$/.test(text)
}

function notAllowed(reason: string) {
  return fail('tenant-address-not-allowed', { reason })
}
