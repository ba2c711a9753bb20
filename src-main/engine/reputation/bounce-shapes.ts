import type { ReportRecipient } from '#shared/model/mail-report.ts'
import { statusIn } from '../net/classify-reply.ts'
import { limits } from '../net/limits.ts'
import { beginsAsAutoReply } from './auto-replies.ts'
import { codeIn, judge } from './delivery-status.ts'
import { addressIn, type Mail } from './read-mail.ts'

/** How the bounces of one kind of server are told and read. The signs are what the programs print, not whole sentences. */
type BounceShape = {
  readonly name: string
  readonly sign: RegExp
  /** Where the part about the recipients begins; left out for the whole text. */
  readonly from?: RegExp
  /** Where the returned copy or the log for administrators begins. */
  readonly until?: RegExp
  /** The line that names a recipient; its first group holds the address. */
  readonly recipient: RegExp
  /** Said when the server will try again. */
  readonly delayed?: RegExp
  /** The reason stands before the line that names the recipient, not behind it. */
  readonly reasonFirst?: boolean
}

const address = String.raw`[^\s<>"',;:()]{1,100}@[^\s<>"',;:()]{1,250}`
const bracketed = new RegExp(String.raw`^\s*<(${address})>:?`)
const alone = new RegExp(String.raw`^\s*[<"]?(${address})[>"]?\s*:?\s*$`)
const leading = new RegExp(String.raw`^\s{0,8}<?(${address})>?(?::|\s|$)`)
const anywhere = new RegExp(String.raw`(?:^|[\s<("':;])(${address})`)

const copyBegins =
  /^[ \t]*(?:\|?-{2,}.*(?:message text follows|copy of (?:the|my) message|original message|forwarded message|returned message|unsent message|message header).*|-{3,} Below this line|[ \t]*\*\* Text of Mail follows|Original message headers:|Received:[ \t]*from|Return-Path:|Reporting-MTA:)/im

const shapes: readonly BounceShape[] = [
  {
    name: 'qmail',
    sign: /qmail-send program|I wasn['’]t able to deliver your message/i,
    until: /^--- (?:Below this line|Enclosed)/m,
    recipient: bracketed,
  },
  {
    name: 'yahoo',
    sign: /unable to deliver your message to the following address/i,
    recipient: bracketed,
  },
  {
    name: 'gmail',
    sign: /\*\* ?(?:Address not found|Message (?:not delivered|blocked)|Delivery incomplete|Recipient inbox full) ?\*\*|Delivery to the following recipients? (?:failed permanently|has been delayed)|Technical details of (?:permanent|temporary) failure/i,
    until: /^-{3,} ?(?:Original message|Message header|Forwarded message)/im,
    recipient: new RegExp(
      String.raw`^\s+(${address})\s*$|(?:delivered to|message to|delivering your message to)\s+(${address})`,
    ),
    delayed:
      /Delivery incomplete|has been delayed|Technical details of temporary failure|will (?:retry|keep trying)/i,
  },
  {
    name: 'exchange',
    // What the other server said is quoted in English, whatever the language of the rest.
    sign: /Remote Server returned ['"‘’]|Delivery has failed to these recipients|did not reach (?:some or all of )?the (?:intended )?recipients|Your message couldn['’]t be delivered|Delivery is delayed to these recipients/i,
    until: /^(?:Original message headers|Message (?:Details|Hops))\b/im,
    recipient: new RegExp(
      String.raw`^\s*['"]?[^<>(\n]{0,120}[(<](?:mailto:)?(${address})[)>]|^\s*['"]?(${address})['"]?(?: on \d.*)?\s*$|wasn['’]t found at|to (${address}) couldn['’]t be delivered`,
    ),
    delayed: /Delivery is delayed|has(?:n['’]t| not) been delivered yet/i,
  },
  {
    name: 'lotus',
    sign: /-{3,} Failure Reasons/i,
    from: /-{3,} Failure Reasons/i,
    until: /-{3,} Returned Message/i,
    recipient: alone,
    reasonFirst: true,
  },
  {
    name: 'domino',
    sign: /was not delivered to:[\s\S]{0,2000}because:/i,
    from: /was not delivered to:/i,
    recipient: alone,
  },
  {
    name: 'sendmail',
    sign: /-{3,} The following addresses had|Transcript of session follows/i,
    from: /-{3,} The following addresses had/i,
    until: /-{3,} (?:Original|Unsent|Message header)/i,
    recipient: new RegExp(String.raw`^\s*<?(${address})>?\s*$`),
    delayed: /transient non-fatal errors|THIS IS A WARNING|could not send message for past/i,
  },
  {
    name: 'postfix',
    sign: /This is the (?:mail system at host|Postfix program)/i,
    recipient: bracketed,
    delayed: /THIS IS A WARNING ONLY|could not be delivered (?:for|yet)|has not been delivered to all/i,
  },
  {
    name: 'zoho',
    sign: /ERROR_CODE ?:|This message was created automatically by mail delivery software[\s\S]{0,300}permanent error\.?\s+\S+@\S+\s/i,
    recipient: leading,
  },
  {
    name: 'exim',
    sign: /created automatically by mail delivery software|The following address(?:\(es\))? failed|has not (?:yet )?been delivered to|recipients after more than/i,
    from: /The following address|failed:|delivered (?:are|is)|has not (?:yet )?been delivered to/i,
    until: /^-{3,} This is a copy/im,
    recipient: alone,
    delayed:
      /has not (?:yet )?been delivered to|no action is required on your part|delivery attempts will continue/i,
  },
  {
    name: 'any',
    sign: /undeliver|deliver[a-z]* (?:fail|delay|problem|status)|could not be delivered|returned mail|returning message|not delivered|failure notice|permanent (?:fatal )?error|delayed|unable to deliver|unzustellbar|nicht zugestellt|non remis|pas pu être (?:remis|distribué)|no se (?:ha )?p(?:uede|udo) entregar|no entregado|mancat[ao] (?:consegna|recapito)|não (?:foi )?entregue|onbestelbaar|nie (?:można|udało się) dostarczyć|не (?:было )?доставлено|недоставлен|配信(?:不能|できません)|无法(?:传递|投递)|退信|(?:전송|발송|배달)[^\n]{0,10}실패|반송|teslim edile?(?:me|mi)|kunde inte levereras|kunne ikke leveres|ei voitu toimittaa|nedoruč|kézbesít|(?:^|[^\d.])5\d\d[ -]#?5\.\d{1,3}\.\d{1,3}(?![\d.])/i,
    recipient: anywhere,
    delayed:
      /warning|delayed|will (?:be )?(?:retry|retried|keep trying)|still trying|temporar|verzögert|weiter versucht|retardé|différée|retrasad|aplazad|ritardat|vertraagd|opóźnion|отложен|задерж|遅延/i,
  },
]

/**
 * The recipients of a bounce that is no delivery status notification, read from the words of its server; null when it
 * does not look like a bounce. `X-Failed-Recipients`, which Exim and Gmail set, goes before the text.
 */
export function readBounceText(mail: Mail): ReportRecipient[] | null {
  const failed = (mail.headers.get('x-failed-recipients') ?? '')
    .split(',')
    .flatMap(one => addressIn(one) ?? [])
  if (failed.length === 0 && !isFromMailSystem(mail)) return null
  const text = mail.text
  const subject = mail.headers.get('subject') ?? ''
  const shape = shapes.find(({ name, sign }) =>
    sign.test(name !== 'any' ? text : mayBePerson(mail) ? subject : `${subject}\n${text}`),
  )
  if (shape === undefined)
    return failed.length === 0 ? null : failed.map(one => judge(one, 'failed', null, text))
  const isDelay = shape.delayed?.test(`${subject}\n${text}`) === true && !finalWords.test(text)
  const blocks = blocksOf(relevant(text, shape), shape)
  const own = addressIn(mail.headers.get('to') ?? '')
  const found = new Map<string, string>()
  for (const { address, reason } of blocks) {
    const key = address.toLowerCase()
    // The bounce goes to whoever sent the message; he is no recipient of it.
    if (key === own?.toLowerCase() && blocks.length > 1) continue
    const earlier = found.get(key)
    if (earlier === undefined || saysMore(reason, earlier)) found.set(key, reason)
  }
  for (const one of failed) if (!found.has(one.toLowerCase())) found.set(one.toLowerCase(), text)
  const spelt = new Map(
    [...blocks.map(({ address }) => address), ...failed].map(one => [one.toLowerCase(), one]),
  )
  return [...found].slice(0, limits.mailReportRecipients).map(([key, reason]) => {
    const status = statusIn(reason)
    return judge(spelt.get(key) ?? key, isDelay ? 'delayed' : 'failed', status, reason)
  })
}

/** Said of a failure for good, even in a report that also speaks of retries. */
const finalWords = /failed permanently|permanent (?:fatal )?error|permanent failure|giving up|given up/i

/** Postmasters are people, too, and write from an address that takes answers. */
function mayBePerson({ headers }: Mail): boolean {
  return (
    /<[^<>]+@/.test(headers.get('return-path') ?? '') &&
    !headers.has('auto-submitted') &&
    !/mailer-?daemon|mail delivery/i.test(headers.get('from') ?? '')
  )
}

/** Whether a message was written by a mail server: the null sender, the usual names, or a subject that says so. */
export function isFromMailSystem({ headers }: Mail): boolean {
  const from = headers.get('from') ?? ''
  if (
    /mailer-?daemon|postmaster(?:\/[^@\s]{1,60})?@|mail delivery (?:sub)?system|mail administrator|microsoftexchange/i.test(
      from,
    )
  )
    return true
  const isNull = /^\s*<\s*>/.test(headers.get('return-path') ?? '')
  const subject = headers.get('subject') ?? ''
  // Somebody's absence is told with the null sender as well, under the subject of what is answered.
  return (
    (isNull || !from.includes('@')) &&
    !beginsAsAutoReply(subject) &&
    /undeliver|delivery (?:status|fail|delay|incomplete)|failure notice|returned mail|mail delivery|non.?delivery|unzustellbar|no se puede entregar|non remis|mancata consegna/i.test(
      subject,
    )
  )
}

function relevant(text: string, { from, until }: BounceShape): string {
  const start = from === undefined ? 0 : Math.max(0, text.search(from))
  const rest = text.slice(start)
  const ends = [until, copyBegins].flatMap(pattern => {
    const at = pattern === undefined ? -1 : rest.search(pattern)
    return at > 0 ? [at] : []
  })
  return rest.slice(0, Math.min(rest.length, ...ends))
}

/** Each line that names a recipient, with what is said until the next, or since the last where the reason comes first. */
function blocksOf(
  text: string,
  { recipient, reasonFirst = false }: BounceShape,
): { address: string; reason: string }[] {
  const blocks: { address: string; lines: string[] }[] = []
  let before: string[] = []
  for (const whole of text.split(/\r?\n/)) {
    const line = whole.slice(0, limits.mailLineCharacters)
    const match = recipient.exec(line)
    const named = match?.slice(1).find(group => group !== undefined)
    const address = named === undefined ? null : addressIn(named.replace(/^mailto:/i, ''))
    if (address !== null && blocks.length < limits.mailReportRecipients) {
      blocks.push({ address, lines: reasonFirst ? before : [line.replace(named ?? '', '')] })
      before = []
    } else if (reasonFirst) before.push(line)
    else blocks.at(-1)?.lines.push(line)
  }
  return blocks.map(({ address, lines }) => ({
    address,
    reason: lines.join(' ').replace(/\s+/g, ' ').trim(),
  }))
}

/** Of two reasons for one address, that with a status or a code. */
function saysMore(reason: string, earlier: string): boolean {
  return exactness(reason) > exactness(earlier)
}

function exactness(reason: string): number {
  return (statusIn(reason) === null ? 0 : 2) + (codeIn(reason) === null ? 0 : 1)
}
