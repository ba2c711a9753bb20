import type { Finding } from '#shared/model/finding.ts'
import { usableUris } from '../plan-dmarc.ts'
import { isPermitted, noMailReason, type Destination } from './dmarc-destinations.ts'
import type { InForce } from './dmarc-policy.ts'
import { finding } from './rules.ts'

/** Reporters must serve two addresses of a list and may stop there (RFC 7489 §6.2, RFC 9990 §3.5). */
const servedAddresses = 2

/** Whether the reports that the record asks for can arrive (RFC 9989 §4.7, RFC 9990 §3.5, §4). Pure. */
export function judgeReports(inForce: InForce, destinations: readonly Destination[]): Finding[] {
  const { name, record } = inForce
  const findings = (['rua', 'ruf'] as const).flatMap(tag => judgeList(name, tag, record[tag]))
  if (record.rua.length === 0) findings.unshift(finding('dmarc.no-reports', { name }))
  return [
    ...findings,
    ...judgeFailureOptions(inForce),
    ...destinations.flatMap(to => judgeDestination(name, to)),
  ]
}

function judgeList(name: string, tag: 'rua' | 'ruf', uris: InForce['record']['rua']): Finding[] {
  const findings = uris.flatMap(uri => {
    if (uri.reason !== null) {
      const expected = usableUris(uri).join(',')
      const facts = { name, tag, address: uri.text, reason: uri.reason, expected }
      return [finding('dmarc.report-address-invalid', facts)]
    }
    if (uri.sizeLimit === null) return []
    const expected = usableUris(uri).join(',')
    return [
      finding('dmarc.report-size-limit', { name, tag, address: uri.text, size: uri.sizeLimit, expected }),
    ]
  })
  if (uris.length > servedAddresses)
    findings.push(finding('dmarc.many-report-addresses', { name, tag, count: uris.length }))
  return findings
}

function judgeFailureOptions({ name, record }: InForce): Finding[] {
  const written = record.tags.some(tag => tag.name.toLowerCase() === 'fo')
  if (!written || record.errors.some(error => error.tag === 'fo')) return []
  const options = record.fo.join(':')
  if (record.ruf.length === 0)
    return [finding('dmarc.failure-options', { name, options, reason: 'without-ruf' })]
  const isRedundant = record.fo.includes('0') && record.fo.includes('1')
  return isRedundant ? [finding('dmarc.failure-options', { name, options, reason: 'redundant' })] : []
}

function judgeDestination(name: string, destination: Destination): Finding[] {
  const { tag, address, host, permission } = destination
  const reason = noMailReason(destination)
  const findings =
    reason === null ? [] : [finding('dmarc.report-host-no-mail', { name, tag, address, host, reason })]
  if (permission !== null && isPermitted(destination) === false) {
    const facts = { name, tag, address, host, asked: permission.name, expected: 'v=DMARC1' }
    findings.push(finding('dmarc.reports-not-permitted', facts))
  }
  return findings
}
