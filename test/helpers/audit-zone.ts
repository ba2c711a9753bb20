import { runAudit } from '#engine/domains/audit.ts'
import type { AuditEvent, AuditReport } from '#shared/model/audit.ts'
import { type Around, sourceAround } from './around.ts'
import { fakeRsaKey } from './dkim-keys.ts'
import { zone, type Zone, type ZoneOptions, type ZoneRecords, type ZoneText } from './zone.ts'

export const goodKey = `v=DKIM1; k=rsa; p=${fakeRsaKey(2048)}`

/** A key of the zone example.com and the DS record that stands for it. */
export const cleanKey =
  '257 3 13 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw=='
const cleanDs = '59409 13 2 186ea634d4cf62f2671f3c757f507f8d3fe985fe431a1181b661f8eed27a59ca'

/** A domain with nothing to find: Google's mail, a strict SPF, an enforced DMARC policy, a 2048 bit key. */
export const cleanZone: ZoneText = {
  'example.com': {
    NS: ['ns1.example.net', 'ns2.example.net'],
    MX: ['1 smtp.google.com'],
    TXT: ['v=spf1 include:_spf.google.com -all', 'some-site-verification=abc'],
    A: ['198.100.10.1'],
    DS: [cleanDs],
    DNSKEY: [cleanKey],
  },
  '_dmarc.example.com': { TXT: ['v=DMARC1; p=reject; rua=mailto:dmarc@example.com'] },
  'google._domainkey.example.com': { TXT: [goodKey] },
  'smtp.google.com': { A: ['142.250.1.26'], AAAA: ['2a00:1450:4001::1a'] },
  '_spf.google.com': { TXT: ['v=spf1 ip4:142.250.0.0/15 ~all'] },
}

/** The clean zone with some names put in place of, or beside, its own; undefined takes a name out. */
export function changed(changes: Readonly<Record<string, ZoneRecords | undefined>>): ZoneText {
  const kept = Object.entries({ ...cleanZone, ...changes }).filter(
    (entry): entry is [string, ZoneRecords] => entry[1] !== undefined,
  )
  return Object.fromEntries(kept)
}

/** The clean zone with some records of the domain itself in place of its own. */
export function apex(records: ZoneRecords): ZoneText {
  return changed({ 'example.com': { ...cleanZone['example.com'], ...records } })
}

export type Run = { readonly events: AuditEvent[]; readonly report: AuditReport; readonly zone: Zone }

/** The moment of every audit here, in epoch milliseconds. */
const auditedAt = 1_000

/** Runs a whole audit over a literal zone, and whatever stands around it. */
export async function auditOf(
  text: ZoneText,
  domain = 'example.com',
  options: ZoneOptions = {},
  around: Around = {},
): Promise<Run> {
  const world = zone(text, options)
  const {
    trackingHost = null,
    more = null,
    selectors = [],
    guessSelectors = true,
    dmarcEvidence = null,
  } = around
  const audit = runAudit(domain, sourceAround(world, around), () => auditedAt, {
    trackingHost,
    more,
    selectors,
    guessSelectors,
    dmarcEvidence,
  })
  const events: AuditEvent[] = []
  for (;;) {
    const step = await audit.next()
    if (step.done) return { events, report: step.value, zone: world }
    events.push(step.value)
  }
}
