import { dmarcPolicies, isDmarc, parseDmarc } from '#shared/mail-auth/parse-dmarc.ts'
import type { DmarcPolicy, DmarcRecord } from '#shared/mail-auth/parse-dmarc.ts'

/**
 * The one DMARC record for what stands there (RFC 9989 §4.7): a single valid one unchanged; otherwise a record with the
 * mildest policy among them, because none of them was in force, and the tags of the first that can be read.
 * Without any, the first step: watch and change nothing. A `step` that was chosen is the policy, in force at once.
 */
export function planDmarc(
  domain: string,
  records: readonly string[],
  canReceive: boolean,
  step: DmarcPolicy | null = null,
): string {
  const parsed = records.flatMap(record => {
    const result = parseDmarc(record)
    return result.ok ? [result.record] : []
  })
  const [only] = records
  const [base] = parsed
  const isInForce = base !== undefined && isRight(base) && (step === null || isStep(base, step))
  if (records.length === 1 && only !== undefined && isInForce) return only
  const policy =
    step ??
    parsed.map(record => record.p ?? 'none').toSorted((a, b) => strength(a) - strength(b))[0] ??
    'none'
  const kept = base === undefined ? [] : keptTags(base, step !== null)
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
  return record.p !== null && record.errors.length === 0
}

/** With `t=y` receivers treat mail one step more mildly (RFC 9989 §4.7). */
function isStep(record: DmarcRecord, step: DmarcPolicy): boolean {
  return record.p === step && !record.testing
}

function strength(policy: DmarcPolicy): number {
  return dmarcPolicies.indexOf(policy)
}

/** What may stay of a record: the tags that are valid and still mean something. */
function keptTags(record: DmarcRecord, isInForce: boolean): string[] {
  const wrong = new Set(record.errors.map(error => error.tag?.toLowerCase()))
  const gone = new Set([
    'v',
    'p',
    ...(isInForce ? ['t'] : []),
    ...record.removed,
    ...record.unknown.map(name => name.toLowerCase()),
  ])
  return record.tags.flatMap(tag => {
    const name = tag.name.toLowerCase()
    if (gone.has(name)) return []
    if (name === 'rua' || name === 'ruf') {
      const good = record[name].filter(uri => uri.reason === null).map(uri => uri.text)
      return good.length === 0 ? [] : [`${name}=${good.join(',')}`]
    }
    return wrong.has(name) ? [] : [`${name}=${tag.value}`]
  })
}
