import { alerts } from './alerts.ts'
import { blacklists } from './blacklists.ts'
import { changes } from './changes.ts'
import { demo } from './demo.ts'
import { dmarcReports } from './dmarc-reports.ts'
import { domains } from './domains.ts'
import { host } from './host.ts'
import { mailboxes } from './mailboxes.ts'
import { oauth } from './oauth.ts'
import { offline } from './offline.ts'
import { records } from './records.ts'
import { settings } from './settings.ts'
import { sync } from './sync.ts'
import { vault } from './vault.ts'
import { warmup } from './warmup.ts'

/** What may be asked of the engine, by every host and over every wire. */
export const contract = {
  domains,
  mailboxes,
  warmup,
  records,
  offline,
  blacklists,
  dmarcReports,
  alerts,
  changes,
  settings,
  sync,
  oauth,
  vault,
  host,
  demo,
}
export type Contract = typeof contract
