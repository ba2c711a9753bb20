import type { Purpose } from '../model/settings.ts'

/** What a host was contacted for. */
export const networkPurposeWords: Record<Purpose, string> = {
  audit: 'Audits',
  verification: 'Background verification',
  recheck: 'Nightly checks',
  blacklists: 'Blacklists',
  'settings-test': 'Trying DNS servers',
  'connection-test': 'Testing mailboxes',
  warmup: 'Warmup',
  discovery: 'Finding mail servers',
  'sign-in': 'Signing in',
  sync: 'Synchronising',
  'dmarc-reports': 'Reading DMARC reports',
}
