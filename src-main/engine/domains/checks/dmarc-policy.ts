import {
  asksForReports,
  type DmarcError,
  type DmarcPolicy,
  type DmarcRecord,
} from '#shared/mail-auth/parse-dmarc.ts'
import type { Finding } from '#shared/model/finding.ts'
import { planDmarc } from '../plan-dmarc.ts'
import { finding } from './rules.ts'

/** Which tag speaks for a domain: `p` in its own record; above it `sp`, or `np` when the domain does not exist. */
export type Standing = 'own' | 'subdomain' | 'missing-subdomain'

/** The record that applies, where it stands, and how the domain stands to it. */
export type InForce = {
  readonly name: string
  readonly text: string
  readonly record: DmarcRecord
  readonly standing: Standing
  readonly policy: DmarcPolicy | null
  /** The record is that of the organisational domain, so its `sp` and `np` are read (RFC 9989 §4.7). */
  readonly speaksForSubdomains: boolean
}

const strength: Record<DmarcPolicy, number> = { none: 0, quarantine: 1, reject: 2 }

/**
 * RFC 9989 §4.10.1: with a `p`, `sp` or `np` that is no policy, or without `p`, a usable report address makes it none for
 * everything; without such an address there is no policy.
 */
export function policyOf(record: DmarcRecord, standing: Standing): DmarcPolicy | null {
  if (!record.policiesValid) return asksForReports(record) ? 'none' : null
  if (standing === 'own') return record.p
  return (standing === 'missing-subdomain' ? record.np : null) ?? record.sp ?? record.p
}

export function judgePolicy(inForce: InForce): Finding[] {
  const { name, text, record, standing, policy, speaksForSubdomains } = inForce
  const findings: Finding[] = []
  const tag = speakingTag(record, standing)
  if (record.p === null) {
    findings.push(finding('dmarc.policy-missing', { name, record: text, applied: policy ?? 'nothing' }))
  }
  if (policy === 'none' && record[tag] === 'none' && record.policiesValid)
    findings.push(finding('dmarc.policy-none', { name, tag }))
  if (speaksForSubdomains) findings.push(...judgeSubdomains(name, record))
  if (record.testing && policy !== null && policy !== 'none') {
    const applied = policy === 'reject' ? 'quarantine' : 'none'
    findings.push(finding('dmarc.testing', { name, policy, applied }))
  }
  const strict = (['adkim', 'aspf'] as const).filter(alignment => record[alignment] === 's')
  if (strict.length > 0) findings.push(finding('dmarc.strict-alignment', { name, tags: [...strict] }))
  if (record.removed.length > 0)
    findings.push(finding('dmarc.removed-tag', { name, tags: [...record.removed] }))
  if (record.unknown.length > 0)
    findings.push(finding('dmarc.unknown-tag', { name, tags: [...record.unknown] }))
  return findings
}

function speakingTag(record: DmarcRecord, standing: Standing): 'p' | 'sp' | 'np' {
  if (standing === 'missing-subdomain' && record.np !== null) return 'np'
  return standing !== 'own' && record.sp !== null ? 'sp' : 'p'
}

/** `np` falls back to `sp`, and `sp` to `p`, so only one that is written can be weaker. */
function judgeSubdomains(name: string, record: DmarcRecord): Finding[] {
  const policy = record.p
  if (policy === null || !record.policiesValid) return []
  const weaker = (['sp', 'np'] as const).flatMap(tag => {
    const subdomainPolicy = record[tag]
    if (subdomainPolicy === null || strength[subdomainPolicy] >= strength[policy]) return []
    return [finding('dmarc.subdomain-policy-weaker', { name, tag, policy, subdomainPolicy })]
  })
  const applied = record.sp ?? policy
  if (record.np !== null || applied === 'reject') return weaker
  return [...weaker, finding('dmarc.np-advised', { name, applied })]
}

/** A record of the domain's own that asks for less than its organisation does for all its subdomains. */
export function judgeAgainstOrganisation(
  inForce: InForce,
  organisation: { readonly name: string; readonly record: DmarcRecord } | null,
): Finding[] {
  const { name, policy } = inForce
  if (organisation === null || inForce.standing !== 'own' || policy === null) return []
  const organisationPolicy = policyOf(organisation.record, 'subdomain')
  if (organisationPolicy === null || strength[policy] >= strength[organisationPolicy]) return []
  const facts = { name, policy, organisation: organisation.name, organisationPolicy }
  return [finding('dmarc.weaker-than-organisation', facts)]
}

/** The first error in words; an error in a policy tag takes the whole policy with it. */
export function judgeSyntax(domain: string, { name, text, record }: InForce): Finding[] {
  const [first] = record.errors
  if (first === undefined) return []
  const policyTag = record.errors.find(error => ['p', 'sp', 'np'].includes(error.tag?.toLowerCase() ?? ''))
  const inPolicy =
    policyTag?.reason === 'duplicate' && policyTag.tag?.toLowerCase() !== 'p' ? undefined : policyTag
  const touchesPolicy =
    inPolicy !== undefined || record.errors.some(error => error.tag?.toLowerCase() === 'v')
  const told = inPolicy ?? first
  const facts = {
    name,
    record: text,
    tag: told.tag ?? '',
    term: told.text,
    reason: told.reason,
    position: told.start,
    errors: record.errors.map((error: DmarcError) => `${error.text}: ${error.reason}`),
    expected: planDmarc(domain, [text], false),
  }
  return [finding('dmarc.syntax', facts, touchesPolicy ? 'high' : undefined)]
}
