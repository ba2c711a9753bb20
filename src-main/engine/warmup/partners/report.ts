import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Placement } from '#shared/model/warmup-view.ts'
import { keyedHeader } from '../token.ts'

/** Where a message can be told to have landed; that it is missing only its sender could say. */
export type ReportedPlacement = Exclude<Placement, 'missing'>

const letters: Readonly<Record<string, ReportedPlacement>> = { i: 'inbox', c: 'category', j: 'junk' }
const macBytes = 18

/** What a report is bound to: the message that carries it, and the one it tells of. */
export type ReportSubject = { readonly messageId: string; readonly answered: string }

/** The name of the header that carries a report, made from the pair's key as that of the token is. */
export function reportHeader(key: Uint8Array): string {
  return keyedHeader(key, 'report')
}

/** Tells the partner where the answered message was found: HMAC-SHA-256 (RFC 2104) over that and both Message-IDs. */
export function signReport(placement: ReportedPlacement, subject: ReportSubject, key: Uint8Array): string {
  const letter = Object.keys(letters).find(one => letters[one] === placement) ?? ''
  return letter + macOf(letter, subject, key).toString('base64url')
}

/** What a report says, or null when it says nothing, or nothing that can be believed. */
export function readReport(
  value: string | undefined,
  subject: ReportSubject,
  key: Uint8Array,
): ReportedPlacement | null {
  const text = (value ?? '').replace(/\s+/g, '')
  const placement = letters[text.charAt(0)]
  if (placement === undefined || !/^[\w-]{25}$/.test(text)) return null
  const mac = Buffer.from(text.slice(1), 'base64url')
  const wanted = macOf(text.charAt(0), subject, key)
  return mac.length === macBytes && timingSafeEqual(mac, wanted) ? placement : null
}

function macOf(letter: string, { messageId, answered }: ReportSubject, key: Uint8Array): Buffer {
  const hmac = createHmac('sha256', key).update(`report\0${letter}\0${messageId}\0${answered}`)
  return hmac.digest().subarray(0, macBytes)
}
