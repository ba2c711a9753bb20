import type { Migration } from '../migrate.ts'

/**
 * Agreements with other Rookeries, and their mailboxes. Those have numbers below zero in the books of warmup, so that
 * they never meet the mailboxes here.
 */
export const partners: Migration = {
  number: 12,
  name: 'partners',
  up: database => {
    database.exec(`
      CREATE TABLE warmup_partners (
        id TEXT PRIMARY KEY,
        side TEXT NOT NULL CHECK (side IN ('inviter', 'invited')),
        stage TEXT NOT NULL CHECK (stage IN ('invited', 'agreed', 'expired', 'ended')),
        ended_by TEXT CHECK (ended_by IN ('us', 'them')),
        name TEXT NOT NULL DEFAULT '',
        own TEXT NOT NULL CHECK (json_valid(own)),
        invitation TEXT NOT NULL,
        text_kind TEXT,
        text TEXT,
        check_number TEXT,
        own_number INTEGER NOT NULL DEFAULT 0,
        their_number INTEGER NOT NULL DEFAULT 0,
        since_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        confirmed_at INTEGER,
        heard_at INTEGER,
        asked_at INTEGER,
        silent_at INTEGER
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE warmup_guests (
        no INTEGER PRIMARY KEY CHECK (no < 0),
        partner_id TEXT NOT NULL,
        address TEXT NOT NULL,
        provider TEXT NOT NULL,
        per_day INTEGER NOT NULL,
        is_in INTEGER NOT NULL DEFAULT 1,
        unwelcome_until_at INTEGER,
        sent INTEGER NOT NULL DEFAULT 0,
        received INTEGER NOT NULL DEFAULT 0,
        UNIQUE (partner_id, address)
      ) STRICT;

      CREATE INDEX warmup_messages_to_guests ON warmup_messages (to_no, intent_at) WHERE to_no < 0;
    `)
  },
}
