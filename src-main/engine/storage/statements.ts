import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Row, SqlValue } from './open.ts'

export type Statements = {
  get<R extends Row>(sql: string, ...parameters: SqlValue[]): R | undefined
  all<R extends Row>(sql: string, ...parameters: SqlValue[]): R[]
  run(sql: string, ...parameters: SqlValue[]): { changes: number }
}

/**
 * Prepared statements of one connection, each prepared once. A parameter that is not an SQL value throws: node:sqlite
 * reads a leading object (a Date too) as named parameters and shifts the rest silently. Callers keep the SQL text
 * constant and pass lists as JSON to `json_each(?)`, so the map stays small.
 */
export function createStatements(database: DatabaseSync): Statements {
  const prepared = new Map<string, StatementSync>()
  const statement = (sql: string, parameters: readonly SqlValue[]): StatementSync => {
    for (const [index, value] of parameters.entries()) checkParameter(sql, index, value)
    let found = prepared.get(sql)
    if (found === undefined) {
      found = database.prepare(sql)
      prepared.set(sql, found)
    }
    return found
  }
  return {
    get: <R extends Row>(sql: string, ...parameters: SqlValue[]) =>
      statement(sql, parameters).get(...parameters) as R | undefined,
    all: <R extends Row>(sql: string, ...parameters: SqlValue[]) =>
      statement(sql, parameters).all(...parameters) as R[],
    run: (sql, ...parameters) => ({ changes: Number(statement(sql, parameters).run(...parameters).changes) }),
  }
}

function checkParameter(sql: string, index: number, value: unknown): void {
  if (value === null || typeof value === 'string' || typeof value === 'bigint') return
  if (value instanceof Uint8Array) return
  // NaN and the infinities would be stored as NULL.
  if (typeof value === 'number' && Number.isFinite(value)) return
  const kind =
    value === undefined ? 'undefined' : typeof value === 'object' ? 'an object' : `a ${typeof value}`
  throw new TypeError(`Parameter ${index + 1} is ${kind}, not an SQL value, in: ${sql}`)
}
