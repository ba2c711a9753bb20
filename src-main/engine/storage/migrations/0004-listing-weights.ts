import type { Migration } from '../migrate.ts'

/** A listing that stands keeps its list's name and weight, which its report forgets when the list gives no answer. */
export const listingWeights: Migration = {
  number: 4,
  name: 'listing-weights',
  up: database => {
    database.exec(`
      ALTER TABLE blacklist_listings ADD COLUMN name TEXT NOT NULL DEFAULT '';
      ALTER TABLE blacklist_listings ADD COLUMN weight INTEGER NOT NULL DEFAULT 0;
      UPDATE blacklist_listings SET
        name = COALESCE(seen.name, ''),
        weight = COALESCE(seen.weight, 0)
      FROM (
        SELECT domain_id,
          json_extract(targets.value, '$.target') AS target,
          json_extract(lists.value, '$.zone') AS zone,
          json_extract(lists.value, '$.name') AS name,
          json_extract(lists.value, '$.weight') AS weight
        FROM blacklist_reports, json_each(body, '$.targets') AS targets, json_each(targets.value, '$.lists') AS lists
      ) AS seen
      WHERE seen.domain_id = blacklist_listings.domain_id AND seen.target = blacklist_listings.target
        AND seen.zone = blacklist_listings.zone;
    `)
  },
}
