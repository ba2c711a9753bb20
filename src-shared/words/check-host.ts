import type { CheckHostCause, CheckHostResult, CheckHostStep, CheckHostVerdict } from '../model/check-host.ts'
import { reasonClause } from './findings/reasons.ts'
import { clip, countOf } from './phrases.ts'
import { nothingKnownWrong, unavailableClause } from './unavailable.ts'

type Told = Pick<CheckHostResult, 'result' | 'matched' | 'domain' | 'ip' | 'cause'>
type Cause = NonNullable<CheckHostResult['cause']>

/** What the answer means, in one sentence after its word. */
const verdicts: Record<CheckHostVerdict, (told: Told) => string> = {
  pass: ({ ip, domain }) => `${ip} may send for ${nameOf(domain)}`,
  fail: ({ ip, domain }) => `${ip} may not send for ${nameOf(domain)}`,
  softfail: ({ ip, domain }) => `${ip} is probably not allowed to send for ${nameOf(domain)}`,
  neutral: ({ ip, domain }) => `${nameOf(domain)} says nothing about ${ip}`,
  none: () => 'SPF has nothing to say',
  temperror: () => 'could not look',
  permerror: () => 'receivers cannot use the record',
}

const causes: Record<CheckHostCause, (cause: Cause) => string> = {
  'domain-malformed': ({ domain }) => `${nameOf(domain)} is no domain name that SPF can be asked about`,
  'domain-missing': ({ domain }) => `${nameOf(domain)} does not exist`,
  'record-missing': ({ domain }) => `${nameOf(domain)} has no SPF record`,
  'record-multiple': ({ domain }) => `${nameOf(domain)} has more than one SPF record`,
  'record-invalid': cause =>
    `${termOf(cause)} in the record of ${nameOf(cause.domain)} ${reasonClause('spf', { reason: cause.reason ?? '' }, 'is not valid')}`,
  'target-malformed': cause => `${termOf(cause)} leads to no domain name`,
  'target-without-record': cause => `${termOf(cause)} leads to a domain without an SPF record`,
  'too-many-lookups': cause => `the limit of 10 look-ups is passed at ${termOf(cause)}`,
  'too-many-void-lookups': cause => `the limit of 2 look-ups that find nothing is passed at ${termOf(cause)}`,
  'too-many-mx-hosts': cause => `${termOf(cause)} stands for more than 10 mail servers`,
  unavailable: cause =>
    `${cause.term === null ? `the record of ${nameOf(cause.domain)}` : termOf(cause)}: ${unavailableClause(cause.reason, null)}`,
}

/** `Pass: 192.0.2.1 may send for example.com, because of include:a.example → ip4:192.0.2.0/24.` */
export function checkHostSentence(told: Told): string {
  const { result, cause, matched } = told
  const word = `${result.charAt(0).toUpperCase()}${result.slice(1)}`
  const why =
    cause !== null
      ? `: ${causes[cause.code](cause)}`
      : matched === null
        ? ': no term matches'
        : `, because of ${clip(matched, 200)}`
  const calm = result === 'temperror' ? ` ${nothingKnownWrong}` : ''
  return `${word}: ${verdicts[result](told)}${why}.${calm}`
}

/** `3 of 10 look-ups, 1 of 2 that find nothing`. */
export function checkHostCounts({
  lookups,
  voidLookups,
}: Pick<CheckHostResult, 'lookups' | 'voidLookups'>): string {
  return `${lookups} of ${countOf(10, 'look-up')}, ${voidLookups} of 2 that find nothing`
}

export const checkHostOutcomes: Record<CheckHostStep['outcome'], string> = {
  matched: 'matches',
  'not-matched': 'does not match',
  followed: 'goes on there',
  error: 'cannot be used',
}

function nameOf(domain: string): string {
  return domain === '' ? 'the empty name' : clip(domain, 80)
}

function termOf({ term }: Cause): string {
  return term === null ? 'a term' : `“${clip(term, 60)}”`
}
