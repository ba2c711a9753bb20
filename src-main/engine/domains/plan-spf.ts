import type { SpfCost } from '#shared/model/audit.ts'
import type { MailProvider } from '#shared/model/provider.ts'
import { isSpf, parseSpf, spfMechanisms } from '#shared/mail-auth/parse-spf.ts'

/**
 * The one SPF record that keeps every term of the `records` that stand there and lets the provider send: its include
 * goes before `all`, slips of the pen that have one meaning are mended, `+all` becomes `~all`, and a missing end is added
 * (RFC 7208 §4.6.1, §5.1, §5.2). `covered` are names that are already authorised further down. Gives the record back
 * unchanged when it is already right, and null when it holds an error with more than one possible meaning.
 */
export function mergeSpf(
  records: readonly string[],
  provider: MailProvider | null,
  covered: readonly string[] = [],
): string | null {
  const written = records.flatMap(record =>
    record
      .split(' ')
      .filter(term => term !== '')
      .slice(1),
  )
  const terms = written.map(mendTerm)
  const ordered = records.length === 1 ? terms : endTerms(distinct(terms))
  const closed = close(ordered)
  const merged = ['v=spf1', ...addInclude(closed, provider, covered)].join(' ')
  const parsed = parseSpf(merged)
  if (!parsed.ok || parsed.record.errors.length > 0) return null
  const [only] = records
  return records.length === 1 && only !== undefined && merged.toLowerCase() === squeeze(only) ? only : merged
}

/** The record of a domain that never sends. */
export const closedSpf = 'v=spf1 -all'

/** A first record, for a domain that has none; null where only the mail provider knows. */
export function firstSpf(provider: MailProvider | null, hasMx: boolean): string | null {
  if (provider !== null)
    return provider.spfInclude === null ? null : `v=spf1 include:${provider.spfInclude} ~all`
  return hasMx ? 'v=spf1 mx ~all' : null
}

/** An SPF record out of a text that receivers do not take for one; null when it cannot be read so. */
export function mendSpf(almost: string): string | null {
  const text = almost
    .replaceAll(/["'\u2018-\u201f\ufeff\\]/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const mended = text.replace(/^.{0,40}?v\s*=\s*spf1(?:[\s;:,.]+|(?=[+\-~?a-z])|$)/i, 'v=spf1 ').trim()
  return isSpf(mended) ? mended.replaceAll(/\s*;\s*/g, ' ').trim() : null
}

/** The record that a text with paste faults was meant as, whole and right; '' when that is not clear. */
export function mendedRecord(text: string): string {
  const mended = mendSpf(text)
  return mended === null ? '' : (mergeSpf([mended], null) ?? '')
}

/** The names that `include` and `redirect` authorise, all the way down. */
export function coveredNames(costs: readonly SpfCost[]): string[] {
  return costs.flatMap(cost => {
    if (cost.target === null || !/^(?:\+?include:|redirect=)/i.test(cost.term)) return []
    return [cost.target.toLowerCase(), ...coveredNames(cost.children)]
  })
}

export function isCostKnown(costs: readonly SpfCost[]): boolean {
  return costs.every(cost => cost.state !== 'unavailable' && isCostKnown(cost.children))
}

function addInclude(
  terms: readonly string[],
  provider: MailProvider | null,
  covered: readonly string[],
): string[] {
  if (provider === null || provider.spfInclude === null) return [...terms]
  const accepted = [provider.spfInclude, ...provider.spfAlso].map(name => name.toLowerCase())
  const end = terms.findIndex(isAll)
  const counted = (end < 0 ? terms : terms.slice(0, end)).map(term => term.toLowerCase())
  const named = counted.some(term => accepted.some(name => isGrantOf(term, name)))
  if (named || covered.some(name => accepted.includes(name))) return [...terms]
  const before = terms.findIndex(term => isAll(term) || isRedirect(term))
  return terms.toSpliced(before < 0 ? terms.length : before, 0, `include:${provider.spfInclude}`)
}

function isGrantOf(term: string, name: string): boolean {
  return [`include:${name}`, `+include:${name}`, `redirect=${name}`].includes(term.replace(/\.$/, ''))
}

function close(terms: readonly string[]): string[] {
  if (!terms.some(term => isAll(term) || isRedirect(term))) return [...terms, '~all']
  return terms.map(term => (/^\+?all$/i.test(term) ? '~all' : term))
}

/** Terms of several records in one: the first `all` of them ends it. */
function endTerms(terms: readonly string[]): string[] {
  const inside = terms.filter(term => !isAll(term) && !isRedirect(term))
  const all = terms.find(isAll)
  return [...inside, ...terms.filter(isRedirect), ...(all === undefined ? [] : [all])]
}

/** `include=x`, `redirect:x`, `+redirect=x` and `ip4:2001:db8::` can only mean one thing. */
function mendTerm(term: string): string {
  const assigned = /^([+\-~?]?)([a-z0-9]+)=(.+)$/i.exec(term)
  const name = assigned?.[2]?.toLowerCase() ?? ''
  if (assigned && name !== 'all' && (spfMechanisms as readonly string[]).includes(name)) {
    return mendFamily(`${assigned[1]}${name}:${assigned[3]}`)
  }
  const modifier = /^[+\-~?]?(redirect|exp)[:=](.+)$/i.exec(term)
  if (modifier) return `${modifier[1]?.toLowerCase()}=${modifier[2]}`
  return mendFamily(term)
}

function mendFamily(term: string): string {
  const address = /^([+\-~?]?)ip([46]):([0-9a-f:.]+(?:\/\d+)?)$/i.exec(term)
  if (!address) return term
  const isSix = (address[3]?.split(':').length ?? 0) > 2
  return isSix === (address[2] === '6') ? term : `${address[1]}ip${isSix ? 6 : 4}:${address[3]}`
}

function isAll(term: string): boolean {
  return /^[+\-~?]?all$/i.test(term)
}

function isRedirect(term: string): boolean {
  return /^redirect=/i.test(term)
}

function distinct(terms: readonly string[]): string[] {
  const seen = new Set<string>()
  return terms.filter(term => !seen.has(term.toLowerCase()) && seen.add(term.toLowerCase()))
}

function squeeze(record: string): string {
  return record
    .split(' ')
    .filter(term => term !== '')
    .join(' ')
    .toLowerCase()
}
