import type { Migration } from '../migrate.ts'
import { firstTables } from './0001-first-tables.ts'
import { blacklists } from './0002-blacklists.ts'
import { dkimKeys } from './0003-dkim-keys.ts'
import { listingWeights } from './0004-listing-weights.ts'
import { vaultKeys } from './0005-vault-keys.ts'
import { mailboxes } from './0006-mailboxes.ts'
import { sync } from './0007-sync.ts'
import { dmarcReports } from './0008-dmarc-reports.ts'
import { warmup } from './0009-warmup.ts'
import { warmupTexts } from './0010-warmup-texts.ts'
import { domainSettings } from './0011-domain-settings.ts'
import { partners } from './0012-partners.ts'
import { receivedIds } from './0013-received-ids.ts'
import { blacklistAnswers } from './0014-blacklist-answers.ts'

/** Every migration in order; the number of the last is the version of the data this build reads. */
export const migrations: readonly Migration[] = [
  firstTables,
  blacklists,
  dkimKeys,
  listingWeights,
  vaultKeys,
  mailboxes,
  sync,
  dmarcReports,
  warmup,
  warmupTexts,
  domainSettings,
  partners,
  receivedIds,
  blacklistAnswers,
]
