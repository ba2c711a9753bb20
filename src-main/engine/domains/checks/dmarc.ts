import type { DmarcResult, OlderReceiver } from '#shared/model/audit.ts'
import type { DmarcEvidence } from '#shared/model/dmarc-report.ts'
import type { Finding } from '#shared/model/finding.ts'
import type { Ask } from '#shared/model/lookup.ts'
import { registrableDomain } from '../public-suffix.ts'
import { gatherDestinations, type Destination } from './dmarc-destinations.ts'
import { gatherMisplaced, judgeNames, type Misplaced } from './dmarc-names.ts'
import { olderReceiver } from './dmarc-older.ts'
import {
  judgeAgainstOrganisation,
  judgePolicy,
  judgeSyntax,
  policyOf,
  type InForce,
  type Standing,
} from './dmarc-policy.ts'
import { judgeReadiness } from './dmarc-readiness.ts'
import { judgeReports } from './dmarc-reports.ts'
import {
  appliedRecord,
  organisationOf,
  readStep,
  walkAbove,
  walkDmarc,
  type Applied,
  type DmarcStep,
} from './dmarc-walk.ts'
import { finding, sortFindings, verdictOf } from './rules.ts'

export type DmarcFacts = {
  readonly domain: string
  /** The walk that finds the record (RFC 9989 §4.10.1). */
  readonly steps: readonly DmarcStep[]
  /** What stands above the domain's own record, for its organisational domain (RFC 9989 §4.10.2). */
  readonly above: readonly DmarcStep[]
  /** Null when the domain has a record of its own, or that could not be told. */
  readonly misplaced: Misplaced | null
  /** The organisational domain by the public suffix list, when neither walk asked there. */
  readonly suffixStep: DmarcStep | null
  readonly destinations: readonly Destination[]
  /** What stored aggregate reports show; null without any. */
  readonly evidence: DmarcEvidence | null
}

/**
 * Walks the tree, and asks where the reports go and, without a record of the domain's own, where it may have ended up. `aside`
 * is asked what only tells the organisational domain and what older receivers do: no verdict rests on it.
 */
export async function gatherDmarc(
  domain: string,
  ask: Ask,
  aside: Ask = ask,
  evidence: DmarcEvidence | null = null,
): Promise<DmarcFacts> {
  const steps = await walkDmarc(domain, ask)
  const own = steps[0]
  const mayBeMisplaced = own !== undefined && own.record === null && own.answer.state !== 'unavailable'
  const above = own?.record ? walkAbove(domain, own.record, aside) : []
  const [walked, misplaced, suffixStep] = await Promise.all([
    above,
    mayBeMisplaced ? gatherMisplaced(domain, ask) : null,
    own?.record ? null : gatherSuffixStep(domain, steps, aside),
  ])
  const applied = appliedRecord(steps)
  const destinations =
    applied.state === 'found' && !isOfRegistry(applied)
      ? await gatherDestinations(
          applied.step.domain,
          organisationAt(applied.step.domain, [...steps, ...walked]),
          applied.record,
          ask,
        )
      : []
  return { domain, steps, above: walked, misplaced, suffixStep, destinations, evidence }
}

/** Where the reports of a public suffix go is not for the owner of a name below it to mend. */
function isOfRegistry({ record, inherited }: Extract<Applied, { state: 'found' }>): boolean {
  return inherited && record.psd === 'y'
}

async function gatherSuffixStep(
  domain: string,
  steps: readonly DmarcStep[],
  ask: Ask,
): Promise<DmarcStep | null> {
  const organisation = registrableDomain(domain)
  if (organisation === null || steps.some(step => step.domain === organisation)) return null
  return readStep(organisation, await ask(`_dmarc.${organisation}`, 'TXT'))
}

/** The organisational domain of a name that the walk passed. */
function organisationAt(name: string, steps: readonly DmarcStep[]): string | null {
  const from = steps.findIndex(step => step.domain === name)
  return from === -1 ? null : organisationOf(name, steps.slice(from))
}

/** What receivers do with mail that fails, and where they report it (RFC 9989). Pure. */
export function judgeDmarc(facts: DmarcFacts): { result: DmarcResult; findings: Finding[] } {
  const { domain, steps, above, misplaced, destinations } = facts
  const applied = appliedRecord(steps)
  const findings = [...judgeNames(domain, steps[0], misplaced), ...steps.flatMap(judgeMultiple)]
  const inForce = inForceOf(facts, applied)
  const nothing = { record: null, policy: null, foundAt: null, organisationalDomain: null, older: null }
  if (inForce === null) {
    const own = steps[0]
    const isAbsent = applied.state === 'absent'
    const isThere = own !== undefined && own.records.length > 1
    if (isAbsent && !findings.some(entry => entry.code === 'dmarc.multiple')) {
      const asked = steps.map(step => `_dmarc.${step.domain}`)
      findings.push(finding('dmarc.missing', { domain, asked }))
    }
    const older = isAbsent ? olderOf(facts, null, null, domain) : null
    const result = {
      ...nothing,
      state: isThere ? 'found' : isAbsent ? 'absent' : 'unavailable',
      verdict: verdictOf(findings, isAbsent),
      organisationalDomain: isAbsent ? domain : null,
      older: older !== null && older.foundAt !== null ? older : null,
    } as const
    return { result, findings: sortFindings(findings) }
  }
  const { name, record, policy } = inForce
  const organisation = organisationOf(domain, [...steps, ...above])
  findings.push(
    ...judgeSyntax(domain, inForce),
    ...judgePolicy(inForce),
    ...judgeAgainstOrganisation(inForce, organisationRecord(facts, organisation)),
    ...(applied.state === 'found' && isOfRegistry(applied) ? [] : judgeReports(inForce, destinations)),
    ...judgeReadiness(inForce, facts.evidence),
  )
  if (record.psd === 'y' && inForce.standing === 'own') findings.push(finding('dmarc.psd', { name }))
  const result: DmarcResult = {
    state: 'found',
    record: inForce.text,
    verdict: verdictOf(findings, true),
    policy,
    foundAt: name,
    organisationalDomain: organisation,
    older: olderOf(facts, policy, name, organisation),
  }
  return { result, findings: sortFindings(findings) }
}

/**
 * Null without a record, and when `np` asks for something else than `sp` while it could not be looked up whether the
 * domain exists.
 */
function inForceOf({ domain, steps, above, misplaced }: DmarcFacts, applied: Applied): InForce | null {
  if (applied.state !== 'found') return null
  const { record, inherited, step } = applied
  const standing = inherited ? standingOf(misplaced) : 'own'
  const ifThere = policyOf(record, inherited ? 'subdomain' : 'own')
  if (standing === null && policyOf(record, 'missing-subdomain') !== ifThere) return null
  const organisation = organisationOf(domain, [...steps, ...above])
  return {
    name: `_dmarc.${step.domain}`,
    text: step.records[0] ?? '',
    record,
    standing: standing ?? 'subdomain',
    policy: policyOf(record, standing ?? 'subdomain'),
    speaksForSubdomains: !inherited && (organisation ?? registrableDomain(domain)) === domain,
  }
}

/** RFC 9989 §3.2: a domain does not exist when the answer for its name is NXDOMAIN (RFC 8020). */
function standingOf(misplaced: Misplaced | null): Standing | null {
  const apex = misplaced?.apex
  if (apex === undefined || apex.state === 'unavailable') return null
  const isMissing = apex.state === 'absent' && apex.reason === 'nxdomain' && apex.aliases.length === 0
  return isMissing ? 'missing-subdomain' : 'subdomain'
}

function organisationRecord({ domain, steps, above }: DmarcFacts, organisation: string | null) {
  if (organisation === null || organisation === domain) return null
  const record = [...steps, ...above].find(step => step.domain === organisation)?.record
  return record ? { name: `_dmarc.${organisation}`, record } : null
}

/** Null when what an older receiver asks for could not be looked up. */
function olderOf(
  facts: DmarcFacts,
  policy: DmarcResult['policy'],
  foundAt: string | null,
  organisation: string | null,
): OlderReceiver | null {
  const { domain, steps, above, suffixStep } = facts
  const organisationalDomain = registrableDomain(domain) ?? domain
  const own = steps[0]?.record ?? null
  const asked = [...steps, ...above, ...(suffixStep === null ? [] : [suffixStep])]
  const step = asked.find(entry => entry.domain === organisationalDomain)
  if (own === null && (step === undefined || step.answer.state === 'unavailable')) return null
  return olderReceiver(own, {
    domain,
    organisationalDomain,
    organisationRecord: step?.record ?? null,
    newer: { policy, foundAt, organisationalDomain: organisation },
  })
}

function judgeMultiple(step: DmarcStep): Finding[] {
  if (step.records.length < 2) return []
  const facts = { name: `_dmarc.${step.domain}`, count: step.records.length, records: [...step.records] }
  return [finding('dmarc.multiple', facts)]
}
