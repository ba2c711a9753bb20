import type { Migration } from '../migrate.ts'

/**
 * Synchronising with a tenant API. Everything goes by the names of domains and the addresses of mailboxes, not by their
 * rows: a deletion may wait longer than a removed row is kept. `sync_domains` is what both sides last agreed on.
 */
export const sync: Migration = {
  number: 7,
  name: 'sync',
  up: database => {
    database.exec(`
      CREATE TABLE sync_connection (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        base_url TEXT NOT NULL,
        tenant_id TEXT NOT NULL,
        connected_at INTEGER NOT NULL,
        joined INTEGER NOT NULL DEFAULT 0,
        cursor TEXT,
        etag TEXT,
        pulled_at INTEGER,
        listed_at INTEGER,
        synced_at INTEGER,
        drained INTEGER NOT NULL DEFAULT 0,
        failures INTEGER NOT NULL DEFAULT 0,
        next_try_at INTEGER,
        trouble TEXT CHECK (trouble IN ('offline', 'paused', 'vault-locked', 'needs-sign-in', 'refused')),
        failure TEXT CHECK (json_valid(failure))
      ) STRICT;

      CREATE TABLE sync_domains (
        name TEXT PRIMARY KEY,
        server_id TEXT NOT NULL UNIQUE,
        version TEXT NOT NULL,
        tags TEXT NOT NULL CHECK (json_valid(tags)),
        daily_limit INTEGER NOT NULL,
        server_status TEXT CHECK (server_status IN ('verified', 'pending', 'failed')),
        reputation TEXT CHECK (json_valid(reputation)),
        reputation_etag TEXT,
        reputation_at INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX sync_domains_reputation ON sync_domains (reputation_at);

      CREATE TABLE sync_accounts (
        address TEXT PRIMARY KEY,
        domain_name TEXT NOT NULL,
        state TEXT NOT NULL,
        credential INTEGER
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX sync_accounts_by_domain ON sync_accounts (domain_name);

      CREATE TABLE sync_reread (
        name TEXT PRIMARY KEY,
        server_id TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE sync_shared_credentials (
        mailbox_id TEXT PRIMARY KEY REFERENCES mailboxes (id) ON DELETE CASCADE
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE sync_outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        domain_name TEXT NOT NULL,
        address TEXT NOT NULL DEFAULT '',
        kind TEXT NOT NULL CHECK (kind IN ('add', 'change', 'delete', 'register')),
        state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'refused', 'given-up')),
        wish TEXT NOT NULL CHECK (json_valid(wish)),
        request TEXT CHECK (json_valid(request)),
        idempotency_key TEXT,
        tries INTEGER NOT NULL DEFAULT 0,
        not_before INTEGER NOT NULL DEFAULT 0,
        failure TEXT CHECK (json_valid(failure)),
        queued_at INTEGER NOT NULL,
        CHECK ((state = 'sending') = (idempotency_key IS NOT NULL AND request IS NOT NULL))
      ) STRICT;
      CREATE INDEX sync_outbox_by_domain ON sync_outbox (domain_name, address);
      CREATE INDEX sync_outbox_by_state ON sync_outbox (state, id);

      CREATE TABLE sync_conflicts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        domain_name TEXT NOT NULL,
        code TEXT NOT NULL CHECK (code IN ('both-changed', 'deleted-there', 'deleted-here')),
        field TEXT CHECK (field IN ('tags', 'dailyLimit')),
        kept TEXT CHECK (json_valid(kept)),
        other TEXT CHECK (json_valid(other)),
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'undone')),
        at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX sync_conflicts_by_state ON sync_conflicts (state, id);
      CREATE INDEX sync_conflicts_by_domain ON sync_conflicts (domain_name);
    `)
  },
}
