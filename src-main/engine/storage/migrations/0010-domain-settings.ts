import type { Migration } from '../migrate.ts'

/**
 * What a domain decides for its mailboxes and its records, and the campaign that a mailbox sends every day. Null where
 * nobody decided anything. The newest report of a domain is asked for with every row of the list, so it has an index.
 */
export const domainSettings: Migration = {
  number: 10,
  name: 'domain-settings',
  up: database => {
    database.exec(`
      ALTER TABLE domains ADD COLUMN warmup_defaults TEXT CHECK (json_valid(warmup_defaults));
      ALTER TABLE domains ADD COLUMN warmup_per_day INTEGER CHECK (warmup_per_day > 0);
      ALTER TABLE domains ADD COLUMN plan_choices TEXT CHECK (json_valid(plan_choices));
      ALTER TABLE warmup_mailboxes ADD COLUMN campaign_per_day INTEGER NOT NULL DEFAULT 0
        CHECK (campaign_per_day >= 0);
      CREATE INDEX dmarc_reports_by_kept ON dmarc_reports (domain, kept_at);
    `)
  },
}
