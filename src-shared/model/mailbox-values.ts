/** What a mailbox may send in a day, at least and at most; the domain says how much unless the mailbox has its own. */
export const dailyLimits = { least: 10, most: 500, usual: 50 } as const

/**
 * Active: its last test or re-check passed. Not fully tested: what was looked at works, but not everything was. Auth
 * failed: the server refused the login. Rate limited: until a known moment, then it goes on by itself. Paused and
 * Disabled: a person said so; a paused one is still re-checked.
 */
export const mailboxStatuses = [
  'active',
  'not-fully-tested',
  'auth-failed',
  'rate-limited',
  'paused',
  'disabled',
] as const
export type MailboxStatus = (typeof mailboxStatuses)[number]

/** Why the status is what it is, beside the failure codes of a connection. */
export const mailboxReasonCodes = [
  'not-tested-yet',
  'test-email-not-sent',
  'no-imap',
  'partly-tested',
  'by-person',
  'credential-missing',
] as const
