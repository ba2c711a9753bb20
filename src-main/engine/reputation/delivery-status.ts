import type { ReportAction, ReportRecipient } from '#shared/model/mail-report.ts'
import { classifyReply, isPacing, statusIn } from '../net/classify-reply.ts'
import { limits } from '../net/limits.ts'
import { addressIn, readFields } from './read-mail.ts'

const actions: readonly ReportAction[] = ['failed', 'delayed', 'delivered', 'relayed', 'expanded']

/**
 * The recipients of a delivery status notification: the text of its `message/delivery-status` part (RFC 3464 §2, and
 * RFC 6533 for international ones). A recipient begins with its Final-Recipient or Original-Recipient; servers that
 * forget the empty lines between blocks, or put what happened before the name, are read all the same. An empty list when
 * it names nobody.
 */
export function readDeliveryStatus(text: string): ReportRecipient[] {
  const recipients: ReportRecipient[] = []
  for (const fields of recipientFields(text)) {
    const recipient = recipientOf(fields)
    if (recipient !== null && recipients.length < limits.mailReportRecipients) recipients.push(recipient)
  }
  return recipients
}

type Fields = Map<string, string>

const begins: readonly string[] = ['final-recipient', 'original-recipient']
/** Fields of a recipient alone, which some servers write before its name. */
const early: readonly string[] = ['action', 'status', 'diagnostic-code']

function recipientFields(text: string): Fields[] {
  const all: Fields[] = []
  for (const block of text.split(/\r?\n[ \t]*\r?\n/)) {
    let current: Fields | null = null
    const before: Fields = new Map()
    for (const { name, value } of readFields(block)) {
      if (current === null ? begins.includes(name) : begins.includes(name) && current.has(name)) {
        current = new Map(current === null ? before : [])
        all.push(current)
      } else if (current === null && early.includes(name) && !before.has(name)) before.set(name, value)
      if (current !== null && !current.has(name)) current.set(name, value)
    }
  }
  return all
}

function recipientOf(fields: Fields): ReportRecipient | null {
  const names = ['final-recipient', 'original-recipient', 'x-actual-recipient']
  const address = names.map(name => addressOf(fields.get(name) ?? '')).find(one => one !== null)
  if (address === undefined || address === null) return null
  const diagnostic = typedValue(fields.get('diagnostic-code') ?? '')
  const status = statusIn(fields.get('status') ?? '') ?? statusIn(diagnostic)
  const said = (/^[a-z]+/i.exec(fields.get('action') ?? '')?.[0] ?? '').toLowerCase()
  const action = actions.find(one => one === said) ?? actionBy(status)
  return judge(address, action, status, diagnostic)
}

/**
 * What one refusal means for an address. The status of the report decides whether it is permanent, and the more exact
 * one of its status and the server's own words what it is about. `diagnostic` are the words of the server that refused.
 */
export function judge(
  address: string,
  action: ReportAction,
  status: string | null,
  diagnostic: string,
): ReportRecipient {
  if (action !== 'failed' && action !== 'delayed') {
    return { address, action, status, category: 'delivered', permanent: false }
  }
  const code = codeIn(diagnostic)
  const own = statusIn(diagnostic)
  const isVague = status === null || status.endsWith('.0.0')
  const reading = classifyReply({
    provider: null,
    code: code ?? (action === 'failed' ? null : 450),
    status: isVague ? (own ?? status) : status,
    text: diagnostic,
  })
  const isFinal = status === null ? code === null || code >= 500 : status.startsWith('5')
  // A status of success beside a failure says nothing about the failure; and nobody logs in to deliver a message.
  const category =
    reading.category === 'delivered'
      ? 'unknown'
      : reading.category === 'login-refused'
        ? 'policy'
        : reading.category
  return {
    address,
    action,
    status,
    category,
    permanent: action === 'failed' && isFinal && !isPacing(category),
  }
}

/** The reply code in a server's words: three digits that no other number surrounds. */
export function codeIn(text: string): number | null {
  const found = /(?:^|[\s#(:;[])([45]\d\d)(?=[\s\-:;,.)\]]|$)(?!\.\d)/.exec(
    text.slice(0, limits.mailLineCharacters),
  )?.[1]
  return found === undefined ? null : Number(found)
}

function actionBy(status: string | null): ReportAction {
  if (status === null) return 'failed'
  return status.startsWith('5') ? 'failed' : status.startsWith('4') ? 'delayed' : 'delivered'
}

/** `smtp; 550 no` without its type. */
function typedValue(value: string): string {
  return value.replace(/^[a-z0-9-]{1,40}\s*;\s*/i, '')
}

/** The address of a typed field: `rfc822; a@example.org`, `utf-8; …` with its escapes, in brackets or not. */
function addressOf(value: string): string | null {
  const isUtf8 = /^utf-?8\s*;/i.test(value)
  const text = typedValue(value)
  return addressIn(isUtf8 ? unescaped(text) : text)
}

/** `\x{7528}` as its character (RFC 6533 §3). */
function unescaped(text: string): string {
  return text.replace(/\\x\{([0-9a-f]{2,6})\}/gi, (whole, digits: string) => {
    const code = Number.parseInt(digits, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}
