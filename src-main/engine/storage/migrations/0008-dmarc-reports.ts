import type { Migration } from '../migrate.ts'

/**
 * A report is kept once, so that a second copy is known; its records are added up by day, because summaries are made
 * of days. `day` counts days in UTC since the epoch, `passage` tells what somebody passed on.
 */
export const dmarcReports: Migration = {
  number: 8,
  name: 'dmarc-reports',
  up: database => {
    database.exec(`
      CREATE TABLE dmarc_reports (
        domain TEXT NOT NULL,
        organisation TEXT NOT NULL,
        report_id TEXT NOT NULL,
        day INTEGER NOT NULL,
        begins_at INTEGER NOT NULL,
        ends_at INTEGER NOT NULL,
        messages INTEGER NOT NULL,
        errors TEXT NOT NULL CHECK (json_valid(errors)),
        kept_at INTEGER NOT NULL,
        PRIMARY KEY (domain, organisation, report_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX dmarc_reports_by_day ON dmarc_reports (domain, day);

      CREATE TABLE dmarc_days (
        domain TEXT NOT NULL,
        day INTEGER NOT NULL,
        header_from TEXT NOT NULL,
        ip TEXT NOT NULL,
        disposition TEXT NOT NULL CHECK (disposition IN ('none', 'pass', 'quarantine', 'reject')),
        spf_aligned INTEGER NOT NULL,
        dkim_aligned INTEGER NOT NULL,
        passage TEXT NOT NULL CHECK (passage IN ('direct', 'forwarded', 'forwarded-changed')),
        results TEXT NOT NULL CHECK (json_valid(results)),
        messages INTEGER NOT NULL,
        PRIMARY KEY (domain, day, header_from, ip, disposition, spf_aligned, dkim_aligned, passage, results)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE dmarc_mailboxes (
        mailbox_id TEXT PRIMARY KEY REFERENCES mailboxes (id) ON DELETE CASCADE,
        folder TEXT NOT NULL,
        uid_validity TEXT,
        last_uid INTEGER NOT NULL DEFAULT 0,
        last TEXT CHECK (json_valid(last))
      ) STRICT, WITHOUT ROWID;
    `)
  },
}
