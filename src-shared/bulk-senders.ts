import type { AuditReport } from './model/audit.ts'
import type { CheckId, Finding, FindingCode } from './model/finding.ts'

export const bulkProviders = ['gmail', 'yahoo', 'microsoft'] as const
export type BulkProvider = (typeof bulkProviders)[number]

export const bulkRequirements = [
  'spf-or-dkim',
  'spf-and-dkim',
  'dmarc',
  'alignment',
  'reverse-dns',
  'tls',
  'one-click-unsubscribe',
  'spam-rate',
  'message-form',
] as const
export type BulkRequirement = (typeof bulkRequirements)[number]

/** `unknown`: could not be looked up, or DNS alone does not settle it; `not-checkable`: only messages or their receivers show it. */
export const bulkStates = ['met', 'not-met', 'unknown', 'not-checkable'] as const
export type BulkState = (typeof bulkStates)[number]

export type BulkSenderItem = {
  readonly provider: BulkProvider
  readonly requirement: BulkRequirement
  readonly state: BulkState
  /** Records and names that the state rests on, as they were found. */
  readonly evidence: readonly string[]
  /** Findings that stand in the way, worst first. */
  readonly codes: readonly FindingCode[]
}

/** Who asks for what of bulk senders: Gmail and Yahoo since February 2024, Microsoft's consumer services since May 2025. */
const asked: Readonly<Record<BulkRequirement, readonly BulkProvider[]>> = {
  'spf-or-dkim': ['gmail', 'yahoo'],
  'spf-and-dkim': ['gmail', 'yahoo', 'microsoft'],
  dmarc: ['gmail', 'yahoo', 'microsoft'],
  alignment: ['gmail', 'yahoo', 'microsoft'],
  'reverse-dns': ['gmail', 'yahoo', 'microsoft'],
  tls: ['gmail'],
  'one-click-unsubscribe': ['gmail', 'yahoo'],
  'spam-rate': ['gmail', 'yahoo'],
  'message-form': ['gmail', 'yahoo', 'microsoft'],
}

type Reached = Pick<BulkSenderItem, 'state' | 'evidence' | 'codes'>
type BulkReport = Pick<AuditReport, 'spf' | 'dkim' | 'dmarc' | 'findings'> & {
  /** What the other checks came to, as far as they were made. */
  readonly checks?: Readonly<Record<string, { readonly state: string; readonly verdict: string } | undefined>>
}

/**
 * What Gmail, Yahoo and Microsoft ask of those who send 5,000 messages a day and more, and how far the audit shows that it
 * is met: one item for each provider and requirement, provider by provider. Pure.
 */
export function bulkSenderChecklist(report: BulkReport): BulkSenderItem[] {
  const spf = reachedSpf(report)
  const dkim = reachedDkim(report)
  const reached: Record<BulkRequirement, Reached> = {
    'spf-or-dkim': either(spf, dkim),
    'spf-and-dkim': both(spf, dkim),
    dmarc: reachedDmarc(report),
    alignment: notCheckable,
    'reverse-dns': reachedReverseDns(report),
    tls: notCheckable,
    'one-click-unsubscribe': notCheckable,
    'spam-rate': notCheckable,
    'message-form': notCheckable,
  }
  return bulkProviders.flatMap(provider =>
    bulkRequirements
      .filter(requirement => asked[requirement].includes(provider))
      .map(requirement => ({ provider, requirement, ...reached[requirement] })),
  )
}

const notCheckable: Reached = { state: 'not-checkable', evidence: [], codes: [] }

/** They let more through than they should, so mail passes all the same. */
const passesAnyway: readonly string[] = ['spf.pass-all']

function reachedSpf({ spf, findings }: BulkReport): Reached {
  const codes = seriousCodes(findings, 'spf').filter(code => !passesAnyway.includes(code))
  const evidence = spf.record === null ? [] : [spf.record]
  if (codes.length > 0) return { state: 'not-met', evidence, codes }
  if (spf.state === 'unavailable' || spf.verdict === 'unavailable')
    return { state: 'unknown', evidence, codes: [] }
  return { state: spf.record === null ? 'not-met' : 'met', evidence, codes: [] }
}

/** One key that works is enough to sign with; whether it is the one in use only a message shows. */
function reachedDkim({ dkim, findings }: BulkReport): Reached {
  const keys = dkim.selectors.filter(({ state, keyBits }) => state === 'found' && keyBits !== null)
  const good = keys.filter(({ verdict }) => verdict === 'pass' || verdict === 'warn')
  if (good.length > 0) return { state: 'met', evidence: good.map(({ selector }) => selector), codes: [] }
  const codes = seriousCodes(findings, 'dkim')
  if (codes.length > 0 && dkim.state !== 'unavailable')
    return { state: 'not-met', evidence: keys.map(({ selector }) => selector), codes }
  // Without a key under a usual name there may be one under another.
  return { state: 'unknown', evidence: [], codes: codesOf(findings, 'dkim') }
}

function reachedDmarc({ dmarc, findings }: BulkReport): Reached {
  const evidence = [dmarc.foundAt, dmarc.record].filter(text => text !== null)
  if (dmarc.state === 'unavailable') return { state: 'unknown', evidence: [], codes: [] }
  if (dmarc.policy !== null) return { state: 'met', evidence, codes: [] }
  return { state: 'not-met', evidence, codes: seriousCodes(findings, 'dmarc') }
}

/**
 * Only of servers that the domain lists itself, address by address: those of a mail provider are the provider's matter. A
 * name that looks like any customer's is a risk and breaks no rule.
 */
function reachedReverseDns({ spf, findings, checks }: BulkReport): Reached {
  const missing = findings.filter(({ code }) => /^ptr\.(?:missing|not-confirmed)$/.test(code))
  const serious = missing.filter(({ severity }) => severity === 'critical' || severity === 'high')
  if (serious.length > 0) {
    const evidence = serious.flatMap(({ facts }) =>
      typeof facts.address === 'string' ? [facts.address] : [],
    )
    return { state: 'not-met', evidence, codes: [...new Set(serious.map(({ code }) => code))] }
  }
  const ptr = checks?.ptr
  const listed = spf.record?.match(/(?<=\sip[46]:)\S+/gi) ?? []
  if (ptr === undefined || listed.length === 0) return notCheckable
  if (ptr.verdict === 'unavailable') return { state: 'unknown', evidence: [], codes: [] }
  return ptr.state === 'found' ? { state: 'met', evidence: [...listed], codes: [] } : notCheckable
}

function either(one: Reached, other: Reached): Reached {
  const met = [one, other].filter(({ state }) => state === 'met')
  if (met.length > 0) return { state: 'met', evidence: met.flatMap(({ evidence }) => evidence), codes: [] }
  return joined(one, other, [one, other].some(({ state }) => state === 'unknown') ? 'unknown' : 'not-met')
}

function both(one: Reached, other: Reached): Reached {
  const states = [one.state, other.state]
  if (states.includes('not-met')) return joined(one, other, 'not-met')
  return joined(one, other, states.includes('unknown') ? 'unknown' : 'met')
}

function joined(one: Reached, other: Reached, state: BulkState): Reached {
  return { state, evidence: [...one.evidence, ...other.evidence], codes: [...one.codes, ...other.codes] }
}

function seriousCodes(findings: readonly Finding[], check: CheckId): FindingCode[] {
  return codesOf(
    findings.filter(({ severity }) => severity === 'critical' || severity === 'high'),
    check,
  )
}

function codesOf(findings: readonly Finding[], check: CheckId): FindingCode[] {
  return [...new Set(findings.filter(entry => entry.check === check).map(({ code }) => code))]
}
