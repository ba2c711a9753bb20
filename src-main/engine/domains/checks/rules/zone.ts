import type { RulesOf } from './rule.ts'

/** The rules of how the zone is served (RFC 1034, 1912, 2182). */
export const zoneRules: RulesOf<'zone'> = {
  /** reason: `refused`, or `not-held`: it answered as one that does not hold the zone. */
  'zone.lame-server': {
    ids: ['NS-01'],
    points: 8,
    severity: 'high',
    rfc: 'RFC 1912 §2.8',
    facts: ['zone', 'host', 'reason'],
  },
  'zone.same-network': {
    ids: ['NS-01'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 2182 §3.1',
    facts: ['zone', 'network', 'hosts'],
  },
  /** onlyParent, onlyZone: nameservers that only the zone above, or only the zone itself, lists. */
  'zone.parent-differs': {
    ids: ['NS-01'],
    points: 2,
    severity: 'low',
    rfc: 'RFC 1034 §4.2.2',
    facts: ['zone', 'onlyParent', 'onlyZone'],
  },
  /** serials: as `host: serial`. */
  'zone.serials-differ': {
    ids: ['NS-02'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 1912 §2.2',
    facts: ['zone', 'serials'],
  },
  /** reason: a `SoaReason`, the first of the problems. */
  'zone.soa-values': {
    ids: ['NS-02'],
    points: 1,
    severity: 'low',
    rfc: 'RFC 1912 §2.2',
    facts: ['zone', 'reason', 'problems'],
  },
}
