import type { DmarcEvidence } from '#shared/model/dmarc-report.ts'
import type { Finding } from '#shared/model/finding.ts'
import { planDmarc } from '../plan-dmarc.ts'
import type { InForce } from './dmarc-policy.ts'
import { finding } from './rules.ts'

/** A month shows what is sent once a month, too. */
const leastDays = 28
/**
 * The share of the domain's own messages that must pass. Not all: an address that is shared with others, as those of
 * sending services are, also carries what a stranger forges, and a look-up of a receiver fails now and then. More than one
 * in fifty is a sender that needs mending first.
 */
const leastAligned = 0.98
/** Of fewer messages too much depends on chance. */
const leastMessages = 50
/** Reports that stopped say nothing about today. */
const mostAgeDays = 7

/** From watching to refusing, each step milder than the next: with `t=y` receivers go one step back (RFC 9989 §4.7). */
type Step = 'quarantine-testing' | 'quarantine' | 'reject'

/**
 * Whether the domain's own policy can be raised: what came directly from its own addresses in the last month was aligned.
 * What others forge under its name is no reason to wait, it is the reason to go on; it is told beside. Without enough
 * reports nothing is said. Pure.
 */
export function judgeReadiness(
  { name, text, record, standing }: InForce,
  evidence: DmarcEvidence | null,
): Finding[] {
  if (evidence === null || standing !== 'own' || !record.policiesValid || record.errors.length > 0) return []
  const { days, messages, aligned, ageDays, otherSources, otherMessages } = evidence
  const isEnough = days >= leastDays && messages >= leastMessages && ageDays <= mostAgeDays
  const next = nextStep(record.p, record.testing)
  if (!isEnough || aligned < messages * leastAligned || next === null) return []
  const policy = `${record.p ?? ''}${record.testing ? '; t=y' : ''}`
  return [
    finding('dmarc.can-enforce', {
      name,
      policy,
      next,
      days,
      messages,
      aligned,
      otherSources,
      otherMessages,
      expected: recordFor(name, text, next),
    }),
  ]
}

function nextStep(policy: InForce['record']['p'], testing: boolean): Step | null {
  if (policy === 'none') return 'quarantine-testing'
  if (policy === 'quarantine') return testing ? 'quarantine' : 'reject'
  return policy === 'reject' && testing ? 'reject' : null
}

function recordFor(name: string, text: string, step: Step): string {
  const policy = step === 'reject' ? 'reject' : 'quarantine'
  const planned = planDmarc(name.replace(/^_dmarc\./, ''), [text], false, policy)
  return step === 'quarantine-testing' ? planned.replace('; p=quarantine', '; p=quarantine; t=y') : planned
}
