import type { Migration } from '../migrate.ts'

/** Some servers give a message another Message-ID on its way; the books then keep the one it was received under as well. */
export const receivedIds: Migration = {
  number: 13,
  name: 'received-ids',
  up: database => {
    database.exec(`
      ALTER TABLE warmup_messages ADD COLUMN received_id TEXT;
      CREATE INDEX warmup_messages_received ON warmup_messages (received_id) WHERE received_id IS NOT NULL;
    `)
  },
}
