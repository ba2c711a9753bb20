import type { FailureCode, FailureDetail } from '../../failure.ts'
import { always, type FailureWords, text } from './words.ts'

export type OauthFailure = Extract<FailureCode, `oauth-${string}`>

const names: Readonly<Record<string, string>> = { google: 'Google', microsoft: 'Microsoft' }

function provider(detail: FailureDetail): string {
  return names[text(detail, ['provider'], '')] ?? 'The provider'
}

/** The provider's own number for it, for whoever looks it up. */
function number(detail: FailureDetail): string {
  const code = text(detail, ['aadsts'], '')
  return code === '' ? '' : ` (AADSTS${code})`
}

export const oauthFailureWords: Record<OauthFailure, FailureWords> = {
  'oauth-client-missing': {
    title: detail => `Signing in with ${provider(detail)} needs a client ID, and none is set.`,
    cause: 'Mail programs are registered with the provider; the client ID says which one is asking.',
    next: always('Add one under Settings, Sign-in. The steps stand there.'),
  },
  'oauth-client-invalid': {
    title: always('This is not a client ID.'),
    next: always('Copy it whole from the provider’s page; it has no spaces.'),
  },
  'oauth-client-refused': {
    title: detail => `${provider(detail)} does not accept the client ID or its secret${number(detail)}.`,
    cause:
      'It was mistyped or deleted, its secret has expired, or it is not registered as a desktop program.',
    next: always('Check it under Settings, Sign-in, against the provider’s page.'),
  },
  'oauth-redirect-refused': {
    title: detail => `${provider(detail)} does not know the address it should come back to${number(detail)}.`,
    next: always('Register the client ID as a desktop program, with the redirect address from the settings.'),
  },
  'oauth-consent-refused': {
    title: always('Access to the mailbox was not granted.'),
    next: always('Sign in again and allow it, if you want Rookery to send and read mail there.'),
  },
  'oauth-consent-by-admin': {
    title: detail => `An administrator must allow Rookery first${number(detail)}.`,
    cause: 'This organisation does not let people grant access to programs by themselves.',
    next: always('Ask the administrator to approve the client ID for mail, then sign in again.'),
  },
  'oauth-blocked-by-policy': {
    title: detail => `A rule of the organisation stopped the sign-in${number(detail)}.`,
    cause: 'Conditional access can demand a managed device, a place or a second factor.',
    next: always('Ask the administrator which rule it was; the number tells them.'),
  },
  'oauth-account-refused': {
    title: detail => `This account may not be used${number(detail)}.`,
    cause: 'It is disabled, unknown, or not assigned to the program.',
    next: always('Sign in with the account of the mailbox, or ask the administrator.'),
  },
  'oauth-scope-missing': {
    title: always('Signed in, but without access to mail.'),
    next: always('Sign in again and leave every permission ticked.'),
  },
  'oauth-other-account': {
    title: detail =>
      `${text(detail, ['account'], 'Another account')} signed in, not ${text(detail, ['expected'], 'the one of this mailbox')}.`,
    next: always('Sign in again and choose the account of the mailbox. Nothing was kept.'),
  },
  'oauth-answer-not-ours': {
    title: always('The answer in the browser does not belong to this sign-in.'),
    cause: 'It carries another mark than the one that was sent, so it was not used.',
    next: always('Close old sign-in tabs and start again.'),
  },
  'oauth-browser-unopened': {
    title: always('The browser did not open.'),
    next: always('Check which browser your system opens links with, then start again.'),
  },
  'oauth-listener-failed': {
    title: always('The answer of the browser cannot be taken on this machine.'),
    cause: 'No port could be opened on 127.0.0.1.',
    next: always('Look for a firewall or security program that forbids it, then start again.'),
  },
  'oauth-timed-out': {
    title: always('The sign-in was not finished in time.'),
    cause:
      'If the browser showed an error instead of the account list, the client ID or its redirect address is wrong.',
    next: always('Start again when you are ready.'),
  },
  'oauth-unreachable': {
    title: detail => `${provider(detail)} could not be reached.`,
    next: always('Check the network. Your sign-in is kept, and is tried again.'),
  },
  'oauth-provider-down': {
    title: detail =>
      `${provider(detail)} has trouble itself (status ${text(detail, ['status'], 'unknown')}).`,
    next: always('Try again in a while. Your sign-in is kept.'),
  },
  'oauth-provider-refused': {
    title: detail =>
      `${provider(detail)} refused with “${text(detail, ['error'], 'an unknown error')}”${number(detail)}.`,
    next: always('Try again. If it stays, check the client ID under Settings, Sign-in.'),
  },
  'oauth-not-signed-in': {
    title: always('Nobody has signed in for this mailbox yet.'),
    next: always('Sign in with the provider.'),
  },
  'oauth-sign-in-again': {
    title: detail => `${provider(detail)} ended this sign-in${number(detail)}.`,
    cause: 'It was revoked or too long unused, the password changed, or the organisation asks anew.',
    next: always('Sign in again.'),
  },
}
