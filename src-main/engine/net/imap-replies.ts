import type { ConnectionFailureCode } from '#shared/model/connection.ts'

/** What was asked when the server answered. */
export type ImapMoment = 'greeting' | 'starttls' | 'login' | 'folder' | 'command'

/** Precise words of the large providers, which often stand in an ALERT beside a vague response code (field practice). */
const loginWords: readonly (readonly [RegExp, ConnectionFailureCode])[] = [
  [
    /application[- ]specific password|app(?:lication)?[- ]password|authori[sz]ation code/i,
    'auth.app-password-required',
  ],
  [
    /\[webalert|log ?in (?:via|with|through) (?:your |a )?web ?browser|web login required/i,
    'auth.web-login-required',
  ],
  [
    /not enabled for imap|imap (?:access )?(?:is )?(?:disabled|not activated|not enabled)/i,
    'auth.imap-disabled',
  ],
  [/basic ?auth(?:entication)?[ -]?(?:is )?(?:disabled|blocked)/i, 'auth.oauth-required'],
  [/security defaults/i, 'auth.security-defaults'],
  [/conditional access|did not meet the criteria|aadsts(?:53003|50076|50079)/i, 'auth.conditional-access'],
  [/too many simultaneous|too many connections|maximum number of connections/i, 'limit.connections'],
  [/bandwidth/i, 'limit.bandwidth'],
  [/too many[^.]*(?:log ?-?ins?|attempts|auth|fail)/i, 'auth.too-many-attempts'],
  [/(?:account|user|mailbox)[^.]{0,30}(?:locked|disabled|suspended|blocked)/i, 'auth.account-locked'],
]

/** The response codes of RFC 5530 and RFC 9051 §7.1, at the login. */
const loginCodes: Readonly<Record<string, ConnectionFailureCode>> = {
  AUTHENTICATIONFAILED: 'auth.bad-credentials',
  AUTHORIZATIONFAILED: 'auth.not-authorised',
  EXPIRED: 'auth.password-expired',
  PRIVACYREQUIRED: 'auth.encryption-required',
  CONTACTADMIN: 'auth.account-locked',
  WEBALERT: 'auth.web-login-required',
  UNAVAILABLE: 'auth.unavailable',
  INUSE: 'auth.unavailable',
  SERVERBUG: 'auth.unavailable',
  LIMIT: 'limit.connections',
  OVERQUOTA: 'limit.bandwidth',
}

const folderCodes: Readonly<Record<string, ConnectionFailureCode>> = {
  NONEXISTENT: 'imap.no-inbox',
  NOPERM: 'imap.no-inbox',
  OVERQUOTA: 'imap.quota-full',
  LIMIT: 'limit.connections',
}

export type ImapRefusal = {
  /** `NO`, `BAD` or `BYE`. */
  readonly status: string
  /** The response code without its brackets, such as `AUTHENTICATIONFAILED`. */
  readonly responseCode: string | null
  /** The refusal and every alert before it. */
  readonly words: string
  readonly host: string
  readonly oauth: boolean
}

/** What a refusal means at a moment. Words that are precise go first, then the response code, then the bare answer. */
export function meaningOfImapRefusal(moment: ImapMoment, refusal: ImapRefusal): ConnectionFailureCode {
  const { status, words, host, oauth } = refusal
  const responseCode = refusal.responseCode?.toUpperCase().split(' ')[0] ?? ''
  if (moment === 'greeting') {
    if (/too many/i.test(words) || responseCode === 'LIMIT') return 'limit.connections'
    return responseCode === 'UNAVAILABLE' || /try again|later|temporar/i.test(words)
      ? 'server.unavailable'
      : 'server.refused'
  }
  if (moment === 'starttls') return 'tls.starttls-refused'
  if (moment === 'folder') return folderCodes[responseCode] ?? 'imap.no-inbox'
  if (moment === 'command') return folderCodes[responseCode] ?? 'imap.command-refused'
  const precise = loginWords.find(([pattern]) => pattern.test(words))?.[1]
  if (precise) return precise
  if (status === 'BYE') return 'server.unavailable'
  if (status === 'BAD') return 'server.misbehaves'
  const coded = loginCodes[responseCode]
  if (oauth && (coded === undefined || coded === 'auth.bad-credentials')) return 'auth.token-expired'
  if (coded) return coded
  return /(?:^|\.)(?:office365|outlook|hotmail)\.com$/i.test(host)
    ? 'auth.oauth-required'
    : 'auth.bad-credentials'
}

/** The status in the answer to XOAUTH2 or OAUTHBEARER: 400 is a token nobody will take again, others have run out. */
export function meaningOfTokenStatus(status: string): ConnectionFailureCode {
  return status === '400' || status === 'invalid_grant' ? 'auth.sign-in-again' : 'auth.token-expired'
}
