import type { Argument } from './read-command.ts'
import type { Folder, StoredMessage } from './post-office.ts'
import { headOf } from './read-head.ts'

/** What FETCH tells of a message (RFC 9051 §7.5.2); an item that is not known is left out. */
export function fetched(message: StoredMessage, items: readonly Argument[]): string {
  return items.flatMap(item => (typeof item === 'string' ? (itemOf(message, item) ?? []) : [])).join(' ')
}

/** Whether an item of FETCH marks the message as read. */
export function marksRead(item: Argument): boolean {
  return typeof item === 'string' && /^BODY\[/i.test(item)
}

function itemOf(message: StoredMessage, item: string): string | null {
  const { uid, flags, receivedAt, raw } = message
  const section = /^BODY(?:\.PEEK)?\[([^\]]*)\](?:<(\d+)\.(\d+)>)?$/i.exec(item)
  if (section !== null) {
    const [, name = '', from, most] = section
    const whole = sectionOf(message, name)
    const start = Number(from ?? 0)
    const part = from === undefined ? whole : whole.subarray(start, start + Number(most))
    const origin = from === undefined ? '' : `<${start}>`
    return `BODY[${name}]${origin} {${part.length}}\r\n${part.toString('latin1')}`
  }
  switch (item.toUpperCase()) {
    case 'UID':
      return `UID ${uid}`
    case 'FLAGS':
      return `FLAGS (${[...flags].join(' ')})`
    case 'INTERNALDATE':
      return `INTERNALDATE "${dateTime(receivedAt)}"`
    case 'RFC822.SIZE':
      return `RFC822.SIZE ${raw.length}`
    case 'ENVELOPE':
      return `ENVELOPE ${envelopeOf(message)}`
    case 'BODYSTRUCTURE':
    case 'BODY':
      return `${item.toUpperCase()} ("TEXT" "PLAIN" NIL NIL NIL "8BIT" ${raw.length} ${linesOf(raw)})`
    default:
      return null
  }
}

function sectionOf({ raw, headers }: StoredMessage, name: string): Buffer {
  const upper = name.toUpperCase()
  if (upper === '') return raw
  const head = headOf(raw)
  if (upper === 'HEADER') return head
  if (upper === 'TEXT' || upper === '1') return raw.subarray(head.length)
  const asked = /^HEADER\.FIELDS \(([^)]*)\)$/.exec(upper)?.[1]?.split(' ') ?? []
  const lines = asked.flatMap(field => {
    const value = headers.get(field.toLowerCase())
    return value === undefined ? [] : [`${field}: ${value}\r\n`]
  })
  return Buffer.from(`${lines.join('')}\r\n`)
}

function envelopeOf({ headers }: StoredMessage): string {
  const of = (name: string) => quoted(headers.get(name))
  const addresses = ['from', 'sender', 'reply-to', 'to', 'cc', 'bcc'].map(name =>
    addressesOf(headers.get(name)),
  )
  return `(${[of('date'), of('subject'), ...addresses, of('in-reply-to'), of('message-id')].join(' ')})`
}

function addressesOf(value: string | undefined): string {
  const [, local, domain] = /([^\s<>@"]+)@([^\s<>@"]+)/.exec(value ?? '') ?? []
  return local === undefined ? 'NIL' : `((NIL NIL ${quoted(local)} ${quoted(domain)}))`
}

function quoted(text: string | undefined): string {
  if (text === undefined) return 'NIL'
  const octets = Buffer.from(text).toString('latin1')
  return `"${octets.replaceAll(/["\\]/g, '\\$&')}"`
}

const linesOf = (raw: Buffer) => raw.toString('latin1').split('\r\n').length - 1
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

function dateTime(at: number): string {
  const [date = '', time = ''] = new Date(at).toISOString().split('T')
  const [year, month, day] = date.split('-')
  return `${day}-${months[Number(month) - 1]}-${year} ${time.slice(0, 8)} +0000`
}

/** Whether a number is in a set such as `1:3,7,9:*`; `last` is what the star stands for. */
export function isInSet(set: string, value: number, last: number): boolean {
  return set.split(',').some(part => {
    const [from = 0, to = from] = part.split(':').map(end => (end === '*' ? last : Number(end)))
    return value >= Math.min(from, to) && value <= Math.max(from, to)
  })
}

const flagKeys: Readonly<Record<string, readonly [flag: string, isSet: boolean]>> = {
  DELETED: ['\\Deleted', true],
  UNDELETED: ['\\Deleted', false],
  SEEN: ['\\Seen', true],
  UNSEEN: ['\\Seen', false],
  FLAGGED: ['\\Flagged', true],
  UNFLAGGED: ['\\Flagged', false],
}

/**
 * Whether a message meets every key of a SEARCH (RFC 9051 §6.4.4): ALL, UID, HEADER, flags, SINCE, BEFORE and NOT; null
 * when there is another among them.
 */
export function meets(message: StoredMessage, folder: Folder, keys: readonly Argument[]): boolean | null {
  const left = [...keys]
  const text = () => String(left.shift() ?? '')
  const meetsNext = (): boolean | null => {
    const key = left.shift()
    if (typeof key === 'object') return meets(message, folder, key)
    const name = String(key).toUpperCase()
    const flag = flagKeys[name]
    if (flag !== undefined) return message.flags.has(flag[0]) === flag[1]
    if (name === 'ALL') return true
    if (name === 'UID') return isInSet(text(), message.uid, folder.messages.at(-1)?.uid ?? 0)
    if (name === 'HEADER') {
      const value = message.headers.get(text().toLowerCase())
      const part = text().toLowerCase()
      return value !== undefined && value.toLowerCase().includes(part)
    }
    if (name === 'SINCE' || name === 'BEFORE') {
      const isSince = message.receivedAt >= Date.parse(`${text()} UTC`)
      return name === 'SINCE' ? isSince : !isSince
    }
    if (name !== 'NOT') return null
    const other = meetsNext()
    return other === null ? null : !other
  }
  let all = true
  while (left.length > 0) {
    const one = meetsNext()
    if (one === null) return null
    all &&= one
  }
  return all
}
