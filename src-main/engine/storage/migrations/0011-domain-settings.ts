import type { Migration } from '../migrate.ts'

/**
 * What a domain decides for its mailboxes and its records, null where nobody decided anything; when the newest report
 * about it was read; and the campaign that a mailbox sends every day.
 */
export const domainSettings: Migration = {
  number: 11,
  name: 'domain-settings',
  up: database => {
    database.exec(`
      ALTER TABLE domains ADD COLUMN warmup_defaults TEXT CHECK (json_valid(warmup_defaults));
      ALTER TABLE domains ADD COLUMN warmup_per_day INTEGER CHECK (warmup_per_day > 0);
      ALTER TABLE domains ADD COLUMN plan_choices TEXT CHECK (json_valid(plan_choices));
      ALTER TABLE domains ADD COLUMN reports_at INTEGER;
      UPDATE domains SET reports_at = (SELECT max(kept_at) FROM dmarc_reports WHERE domain = domains.name);
      ALTER TABLE warmup_mailboxes ADD COLUMN campaign_per_day INTEGER NOT NULL DEFAULT 0
        CHECK (campaign_per_day >= 0);
    `)
  },
}
