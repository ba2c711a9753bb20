import type { Migration } from '../migrate.ts'

/** Versions of the data key. What is sealed already belongs to the one key of before, whose id is the empty text. */
export const vaultKeys: Migration = {
  number: 5,
  name: 'vault-keys',
  up: database => {
    database.exec(`
      CREATE TABLE vault_keys (
        id TEXT PRIMARY KEY,
        place TEXT NOT NULL CHECK (place IN ('keychain', 'passphrase')),
        state TEXT NOT NULL CHECK (state IN ('making', 'current', 'leaving', 'lost')),
        sealed_key TEXT CHECK (sealed_key IS NULL OR json_valid(sealed_key)),
        proof BLOB,
        made_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE UNIQUE INDEX vault_keys_current ON vault_keys (state) WHERE state = 'current';

      ALTER TABLE secrets ADD COLUMN key_id TEXT NOT NULL DEFAULT '';
      INSERT INTO vault_keys (id, place, state, made_at)
        SELECT '', 'keychain', 'current', min(sealed_at) FROM secrets HAVING count(*) > 0;
    `)
  },
}
