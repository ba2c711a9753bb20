import { schemaVersion } from './database.ts'
import { type DomainRow, type DomainTable, firstByName } from './domain-table.ts'

/**
 * The first domains by name, where they can be had without waiting: the database takes a quarter of a second to open,
 * and with these the window's first drawing has rows already. What is in the database replaces them.
 */

const key = 'rookery-first-domains'
/** What fills a tall window. */
const firstRows = 30

type Kept = { schema: number; rows: DomainRow[] }

export function rememberFirst(table: DomainTable): void {
  const kept: Kept = { schema: schemaVersion, rows: firstByName(table, firstRows) }
  try {
    localStorage.setItem(key, JSON.stringify(kept))
  } catch {
    // A full or forbidden storage leaves the window to wait for the database.
  }
}

/** None when there are none, or they are of another build's kind. */
export function recallFirst(): DomainRow[] {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null
    return kept?.schema === schemaVersion ? kept.rows : []
  } catch {
    return []
  }
}
