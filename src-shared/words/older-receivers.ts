import type { DmarcResult, OlderDifference, OlderReceiver } from '../model/audit.ts'

/** One sentence for each way in which receivers of RFC 7489 differ; nothing when they do the same. */
export function olderSentences(dmarc: Pick<DmarcResult, 'older'>): string[] {
  const older = dmarc.older ?? null
  return older === null ? [] : older.differences.map(difference => sentences[difference](older))
}

/** What the sentences are about, for a heading. */
export const olderHeading = 'Receivers that still go by the older standard (RFC 7489)'

const sentences: Record<OlderDifference, (older: OlderReceiver) => string> = {
  'organisational-domain': older =>
    `They take ${older.organisationalDomain} for the domain’s organisation, by the public suffix list.`,
  record: older =>
    older.foundAt === null
      ? 'They find no record that applies.'
      : `They apply the record at ${older.foundAt}.`,
  policy: older =>
    older.policy === null ? 'They apply no policy.' : `They apply the policy ${older.policy}.`,
  percentage: older => `They apply it to ${older.percentage} of 100 messages that fail (pct).`,
  'test-mode': older => `They do not know t=y and apply ${older.policy ?? 'the policy'} in full.`,
  'missing-subdomains': () =>
    'They do not know np and treat names that do not exist like every other subdomain.',
  'policy-not-second': () => 'Some skip the record, because p= does not come right after v=DMARC1.',
  'report-size': () => 'They leave out reports that are larger than the size limit in the address.',
}
