import type { CheckId } from '#shared/model/finding.ts'
import type { ReplyAction, ReplyCategory } from '#shared/model/reply.ts'

const minuteMs = 60_000

/** Whose rules a reply follows; null for everybody else's. */
export type ReplyFamily = 'google' | 'microsoft' | 'yahoo' | 'apple'

export type ReplyRule = {
  /** Only replies of this family; left out for all. */
  readonly family?: ReplyFamily
  /** Reply codes; left out for any. */
  readonly codes?: readonly number[]
  /** Enhanced status codes (RFC 3463): `4.7.28`, `x.1.1` for both classes, `5.7.700-749` for a range. */
  readonly status?: readonly string[]
  readonly text?: RegExp
  readonly category: ReplyCategory
  readonly action: ReplyAction
  /** How long at least, where the provider says so; otherwise the usual backoff. */
  readonly waitMs?: number
  readonly checks?: readonly CheckId[]
}

/*
 * Sources: field notes D4; support.google.com/a/answer/3726730 (Google); learn.microsoft.com, "Email non-delivery reports
 * in Exchange Online", and sendersupport.olc.protection.outlook.com (Microsoft); senders.yahooinc.com/smtp-error-codes
 * (Yahoo); support.apple.com/102322 (Apple).
 */

const google: readonly ReplyRule[] = [
  { status: ['x.7.26'], category: 'authentication', action: 'fix-records', checks: ['spf', 'dkim', 'dmarc'] },
  {
    status: ['x.7.27', '4.7.24', '5.7.24'],
    category: 'authentication',
    action: 'fix-records',
    checks: ['spf'],
  },
  { status: ['x.7.30'], category: 'authentication', action: 'fix-records', checks: ['dkim'] },
  {
    status: ['x.7.31', 'x.7.32', 'x.7.40'],
    category: 'authentication',
    action: 'fix-records',
    checks: ['dmarc'],
  },
  {
    status: ['4.7.23', '5.7.25', 'x.7.23', 'x.7.25'],
    category: 'authentication',
    action: 'fix-records',
    checks: ['ptr'],
  },
  { status: ['x.7.29'], category: 'tls-required', action: 'fix-records', checks: ['tls'] },
  { text: /very low reputation/i, category: 'reputation', action: 'pause' },
  { status: ['5.7.28'], category: 'reputation', action: 'pause' },
  { status: ['4.7.28'], category: 'rate-limited', action: 'slow' },
  { status: ['5.4.5'], category: 'daily-quota', action: 'wait-for-window' },
  {
    text: /daily.{0,30}(?:limit|quota)|daily user sending|reached a limit for sending/i,
    category: 'daily-quota',
    action: 'wait-for-window',
  },
  { text: /too many login attempts/i, category: 'login-throttled', action: 'wait', waitMs: 15 * minuteMs },
  { text: /peak SMTP relay/i, category: 'rate-limited', action: 'wait', waitMs: 5 * minuteMs },
  {
    status: ['4.2.1', '5.2.1'],
    text: /too quickly|at a rate/i,
    category: 'recipient-busy',
    action: 'wait',
    waitMs: 5 * minuteMs,
  },
  { codes: [421], status: ['4.7.0'], category: 'rate-limited', action: 'slow' },
  { codes: [421], text: /unusual rate|try again later/i, category: 'rate-limited', action: 'slow' },
  { status: ['5.7.1'], text: /unsolicited|spam/i, category: 'content', action: 'pause' },
]

const microsoft: readonly ReplyRule[] = [
  {
    status: ['5.7.515'],
    category: 'authentication',
    action: 'fix-records',
    checks: ['spf', 'dkim', 'dmarc'],
  },
  { status: ['5.7.509'], category: 'authentication', action: 'fix-records', checks: ['dmarc'] },
  { status: ['5.7.23'], category: 'authentication', action: 'fix-records', checks: ['spf'] },
  { status: ['5.7.25'], category: 'authentication', action: 'fix-records', checks: ['ptr'] },
  { status: ['5.7.512'], category: 'content', action: 'give-up' },
  { status: ['5.1.90'], category: 'daily-quota', action: 'wait-for-window' },
  { text: /submission quota/i, category: 'daily-quota', action: 'wait-for-window' },
  { status: ['5.7.508', '5.7.700-749'], category: 'daily-quota', action: 'wait-for-window' },
  { status: ['5.1.8'], category: 'sender-refused', action: 'pause' },
  { status: ['5.7.60'], category: 'sender-refused', action: 'give-up' },
  { text: /SendAsDenied/i, category: 'sender-refused', action: 'give-up' },
  { text: /S31(?:40|50)\b/, category: 'blocklisted', action: 'pause' },
  { status: ['5.7.511', '5.7.606-649'], category: 'blocklisted', action: 'pause' },
  { status: ['5.7.139', '5.7.57'], category: 'login-refused', action: 'sign-in' },
  { status: ['4.7.850-899'], category: 'greylisted', action: 'wait', waitMs: 15 * minuteMs },
  { status: ['4.7.500-699'], category: 'reputation', action: 'slow', waitMs: 15 * minuteMs },
  { codes: [432], category: 'rate-limited', action: 'wait' },
  { status: ['4.3.2'], text: /STOREDRV|recipient thread/i, category: 'recipient-busy', action: 'wait' },
  { status: ['4.3.2'], category: 'rate-limited', action: 'wait' },
  { status: ['5.1.10', '5.4.1'], category: 'no-such-mailbox', action: 'drop-recipient' },
  // Whom a group or a person takes mail from; it says nothing about the sender.
  {
    status: ['5.7.1', '5.7.12', '5.7.120-138'],
    text: /RESOLVER\.RST|restrict/i,
    category: 'policy',
    action: 'drop-recipient',
  },
]

const yahoo: readonly ReplyRule[] = [
  { text: /\[TSS0?4\]/i, category: 'rate-limited', action: 'slow', waitMs: 60 * minuteMs },
  { text: /\[TSS(?:09|11)\]/i, category: 'reputation', action: 'pause' },
  { text: /\[BL\d+\]/i, category: 'blocklisted', action: 'pause' },
  {
    codes: [550],
    status: ['5.7.9'],
    category: 'authentication',
    action: 'fix-records',
    checks: ['spf', 'dkim', 'dmarc'],
  },
  { status: ['5.7.9'], category: 'policy', action: 'pause' },
  { codes: [450], text: /too quickly/i, category: 'recipient-busy', action: 'wait', waitMs: 5 * minuteMs },
  { codes: [421], text: /max(?:imum)?\b.{0,40}connection/i, category: 'rate-limited', action: 'wait' },
  { text: /\bdd\b.{0,40}(?:account|user)/i, category: 'no-such-mailbox', action: 'drop-recipient' },
]

const apple: readonly ReplyRule[] = [
  { text: /\[HM0[78]\]/i, category: 'reputation', action: 'pause' },
  { text: /\[CS01\]/i, category: 'content', action: 'pause' },
  { status: ['5.7.1'], category: 'policy', action: 'pause' },
]

/** What words say when no number does; the clearest first. */
const byText: readonly ReplyRule[] = [
  { codes: [432, 454], text: /authenticat|login/i, category: 'login-throttled', action: 'wait' },
  { text: /gr[ae]y-?list/i, category: 'greylisted', action: 'wait', waitMs: 5 * minuteMs },
  {
    text: /(?:exceed|over|reach).{0,40}\b(?:daily|24.?hour|per day)|\b(?:daily|24.?hour)\b.{0,30}\b(?:limit|quota)|limit.{0,20}per day/i,
    category: 'daily-quota',
    action: 'wait-for-window',
  },
  {
    text: /too many (?:login|authentication)|authentication.{0,20}rate/i,
    category: 'login-throttled',
    action: 'wait',
  },
  {
    text: /spamhaus|spamcop|barracuda|sorbs|\b(?:dns|u)?[rb]bls?\b|dnsbl|(?:black|block) ?-?list/i,
    category: 'blocklisted',
    action: 'pause',
  },
  {
    text: /sender verif(?:y|ication) fail|verification failed for|sender(?: address| domain)?.{0,20}(?:reject|denied|refused|invalid|not (?:allowed|owned|permitted))/i,
    category: 'sender-refused',
    action: 'pause',
  },
  { text: /\bdmarc\b/i, category: 'authentication', action: 'fix-records', checks: ['dmarc'] },
  { text: /\bdkim\b/i, category: 'authentication', action: 'fix-records', checks: ['dkim'] },
  {
    text: /\bspf\b|sender policy framework/i,
    category: 'authentication',
    action: 'fix-records',
    checks: ['spf'],
  },
  {
    text: /reverse (?:dns|hostname|lookup)|\bPTR\b|\brDNS\b/i,
    category: 'authentication',
    action: 'fix-records',
    checks: ['ptr'],
  },
  {
    text: /too many recipients|recipients? (?:limit|count)/i,
    category: 'too-many-recipients',
    action: 'give-up',
  },
  {
    text: /exceeded the max (?:emails|defers)|rate.?limit|too (?:many|fast|quick)|throttl|sending limit|exceeded.{0,30}(?:messages|rate|limit)|concurrent|slow down/i,
    category: 'rate-limited',
    action: 'wait',
  },
  {
    text: /over ?-?quota|quota.{0,20}(?:exceed|full)|exceed.{0,30}quota|(?:mailbox|inbox|storage|disk).{0,20}\bfull\b|insufficient (?:disk|storage)|out of storage/i,
    category: 'mailbox-full',
    action: 'drop-recipient',
  },
  {
    text: /(?:mailbox|account|user|recipient|address).{0,40}(?:disabled|suspended|inactive|deactivated|locked|frozen|discontinued)/i,
    category: 'mailbox-disabled',
    action: 'drop-recipient',
  },
  {
    text: /(?:user|recipient|mailbox|address|account|alias)\b.{0,80}(?:unknown|not (?:found|exist|known|valid|listed)|n['’o]t exist|does(?:n['’]t| not) (?:exist|have)|invalid|unavailable|rejected)|(?:no such|unknown|invalid|non-?existent|unrouteable) (?:user|recipient|mailbox|address|person|local)|not a valid (?:user|recipient|mailbox|address)|no mailbox (?:here )?by that name|couldn['’]t be found|wasn['’]t found|not our customer/i,
    category: 'no-such-mailbox',
    action: 'drop-recipient',
  },
  {
    text: /(?:domain|host)\b.{0,60}(?:not found|unknown|does not exist|n['’]t exist|no mx|not accept mail|couldn['’]t be found)|nxdomain|null mx|unrouteable mail domain|couldn['’]t find any host/i,
    category: 'no-such-domain',
    action: 'drop-recipient',
  },
  {
    text: /(?:message|mail|size).{0,30}(?:too (?:big|large)|exceeds|size limit)/i,
    category: 'message-too-large',
    action: 'give-up',
  },
  {
    text: /relay(?:ing)? (?:access )?(?:denied|not permitted|prohibited)|unable to relay|not permitted to relay/i,
    category: 'relay-denied',
    action: 'give-up',
  },
  {
    text: /(?:authentication|login|credentials).{0,30}(?:fail|invalid|rejected|incorrect)|bad (?:username|credentials)|password not accepted/i,
    category: 'login-refused',
    action: 'sign-in',
  },
  {
    text: /must issue a STARTTLS|(?:tls|encryption|secure connection).{0,20}required/i,
    category: 'tls-required',
    action: 'give-up',
  },
  { text: /reputation/i, category: 'reputation', action: 'pause' },
  {
    text: /\bspam\b|unsolicited|\bvirus\b|malware|phish|content (?:reject|filter|block)/i,
    category: 'content',
    action: 'pause',
  },
  { text: /loop|too many hops/i, category: 'routing', action: 'give-up' },
  {
    text: /(?:delivery|retry|queue) ?time(?:out)? (?:has )?(?:expired|exceeded)|message (?:has )?expired|too long in (?:the )?queue/i,
    category: 'expired',
    action: 'give-up',
  },
  {
    text: /timed? ?out|(?:could not|unable to) connect|connection (?:refused|reset|lost|dropped)|no route|unreachable|temporar(?:y|ily)|try (?:again )?later|service (?:unavailable|not available)/i,
    category: 'server-trouble',
    action: 'wait',
  },
  {
    text: /administrative prohibition|policy|access denied|not accepted|prohibited|blocked|refused/i,
    category: 'policy',
    action: 'pause',
  },
]

const noSuchDomain = /(?:domain|host)\b.{0,60}(?:not found|unknown|does not exist|n['’]t exist)|nxdomain/i

/** The registry of RFC 3463, RFC 5248, RFC 7372 and RFC 7505, read for the sender. */
const byStatus: readonly ReplyRule[] = [
  { status: ['x.1.1', 'x.1.3', 'x.1.6', 'x.1.4'], category: 'no-such-mailbox', action: 'drop-recipient' },
  { status: ['x.1.2', 'x.1.10'], category: 'no-such-domain', action: 'drop-recipient' },
  { status: ['x.1.7', 'x.1.8', 'x.7.27'], category: 'sender-refused', action: 'pause' },
  { status: ['x.2.1'], category: 'mailbox-disabled', action: 'drop-recipient' },
  { status: ['x.2.2'], category: 'mailbox-full', action: 'drop-recipient' },
  { status: ['x.2.3', 'x.3.4'], category: 'message-too-large', action: 'give-up' },
  {
    status: ['x.3.1', 'x.3.2', 'x.3.5', 'x.4.1', 'x.4.2', 'x.4.5'],
    category: 'server-trouble',
    action: 'wait',
  },
  { status: ['x.4.4'], text: noSuchDomain, category: 'no-such-domain', action: 'drop-recipient' },
  { status: ['x.4.3', 'x.4.4', 'x.4.6'], category: 'routing', action: 'give-up' },
  { status: ['x.4.7'], category: 'expired', action: 'give-up' },
  { status: ['x.5.3'], category: 'too-many-recipients', action: 'give-up' },
  { status: ['x.7.8', 'x.7.9', 'x.7.13', 'x.7.14'], category: 'login-refused', action: 'sign-in' },
  { status: ['x.7.10', 'x.7.11'], category: 'tls-required', action: 'give-up' },
  { status: ['x.7.20-22'], category: 'authentication', action: 'fix-records', checks: ['dkim'] },
  { status: ['x.7.23', 'x.7.24'], category: 'authentication', action: 'fix-records', checks: ['spf'] },
  { status: ['x.7.25'], category: 'authentication', action: 'fix-records', checks: ['ptr'] },
  { status: ['x.7.26'], category: 'authentication', action: 'fix-records', checks: ['spf', 'dkim', 'dmarc'] },
  { status: ['x.7.28'], category: 'rate-limited', action: 'slow' },
]

/** RFC 5321 §4.2, RFC 4954 §6; read only when neither number nor words say more. */
const byCode: readonly ReplyRule[] = [
  { status: ['x.7.0-999'], category: 'policy', action: 'pause' },
  { status: ['x.1.0', 'x.1.9'], category: 'no-such-mailbox', action: 'drop-recipient' },
  { status: ['x.5.0-2', 'x.5.4-6'], category: 'protocol', action: 'give-up' },
  { status: ['x.6.0-13'], category: 'content', action: 'give-up' },
  { codes: [421, 450, 451, 452, 430, 441, 442, 446, 447], category: 'server-trouble', action: 'wait' },
  { codes: [432, 454], category: 'login-throttled', action: 'wait' },
  { codes: [530, 534, 535, 538], category: 'login-refused', action: 'sign-in' },
  { codes: [500, 501, 502, 503, 504, 555], category: 'protocol', action: 'give-up' },
  { codes: [521, 556], category: 'no-such-domain', action: 'drop-recipient' },
  { codes: [551], category: 'no-such-mailbox', action: 'drop-recipient' },
  { codes: [552], category: 'mailbox-full', action: 'drop-recipient' },
  { codes: [553], category: 'policy', action: 'pause' },
]

/** What follows where nothing but the category is known. */
export const actionsOfCategories: Readonly<Record<ReplyCategory, ReplyAction>> = {
  'no-such-mailbox': 'drop-recipient',
  'no-such-domain': 'drop-recipient',
  'mailbox-disabled': 'drop-recipient',
  'mailbox-full': 'drop-recipient',
  'recipient-busy': 'give-up',
  'message-too-large': 'give-up',
  content: 'pause',
  authentication: 'fix-records',
  reputation: 'pause',
  blocklisted: 'pause',
  policy: 'pause',
  'sender-refused': 'pause',
  'relay-denied': 'give-up',
  'rate-limited': 'wait',
  'daily-quota': 'wait-for-window',
  greylisted: 'give-up',
  'too-many-recipients': 'give-up',
  'login-refused': 'give-up',
  'login-throttled': 'give-up',
  'tls-required': 'give-up',
  routing: 'give-up',
  expired: 'give-up',
  'server-trouble': 'give-up',
  protocol: 'give-up',
  delivered: 'none',
  unknown: 'give-up',
}

const ofFamily = (family: ReplyFamily, rules: readonly ReplyRule[]) =>
  rules.map(rule => ({ family, ...rule }))

/** In the order they are tried; the first that fits decides. */
export const replyRules: readonly ReplyRule[] = [
  ...ofFamily('google', google),
  ...ofFamily('microsoft', microsoft),
  ...ofFamily('yahoo', yahoo),
  ...ofFamily('apple', apple),
  ...byStatus,
  ...byText,
  ...byCode,
]
