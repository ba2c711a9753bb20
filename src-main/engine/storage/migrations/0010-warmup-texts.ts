import type { Migration } from '../migrate.ts'

const dayMs = 24 * 60 * 60_000
const valuesPerPrint = 64

/**
 * Of each text two bits of every value of its signature are kept instead of all of them, one text behind the other for
 * each mailbox and day (in UTC since the epoch). What a look at a mailbox counts stands in an index by itself, without
 * the texts.
 */
export const warmupTexts: Migration = {
  number: 10,
  name: 'warmup-texts',
  up: database => {
    database.exec(`
      CREATE TABLE warmup_texts (
        no INTEGER NOT NULL,
        way TEXT NOT NULL CHECK (way IN ('from', 'to')),
        day INTEGER NOT NULL,
        prints BLOB NOT NULL,
        PRIMARY KEY (no, way, day)
      ) STRICT, WITHOUT ROWID;
    `)
    const kept = new Map<string, Uint8Array[]>()
    const rows = database.prepare('SELECT from_no, to_no, at, signature FROM warmup_prints ORDER BY id')
    for (const { from_no, to_no, at, signature } of rows.all()) {
      if (!(signature instanceof Uint8Array)) continue
      const day = Math.floor(Number(at) / dayMs)
      for (const key of [`${from_no} from ${day}`, `${to_no} to ${day}`]) {
        const prints = kept.get(key)
        if (prints === undefined) kept.set(key, [printFrom(signature)])
        else prints.push(printFrom(signature))
      }
    }
    const insert = database.prepare('INSERT INTO warmup_texts (no, way, day, prints) VALUES (?, ?, ?, ?)')
    for (const [key, prints] of kept) {
      const [no, way, day] = key.split(' ')
      insert.run(Number(no), way ?? '', Number(day), Buffer.concat(prints))
    }
    database.exec(`
      DROP TABLE warmup_prints;

      DROP INDEX warmup_messages_sent;
      DROP INDEX warmup_messages_by_time;
      CREATE INDEX warmup_messages_sent
        ON warmup_messages (from_no, intent_at, state, placement, bounced_at, kind, date);
      CREATE INDEX warmup_messages_by_time ON warmup_messages (intent_at, from_no, to_no, kind, state);
      CREATE INDEX warmup_messages_open ON warmup_messages (id) WHERE state = 'intent';
      CREATE INDEX warmup_activity_refusals ON warmup_activity (no, at) WHERE code = 'token-refused';
    `)
  },
}

/** The lowest two bits of each value of four octets, the lowest octet first. */
function printFrom(signature: Uint8Array): Uint8Array {
  const print = new Uint8Array(valuesPerPrint / 4)
  for (let place = 0; place < valuesPerPrint; place += 1) {
    const octet = place >> 2
    print[octet] = (print[octet] ?? 0) | (((signature[place * 4] ?? 0) & 3) << (2 * (place & 3)))
  }
  return print
}
