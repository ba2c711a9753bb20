import type { AuditRow } from '#shared/model/audit.ts'
import type { Finding } from '#shared/model/finding.ts'
import type { DnskeyValue, DsValue, Lookup } from '#shared/model/lookup.ts'
import { type CheckContext, defineCheck, type Judged } from './check.ts'
import { isDsOf } from './ds-match.ts'
import { openReason, rowOf } from './row.ts'
import { finding, sortFindings, verdictOf } from './rules.ts'
import { holdsZone, type ZoneFacts, type ZoneServer } from './zone.ts'

export type DnssecFacts = {
  readonly domain: string
  readonly zone: string | null
  /** Why the zone is not known. */
  readonly listed: Lookup<'NS'> | undefined
  readonly ds: Lookup<'DS'> | null
  /** The keys by the resolver, asked when there is a DS record. */
  readonly keys: Lookup<'DNSKEY'> | null
  /**
   * The keys by a nameserver of the zone itself. A resolver that validates hands out nothing of a zone whose keys do not
   * match, and a nameserver does not validate: this is how such a zone can be told from one that is merely silent.
   */
  readonly ownKeys: Lookup<'DNSKEY'> | null
}

/** RFC 8624 §3.1: RSAMD5, DSA, RSASHA1 and GOST must not, or should no longer, sign a zone; RFC 9905 for SHA-1. */
const weakAlgorithms: Readonly<Record<number, string>> = {
  1: 'RSAMD5',
  3: 'DSA',
  5: 'RSASHA1',
  6: 'DSA-NSEC3-SHA1',
  7: 'RSASHA1-NSEC3-SHA1',
  12: 'ECC-GOST',
}

async function gatherDnssec(
  { domain, ask, askAt }: CheckContext,
  { zone, listed, servers }: ZoneFacts,
): Promise<DnssecFacts> {
  if (zone === null) return { domain, zone, listed, ds: null, keys: null, ownKeys: null }
  const ds = await ask(zone, 'DS')
  if (ds.state !== 'found') return { domain, zone, listed, ds, keys: null, ownKeys: null }
  const keys = await ask(zone, 'DNSKEY')
  const address = keys.state === 'found' ? undefined : addressOf(servers)
  const ownKeys = askAt === null || address === undefined ? null : await askAt(address, zone, 'DNSKEY')
  return { domain, zone, listed, ds, keys, ownKeys }
}

function addressOf(servers: readonly ZoneServer[]): string | undefined {
  return servers.find(holdsZone)?.addresses[0]
}

/** Whether the keys of the zone are those the zone above vouches for (RFC 4035 §5, RFC 4034 §5.1.4). Pure. */
function judgeDnssec({ zone, ds, keys, ownKeys }: DnssecFacts): Judged {
  if (zone === null || ds === null || ds.state === 'unavailable')
    return { result: { state: 'unavailable', verdict: 'unavailable' }, findings: [] }
  if (ds.state === 'absent') {
    // A name that does not exist has more to mend than this.
    const findings = ds.reason === 'nodata' ? [finding('dnssec.unsigned', { zone })] : []
    return { result: { state: 'absent', verdict: 'pass' }, findings }
  }
  const told = keysOf(keys, ownKeys)
  const findings = [...judgeMatch(zone, ds.values, told), ...judgeAlgorithms(zone, ds.values)]
  const result = { state: 'found', verdict: verdictOf(findings, told !== null) } as const
  return { result, findings: sortFindings(findings) }
}

/** The keys by whoever said anything: found, or an authoritative "there are none". */
function keysOf(
  keys: Lookup<'DNSKEY'> | null,
  ownKeys: Lookup<'DNSKEY'> | null,
): readonly DnskeyValue[] | null {
  const answer =
    [keys, ownKeys].find(one => one?.state === 'found') ?? (keys?.state === 'absent' ? keys : ownKeys)
  if (answer?.state === 'found') return answer.values
  return answer?.state === 'absent' ? [] : null
}

function judgeMatch(zone: string, ds: readonly DsValue[], keys: readonly DnskeyValue[] | null): Finding[] {
  if (keys === null) return []
  const matches = ds.flatMap(one => keys.map(key => isDsOf(zone, one, key)))
  // A digest of a kind that cannot be computed may be the one that matches.
  const isOpen = matches.includes(null) || (keys.length > 0 && ds.every(({ digestType }) => digestType > 4))
  if (matches.includes(true) || isOpen) return []
  const reason = keys.length === 0 ? 'no-key' : 'no-match'
  const keyTags = ds.map(({ keyTag }) => String(keyTag)).toSorted()
  return [finding('dnssec.ds-mismatch', { zone, reason, keyTags })]
}

function judgeAlgorithms(zone: string, ds: readonly DsValue[]): Finding[] {
  const algorithms = [...new Set(ds.flatMap(({ algorithm }) => weakAlgorithms[algorithm] ?? []))].toSorted()
  if (algorithms.length === 0 || ds.some(({ algorithm }) => weakAlgorithms[algorithm] === undefined))
    return []
  return [finding('dnssec.weak-algorithm', { zone, algorithms })]
}

function dnssecRow(facts: DnssecFacts, judged: Judged): AuditRow {
  const open = openReason([facts.listed, facts.keys, facts.ownKeys])
  const base = rowOf('dnssec', 'DS', facts.ds ?? undefined, judged, open ?? 'not-asked')
  return { ...base, name: facts.zone ?? facts.domain }
}

export const dnssecCheck = defineCheck({
  id: 'dnssec',
  needs: ['zone'],
  gather: async (context, needed) => gatherDnssec(context, (await needed.zone).facts),
  judge: judgeDnssec,
  rows: (facts, judged) => [dnssecRow(facts, judged)],
})
