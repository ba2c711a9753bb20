import type { ReplyCategory, ReplyReading, ReplyWait } from '#shared/model/reply.ts'
import { actionsOfCategories, type ReplyFamily, type ReplyRule, replyRules } from './reply-rules.ts'

const minuteMs = 60_000
const backoffMinutes = [1, 5, 15, 60] as const

/** More of a server's words than any refusal needs; patterns are run over no more than this. */
const mostCharacters = 2_000

export type ServerReply = {
  /** Provider of the server that answered, an id of ours or null. */
  readonly provider: string | null
  /** The three digits of the SMTP reply; null when only a status is known. */
  readonly code: number | null
  /** The enhanced status code (RFC 3463), such as `5.7.26`; null when there is none. */
  readonly status: string | null
  readonly text: string
}

/** How long to wait the `step`-th time in a row, counted from 0: 1, 5, 15, then 60 minutes. */
export function replyBackoffMs(step: number): number {
  const index = Math.min(Math.max(0, Math.floor(step)), backoffMinutes.length - 1)
  return (backoffMinutes[index] ?? 60) * minuteMs
}

/**
 * What a reply of a mail server means and what follows (RFC 5321 §4.2, RFC 3463, and what providers document).
 * `step` is how often in a row the mailbox has been made to wait. The class of the reply decides whether it is
 * permanent, whatever the words say: 4 never is. Pure.
 */
export function classifyReply(reply: ServerReply, step = 0): ReplyReading {
  const status = reply.status ?? statusIn(reply.text)
  const klass = classOf(reply.code, status)
  if (klass === 2) return { category: 'delivered', action: 'none', permanent: false, wait: null, checks: [] }
  const text = reply.text.slice(0, mostCharacters)
  const family = familyOf(reply.provider) ?? familyIn(text)
  const rule = replyRules.find(rule => fits(rule, { family, code: reply.code, status, text }))
  const category = rule?.category ?? 'unknown'
  const isTransient = klass !== 5
  const action = rule === undefined ? (isTransient ? 'wait' : 'give-up') : actionFor(rule, isTransient)
  return {
    category,
    action,
    permanent: !isTransient && !isPacing(category),
    wait: waitFor(action, rule?.waitMs ?? 0, step),
    checks: [...(rule?.checks ?? [])],
  }
}

/**
 * What follows from a category alone, where a report told of the refusal and its words are not at hand. A report comes
 * late, so only what holds for longer is waited for. Pure.
 */
export function readingOfCategory(category: ReplyCategory, isFinal: boolean, step = 0): ReplyReading {
  const action = actionsOfCategories[category]
  const permanent = isFinal && !isPacing(category)
  return { category, action, permanent, wait: waitFor(action, 0, step), checks: [] }
}

/**
 * A refusal for now is milder: a full mailbox may have room tomorrow, and only a permanent refusal drops an address or
 * stops everything. A ruined reputation stops it in either class.
 */
function actionFor({ action, category }: ReplyRule, isTransient: boolean): ReplyReading['action'] {
  if (!isTransient) return action
  if (action === 'pause') return category === 'reputation' ? 'pause' : 'slow'
  return action === 'drop-recipient' || action === 'give-up' || action === 'sign-in' ? 'wait' : action
}

/** Whether a refusal of this kind ends by itself, also where a server calls it permanent (550 5.4.5). */
export function isPacing(category: ReplyCategory): boolean {
  return pacing.includes(category)
}

const pacing: readonly string[] = [
  'rate-limited',
  'daily-quota',
  'recipient-busy',
  'greylisted',
  'login-throttled',
]

function waitFor(action: ReplyReading['action'], leastMs: number, step: number): ReplyWait | null {
  if (action === 'wait-for-window') return { until: 'next-window' }
  if (action !== 'wait' && action !== 'slow') return null
  return { until: 'time', ms: Math.max(leastMs, replyBackoffMs(step)) }
}

/** 2, 4 or 5; the code goes before the status, and 0 stands for neither. */
function classOf(code: number | null, status: string | null): number {
  if (code !== null && code >= 200 && code < 600) return Math.floor(code / 100)
  return status === null ? 0 : Number(status[0])
}

const statusPattern = /(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])/

/** The enhanced status code at the beginning of a reply's text, or behind its code. */
export function statusIn(text: string): string | null {
  return statusPattern.exec(text.slice(0, mostCharacters))?.[0] ?? null
}

type Asked = { family: ReplyFamily | null; code: number | null; status: string | null; text: string }

function fits(rule: ReplyRule, { family, code, status, text }: Asked): boolean {
  if (rule.family !== undefined && rule.family !== family) return false
  if (rule.codes !== undefined && (code === null || !rule.codes.includes(code))) return false
  if (rule.status !== undefined && (status === null || !rule.status.some(one => matches(status, one))))
    return false
  return rule.text === undefined || rule.text.test(text)
}

function matches(status: string, pattern: string): boolean {
  const own = status.split('.')
  return pattern.split('.').every((part, index) => {
    if (part === 'x') return true
    const [from = '', to = from] = part.split('-')
    const value = Number(own[index])
    return value >= Number(from) && value <= Number(to)
  })
}

const families: Readonly<Record<string, ReplyFamily>> = {
  gmail: 'google',
  google: 'google',
  microsoft365: 'microsoft',
  microsoft: 'microsoft',
  outlook: 'microsoft',
  yahoo: 'yahoo',
  aol: 'yahoo',
  icloud: 'apple',
  apple: 'apple',
}

function familyOf(provider: string | null): ReplyFamily | null {
  return provider === null ? null : (families[provider] ?? null)
}

/** Who wrote it, from marks that providers leave in every reply. */
function familyIn(text: string): ReplyFamily | null {
  if (/\bgsmtp\b|support\.google\.com|google\.com\/mail/i.test(text)) return 'google'
  if (/\.outlook\.com|STOREDRV|RESOLVER\.|\[[A-Z0-9]+\.(?:prod|eurprd|namprd)|aka\.ms\/|S31[45]0/i.test(text))
    return 'microsoft'
  if (/\[TSS\d+\]|postmaster\.yahooinc|senders\.yahooinc|yahoo\.com/i.test(text)) return 'yahoo'
  if (/\[(?:HM|CS)\d\d\]|icloud\.com/i.test(text)) return 'apple'
  return null
}
