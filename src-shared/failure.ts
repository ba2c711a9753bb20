/**
 * Failures are data: something a person asked for could not be done, for a reason that has a name.
 * The sentences stand in `src-shared/words`, typed by these codes.
 */

export const failureCodes = [
  // the wire and the door of the engine
  'wire-lost',
  'timed-out',
  'cancelled',
  'invalid-input',
  'build-differs',
  'not-allowed',
  'internal',
  // a domain name as typed
  'domain-empty',
  'domain-has-scheme',
  'domain-has-path',
  'domain-has-port',
  'domain-has-space',
  'domain-is-email',
  'domain-is-address',
  'domain-empty-label',
  'domain-label-too-long',
  'domain-too-long',
  'domain-bad-character',
  'domain-bad-hyphen',
  'domain-bad-idn',
  'domain-is-public-suffix',
  // a mail address as typed
  'address-empty',
  'address-has-scheme',
  'address-has-name',
  'address-has-space',
  'address-several',
  'address-without-at',
  'address-many-ats',
  'address-local-empty',
  'address-local-too-long',
  'address-domain-empty',
  'address-too-long',
  'address-bad-dot',
  'address-bad-character',
  'address-not-ascii',
  'address-quote-open',
  // domains
  'domain-already-added',
  'domain-not-found',
  'import-too-large',
  // records to publish
  'name-leads-to-itself',
  'dkim-selector-taken',
  'dkim-key-not-found',
  // files
  'zone-problems',
  'zone-without-domain',
  'snapshot-unreadable',
  'snapshot-version',
  'snapshot-damaged',
  'file-too-large',
  // settings
  'resolver-address-invalid',
  // blacklists
  'blacklist-denied',
  'blacklist-zone-invalid',
  'blacklist-already-added',
  'blacklist-not-found',
  'blacklist-key-invalid',
  // mailboxes
  'mailbox-already-added',
  'mailbox-not-found',
  'mailbox-not-tested',
  'mailbox-credential-missing',
  'mailbox-without-imap',
  'mailbox-folder-missing',
  'domain-has-mailboxes',
  'mailbox-import-gone',
  'csv-empty',
  'csv-without-address',
  'mailbox-unreachable',
  'message-gone',
  // signing in with a provider
  'oauth-client-missing',
  'oauth-client-invalid',
  'oauth-client-refused',
  'oauth-redirect-refused',
  'oauth-consent-refused',
  'oauth-consent-by-admin',
  'oauth-blocked-by-policy',
  'oauth-account-refused',
  'oauth-scope-missing',
  'oauth-other-account',
  'oauth-answer-not-ours',
  'oauth-browser-unopened',
  'oauth-listener-failed',
  'oauth-timed-out',
  'oauth-unreachable',
  'oauth-provider-down',
  'oauth-provider-refused',
  'oauth-not-signed-in',
  'oauth-sign-in-again',
  // the tenant API
  'tenant-not-connected',
  'tenant-address-not-allowed',
  'tenant-unreachable',
  'tenant-timed-out',
  'tenant-certificate',
  'tenant-redirected',
  'tenant-unauthorised',
  'tenant-forbidden',
  'tenant-not-found',
  'tenant-conflict',
  'tenant-stale',
  'tenant-refused',
  'tenant-rate-limited',
  'tenant-server-error',
  'tenant-answer-broken',
  'tenant-answer-too-large',
  // the vault
  'vault-no-keychain',
  'vault-damaged',
  'vault-locked',
  'vault-key-gone',
  'vault-wrong-passphrase',
  'vault-wait',
  'vault-passphrase-short',
  // the data folder
  'data-folder-locked',
  'data-folder-unwritable',
  'data-damaged',
  'data-newer',
  'disk-full',
  // host
  'link-not-allowed',
] as const

export type FailureCode = (typeof failureCodes)[number]

/** When it is worth trying again: `never` as asked, `later` when something outside changed, `now` at once. */
export type Retry = 'never' | 'later' | 'now'

export type FailureDetail = Readonly<Record<string, string | number | boolean>>

export type Failure<C extends FailureCode = FailureCode> = {
  readonly code: C
  readonly retry: Retry
  /** Facts for the sentence a person reads; never a secret, never a stack. */
  readonly detail: FailureDetail
}

export type Ok<T> = { readonly ok: true; readonly value: T }
export type Fail<C extends FailureCode = FailureCode> = { readonly ok: false; readonly failure: Failure<C> }
export type Result<T, C extends FailureCode = FailureCode> = Ok<T> | Fail<C>

export function ok<T>(value: T): Ok<T> {
  return { ok: true, value }
}

export function fail<C extends FailureCode>(
  code: C,
  detail: FailureDetail = {},
  retry: Retry = 'never',
): Fail<C> {
  return { ok: false, failure: { code, retry, detail } }
}
