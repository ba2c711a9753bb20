import type { RulesOf } from './rule.ts'

/** The rules of DKIM (RFC 6376, 8301, 8463). */
export const dkimRules: RulesOf<'dkim'> = {
  'dkim.none-possible': { ids: ['DK-00'], points: 20, severity: 'high', rfc: 'RFC 8020 §2', facts: ['name'] },
  'dkim.none-found': {
    ids: ['DK-01'],
    points: 5,
    severity: 'medium',
    rfc: 'RFC 6376 §3.1',
    facts: ['tried', 'revoked'],
  },
  'dkim.revoked': {
    ids: ['DK-02'],
    points: 0,
    severity: 'info',
    rfc: 'RFC 6376 §3.6.1',
    facts: ['selector', 'name'],
  },
  /** reason: a `DkimReason`. */
  'dkim.key-invalid': {
    ids: ['DK-03', 'DK-05'],
    points: 15,
    severity: 'critical',
    rfc: 'RFC 6376 §3.6.1',
    facts: ['selector', 'name', 'reason', 'record'],
  },
  'dkim.key-too-short': {
    ids: ['DK-04'],
    points: 15,
    severity: 'critical',
    rfc: 'RFC 8301 §3.2',
    facts: ['selector', 'name', 'keyBits'],
  },
  'dkim.key-short': {
    ids: ['DK-04'],
    points: 5,
    severity: 'medium',
    rfc: 'RFC 8301 §3.2',
    facts: ['selector', 'name', 'keyBits'],
  },
  'dkim.key-very-long': {
    ids: ['DK-04'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 6376 §3.3.3',
    facts: ['selector', 'name', 'keyBits'],
  },
  'dkim.testing': {
    ids: ['DK-07'],
    points: 5,
    severity: 'medium',
    rfc: 'RFC 6376 §3.6.1',
    facts: ['selector', 'name'],
  },
  'dkim.sha1-only': {
    ids: ['DK-06'],
    points: 10,
    severity: 'high',
    rfc: 'RFC 8301 §3.1',
    facts: ['selector', 'name', 'hashes'],
  },
  'dkim.not-for-email': {
    ids: ['DK-09'],
    points: 15,
    severity: 'critical',
    rfc: 'RFC 6376 §3.6.1',
    facts: ['selector', 'name', 'services'],
  },
  'dkim.version-invalid': {
    ids: ['DK-09'],
    points: 15,
    severity: 'critical',
    rfc: 'RFC 6376 §3.6.1',
    facts: ['selector', 'name', 'version'],
  },
  'dkim.multiple-records': {
    ids: ['DK-10'],
    points: 15,
    severity: 'critical',
    rfc: 'RFC 6376 §3.6.2.2',
    facts: ['selector', 'name', 'count'],
  },
  /** target: where the alias ends. Medium while the target is Microsoft's, which makes the second key late. */
  'dkim.alias-dangling': {
    ids: ['DK-11'],
    points: 10,
    severity: 'critical',
    rfc: 'RFC 6376 §3.6.2',
    facts: ['selector', 'name', 'target', 'reason'],
  },
}
