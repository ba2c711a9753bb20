import type { Migration } from '../migrate.ts'

export const blacklists: Migration = {
  number: 2,
  name: 'blacklists',
  up: database => {
    database.exec(`
      CREATE TABLE secrets (
        name TEXT PRIMARY KEY,
        sealed BLOB NOT NULL,
        sealed_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE blacklist_reports (
        domain_id TEXT PRIMARY KEY REFERENCES domains (id) ON DELETE CASCADE,
        checked_at INTEGER NOT NULL,
        body TEXT NOT NULL CHECK (json_valid(body))
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE blacklist_listings (
        domain_id TEXT NOT NULL REFERENCES domains (id) ON DELETE CASCADE,
        target TEXT NOT NULL,
        zone TEXT NOT NULL,
        since_at INTEGER NOT NULL,
        PRIMARY KEY (domain_id, target, zone)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE blacklist_tests (
        zone TEXT NOT NULL,
        kind TEXT NOT NULL,
        resolver TEXT NOT NULL,
        keyed INTEGER NOT NULL,
        state TEXT NOT NULL,
        reason TEXT,
        tested_at INTEGER NOT NULL,
        PRIMARY KEY (zone, kind, resolver, keyed)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE alerts (
        id TEXT PRIMARY KEY,
        domain_id TEXT NOT NULL REFERENCES domains (id) ON DELETE CASCADE,
        code TEXT NOT NULL,
        subject TEXT NOT NULL,
        severity TEXT NOT NULL CHECK (severity IN ('critical', 'high', 'medium', 'low', 'info')),
        facts TEXT NOT NULL CHECK (json_valid(facts)),
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'acknowledged', 'resolved')),
        raised_at INTEGER NOT NULL,
        acknowledged_at INTEGER,
        resolved_at INTEGER,
        resolved_by TEXT CHECK (resolved_by IN ('person', 'itself'))
      ) STRICT;
      CREATE UNIQUE INDEX alerts_standing ON alerts (domain_id, code, subject) WHERE state <> 'resolved';
    `)
  },
}
