import {
  dmarcTagRules,
  readTagList,
  trimSpan,
  type Span,
  type Tag,
  type TagList,
  type TagListReason,
} from './tag-list.ts'

export const dmarcPolicies = ['none', 'quarantine', 'reject'] as const
export type DmarcPolicy = (typeof dmarcPolicies)[number]

export type DmarcReason = TagListReason | 'unknown-value'
export type DmarcError = Span & {
  readonly reason: DmarcReason
  readonly tag: string | null
  readonly text: string
}

const reportUriReasons = [
  'scheme-missing',
  'scheme-not-mailto',
  'address-invalid',
  'separator',
  'empty',
] as const
export type ReportUriReason = (typeof reportUriReasons)[number]

/** One entry of `rua` or `ruf`. `sizeLimit` is the suffix `!10m`, which RFC 9990 tells reporters to ignore. */
export type ReportUri = Span & {
  readonly text: string
  readonly address: string | null
  readonly sizeLimit: string | null
  readonly reason: ReportUriReason | null
}

export type DmarcRecord = {
  readonly tags: readonly Tag[]
  /** Null when the tag is missing or its value is not a policy. */
  readonly p: DmarcPolicy | null
  readonly sp: DmarcPolicy | null
  readonly np: DmarcPolicy | null
  /** `p` is a policy, and `sp` and `np` are too where they stand; otherwise none of them counts (RFC 9989 §4.10.1). */
  readonly policiesValid: boolean
  readonly adkim: 'r' | 's'
  readonly aspf: 'r' | 's'
  readonly testing: boolean
  readonly psd: 'y' | 'n' | 'u'
  readonly rua: readonly ReportUri[]
  readonly ruf: readonly ReportUri[]
  readonly fo: readonly string[]
  /** `pct` as RFC 7489 §6.3 had it, 0 to 100; null when it is not there or not a number. */
  readonly percentage: number | null
  /** `pct`, `rf` and `ri`, as far as they stand there. */
  readonly removed: readonly string[]
  /** Tags nobody knows; receivers ignore them. */
  readonly unknown: readonly string[]
  readonly errors: readonly DmarcError[]
}
export type DmarcParse =
  | { readonly ok: true; readonly record: DmarcRecord }
  | { readonly ok: false; readonly reason: 'not-dmarc' }

const known = ['v', 'p', 'sp', 'np', 'adkim', 'aspf', 't', 'psd', 'rua', 'ruf', 'fo', 'pct', 'rf', 'ri']
const removedTags = ['pct', 'rf', 'ri']

/** Whether a text is a DMARC record at all: the tag `v` first, its value exactly `DMARC1` (RFC 9989 §4.7, §4.8). */
export function isDmarc(text: string): boolean {
  return /^[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)/.test(text)
}

/**
 * Reads one DMARC record (RFC 9989 §4.7, §4.8). Never throws. Outside `v` an error costs only its own tag, which
 * then counts as not there; of a tag written twice the first is kept and the second is an error.
 */
export function parseDmarc(text: string): DmarcParse {
  if (!isDmarc(text)) return { ok: false, reason: 'not-dmarc' }
  const list = readTagList(text, dmarcTagRules)
  const strays = strayAddresses(text, list)
  const errors: DmarcError[] = list.errors
    .filter(error => !strays.some(stray => stray.start === error.start))
    .map(error => ({ ...error, text: text.slice(error.start, error.end) }))
  const tagOf = (name: string) => list.tags.find(tag => tag.name.toLowerCase() === name)
  const oneOf = <T extends string>(name: string, values: readonly T[]): T | null => {
    const tag = tagOf(name)
    if (tag === undefined) return null
    const value = values.find(candidate => candidate === tag.value.toLowerCase())
    if (value === undefined)
      errors.push({ ...tag.valueSpan, reason: 'unknown-value', tag: name, text: tag.value })
    return value ?? null
  }
  const urisOf = (name: 'rua' | 'ruf') => [
    ...readReportUris(text, tagOf(name)),
    ...strays.filter(stray => stray.tag === name).map(stray => stray.uri),
  ]
  const p = oneOf('p', dmarcPolicies)
  const record = {
    tags: list.tags,
    p,
    sp: oneOf('sp', dmarcPolicies),
    np: oneOf('np', dmarcPolicies),
    policiesValid: p !== null && !errors.some(isPolicyError),
    adkim: oneOf('adkim', ['r', 's']) ?? 'r',
    aspf: oneOf('aspf', ['r', 's']) ?? 'r',
    testing: oneOf('t', ['y', 'n']) === 'y',
    psd: oneOf('psd', ['y', 'n', 'u']) ?? 'u',
    rua: urisOf('rua'),
    ruf: urisOf('ruf'),
    fo: readFo(tagOf('fo'), errors),
    percentage: readPercentage(tagOf('pct')),
    removed: removedTags.filter(name => tagOf(name) !== undefined),
    unknown: list.tags.map(tag => tag.name).filter(name => !known.includes(name.toLowerCase())),
    errors,
  } as const
  return { ok: true, record: { ...record, errors: errors.toSorted((a, b) => a.start - b.start) } }
}

/** Whether `rua` holds a URI that can be read, of whatever scheme: without a policy it makes one of none (RFC 9989 §4.10.1). */
export function asksForReports({ rua }: Pick<DmarcRecord, 'rua'>): boolean {
  return rua.some(
    ({ reason, text }) => reason === null || (reason === 'scheme-not-mailto' && /^[^:]+:[^\s]+$/.test(text)),
  )
}

function isPolicyError({ tag, reason }: DmarcError): boolean {
  return reason !== 'duplicate' && ['p', 'sp', 'np'].includes(tag?.toLowerCase() ?? '')
}

function readPercentage(tag: Tag | undefined): number | null {
  const percentage = /^\d{1,3}$/.test(tag?.value ?? '') ? Number(tag?.value) : null
  return percentage !== null && percentage <= 100 ? percentage : null
}

type Stray = { readonly tag: 'rua' | 'ruf'; readonly start: number; readonly uri: ReportUri }

/** Addresses that a semicolon cut off from the list before them, where a comma belongs. */
function strayAddresses(text: string, { tags, errors }: TagList): Stray[] {
  return errors.flatMap(({ start, end, reason }): Stray[] => {
    const address = text.slice(start, end)
    const before = tags.findLast(tag => tag.valueSpan.end <= start)?.name.toLowerCase()
    if (reason !== 'equals-missing' || !isLooseAddress(address)) return []
    if (before !== 'rua' && before !== 'ruf') return []
    return [{ tag: before, start, uri: { start, end, text: address, ...unusable('separator') } }]
  })
}

function isLooseAddress(text: string): boolean {
  return /^(?:mailto:)?[^\s@,;!]{1,64}@[^\s@,;!]{1,253}(?:![0-9]+[kmgt]?)?$/i.test(text)
}

function unusable(reason: ReportUriReason) {
  return { address: null, sizeLimit: null, reason } as const
}

function readFo(tag: Tag | undefined, errors: DmarcError[]): string[] {
  if (tag === undefined) return ['0']
  const options = tag.value.split(':').map(option => option.trim().toLowerCase())
  if (options.every(option => ['0', '1', 'd', 's'].includes(option))) return options
  errors.push({ ...tag.valueSpan, reason: 'unknown-value', tag: 'fo', text: tag.value })
  return ['0']
}

function readReportUris(text: string, tag: Tag | undefined): ReportUri[] {
  if (tag === undefined) return []
  const uris: ReportUri[] = []
  let from = tag.valueSpan.start
  while (from <= tag.valueSpan.end) {
    const comma = text.indexOf(',', from)
    const to = comma === -1 || comma >= tag.valueSpan.end ? tag.valueSpan.end : comma
    uris.push(readReportUri(text, trimSpan(text, from, to)))
    from = to + 1
  }
  return uris
}

/** A mail address as a report can be sent to: no quoting, a dotted name with letters, digits and hyphens. */
const mailAddress =
  /^[^\s@,;!?]{1,64}@(?=[^@]{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i

function readReportUri(text: string, span: Span): ReportUri {
  const uri = text.slice(span.start, span.end)
  const wrong = (reason: ReportUriReason): ReportUri => ({ ...span, text: uri, ...unusable(reason) })
  if (uri === '') return wrong('empty')
  const pieces = uri.split(/\s+/)
  if (pieces.length > 1 && pieces.every(isLooseAddress)) return wrong('separator')
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(uri)?.[1]?.toLowerCase()
  if (scheme === undefined) return wrong('scheme-missing')
  if (scheme !== 'mailto') return wrong('scheme-not-mailto')
  const target = uri.slice('mailto:'.length)
  const bang = target.indexOf('!')
  const size = bang === -1 ? null : target.slice(bang + 1)
  const address = (bang === -1 ? target : target.slice(0, bang)).split('?')[0] ?? ''
  if (!mailAddress.test(address)) return wrong('address-invalid')
  if (size !== null && !/^\d+[kmgt]?$/i.test(size)) return wrong('address-invalid')
  return { ...span, text: uri, address, sizeLimit: size, reason: null }
}
