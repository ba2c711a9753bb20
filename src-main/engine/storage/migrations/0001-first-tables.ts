import type { Migration } from '../migrate.ts'

export const firstTables: Migration = {
  number: 1,
  name: 'first-tables',
  up: database => {
    database.exec(`
      CREATE TABLE meta (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE changes (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        tbl TEXT NOT NULL,
        key TEXT NOT NULL,
        op TEXT NOT NULL CHECK (op IN ('put', 'remove'))
      ) STRICT;

      CREATE TABLE jobs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        run_at INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running')),
        attempt INTEGER NOT NULL DEFAULT 0,
        UNIQUE (kind, key)
      ) STRICT;
      CREATE INDEX jobs_by_time ON jobs (kind, state, run_at);

      CREATE TABLE settings (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE network_contacts (
        host TEXT NOT NULL,
        port INTEGER NOT NULL,
        protocol TEXT NOT NULL,
        purpose TEXT NOT NULL,
        count INTEGER NOT NULL,
        failures INTEGER NOT NULL,
        first_at INTEGER NOT NULL,
        last_at INTEGER NOT NULL,
        PRIMARY KEY (host, port, protocol, purpose)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE domains (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        display_name TEXT NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('verified', 'pending', 'failed')),
        score INTEGER,
        marks TEXT NOT NULL CHECK (json_valid(marks)),
        critical INTEGER NOT NULL DEFAULT 0,
        high INTEGER NOT NULL DEFAULT 0,
        dns_provider TEXT,
        mail_provider TEXT,
        tags TEXT NOT NULL CHECK (json_valid(tags)),
        added_at INTEGER NOT NULL,
        checked_at INTEGER,
        audited_at INTEGER,
        polls INTEGER NOT NULL DEFAULT 0,
        removed_at INTEGER
      ) STRICT;
      CREATE INDEX domains_removed ON domains (removed_at) WHERE removed_at IS NOT NULL;

      CREATE TABLE reports (
        id INTEGER PRIMARY KEY,
        domain_id TEXT NOT NULL REFERENCES domains (id) ON DELETE CASCADE,
        started_at INTEGER NOT NULL,
        score INTEGER,
        body BLOB NOT NULL,
        UNIQUE (domain_id, started_at)
      ) STRICT;
    `)
  },
}
