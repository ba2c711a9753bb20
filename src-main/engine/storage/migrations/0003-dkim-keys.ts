import type { Migration } from '../migrate.ts'

/** The public halves alone. */
export const dkimKeys: Migration = {
  number: 3,
  name: 'dkim-keys',
  up: database => {
    database.exec(`
      CREATE TABLE dkim_keys (
        domain_id TEXT NOT NULL REFERENCES domains (id) ON DELETE CASCADE,
        selector TEXT NOT NULL,
        record TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        place TEXT NOT NULL CHECK (place IN ('vault', 'file')),
        file TEXT,
        PRIMARY KEY (domain_id, selector)
      ) STRICT, WITHOUT ROWID;
    `)
  },
}
