import { mendDkimKey } from '#shared/mail-auth/mend-dkim-key.ts'
import type { DkimKeyRecord } from '#shared/mail-auth/parse-dkim-key.ts'
import type { Finding } from '#shared/model/finding.ts'
import { finding } from './rules.ts'

/** RFC 8301 §3.2: verifiers must not take RSA keys below the first; signers should use the second. */
const shortestBits = 1024
const goodBits = 2048
/** RFC 6376 §3.3.3: beyond it a key may not fit a DNS answer, and verifiers need not take it. */
const longestBits = 4096

/** What is wrong with one key record (RFC 6376 §3.6.1, RFC 8301, RFC 8463); `beside` are the other texts at its name. Pure. */
export function judgeKey(
  at: { readonly selector: string; readonly name: string },
  text: string,
  record: DkimKeyRecord,
  beside: readonly string[],
): Finding[] {
  const { key } = record
  if (key.state === 'revoked') return [finding('dkim.revoked', at)]
  const mend = mendDkimKey(text, beside)
  if (mend !== null) {
    const facts = { ...at, reason: mend.fault, record: text, expected: mend.expected ?? '' }
    return [finding('dkim.key-invalid', facts)]
  }
  const findings: Finding[] = []
  if (!record.versionValid)
    findings.push(finding('dkim.version-invalid', { ...at, version: record.version ?? '' }))
  if (key.state === 'invalid') {
    const reason = key.errors[0]?.reason ?? 'syntax'
    return [...findings, finding('dkim.key-invalid', { ...at, reason, record: text, expected: '' })]
  }
  if (key.type === 'rsa') {
    const facts = { ...at, keyBits: key.bits }
    if (key.bits < shortestBits) findings.push(finding('dkim.key-too-short', facts))
    else if (key.bits < goodBits) findings.push(finding('dkim.key-short', facts))
    else if (key.bits > longestBits) findings.push(finding('dkim.key-very-long', facts))
  }
  if (record.hashes !== null && !record.hashes.includes('sha256') && record.hashes.includes('sha1')) {
    findings.push(finding('dkim.sha1-only', { ...at, hashes: [...record.hashes] }))
  }
  if (!record.services.some(service => service === '*' || service === 'email')) {
    findings.push(finding('dkim.not-for-email', { ...at, services: [...record.services] }))
  }
  if (record.testing) findings.push(finding('dkim.testing', at))
  if (record.strict) findings.push(finding('dkim.strict-identity', at))
  return findings
}
