import { domainToASCII } from 'node:url'
import { formatIpAddress, readIpAddress, withoutMapping } from '#shared/mail-auth/ip-range.ts'
import {
  type AuthenticationResult,
  authenticationResults,
  type Disposition,
  type DkimSeen,
  type DmarcReport,
  dispositions,
  type OverrideReason,
  overrideReasons,
  type ReportRefusal,
  type ReportRow,
  reportPolicies,
  type SpfSeen,
} from '#shared/model/dmarc-report.ts'
import { limits } from '../net/limits.ts'
import type { RefusalFacts } from './part.ts'
import { childrenOf, readXml, textOf, textsOf, type XmlNode } from './xml.ts'

export type Parsed =
  | { readonly ok: true; readonly report: DmarcReport }
  | { readonly ok: false; readonly code: ReportRefusal; readonly facts: RefusalFacts }

const dayMs = 24 * 60 * 60_000
const earliestAt = Date.UTC(2012, 0, 1)
/** Reporters cover a day; a week is seen, and more than a month is a mistake. */
const longestMs = 32 * dayMs

/**
 * Reads an aggregate report: XML of RFC 9990 §3.1 or RFC 7489 Appendix C, with or without a namespace, and with what
 * reporters do differently: missing versions and envelope senders, several results, times with fractions. A record
 * that cannot be read is counted in `leftOut`. Refuses as `readXml` does, or with `not-a-report`, `domain-missing`,
 * `id-missing`, `dates-unusable`, `no-records` or `too-many-records`. `now` is epoch milliseconds. Pure.
 */
export function parseReport(octets: Uint8Array, now: number): Parsed {
  const read = readXml(octets)
  if (!read.ok) return bad(read.code)
  const [feedback] = childrenOf(read.root, 'feedback')
  const [metadata] = childrenOf(feedback, 'report_metadata')
  const [published] = childrenOf(feedback, 'policy_published')
  if (feedback === undefined || metadata === undefined || published === undefined) return bad('not-a-report')

  const domain = domainOf(textOf(published, 'domain'))
  if (domain === '') return bad('domain-missing')
  const reportId = textOf(metadata, 'report_id')
  if (reportId === '') return bad('id-missing')
  const [range] = childrenOf(metadata, 'date_range')
  const beginsAt = instantOf(textOf(range, 'begin'))
  const endsAt = instantOf(textOf(range, 'end'))
  const isUsable =
    beginsAt !== null &&
    endsAt !== null &&
    beginsAt >= earliestAt &&
    endsAt >= beginsAt &&
    endsAt - beginsAt <= longestMs &&
    endsAt <= now + 2 * dayMs
  if (!isUsable) return bad('dates-unusable', { begin: textOf(range, 'begin'), end: textOf(range, 'end') })

  const records = childrenOf(feedback, 'record')
  if (records.length > limits.dmarcRecords)
    return bad('too-many-records', { count: records.length, most: limits.dmarcRecords })
  const rows = records.flatMap(record => readRecord(record, domain) ?? [])
  if (rows.length === 0) return bad('no-records')
  const email = textOf(metadata, 'email')
  return {
    ok: true,
    report: {
      format: isNewer(read.text, published) ? 'rfc9990' : 'rfc7489',
      organisation: textOf(metadata, 'org_name') || domainOf(email) || 'unknown',
      email: email === '' ? null : email,
      reportId,
      domain,
      beginsAt,
      endsAt,
      policy: {
        p: oneOf(reportPolicies, textOf(published, 'p')),
        sp: oneOf(reportPolicies, textOf(published, 'sp')),
        np: oneOf(reportPolicies, textOf(published, 'np')),
        testing: textOf(published, 'testing').toLowerCase() === 'y',
      },
      errors: textsOf(metadata, 'error')
        .filter(text => text !== '')
        .slice(0, limits.dmarcErrors),
      rows,
      leftOut: records.length - rows.length,
    },
  }
}

function bad(code: ReportRefusal, facts: RefusalFacts = {}): Parsed {
  return { ok: false, code, facts }
}

/** Some send what is new in RFC 9990 without its namespace. */
function isNewer(text: string, published: XmlNode): boolean {
  const root = /<(?:[\w.-]+:)?feedback\b[^>]{0,2000}>/i.exec(text.slice(0, 20_000))?.[0] ?? ''
  return (
    root.includes('urn:ietf:params:xml:ns:dmarc-2.0') ||
    ['discovery_method', 'testing', 'np'].some(name => textOf(published, name) !== '')
  )
}

function readRecord(record: XmlNode, policyDomain: string): ReportRow | null {
  const [row] = childrenOf(record, 'row')
  const [evaluated] = childrenOf(row, 'policy_evaluated')
  const [identifiers] = childrenOf(record, 'identifiers')
  const [results] = childrenOf(record, 'auth_results')
  const address = readIpAddress(textOf(row, 'source_ip'))
  const messages = Number(textOf(row, 'count') || Number.NaN)
  if (address === null || evaluated === undefined || !(messages >= 1 && messages <= 1e9)) return null
  return {
    ip: formatIpAddress(withoutMapping(address)),
    messages: Math.floor(messages),
    disposition: oneOf<Disposition>(dispositions, textOf(evaluated, 'disposition')) ?? 'none',
    spfAligned: textOf(evaluated, 'spf').toLowerCase() === 'pass',
    dkimAligned: textOf(evaluated, 'dkim').toLowerCase() === 'pass',
    reasons: [...new Set(childrenOf(evaluated, 'reason').flatMap(reason => reasonOf(reason) ?? []))],
    headerFrom: domainOf(textOf(identifiers, 'header_from')) || policyDomain,
    envelopeFrom: envelopeOf(identifiers),
    spf: childrenOf(results, 'spf').slice(0, limits.dmarcResults).flatMap(spfOf),
    dkim: childrenOf(results, 'dkim').slice(0, limits.dmarcResults).flatMap(dkimOf),
  }
}

/** Google tells mail that somebody vouched for on the way (RFC 8617) as its own policy, with this in the comment. */
function reasonOf(reason: XmlNode): OverrideReason | null {
  const type = oneOf(overrideReasons, textOf(reason, 'type'))
  return type === 'local_policy' && /\barc=pass\b/i.test(textOf(reason, 'comment'))
    ? 'trusted_forwarder'
    : type
}

/** Null where the element is missing; it is there and empty for a bounce (RFC 9990 §3.1.1.10). */
function envelopeOf(identifiers: XmlNode | undefined): string | null {
  const [text] = textsOf(identifiers, 'envelope_from')
  if (text === undefined) return null
  return text === '' || text === '<>' ? '' : domainOf(text) || null
}

function spfOf(node: XmlNode): SpfSeen[] {
  const domain = domainOf(textOf(node, 'domain'))
  return domain === '' ? [] : [{ domain, result: resultOf(textOf(node, 'result')) }]
}

function dkimOf(node: XmlNode): DkimSeen[] {
  const domain = domainOf(textOf(node, 'domain'))
  const selector = textOf(node, 'selector')
  const named = /^[\w.-]{1,253}$/.test(selector) ? selector.toLowerCase() : null
  return domain === '' ? [] : [{ domain, selector: named, result: resultOf(textOf(node, 'result')) }]
}

/** Older names of results (RFC 7489 Appendix C, RFC 4408). */
const olderResults: Readonly<Record<string, AuthenticationResult>> = {
  unknown: 'temperror',
  error: 'permerror',
  hardfail: 'fail',
}

function resultOf(text: string): AuthenticationResult {
  const result = text.toLowerCase()
  return oneOf(authenticationResults, result) ?? olderResults[result] ?? 'none'
}

/** A name as A-labels in lower case, also of a whole address; empty for what is none. */
function domainOf(text: string): string {
  const name = text
    .slice(text.lastIndexOf('@') + 1)
    .replace(/[<>\s]/g, '')
    .replace(/\.$/, '')
  const ascii = /^[\x21-\x7e]*$/.test(name) ? name.toLowerCase() : domainToASCII(name)
  return ascii.length <= 253 && /^[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+$/.test(ascii) ? ascii : ''
}

/** Seconds since the epoch, by some with a fraction or in milliseconds. */
function instantOf(text: string): number | null {
  if (!/^\d{9,13}(?:\.\d+)?$/.test(text)) return null
  const seconds = Number(text)
  return Math.floor(seconds > 1e11 ? seconds : seconds * 1_000)
}

function oneOf<T extends string>(values: readonly T[], text: string): T | null {
  return values.find(value => value === text.toLowerCase()) ?? null
}
