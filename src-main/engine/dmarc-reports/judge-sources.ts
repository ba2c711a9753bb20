import type { ReportSource, SourceLine, SourceVerdict } from '#shared/model/dmarc-report.ts'
import { limits } from '../net/limits.ts'
import { isSameOrganisation } from './passage.ts'
import { type KnownRange, senderNames } from './sender-names.ts'
import type { DayRow } from './store.ts'

export type Sources = {
  readonly sources: ReportSource[]
  /** What stands beyond `limits.dmarcSources`. */
  readonly more: { readonly sources: number; readonly messages: number; readonly aligned: number }
}

/** What the rows of a period say of each sender, the busiest first. Pure. */
export function judgeSources(rows: readonly DayRow[], known: readonly KnownRange[]): Sources {
  const senderOf = senderNames(known)
  const groups = new Map<string, DayRow[]>()
  for (const row of rows) {
    const { kind, name } = senderOf(row)
    const key = `${kind} ${name}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  const all = [...groups.values()]
    .map(group => sourceOf(group, senderOf))
    .toSorted((a, b) => b.messages - a.messages || a.sender.name.localeCompare(b.sender.name))
  const rest = all.slice(limits.dmarcSources)
  return {
    sources: all.slice(0, limits.dmarcSources),
    more: {
      sources: rest.length,
      messages: sum(rest, source => source.messages),
      aligned: sum(rest, source => source.aligned),
    },
  }
}

const shownNames = 8

function sourceOf(rows: readonly DayRow[], senderOf: ReturnType<typeof senderNames>): ReportSource {
  const [first] = rows
  if (first === undefined) throw new Error('A source has at least one row.')
  const of = (isWanted: (row: DayRow) => boolean) => sum(rows.filter(isWanted), row => row.messages)
  const addresses = busiest(rows, row => [row.ip])
  return {
    sender: senderOf(first),
    messages: of(() => true),
    aligned: of(isAligned),
    spfAligned: of(row => row.spfAligned),
    dkimAligned: of(row => row.dkimAligned),
    forwarded: of(row => row.passage !== 'direct'),
    quarantined: of(row => row.disposition === 'quarantine'),
    rejected: of(row => row.disposition === 'reject'),
    addresses: addresses.slice(0, shownNames).map(([ip, messages]) => ({ ip, messages })),
    addressCount: addresses.length,
    headerFrom: namesOf(rows, row => [row.headerFrom]),
    envelopeFrom: namesOf(rows, row => (row.envelopeFrom === null ? [] : [row.envelopeFrom])),
    selectors: namesOf(rows, row => row.dkim.flatMap(({ selector }) => selector ?? [])),
    lines: linesOf(rows),
  }
}

/** What needs somebody first, the most frequent before the others. */
function linesOf(rows: readonly DayRow[]): SourceLine[] {
  const lines = new Map<SourceVerdict, DayRow[]>()
  for (const row of rows) {
    const verdict = verdictOf(row)
    const line = lines.get(verdict)
    if (line === undefined) lines.set(verdict, [row])
    else line.push(row)
  }
  return [...lines]
    .map(([verdict, of]) => ({
      verdict,
      messages: sum(of, row => row.messages),
      domains: namesOf(of, row => namedBy(verdict, row)),
      selectors: verdict === 'dkim-fails' ? namesOf(of, failedSelectors) : [],
    }))
    .toSorted((a, b) => rankOf(a.verdict) - rankOf(b.verdict) || b.messages - a.messages)
}

/** Whether a verdict asks for something to be done; forwarding and what could not be checked do not. */
export function isTrouble(verdict: SourceVerdict): boolean {
  return rankOf(verdict) === 0
}

function rankOf(verdict: SourceVerdict): number {
  if (verdict === 'aligned' || verdict === 'aligned-by-dkim') return 3
  if (verdict === 'forwarded' || verdict === 'forwarded-changed' || verdict === 'could-not-check') return 2
  return verdict === 'aligned-by-spf' ? 1 : 0
}

export function isAligned({ spfAligned, dkimAligned }: Pick<DayRow, 'spfAligned' | 'dkimAligned'>): boolean {
  return spfAligned || dkimAligned
}

/** What one row comes to. Alignment is the receiver's own verdict (RFC 9990 §3.1.1.9). Pure. */
function verdictOf(row: DayRow): SourceVerdict {
  if (row.spfAligned) return row.dkimAligned ? 'aligned' : 'aligned-by-spf'
  if (row.dkimAligned) return row.passage === 'forwarded' ? 'forwarded' : 'aligned-by-dkim'
  if (row.passage === 'forwarded-changed') return 'forwarded-changed'
  const isOwn = (domain: string) => isSameOrganisation(domain, row.headerFrom)
  if (row.dkim.some(({ result }) => result === 'pass')) return 'dkim-other-domain'
  if (row.dkim.some(one => isOwn(one.domain) && isRefused(one.result))) return 'dkim-fails'
  if (row.spf.some(({ result }) => result === 'pass')) return 'spf-other-domain'
  if (row.spf.some(one => isOwn(one.domain) && isRefused(one.result))) return 'spf-fails'
  return [...row.dkim, ...row.spf].some(({ result }) => result === 'temperror')
    ? 'could-not-check'
    : 'nothing'
}

function isRefused(result: string): boolean {
  return !['pass', 'none', 'temperror'].includes(result)
}

function passed(seen: DayRow['spf']): string[] {
  return seen.filter(({ result }) => result === 'pass').map(({ domain }) => domain)
}

function namedBy(verdict: SourceVerdict, { dkim, spf, headerFrom }: DayRow): string[] {
  if (verdict === 'dkim-other-domain') return passed(dkim)
  if (verdict === 'spf-other-domain') return passed(spf)
  if (verdict === 'aligned-by-dkim')
    return passed(spf).filter(domain => !isSameOrganisation(domain, headerFrom))
  return [headerFrom]
}

function failedSelectors({ dkim, headerFrom }: DayRow): string[] {
  return dkim
    .filter(({ domain, result }) => isSameOrganisation(domain, headerFrom) && isRefused(result))
    .flatMap(({ selector }) => selector ?? [])
}

function namesOf(rows: readonly DayRow[], namesIn: (row: DayRow) => readonly string[]): string[] {
  return busiest(rows, namesIn)
    .slice(0, shownNames)
    .map(([name]) => name)
}

function busiest(rows: readonly DayRow[], namesIn: (row: DayRow) => readonly string[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const row of rows) {
    for (const name of new Set(namesIn(row))) counts.set(name, (counts.get(name) ?? 0) + row.messages)
  }
  return [...counts].toSorted(([a, more], [b, less]) => less - more || a.localeCompare(b))
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0)
}
