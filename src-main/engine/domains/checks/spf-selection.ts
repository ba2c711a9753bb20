import { isSpf } from '#shared/mail-auth/parse-spf.ts'
import { joinTxt, type TxtValue } from '#shared/model/lookup.ts'

export type NearMissReason = 'quotes' | 'leading-text' | 'separator' | 'version' | 'record-type'
export type NearMiss = { readonly record: string; readonly reason: NearMissReason }

/** Two terms run together where one character-string ends and the next begins (RFC 7208 §3.3). */
export type Seam = {
  readonly record: string
  readonly left: string
  readonly right: string
  readonly position: number
  /** The whole text with a space at every such seam. */
  readonly spaced: string
}

/** The texts that RFC 7208 §4.5 takes for SPF records, in a fixed order. */
export function selectSpf(values: readonly TxtValue[]): string[] {
  return values.map(joinTxt).filter(isSpf).toSorted()
}

/** Texts that were meant as SPF records and are none. */
export function nearMisses(values: readonly TxtValue[]): NearMiss[] {
  const texts = values.map(joinTxt).toSorted()
  return texts.flatMap(record => {
    const reason = isSpf(record) ? null : nearMissReason(record)
    return reason === null ? [] : [{ record, reason }]
  })
}

function nearMissReason(text: string): NearMissReason | null {
  // Only the beginning is looked at: a note that mentions SPF further on is a note.
  const head = text.slice(0, 60)
  if (/^v=spf1[^ ]/i.test(head) && !/^v=spf1[0-9]/i.test(head)) return 'separator'
  if (/^v\s*=\s*spf/i.test(head) || /^spf1?\s*[:=]?\s*(?:v=|include:|a |mx |ip4:)/i.test(head))
    return 'version'
  if (/^[\s\\]*["'“”‘’„«`]+[\s\\"'“”‘’„«`]*v\s*=\s*["'“”]?spf/i.test(head)) return 'quotes'
  if (/^v\s*=\s*["'“”‘’]+spf/i.test(head)) return 'quotes'
  if (/(?:^|[^a-z0-9])v=spf1(?:\s|$)/i.test(head)) return 'leading-text'
  return null
}

const termStart =
  /^(?:[+\-~?]?(?:include:|exists:|ptr:|ip4:|ip6:|a:|mx:)|redirect=|exp=|[+\-~?]all(?: |$)|[+\-~?](?:a|mx|ptr)(?: |$))/i

/** These may as well be the rest of a name that was cut where a provider cuts. */
const doubtfulStart = /^(?:all|a|mx|ptr)(?: |$)/i

/** RFC 1035 §3.3: a character-string holds no more octets. */
export const longestString = 255

/**
 * Seams that swallow the space between two terms. A cut in the middle of a term, as a provider makes it at 255
 * octets, is right and is not told.
 */
export function seamsOf(value: TxtValue): Seam[] {
  const record = joinTxt(value)
  const seams: Omit<Seam, 'spaced'>[] = []
  let position = 0
  let spaced = ''
  for (const [index, left] of value.strings.entries()) {
    position += left.length
    spaced += left
    const right = value.strings[index + 1]
    if (right === undefined || left === '' || !swallowsSpace(left, right)) continue
    spaced += ' '
    seams.push({ record, left: lastWord(left), right: right.split(' ', 1)[0] ?? '', position })
  }
  return seams.map(seam => ({ ...seam, spaced }))
}

function swallowsSpace(left: string, right: string): boolean {
  if (/[\s:=+\-~?/.]$/.test(left)) return false
  return termStart.test(right) || (octetsOf(left) !== longestString && doubtfulStart.test(right))
}

export function octetsOf(text: string): number {
  return new TextEncoder().encode(text).length
}

function lastWord(text: string): string {
  return text.slice(text.lastIndexOf(' ') + 1)
}
