import type { AuditReport, DkimSelector } from '../model/audit.ts'
import { type CheckId, isRequiredCheck, type RequiredCheckId } from '../model/check-ids.ts'
import { checkStateOf } from '../model/check-state.ts'
import { moreSentence } from './more-sentences.ts'
import { clip, countOf, listOf } from './phrases.ts'
import { unavailableSentence } from './unavailable.ts'

/** From here on one or two more services break the record. */
const nearLimit = 8

export type ProviderNames = { readonly mail: string | null; readonly dns: string | null }

/** What one check found, in one sentence for a table or a terminal. What is wrong with it is told by the findings. */
export function checkSentence(report: AuditReport, check: CheckId, providers: ProviderNames): string {
  const known = checkStateOf(report, check)
  if (known === null) return 'Not looked at.'
  if (known.state === 'unavailable') {
    if (check === 'dkim' && isUnasked(report)) return unaskedSentence(report)
    const row =
      report.rows.find(row => row.check === check && row.state === 'unavailable') ??
      report.rows.find(row => row.check === check)
    return unavailableSentence(row?.reason ?? null, row?.server ?? null)
  }
  return isRequiredCheck(check) ? sentences[check](report, providers) : moreSentence(report, check)
}

/** DKIM alone can stay open without anything having gone wrong: other selectors were not to be looked for. */
function isUnasked({ rows }: AuditReport): boolean {
  return rows.some(({ check, reason }) => check === 'dkim' && reason === 'not-asked')
}

function unaskedSentence({ dkim }: AuditReport): string {
  return dkim.tried === 0
    ? 'Not looked at: no selector is known, and none were to be guessed.'
    : `No key found under ${countOf(dkim.tried, 'known name')}; others were not looked for.`
}

const sentences: Record<RequiredCheckId, (report: AuditReport, providers: ProviderNames) => string> = {
  spf: ({ spf }) => {
    if (spf.state === 'absent') return 'No SPF record is published.'
    if (spf.record === null) return 'A record is published, but receivers cannot use it.'
    const ending = spf.all === null ? 'has no “all”' : `ends in ${spf.all}`
    const voids = spf.voidLookups === 0 ? '' : `, ${spf.voidLookups} without an answer`
    const lookups =
      spf.lookups > 10 ? `${spf.lookups} look-ups, and 10 are allowed` : `${spf.lookups} of 10 look-ups`
    return `Needs ${lookups}${voids}; ${ending}.${costliestOf(spf)}`
  },
  dmarc: ({ domain, dmarc }) => {
    if (dmarc.state === 'absent') return 'No DMARC record is published.'
    if (dmarc.policy === null) return 'A record is published, but receivers cannot use it.'
    const policy = dmarc.policy === 'none' ? 'Policy none (receivers only watch)' : `Policy ${dmarc.policy}`
    const inherited = dmarc.foundAt !== null && dmarc.foundAt !== `_dmarc.${domain}`
    return inherited ? `${policy}, taken over from ${dmarc.foundAt}.` : `${policy}.`
  },
  dkim: ({ dkim }) => {
    const keys = dkim.selectors.filter(selector => selector.state === 'found')
    if (keys.length > 0) return `${countOf(keys.length, 'key')}: ${listOf(keys.map(keyOf), 4, 60)}.`
    const unasked = dkim.selectors.filter(selector => selector.state === 'unavailable').length
    if (unasked > 0) return `No key found yet; ${countOf(unasked, 'name')} could not be asked.`
    return dkim.tried > 0
      ? `No key found under ${countOf(dkim.tried, 'usual name')}.`
      : 'No key is published below _domainkey.'
  },
  mx: ({ mx }, { mail }) => {
    if (mx.nullMx && mx.hosts.length === 0) return 'Takes no mail (null MX).'
    if (mx.state === 'absent' || mx.hosts.length === 0) return 'No MX record is published.'
    const hosts = mx.hosts.map(({ host }) => host)
    return mail === null ? `${listOf(hosts, 2, 60)}.` : `${mail}: ${listOf(hosts, 2, 60)}.`
  },
  ns: ({ domain, ns }, { dns }) => {
    if (ns.state === 'absent' || ns.hosts.length === 0) return 'No NS record is to be found, here or above.'
    const zone = ns.zone === null || ns.zone === domain ? '' : `, which hold ${ns.zone}`
    const hosts = listOf(ns.hosts, 2, 60)
    return dns === null ? `${hosts}${zone}.` : `${dns}: ${hosts}${zone}.`
  },
}

/** Near the limit it helps to know which term costs most: ` 4 of them come from include:a.example.` */
function costliestOf({ lookups, costs }: AuditReport['spf']): string {
  const [first] = costs.toSorted((a, b) => b.lookups - a.lookups)
  if (lookups < nearLimit || first === undefined || first.lookups < 2) return ''
  return ` ${first.lookups} of them come from ${clip(first.term, 60)}.`
}

/** `google (RSA, 2048 bits)`; an Ed25519 key has one size, so it is not told. */
function keyOf({ selector, keyType, keyBits }: DkimSelector): string {
  if (keyType === 'ed25519') return `${selector} (Ed25519)`
  return keyType === null || keyBits === null
    ? `${selector} (no usable key)`
    : `${selector} (RSA, ${keyBits} bits)`
}
