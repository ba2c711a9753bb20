import { dmarcPolicies, isDmarc, parseDmarc } from '#shared/mail-auth/parse-dmarc.ts'
import type { DmarcPolicy, DmarcRecord, ReportUri } from '#shared/mail-auth/parse-dmarc.ts'

/**
 * The one DMARC record for what stands there (RFC 9989 §4.7): a single valid one unchanged; otherwise a record with the
 * mildest policy among them, because none of them was in force, and the tags of the first that can be read.
 * Without any, the first step: watch and change nothing.
 */
export function planDmarc(domain: string, records: readonly string[], canReceive: boolean): string {
  const parsed = records.flatMap(record => {
    const result = parseDmarc(record)
    return result.ok ? [result.record] : []
  })
  const [only] = records
  const [base] = parsed
  if (records.length === 1 && only !== undefined && base !== undefined && isRight(base)) return only
  const policy =
    parsed.map(record => record.p ?? 'none').toSorted((a, b) => strength(a) - strength(b))[0] ?? 'none'
  const kept = base === undefined ? [] : keptTags(base)
  const reports =
    kept.some(tag => tag.startsWith('rua=')) || !canReceive ? [] : [`rua=mailto:dmarc@${domain}`]
  return ['v=DMARC1', `p=${policy}`, ...kept, ...reports].join('; ')
}

/** A DMARC record out of a text that receivers do not take for one; null when it cannot be read so. */
export function mendDmarc(almost: string): string | null {
  const text = almost
    .replaceAll(/["'\u2018-\u201f\ufeff\\]/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const mended = text.replace(/^v\s*=\s*dmarc1?\b\s*[;:,]?\s*/i, 'v=DMARC1; ').trim()
  if (isDmarc(mended)) return mended
  const version = /(?:^|;)\s*v\s*=\s*dmarc1\s*(?=;|$)/i
  return version.test(text) ? `v=DMARC1; ${text.replace(version, '').replace(/^\s*;\s*/, '')}` : null
}

function isRight(record: DmarcRecord): boolean {
  const isSeparated = [...record.rua, ...record.ruf].every(uri => uri.reason !== 'separator')
  return record.policiesValid && record.errors.length === 0 && isSeparated
}

function strength(policy: DmarcPolicy): number {
  return dmarcPolicies.indexOf(policy)
}

/** What may stay of a record: the tags that are valid and still mean something. */
function keptTags(record: DmarcRecord): string[] {
  const wrong = new Set(record.errors.map(error => error.tag?.toLowerCase()))
  const gone = new Set(['v', 'p', ...record.removed, ...record.unknown.map(name => name.toLowerCase())])
  return record.tags.flatMap(tag => {
    const name = tag.name.toLowerCase()
    if (gone.has(name)) return []
    if (name === 'rua' || name === 'ruf') {
      const good = record[name].flatMap(usableUris)
      return good.length === 0 ? [] : [`${name}=${good.join(',')}`]
    }
    return wrong.has(name) ? [] : [`${name}=${tag.value}`]
  })
}

/** The addresses of an entry as a report can be sent to them; several where only what parts them is wrong. */
export function usableUris({ text, reason, address }: ReportUri): string[] {
  if (reason === null) return [`mailto:${address ?? ''}`]
  if (reason === 'scheme-missing' && parsesAsUri(`mailto:${text}`)) return [`mailto:${text}`]
  if (reason !== 'separator') return []
  return text.split(/\s+/).map(piece => `mailto:${piece.replace(/^mailto:/i, '').replace(/!.*$/, '')}`)
}

function parsesAsUri(uri: string): boolean {
  const parsed = parseDmarc(`v=DMARC1; p=none; rua=${uri}`)
  return parsed.ok && parsed.record.rua.length === 1 && parsed.record.rua[0]?.reason === null
}
