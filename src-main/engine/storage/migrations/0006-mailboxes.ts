import type { Migration } from '../migrate.ts'

/**
 * Mailboxes belong to a domain by its name, so they do not need it on the list. An alert is about a domain or about a
 * mailbox, never both; the table is made anew because a column cannot lose its NOT NULL.
 */
export const mailboxes: Migration = {
  number: 6,
  name: 'mailboxes',
  up: database => {
    database.exec(`
      ALTER TABLE domains ADD COLUMN daily_limit INTEGER NOT NULL DEFAULT 50
        CHECK (daily_limit BETWEEN 10 AND 500);

      CREATE TABLE mailboxes (
        id TEXT PRIMARY KEY,
        address_key TEXT NOT NULL UNIQUE,
        address TEXT NOT NULL,
        domain_name TEXT NOT NULL,
        sender_name TEXT NOT NULL DEFAULT '',
        signature TEXT NOT NULL DEFAULT '',
        time_zone TEXT NOT NULL,
        daily_limit INTEGER CHECK (daily_limit BETWEEN 10 AND 500),
        connection TEXT NOT NULL CHECK (json_valid(connection)),
        standing TEXT NOT NULL CHECK (standing IN ('active', 'not-fully-tested', 'auth-failed')),
        reason TEXT CHECK (json_valid(reason)),
        proven INTEGER NOT NULL DEFAULT 0,
        hold TEXT CHECK (hold IN ('paused', 'disabled')),
        limited_until INTEGER,
        limit_reason TEXT CHECK (json_valid(limit_reason)),
        refusals INTEGER NOT NULL DEFAULT 0,
        troubles INTEGER NOT NULL DEFAULT 0,
        last_test TEXT CHECK (json_valid(last_test)),
        tested_at INTEGER,
        added_at INTEGER NOT NULL,
        removed_at INTEGER
      ) STRICT;
      CREATE INDEX mailboxes_by_domain ON mailboxes (domain_name);
      CREATE INDEX mailboxes_removed ON mailboxes (removed_at) WHERE removed_at IS NOT NULL;

      CREATE TABLE mailbox_events (
        id INTEGER PRIMARY KEY,
        mailbox_id TEXT NOT NULL REFERENCES mailboxes (id) ON DELETE CASCADE,
        at INTEGER NOT NULL,
        code TEXT NOT NULL,
        facts TEXT NOT NULL CHECK (json_valid(facts))
      ) STRICT;
      CREATE INDEX mailbox_events_by_time ON mailbox_events (mailbox_id, at);

      CREATE TABLE alerts_anew (
        id TEXT PRIMARY KEY,
        domain_id TEXT REFERENCES domains (id) ON DELETE CASCADE,
        mailbox_id TEXT REFERENCES mailboxes (id) ON DELETE CASCADE,
        code TEXT NOT NULL,
        subject TEXT NOT NULL,
        severity TEXT NOT NULL CHECK (severity IN ('critical', 'high', 'medium', 'low', 'info')),
        facts TEXT NOT NULL CHECK (json_valid(facts)),
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'acknowledged', 'resolved')),
        raised_at INTEGER NOT NULL,
        acknowledged_at INTEGER,
        resolved_at INTEGER,
        resolved_by TEXT CHECK (resolved_by IN ('person', 'itself')),
        CHECK ((domain_id IS NULL) <> (mailbox_id IS NULL))
      ) STRICT;
      INSERT INTO alerts_anew (id, domain_id, code, subject, severity, facts, state, raised_at, acknowledged_at,
          resolved_at, resolved_by)
        SELECT id, domain_id, code, subject, severity, facts, state, raised_at, acknowledged_at, resolved_at,
          resolved_by FROM alerts;
      DROP TABLE alerts;
      ALTER TABLE alerts_anew RENAME TO alerts;
      CREATE UNIQUE INDEX alerts_standing ON alerts (coalesce(domain_id, mailbox_id), code, subject)
        WHERE state <> 'resolved';
      CREATE INDEX alerts_by_mailbox ON alerts (mailbox_id) WHERE mailbox_id IS NOT NULL;
    `)
  },
}
