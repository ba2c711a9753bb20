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
}

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
