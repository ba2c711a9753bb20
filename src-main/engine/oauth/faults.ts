import {
  AuthorizationResponseError,
  OperationProcessingError,
  ResponseBodyError,
  UnsupportedOperationError,
  WWWAuthenticateChallengeError,
} from 'oauth4webapi'
import { type Fail, fail, type FailureDetail } from '#shared/failure.ts'
import type { OauthProviderId } from '#shared/model/oauth.ts'
import type { OauthFailure } from '#shared/words/failures/oauth.ts'

/** Where the words of a provider came from: the browser coming back, or an answer to one of our requests. */
export type OauthStep = 'authorization' | 'exchange' | 'refresh'

/**
 * What went wrong at a provider, from what oauth4webapi threw: the error code of RFC 6749 §4.1.2.1 and §5.2, and Microsoft's
 * number in the description, which says more. Sentences of the provider are not kept: they hold names of accounts.
 */
export function oauthFailure(
  provider: OauthProviderId,
  step: OauthStep,
  thrown: unknown,
): Fail<OauthFailure> {
  const told = toldBy(thrown)
  if (told === null) return fail('oauth-unreachable', { provider }, 'later')
  const { error, description, status } = told
  const aadsts = /AADSTS(\d{4,8})/.exec(description)?.[1] ?? null
  const detail: FailureDetail = {
    provider,
    ...(error === '' ? {} : { error: error.slice(0, 60) }),
    ...(aadsts === null ? {} : { aadsts }),
    ...(status === null ? {} : { status }),
  }
  if (status !== null && (status >= 500 || status === 429))
    return fail('oauth-provider-down', detail, 'later')
  const byNumber = aadsts === null ? undefined : numbers[aadsts]
  // A number that an administrator can act on says more than that the grant is over.
  if (byNumber !== undefined) return fail(byNumber, detail)
  if (step === 'refresh' && endings.has(error)) return fail('oauth-sign-in-again', detail)
  return fail(errors[error] ?? 'oauth-provider-refused', detail, retryable.has(error) ? 'later' : 'never')
}

const endings: ReadonlySet<string> = new Set([
  'invalid_grant',
  'interaction_required',
  'login_required',
  'consent_required',
])

const retryable: ReadonlySet<string> = new Set(['server_error', 'temporarily_unavailable'])

const errors: Readonly<Record<string, OauthFailure>> = {
  access_denied: 'oauth-consent-refused',
  consent_required: 'oauth-consent-by-admin',
  admin_policy_enforced: 'oauth-blocked-by-policy',
  org_internal: 'oauth-account-refused',
  disallowed_useragent: 'oauth-provider-refused',
  invalid_client: 'oauth-client-refused',
  unauthorized_client: 'oauth-client-refused',
  deleted_client: 'oauth-client-refused',
  redirect_uri_mismatch: 'oauth-redirect-refused',
  invalid_scope: 'oauth-scope-missing',
  server_error: 'oauth-provider-down',
  temporarily_unavailable: 'oauth-provider-down',
}

/** learn.microsoft.com/entra/identity-platform/reference-error-codes */
const numbers: Readonly<Record<string, OauthFailure>> = {
  // consent
  65001: 'oauth-consent-by-admin',
  65004: 'oauth-consent-refused',
  90094: 'oauth-consent-by-admin',
  90008: 'oauth-consent-by-admin',
  // rules of the organisation
  53000: 'oauth-blocked-by-policy',
  53001: 'oauth-blocked-by-policy',
  53002: 'oauth-blocked-by-policy',
  53003: 'oauth-blocked-by-policy',
  53004: 'oauth-blocked-by-policy',
  530003: 'oauth-blocked-by-policy',
  530004: 'oauth-blocked-by-policy',
  // the account
  50020: 'oauth-account-refused',
  50034: 'oauth-account-refused',
  50053: 'oauth-account-refused',
  50057: 'oauth-account-refused',
  50105: 'oauth-account-refused',
  51004: 'oauth-account-refused',
  500011: 'oauth-scope-missing',
  650053: 'oauth-scope-missing',
  // the client
  50011: 'oauth-redirect-refused',
  500113: 'oauth-redirect-refused',
  70001: 'oauth-client-refused',
  700016: 'oauth-client-refused',
  7000112: 'oauth-client-refused',
  7000215: 'oauth-client-refused',
  7000218: 'oauth-client-refused',
  7000222: 'oauth-client-refused',
  // over: a new sign-in helps
  50072: 'oauth-sign-in-again',
  50074: 'oauth-sign-in-again',
  50076: 'oauth-sign-in-again',
  50078: 'oauth-sign-in-again',
  50079: 'oauth-sign-in-again',
  50089: 'oauth-sign-in-again',
  50132: 'oauth-sign-in-again',
  50133: 'oauth-sign-in-again',
  50173: 'oauth-sign-in-again',
  70000: 'oauth-sign-in-again',
  70008: 'oauth-sign-in-again',
  70043: 'oauth-sign-in-again',
  700082: 'oauth-sign-in-again',
  700084: 'oauth-sign-in-again',
}

type Told = { readonly error: string; readonly description: string; readonly status: number | null }

/** What the provider said; null when it said nothing we could read. */
function toldBy(thrown: unknown): Told | null {
  if (thrown instanceof AuthorizationResponseError)
    return { error: thrown.error, description: thrown.error_description ?? '', status: null }
  if (thrown instanceof ResponseBodyError)
    return { error: thrown.error, description: thrown.error_description ?? '', status: thrown.status }
  if (thrown instanceof WWWAuthenticateChallengeError)
    return { error: 'invalid_client', description: '', status: thrown.status }
  if (thrown instanceof OperationProcessingError || thrown instanceof UnsupportedOperationError) {
    const status = thrown.cause instanceof Response ? thrown.cause.status : null
    return { error: status === null || status < 400 ? 'unreadable_answer' : '', description: '', status }
  }
  return null
}
