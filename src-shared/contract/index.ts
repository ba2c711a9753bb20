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

/** What may be asked of the engine, by every host and over every wire. Named, because written out it is more than the compiler bears. */
export type Contract = {
  readonly domains: typeof domains
  readonly mailboxes: typeof mailboxes
  readonly warmup: typeof warmup
  readonly partners: typeof partners
  readonly records: typeof records
  readonly offline: typeof offline
  readonly blacklists: typeof blacklists
  readonly dmarcReports: typeof dmarcReports
  readonly alerts: typeof alerts
  readonly changes: typeof changes
  readonly settings: typeof settings
  readonly sync: typeof sync
  readonly oauth: typeof oauth
  readonly vault: typeof vault
  readonly host: typeof host
  readonly demo: typeof demo
}

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
