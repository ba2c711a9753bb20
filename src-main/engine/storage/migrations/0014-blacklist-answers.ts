import type { Migration } from '../migrate.ts'

/** Whether any list gave a usable answer: without one, no listing is nothing known, and not "none". */
export const blacklistAnswers: Migration = {
  number: 14,
  name: 'blacklist-answers',
  up: database => {
    database.exec(`
      ALTER TABLE blacklist_reports ADD COLUMN answered INTEGER NOT NULL DEFAULT 0 CHECK (answered IN (0, 1));
      UPDATE blacklist_reports SET answered = EXISTS (
        SELECT 1 FROM json_each(body, '$.targets') AS targets, json_each(targets.value, '$.lists') AS lists
        WHERE json_extract(lists.value, '$.state') IN ('listed', 'not-listed')
      );
    `)
  },
}
