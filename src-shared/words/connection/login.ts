import type { ConnectionFacts, ConnectionFailureCode } from '../../model/connection.ts'
import { countOf } from '../phrases.ts'
import { always, type ConnectionWords, hostOf, rfc, serverOf } from './words.ts'

type LoginCode = Extract<ConnectionFailureCode, `auth.${string}` | `limit.${string}`>

const signIn = 'Sign in with the provider (OAuth) instead of a password.'
const admin = 'Ask the administrator of the mail service.'

export const loginWords: Record<LoginCode, ConnectionWords> = {
  'auth.bad-credentials': {
    title: facts => `${hostOf(facts)} refused the user name or the password.`,
    cause: always('The connection works; the name, the password, or both are not what the server knows.'),
    fixes: facts => [
      ...(facts['appPassword'] === true
        ? [
            'Make an app password and use that: most accounts of this provider take no other from a mail program.',
          ]
        : []),
      'Type the password again, and watch for a space at either end after pasting.',
      'Check the user name: some servers want the whole address, some only the part before the @.',
      ...(facts['appPassword'] === true
        ? []
        : ['If the account has two-step verification, make an app password and use that.']),
      'Try the same password in the provider’s webmail; an app password does not work there.',
    ],
    link: rfc(4954, '6'),
    retry: 'never',
  },
  'auth.app-password-required': {
    title: facts => `${hostOf(facts)} wants an app password here.`,
    cause: always(
      'The account has two-step verification, so the usual password does not open it for programs.',
    ),
    fixes: always([
      'Make an app password in the security settings of the account, and use it in place of the usual one.',
      signIn,
      'If there is no such page, an administrator has switched app passwords off.',
    ]),
    link: null,
    retry: 'never',
  },
  'auth.web-login-required': {
    title: facts => `${hostOf(facts)} wants you to sign in with a browser first.`,
    cause: always(
      'The provider finds this login unusual, most often because the place or the machine is new to it.',
    ),
    fixes: always([
      'Sign in to the webmail with a browser on this network and confirm that it was you, then try again.',
      'Make an app password, or sign in with the provider (OAuth).',
    ]),
    link: null,
    retry: 'later',
  },
  'auth.oauth-required': {
    title: facts => `${hostOf(facts)} takes no passwords any more.`,
    cause: always(
      'The provider has switched password logins off; only a sign-in with the provider (OAuth) is left.',
    ),
    fixes: always([
      signIn,
      'For Microsoft 365: an administrator must have allowed the program for the organisation.',
    ]),
    link: 'https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/deprecation-of-basic-authentication-exchange-online',
    retry: 'never',
  },
  'auth.smtp-disabled': {
    title: facts => `Sending with a login (SMTP AUTH) is switched off at ${hostOf(facts)}.`,
    cause: always('The organisation or the mailbox has it disabled; the password may well be right.'),
    fixes: always([
      'An administrator can switch on “Authenticated SMTP” for this mailbox in the Microsoft 365 admin centre.',
      'It must be allowed for the organisation too: nothing may be sent this way before, neither with a password nor with a sign-in (OAuth).',
      'Wait up to an hour after the change, then sign in with the provider (OAuth): passwords are on their way out there, and security defaults refuse them.',
    ]),
    link: 'https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission',
    retry: 'later',
  },
  'auth.security-defaults': {
    title: facts => `The security defaults of the organisation forbid this login at ${hostOf(facts)}.`,
    cause: always('Microsoft’s security defaults block every login by password alone.'),
    fixes: always([signIn, 'An administrator can replace the security defaults by rules of their own.']),
    link: 'https://learn.microsoft.com/entra/fundamentals/security-defaults',
    retry: 'never',
  },
  'auth.conditional-access': {
    title: facts => `A rule of the organisation forbids this login at ${hostOf(facts)}.`,
    cause: always('Conditional access asks for more: a known device, a known place, or a second factor.'),
    fixes: always([
      'Ask the administrator which rule it was; the sign-in log of the organisation names it.',
      signIn,
    ]),
    link: 'https://learn.microsoft.com/entra/identity/conditional-access/overview',
    retry: 'never',
  },
  'auth.imap-disabled': {
    title: facts => `Reading with IMAP is switched off for this mailbox at ${hostOf(facts)}.`,
    cause: always('The password may be right; the mailbox is not open to mail programs.'),
    fixes: always([
      'Switch IMAP on in the settings of the webmail, then try again after a few minutes.',
      admin,
    ]),
    link: null,
    retry: 'never',
  },
  'auth.too-many-attempts': {
    title: facts => `${hostOf(facts)} has had too many logins and wants a pause.`,
    cause: always(
      'There were too many, or too many wrong ones, in a short time. It says nothing about this password.',
    ),
    fixes: always([
      'Wait an hour, then try once.',
      'Look for another program that still uses an old password.',
      'Sign in to the webmail once to lift the block.',
    ]),
    link: rfc(4954, '6'),
    retry: 'later',
  },
  'auth.account-locked': {
    title: facts => `The account is locked or closed at ${hostOf(facts)}.`,
    cause: always('The provider has disabled it; no password opens it until that is settled.'),
    fixes: always([
      'Sign in to the webmail: it says what the provider wants.',
      admin,
      'If the account is new, finish setting it up in the browser.',
    ]),
    link: rfc(5530, '3'),
    retry: 'never',
  },
  'auth.password-expired': {
    title: facts => `The password has run out at ${hostOf(facts)}.`,
    cause: always('The server knows it and wants a new one.'),
    fixes: always(['Set a new password in the webmail or with the administrator, then enter it here.']),
    link: rfc(5530, '3'),
    retry: 'never',
  },
  'auth.not-authorised': {
    title: facts => `The login is right, and ${hostOf(facts)} still does not open this mailbox to it.`,
    cause: always('The account may not use this mailbox, as with shared mailboxes and delegates.'),
    fixes: always([
      'Check that the user name belongs to this address.',
      'Have access to the mailbox granted.',
      admin,
    ]),
    link: rfc(5530, '3'),
    retry: 'never',
  },
  'auth.mechanism-unsupported': {
    title: facts => `${hostOf(facts)} and Rookery have no way to log in in common.`,
    cause: facts => {
      const wanted = facts['wanted']
      return wanted === 'XOAUTH2'
        ? 'The server offers no login with a token (OAuth).'
        : 'The server offers none of PLAIN, LOGIN and CRAM-MD5.'
    },
    fixes: facts =>
      facts['wanted'] === 'XOAUTH2'
        ? ['Use a password, or an app password.', 'Check the server name: it may not be the provider’s own.']
        : ['Ask whoever runs the server to offer PLAIN over TLS.', signIn],
    link: rfc(4954, '3'),
    retry: 'never',
  },
  'auth.not-offered': {
    title: facts => `${serverOf(facts)} lets nobody log in.`,
    cause: always('The server offers no login on this port; port 25 is for servers among themselves.'),
    fixes: always(['Use port 465 with TLS, or 587 with STARTTLS.', 'Check the server name.', admin]),
    link: rfc(6409, '3'),
    retry: 'never',
  },
  'auth.encryption-required': {
    title: facts => `${hostOf(facts)} takes logins only over an encrypted connection.`,
    cause: always('The connection is not encrypted, so the server refuses the password.'),
    fixes: always(['Choose TLS (465, 993) or STARTTLS (587, 143).']),
    link: rfc(4954, '6'),
    retry: 'never',
  },
  'auth.unavailable': {
    title: facts => `${hostOf(facts)} cannot check passwords right now.`,
    cause: always('The server said itself that this is temporary. It says nothing about the password.'),
    fixes: always(['Try again in a few minutes.', 'See whether the provider reports an outage.']),
    link: rfc(4954, '6'),
    retry: 'later',
  },
  'auth.token-expired': {
    title: facts => `${hostOf(facts)} no longer takes this sign-in.`,
    cause: always('The token has run out or was made for something else.'),
    fixes: always(['Try again: a new token is fetched.', 'If it stays so, sign in again.']),
    link: rfc(7628, '3.2'),
    retry: 'now',
  },
  'auth.sign-in-again': {
    title: facts =>
      `Sign in again: the sign-in ${facts['host'] === undefined ? '' : `at ${hostOf(facts)} `}has ended.`,
    cause: always(
      'The password was changed, the permission was taken back, or it was not used for too long.',
    ),
    fixes: always([
      'Sign in again with the provider.',
      'Check in the account that Rookery is still allowed.',
    ]),
    link: rfc(6749, '5.2'),
    retry: 'never',
  },
  'limit.connections': {
    title: facts => `${hostOf(facts)} has too many connections from this mailbox.`,
    cause: always('Providers allow a handful at a time, Gmail fifteen; phones and other programs count too.'),
    fixes: always([
      'Close other mail programs that have this mailbox open.',
      'Wait ten minutes, then try again.',
    ]),
    link: rfc(5530, '3'),
    retry: 'later',
  },
  'limit.bandwidth': {
    title: facts =>
      restMinutesOf(facts) === null
        ? `The mailbox has used up its traffic at ${hostOf(facts)}.`
        : `${hostOf(facts)} has been asked too much of this mailbox.`,
    cause: facts =>
      restMinutesOf(facts) === null
        ? 'The provider counts how much is read, and locks the mailbox for up to a day.'
        : 'The provider counts what is asked, and wants to be left alone for a while.',
    fixes: facts => {
      const minutes = restMinutesOf(facts)
      return [
        minutes === null ? 'Wait until tomorrow.' : `Wait ${countOf(minutes, 'minute')}, as the server asks.`,
        'Look for a program that downloads the whole mailbox again and again.',
      ]
    },
    link: 'https://support.google.com/a/answer/1071518',
    retry: 'later',
  },
}

/** How long the server asks to be left alone, in whole minutes; null where it does not say. */
function restMinutesOf(facts: ConnectionFacts): number | null {
  const waitMs = facts['waitMs']
  return typeof waitMs === 'number' ? Math.max(1, Math.ceil(waitMs / 60_000)) : null
}
