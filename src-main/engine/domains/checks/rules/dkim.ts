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
  /** reason: a `DkimReason` or a `DkimPasteFault`; expected: the record as it should be, or empty. */
  'dkim.key-invalid': {
    ids: ['DK-03', 'DK-05', 'DK-12'],
    points: 15,
    severity: 'critical',
    rfc: 'RFC 6376 §3.6.1',
    facts: ['selector', 'name', 'reason', 'record', 'expected'],
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
  /** target: where the alias ends; path: every name on the way. Medium while the target is Microsoft's, which makes the second key late. */
  'dkim.alias-dangling': {
    ids: ['DK-11'],
    points: 10,
    severity: 'critical',
    rfc: 'RFC 6376 §3.6.2',
    facts: ['selector', 'name', 'target', 'reason', 'path'],
  },
  /** path: the aliases, ending in one that stands there already. */
  'dkim.alias-loop': {
    ids: ['DK-11'],
    points: 10,
    severity: 'critical',
    rfc: 'RFC 6376 §3.6.2',
    facts: ['selector', 'name', 'path'],
  },
  'dkim.ed25519-alone': {
    ids: ['DK-05'],
    points: 5,
    severity: 'medium',
    rfc: 'RFC 8463 §4',
    facts: ['selector', 'name'],
  },
  'dkim.strict-identity': {
    ids: ['DK-08'],
    points: 0,
    severity: 'info',
    rfc: 'RFC 6376 §3.6.1',
    facts: ['selector', 'name'],
  },
  /** addresses: what stands there in place of the alias; network: `cloudflare`, or empty when it is not known. */
  'dkim.proxied': {
    ids: ['DK-13'],
    points: 10,
    severity: 'critical',
    rfc: 'RFC 6376 §3.6.2',
    facts: ['selector', 'name', 'addresses', 'network'],
  },
  /** name: where the key stands; shouldBe: where it belongs. */
  'dkim.doubled-name': {
    ids: ['DK-14'],
    points: 5,
    severity: 'high',
    rfc: 'RFC 6376 §3.6.2',
    facts: ['selector', 'name', 'shouldBe', 'record'],
  },
  'dkim.same-key': {
    ids: ['DK-15'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 6376 §3.1',
    facts: ['selector', 'selectors'],
  },
  'dkim.one-microsoft-selector': {
    ids: ['DK-16'],
    points: 5,
    severity: 'medium',
    rfc: 'RFC 6376 §3.1',
    facts: ['selector', 'name', 'missing'],
  },
  'dkim.wildcard': {
    ids: ['DK-17'],
    points: 5,
    severity: 'medium',
    rfc: 'RFC 4592 §2.2',
    facts: ['name', 'selector'],
  },
}
