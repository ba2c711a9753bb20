import type { Migration } from '../migrate.ts'

/**
 * Everything warmup keeps. Mailboxes have a short number here, because hundreds of thousands of messages name them twice.
 * What a removed mailbox sent stays in the books, so its row outlives the mailbox.
 */
export const warmup: Migration = {
  number: 9,
  name: 'warmup',
  up: database => {
    database.exec(`
      CREATE TABLE warmup_mailboxes (
        no INTEGER PRIMARY KEY,
        mailbox_id TEXT NOT NULL UNIQUE,
        is_on INTEGER NOT NULL DEFAULT 1,
        settings TEXT NOT NULL CHECK (json_valid(settings)),
        started_at INTEGER NOT NULL,
        days_done INTEGER NOT NULL DEFAULT 0,
        paused INTEGER NOT NULL DEFAULT 0,
        health TEXT NOT NULL CHECK (json_valid(health)),
        evidence TEXT NOT NULL CHECK (json_valid(evidence)),
        since_at INTEGER NOT NULL,
        look_at INTEGER,
        score INTEGER
      ) STRICT;
      CREATE INDEX warmup_mailboxes_looks ON warmup_mailboxes (look_at) WHERE is_on = 1 AND look_at IS NOT NULL;

      CREATE TABLE warmup_messages (
        id INTEGER PRIMARY KEY,
        message_id TEXT NOT NULL UNIQUE,
        thread_id TEXT NOT NULL,
        parent INTEGER,
        from_no INTEGER NOT NULL,
        to_no INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('new', 'reply')),
        depth INTEGER NOT NULL,
        refs TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(refs)),
        slot_at INTEGER,
        date TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN
          ('intent', 'accepted', 'refused', 'failed', 'unknown', 'dropped', 'bounced')),
        intent_at INTEGER NOT NULL,
        outcome_at INTEGER,
        line TEXT,
        token_id TEXT NOT NULL,
        expires_at INTEGER NOT NULL,
        language TEXT NOT NULL,
        subject TEXT NOT NULL DEFAULT '',
        body TEXT,
        found_at INTEGER,
        placement TEXT CHECK (placement IN ('inbox', 'category', 'junk', 'missing')),
        placed_date TEXT,
        folder TEXT,
        place TEXT,
        rescued_at INTEGER,
        read_at INTEGER,
        filed_at INTEGER,
        reply_due_at INTEGER,
        replied_by INTEGER,
        bounced_at INTEGER,
        complained_at INTEGER,
        chore TEXT CHECK (chore IN ('settle', 'seek', 'rescue', 'read', 'file')),
        chore_at INTEGER,
        chore_tries INTEGER NOT NULL DEFAULT 0,
        CHECK ((chore IS NULL) = (chore_at IS NULL))
      ) STRICT;
      CREATE UNIQUE INDEX warmup_messages_slots ON warmup_messages (from_no, slot_at) WHERE slot_at IS NOT NULL;
      CREATE INDEX warmup_messages_sent ON warmup_messages (from_no, intent_at);
      CREATE INDEX warmup_messages_by_time ON warmup_messages (intent_at);
      CREATE INDEX warmup_messages_owed ON warmup_messages (to_no, reply_due_at) WHERE reply_due_at IS NOT NULL;
      CREATE INDEX warmup_messages_chores ON warmup_messages (chore_at) WHERE chore_at IS NOT NULL;
      CREATE INDEX warmup_messages_tokens ON warmup_messages (token_id);

      CREATE TABLE warmup_days (
        no INTEGER NOT NULL,
        date TEXT NOT NULL,
        day INTEGER,
        phase TEXT NOT NULL CHECK (phase IN ('ramp', 'hold', 'maintenance')),
        cap INTEGER NOT NULL DEFAULT 0,
        planned INTEGER NOT NULL DEFAULT 0,
        threads INTEGER NOT NULL DEFAULT 0,
        limited_by TEXT,
        is_planned INTEGER NOT NULL DEFAULT 0,
        sent INTEGER NOT NULL DEFAULT 0,
        received INTEGER NOT NULL DEFAULT 0,
        bounced INTEGER NOT NULL DEFAULT 0,
        complaints INTEGER NOT NULL DEFAULT 0,
        inbox INTEGER NOT NULL DEFAULT 0,
        category INTEGER NOT NULL DEFAULT 0,
        junk INTEGER NOT NULL DEFAULT 0,
        missing INTEGER NOT NULL DEFAULT 0,
        replied INTEGER NOT NULL DEFAULT 0,
        rescued INTEGER NOT NULL DEFAULT 0,
        score INTEGER,
        state TEXT NOT NULL,
        PRIMARY KEY (no, date)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE warmup_slots (
        no INTEGER NOT NULL,
        at INTEGER NOT NULL,
        date TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'used', 'empty', 'dropped')),
        PRIMARY KEY (no, at)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX warmup_slots_open ON warmup_slots (at) WHERE state = 'open';

      CREATE TABLE warmup_placements (
        date TEXT NOT NULL,
        from_no INTEGER NOT NULL,
        from_provider TEXT NOT NULL,
        to_provider TEXT NOT NULL,
        placement TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (date, from_no, from_provider, to_provider, placement)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE warmup_places (
        no INTEGER NOT NULL,
        folder TEXT NOT NULL,
        uid_validity TEXT NOT NULL,
        last_uid INTEGER NOT NULL,
        PRIMARY KEY (no, folder)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE warmup_prints (
        id INTEGER PRIMARY KEY,
        from_no INTEGER NOT NULL,
        to_no INTEGER NOT NULL,
        at INTEGER NOT NULL,
        hash TEXT NOT NULL,
        signature BLOB NOT NULL
      ) STRICT;
      CREATE INDEX warmup_prints_from ON warmup_prints (from_no, at);
      CREATE INDEX warmup_prints_to ON warmup_prints (to_no, at);

      CREATE TABLE warmup_activity (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        no INTEGER NOT NULL,
        code TEXT NOT NULL,
        facts TEXT NOT NULL CHECK (json_valid(facts))
      ) STRICT;
      CREATE INDEX warmup_activity_by_mailbox ON warmup_activity (no, id);

      CREATE TABLE warmup_templates (
        position INTEGER PRIMARY KEY,
        subject TEXT NOT NULL,
        body TEXT NOT NULL
      ) STRICT;

      CREATE TABLE warmup_campaigns (
        no INTEGER NOT NULL,
        date TEXT NOT NULL,
        messages INTEGER NOT NULL,
        PRIMARY KEY (no, date)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE warmup_milestones (
        no INTEGER NOT NULL,
        code TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (no, code)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE warmup_state (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `)
  },
}
