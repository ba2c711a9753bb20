import { type Settings, settingsSchema } from '#shared/model/settings.ts'
import type { TableReader } from '../storage/changes.ts'
import type { Reads, Writes } from '../storage/open.ts'

/** The one row there is: its key in the table and in the change feed. */
const key = 'settings'
const defaults: Settings = {
  theme: 'system',
  resolvers: [],
  reach: { direct: true, https: true, smtp: true },
  compareMail: true,
  warmup: { startsByItself: true, tidyAfterDays: 7 },
}

/** The settings as stored; what a newer or older build wrote differently falls back to its default. */
export function readSettings(reads: Reads): Settings {
  const stored = reads.get<{ value: string }>('SELECT value FROM settings WHERE key = ?', key)?.value
  if (stored === undefined) return defaults
  const parsed = settingsSchema.safeParse({ ...defaults, ...JSON.parse(stored) })
  return parsed.success ? parsed.data : defaults
}

export function writeSettings(writes: Writes, settings: Settings): void {
  writes.run(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    key,
    JSON.stringify(settings),
  )
  writes.changed('settings', key, 'put')
}

/** The settings as the change feed shows them. */
export function settingsReader(reads: Reads): TableReader {
  const rows = () => [{ table: 'settings' as const, key: 'settings' as const, row: readSettings(reads) }]
  return {
    page: after => (after === null ? rows() : []),
    rows: keys => (keys.includes(key) ? rows() : []),
  }
}
