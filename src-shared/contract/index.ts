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
import { partners } from './partners.ts'
import { records } from './records.ts'
import { settings } from './settings.ts'
import { sync } from './sync.ts'
import { vault } from './vault.ts'
import { warmup } from './warmup.ts'

/** By name, because all of it written out is more than a declaration file may hold in one line. */
export type Contract = {
  domains: typeof domains
  mailboxes: typeof mailboxes
  warmup: typeof warmup
  partners: typeof partners
  records: typeof records
  offline: typeof offline
  blacklists: typeof blacklists
  dmarcReports: typeof dmarcReports
  alerts: typeof alerts
  changes: typeof changes
  settings: typeof settings
  sync: typeof sync
  oauth: typeof oauth
  vault: typeof vault
  host: typeof host
  demo: typeof demo
}

/** What may be asked of the engine, by every host and over every wire. */
export const contract: Contract = {
  domains,
  mailboxes,
  warmup,
  partners,
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
