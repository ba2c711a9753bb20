import type { SoaValue } from '#shared/model/lookup.ts'

const soaReasons = [
  'contact-invalid',
  'server-invalid',
  'retry-longer-than-refresh',
  'expire-too-short',
  'negative-ttl-long',
] as const
export type SoaReason = (typeof soaReasons)[number]

/** RFC 2308 §5: an absence that is remembered for longer than a day hides a record that was just published. */
const longestNegativeTtlS = 86_400

/** What is wrong with the values of an SOA record (RFC 1912 §2.2, RFC 2308 §5), worst first. Times are seconds. Pure. */
export function soaProblems(soa: SoaValue): SoaReason[] {
  const checks: readonly (readonly [SoaReason, boolean])[] = [
    ['expire-too-short', soa.expire < soa.refresh + soa.retry],
    ['negative-ttl-long', soa.minimum > longestNegativeTtlS],
    ['retry-longer-than-refresh', soa.retry > soa.refresh],
    ['contact-invalid', soa.rname === '.' || soa.rname.includes('@') || !soa.rname.includes('.')],
    ['server-invalid', soa.mname === '.' || soa.mname.includes('@')],
  ]
  return checks.flatMap(([reason, isWrong]) => (isWrong ? [reason] : []))
}
