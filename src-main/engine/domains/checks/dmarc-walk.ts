import { getPublicSuffix } from 'tldts'
import { isDmarc, parseDmarc, type DmarcRecord } from '#shared/mail-auth/parse-dmarc.ts'
import { joinTxt, type Ask, type Lookup } from '#shared/model/lookup.ts'

/** One name of the tree walk and what stands there. */
export type DmarcStep = {
  /** The domain asked about, without the `_dmarc` label. */
  readonly domain: string
  readonly answer: Lookup<'TXT'>
  /** The texts that are DMARC records, in a fixed order; two or more count as none (RFC 9989 §4.10). */
  readonly records: readonly string[]
  /** Set when there is exactly one. */
  readonly record: DmarcRecord | null
}

/** A walk makes at most eight queries (RFC 9989 §4.10). */
const walkQueries = 8

/**
 * The names a tree walk asks about, in order: the domain, then one label less each time; a name of more than eight
 * labels goes on with its last seven (RFC 9989 §4.10).
 */
export function walkNames(domain: string): string[] {
  const labels = domain.split('.')
  const names = [domain]
  let rest = labels.length > walkQueries ? labels.slice(-(walkQueries - 1)) : labels.slice(1)
  while (rest.length > 0) {
    names.push(rest.join('.'))
    rest = rest.slice(1)
  }
  return names
}

/**
 * Finds the record that applies to the domain (RFC 9989 §4.10.1): its own ends the walk, and so does one above it that
 * says `psd=y` or `psd=n`, and a name that could not be looked up, because what stands above it then decides nothing.
 */
export function walkDmarc(domain: string, ask: Ask): Promise<DmarcStep[]> {
  return walk(walkNames(domain), ask, step => step.domain === domain || step.record?.psd !== 'u')
}

/**
 * Goes on above the domain's own record, which says what applies but not whose organisation the domain belongs to
 * (RFC 9989 §4.10.2). Nothing where the record itself says so. A public suffix is asked last, and only when the name below
 * it has no record: otherwise that name is the organisation with the suffix's `psd=y` and without it.
 */
export async function walkAbove(domain: string, record: DmarcRecord, ask: Ask): Promise<DmarcStep[]> {
  if (record.psd !== 'u') return []
  const suffix = getPublicSuffix(domain, { allowPrivateDomains: false })
  const names = walkNames(domain).slice(1)
  const isBelowSuffix = (name: string) => name !== suffix && name.includes('.')
  const speaks = (step: DmarcStep) => step.record?.psd !== 'u'
  const own = names.filter(isBelowSuffix)
  const steps = await walk(own, ask, speaks)
  const last = steps.at(-1)
  const isOpen = last !== undefined && steps.length === own.length && last.answer.state !== 'unavailable'
  if (!isOpen || last.record !== null) return steps
  const above = names.filter(name => !isBelowSuffix(name))
  return [...steps, ...(await walk(above, ask, speaks))]
}

/** The whole walk from a name, past its own record: what its organisational domain is told from (RFC 9989 §4.10). */
export function walkWhole(domain: string, ask: Ask): Promise<DmarcStep[]> {
  return walk(walkNames(domain), ask, step => step.record?.psd !== 'u')
}

async function walk(
  names: readonly string[],
  ask: Ask,
  endsAt: (step: DmarcStep) => boolean,
): Promise<DmarcStep[]> {
  const steps: DmarcStep[] = []
  for (const name of names) {
    const step = readStep(name, await ask(`_dmarc.${name}`, 'TXT'))
    steps.push(step)
    if (step.answer.state === 'unavailable' || (step.record !== null && endsAt(step))) break
  }
  return steps
}

/**
 * The organisational domain by a whole walk from `domain` (RFC 9989 §4.10.2): the name that says `psd=n`, else the one
 * a label below `psd=y`, else the one with a record and the fewest labels, else the domain itself. Null when a name of the
 * walk could not be looked up.
 */
export function organisationOf(domain: string, steps: readonly DmarcStep[]): string | null {
  if (steps.some(step => step.answer.state === 'unavailable')) return null
  const labels = domain.split('.')
  const withRecord = steps.filter(step => step.record !== null)
  for (const step of withRecord) {
    if (step.record?.psd === 'n') return step.domain
    if (step.record?.psd === 'y' && step.domain !== domain)
      return labels.slice(-(step.domain.split('.').length + 1)).join('.')
  }
  return withRecord.at(-1)?.domain ?? domain
}

export function readStep(domain: string, answer: Lookup<'TXT'>): DmarcStep {
  const texts = answer.state === 'found' ? answer.values.map(joinTxt) : []
  const records = texts.filter(isDmarc).toSorted()
  const [only, second] = records
  const parsed = only !== undefined && second === undefined ? parseDmarc(only) : null
  return { domain, answer, records, record: parsed?.ok ? parsed.record : null }
}

export type Applied =
  | {
      readonly state: 'found'
      readonly step: DmarcStep
      readonly record: DmarcRecord
      readonly inherited: boolean
    }
  | { readonly state: 'absent' }
  | { readonly state: 'unavailable'; readonly answer: Lookup<'TXT'> }

/**
 * The record that applies to the domain (RFC 9989 §4.10.1, §4.10.2): its own; else that of its organisational domain,
 * which is named by `psd=n`, or stands one label below `psd=y`, or has the fewest labels; else that of its public suffix.
 */
export function appliedRecord(steps: readonly DmarcStep[]): Applied {
  const [own] = steps
  if (own?.record) return { state: 'found', step: own, record: own.record, inherited: false }
  const failed = steps.find(step => step.answer.state === 'unavailable')
  if (failed !== undefined) return { state: 'unavailable', answer: failed.answer }
  const withRecord = steps.filter(step => step.record !== null)
  const last = withRecord.at(-1)
  if (last?.record?.psd === 'y') {
    const below = withRecord.at(-2)
    const labels = last.domain.split('.').length
    const isOrganisation = below !== undefined && below.domain.split('.').length === labels + 1
    return inherit(isOrganisation ? below : last)
  }
  return last === undefined ? { state: 'absent' } : inherit(last)
}

function inherit(step: DmarcStep): Applied {
  return step.record === null
    ? { state: 'absent' }
    : { state: 'found', step, record: step.record, inherited: true }
}
