import type { ConnectionFailureCode } from '#shared/model/connection.ts'

/** What was asked when the server answered. */
export type SmtpMoment = 'greeting' | 'hello' | 'starttls' | 'login' | 'mail' | 'rcpt' | 'data'

type Rule = {
  readonly when: readonly SmtpMoment[]
  readonly says: RegExp
  readonly means: ConnectionFailureCode
}

const sending: readonly SmtpMoment[] = ['mail', 'rcpt', 'data']

/**
 * What a refusal means, the first that fits. `says` is held against the whole reply, code and enhanced code first.
 * RFC 5321 §4.2, RFC 4954 §6, RFC 3463, RFC 5248; the words are those of the large providers (field practice).
 */
const rules: readonly Rule[] = [
  // Anywhere: the server has had enough of us.
  {
    when: ['greeting', 'hello', 'login'],
    says: /^4(?:32 4\.3\.2|\d\d .*(?:too many|concurrent|simultaneous)[^.]*(?:connections|sessions))/i,
    means: 'limit.connections',
  },
  { when: ['greeting', 'hello'], says: /^4/, means: 'server.unavailable' },
  { when: ['hello'], says: /starttls/i, means: 'tls.starttls-missing' },
  { when: ['greeting', 'hello'], says: /^/, means: 'server.refused' },
  { when: ['starttls'], says: /^/, means: 'tls.starttls-refused' },

  // Logging in: what the words say precisely, then what the codes say.
  {
    when: ['login'],
    says: /application[- ]specific password|app(?:lication)?[- ]password|authori[sz]ation code/i,
    means: 'auth.app-password-required',
  },
  {
    when: ['login'],
    says: /5\.7\.14|log ?in (?:via|with|through) (?:your |a )?web ?browser|web login required/i,
    means: 'auth.web-login-required',
  },
  {
    when: ['login'],
    says: /smtpclientauthentication is disabled|smtp auth(?:entication)? is disabled/i,
    means: 'auth.smtp-disabled',
  },
  { when: ['login'], says: /security defaults/i, means: 'auth.security-defaults' },
  {
    when: ['login'],
    says: /did not meet the criteria|conditional access|aadsts(?:53003|50076|50079|50105|65001)/i,
    means: 'auth.conditional-access',
  },
  {
    when: ['login'],
    says: /basic auth(?:entication)? is disabled|oauth(?:2| 2)? (?:is )?required/i,
    means: 'auth.oauth-required',
  },
  {
    when: ['login'],
    says: /invalid_grant|aadsts(?:700082|50173|70008)|token (?:was |has been )?revoked/i,
    means: 'auth.sign-in-again',
  },
  {
    when: ['login'],
    says: /too many[^.]*(?:log ?-?ins?|attempts|auth|fail)|^421[ -]4\.7\.0|rate limit/i,
    means: 'auth.too-many-attempts',
  },
  {
    when: ['login'],
    says: /password[^.]{0,30}expired|expired password|4\.7\.12/i,
    means: 'auth.password-expired',
  },
  {
    when: ['login'],
    says: /(?:account|user|mailbox|login)[^.]{0,30}(?:locked|disabled|suspended|blocked|inactive)|5\.2\.1|5\.7\.13(?!\d)/i,
    means: 'auth.account-locked',
  },
  {
    when: ['login', ...sending],
    says: /^538|5\.7\.11|must issue a starttls|encryption (?:is )?required/i,
    means: 'auth.encryption-required',
  },
  { when: ['login'], says: /^4/, means: 'auth.unavailable' },
  { when: ['login'], says: /^50[23]|auth[^.]*not available/i, means: 'auth.not-offered' },
  { when: ['login'], says: /^504|5\.7\.4(?!\d)|^534|mechanism/i, means: 'auth.mechanism-unsupported' },
  { when: ['login'], says: /^5(?:35|30|50|54)/, means: 'auth.bad-credentials' },
  { when: ['login'], says: /^/, means: 'server.misbehaves' },

  // Sending.
  {
    when: sending,
    says: /5\.4\.5|5\.1\.90|5\.7\.(?:508|70\d|7[1-4]\d)(?!\d)|quota exceeded for|submission quota|sending (?:limit|quota)|daily[^.]*limit|(?:message|hourly|sending)[^.]{0,20} limit/i,
    means: 'send.quota',
  },
  {
    when: ['rcpt', 'data'],
    says: /[45]\.2\.2(?!\d)|mailbox (?:is )?full|over ?quota/i,
    means: 'imap.quota-full',
  },
  { when: sending, says: /^4/, means: 'send.deferred' },
  // Microsoft's word for an account it has restricted: no alias would help.
  { when: sending, says: /bad outbound sender/i, means: 'send.policy-refused' },
  {
    when: sending,
    says: /5\.7\.60|5\.1\.8(?!\d)|5\.1\.7(?!\d)|sendasdenied|send as|not owned by|sender (?:address )?(?:rejected|denied|not allowed)|(?:from|sender)[^.]{0,30}not (?:allowed|authori[sz]ed|permitted)/i,
    means: 'send.from-not-allowed',
  },
  {
    when: sending,
    says: /relay|^530|authentication (?:is )?required/i,
    means: 'send.relay-denied',
  },
  { when: ['mail'], says: /^55[03] 5\.7\.1(?!\d)/, means: 'send.from-not-allowed' },
  {
    when: ['rcpt'],
    says: /5\.1\.(?:0|1|2|3|6|10)(?!\d)|user unknown|no such (?:user|mailbox)|does not exist|mailbox unavailable/i,
    means: 'send.recipient-refused',
  },
  {
    when: ['data'],
    says: /^552[ -]5\.7\.0|virus|malware|spam|content|attachment/i,
    means: 'send.content-refused',
  },
  { when: sending, says: /5\.7\.\d/, means: 'send.policy-refused' },
  { when: ['rcpt'], says: /^55/, means: 'send.recipient-refused' },
  { when: sending, says: /^/, means: 'send.refused' },
]

/** What a reply of class 4 or 5 means at a moment; the class decides before any word: a 4 is never a wrong password. */
export function meaningOfSmtpReply(moment: SmtpMoment, reply: string): ConnectionFailureCode {
  const oneLine = reply.replace(/\r?\n\d{3}[ -]/g, ' ').replace(/^(\d{3})-/, '$1 ')
  return (
    rules.find(({ when, says }) => when.includes(moment) && says.test(oneLine))?.means ?? 'server.misbehaves'
  )
}
