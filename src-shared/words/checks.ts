import type { DomainStatus } from '../model/domain.ts'
import type { CheckId, Severity, Verdict } from '../model/finding.ts'
import type { LookupState } from '../model/lookup.ts'

/** What a check is called, and what it is in one line for someone who meets it for the first time. */
export const checkWords: Record<CheckId, { name: string; gloss: string }> = {
  spf: { name: 'SPF', gloss: 'The list of servers that may send mail for this domain.' },
  dkim: { name: 'DKIM', gloss: 'The public keys that let receivers check the signature on each message.' },
  dmarc: {
    name: 'DMARC',
    gloss: 'What receivers should do with mail that fails both SPF and DKIM, and where they report it.',
  },
  mx: { name: 'MX', gloss: 'The servers that take mail for this domain, replies and bounces included.' },
  ns: { name: 'Nameservers', gloss: 'The servers that hold the DNS records of this domain.' },
  views: {
    name: 'Same everywhere',
    gloss: 'Whether every nameserver gives the same answer, and your resolver the newest one.',
  },
  zone: { name: 'Zone', gloss: 'How the nameservers hold the domain, each asked by itself.' },
  dnssec: { name: 'DNSSEC', gloss: 'Signatures that show that nobody changed the DNS answers on the way.' },
  ptr: { name: 'PTR', gloss: 'The names of the addresses you send from, looked up backwards.' },
  'mta-sts': {
    name: 'MTA-STS',
    gloss: 'Your request that senders bring mail only over an encrypted connection.',
  },
  'tls-rpt': { name: 'TLS reports', gloss: 'Where senders tell you that they could not encrypt.' },
  tls: { name: 'STARTTLS', gloss: 'Whether your mail servers offer encryption.' },
  dane: { name: 'DANE', gloss: 'Certificates of your mail servers, pinned in signed DNS (TLSA records).' },
  subdomain: { name: 'Subdomains', gloss: 'What a subdomain that sends needs for itself.' },
  tracking: {
    name: 'Aliases',
    gloss: 'Names you gave to other services, such as tracking links, and whether they still lead there.',
  },
  web: { name: 'Website', gloss: 'Whether somebody who looks you up finds a page.' },
  caa: { name: 'CAA', gloss: 'Which authorities may issue certificates for this domain.' },
  bimi: { name: 'BIMI', gloss: 'The logo that some mailbox providers show beside your mail.' },
}

/** The heading of the checks that no mail depends on. */
export const moreChecksTitle = 'More checks'

export const verdictWords: Record<Verdict, { name: string; gloss: string }> = {
  pass: { name: 'Right', gloss: 'Nothing to do.' },
  warn: { name: 'Could be better', gloss: 'Mail works, but something here is worth changing.' },
  fail: { name: 'Wrong', gloss: 'This harms mail or lets others use the domain. Fix it.' },
  unavailable: { name: 'Could not look', gloss: 'No usable answer came, so nothing is known to be wrong.' },
}

export const stateWords: Record<LookupState, { name: string; gloss: string }> = {
  found: { name: 'Found', gloss: 'The record is published.' },
  absent: { name: 'Not published', gloss: 'The DNS server says there is no such record.' },
  unavailable: { name: 'Could not look', gloss: 'No usable answer came, so nothing is known to be wrong.' },
}

export const severityWords: Record<Severity, { name: string; gloss: string }> = {
  critical: { name: 'Critical', gloss: 'Mail fails now, or anyone can send as this domain.' },
  high: { name: 'High', gloss: 'Mail is likely to be refused or filtered because of this.' },
  medium: { name: 'Medium', gloss: 'Weakens the domain, or breaks in some cases.' },
  low: { name: 'Low', gloss: 'Worth tidying when you are there anyway.' },
  info: { name: 'Note', gloss: 'Good to know. There is nothing to fix.' },
}

export const statusWords: Record<DomainStatus, { name: string; gloss: string }> = {
  verified: { name: 'Verified', gloss: 'Every required record is published and right.' },
  pending: {
    name: 'Pending',
    gloss: 'Not every record is seen yet. Rookery keeps looking; you can leave this page.',
  },
  failed: {
    name: 'Failed',
    gloss: 'A required record is missing or wrong, and waiting alone will not change that. Check DNS.',
  },
}

export const propagationNotice =
  'DNS changes can take 24–48 hours to be seen everywhere. Rookery looks again by itself, more often at first.'

/** The bands of the health ring. The number always stands beside the colour. */
export type ScoreBand = 'good' | 'fair' | 'poor' | 'unknown'

export function scoreBand(value: number | null): ScoreBand {
  if (value === null) return 'unknown'
  if (value >= 90) return 'good'
  return value >= 70 ? 'fair' : 'poor'
}

export const scoreBandWords: Record<ScoreBand, { name: string; gloss: string }> = {
  good: { name: 'Good', gloss: '90 to 100 points.' },
  fair: { name: 'Fair', gloss: '70 to 89 points.' },
  poor: { name: 'Poor', gloss: 'Below 70 points.' },
  unknown: { name: 'Not enough data', gloss: 'Too little could be looked up to give a number.' },
}
