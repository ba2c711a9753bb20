import { parse } from 'tldts'
import type { OverrideReason, ReportRow } from '#shared/model/dmarc-report.ts'

/**
 * How messages came: `direct`, or `forwarded` by somebody with the signature intact, or `forwarded-changed` when the
 * way broke it.
 */
export type Passage = 'direct' | 'forwarded' | 'forwarded-changed'

const forwarding: readonly OverrideReason[] = ['forwarded', 'mailing_list', 'trusted_forwarder']

/**
 * Forwarding breaks SPF, because the forwarder's address is not the sender's, and leaves DKIM whole unless the text is
 * changed. A receiver that says so itself (RFC 9990 §3.1.6) is believed. Pure.
 */
export function passageOf({
  spfAligned,
  dkimAligned,
  reasons,
  headerFrom,
  spf,
}: Pick<ReportRow, 'spfAligned' | 'dkimAligned' | 'reasons' | 'headerFrom' | 'spf'>): Passage {
  const isSaid = reasons.some(reason => forwarding.includes(reason))
  if (!spfAligned && !dkimAligned) return isSaid ? 'forwarded-changed' : 'direct'
  if (spfAligned) return 'direct'
  const failsForOwn = spf.some(
    ({ domain, result }) => isSameOrganisation(domain, headerFrom) && !['pass', 'temperror'].includes(result),
  )
  return isSaid || failsForOwn ? 'forwarded' : 'direct'
}

/** The registrable domain, or the name itself where there is none. Pure. */
export function organisationOf(name: string): string {
  return parse(name, { allowPrivateDomains: false, validateHostname: false }).domain ?? name
}

/** Whether names belong together as relaxed alignment sees it, by the public suffix list. Pure. */
export function isSameOrganisation(one: string, other: string): boolean {
  return organisationOf(one) === organisationOf(other)
}
