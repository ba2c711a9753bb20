import type { Template } from '#shared/model/warmup-view.ts'
import type { TextLanguage } from '#shared/model/warmup.ts'
import type { Reads, Row, Writes } from '../storage/open.ts'
import { parseTemplate, type Spintax } from './spintax.ts'
import { type TextPrint, textRestMs } from './text-print.ts'

const dayMs = 24 * 60 * 60_000

type PrintsRow = Row & { prints: Uint8Array }

/** The oldest day, in UTC since the epoch, whose texts still rest. */
export function firstRestingDay(now: number): number {
  return Math.floor((now - textRestMs) / dayMs)
}

/** Prints of texts that a mailbox used, or that came to the recipient, in the last 60 days, one behind the other. */
export function printsFor(reads: Reads, fromNo: number, toNo: number, now: number): Uint8Array[] {
  const first = firstRestingDay(now)
  return reads
    .all<PrintsRow>(
      `SELECT prints FROM warmup_texts WHERE no = ? AND way = 'from' AND day >= ?
       UNION ALL SELECT prints FROM warmup_texts WHERE no = ? AND way = 'to' AND day >= ?`,
      fromNo,
      first,
      toNo,
      first,
    )
    .map(({ prints }) => prints)
}

/** Keeps the print of a text with what its sender used, and with what came to its recipient, on that day. */
export function writePrint(
  writes: Writes,
  { fromNo, toNo, print, at }: { fromNo: number; toNo: number; print: TextPrint; at: number },
): void {
  const day = Math.floor(at / dayMs)
  for (const [no, way] of [[fromNo, 'from'] as const, [toNo, 'to'] as const]) {
    const sql = 'SELECT prints FROM warmup_texts WHERE no = ? AND way = ? AND day = ?'
    const before = writes.get<PrintsRow>(sql, no, way, day)?.prints ?? new Uint8Array()
    writes.run(
      `INSERT INTO warmup_texts (no, way, day, prints) VALUES (?, ?, ?, ?)
       ON CONFLICT (no, way, day) DO UPDATE SET prints = excluded.prints`,
      no,
      way,
      day,
      Buffer.concat([before, print]),
    )
  }
}

export function readTemplates(reads: Reads): Template[] {
  return reads.all<Template & Row>('SELECT subject, body FROM warmup_templates ORDER BY position')
}

export function writeTemplates(writes: Writes, templates: readonly Template[]): void {
  writes.run('DELETE FROM warmup_templates')
  for (const [position, { subject, body }] of templates.entries()) {
    writes.run(
      'INSERT INTO warmup_templates (position, subject, body) VALUES (?, ?, ?)',
      position,
      subject,
      body,
    )
  }
}

/** Templates as `composeMessage` takes them; one that can no longer be read is left out. */
export function parsedTemplates(reads: Reads): { subject: Spintax; body: Spintax }[] {
  return readTemplates(reads).flatMap(({ subject, body }) => {
    const parsed = { subject: parseTemplate(subject), body: parseTemplate(body) }
    return parsed.subject.ok && parsed.body.ok
      ? [{ subject: parsed.subject.tree, body: parsed.body.tree }]
      : []
  })
}

const languages: readonly (readonly [TextLanguage, readonly string[]])[] = [
  ['de', ['Europe/Berlin', 'Europe/Vienna', 'Europe/Zurich', 'Europe/Busingen', 'Europe/Vaduz']],
  ['fr', ['Europe/Paris', 'Europe/Monaco']],
  ['es', ['Europe/Madrid', 'Atlantic/Canary', 'America/Mexico_City', 'America/Bogota', 'America/Santiago']],
  ['it', ['Europe/Rome', 'Europe/San_Marino', 'Europe/Vatican']],
]

/** The language two people write in: that of their place where they share it, else English. Pure. */
export function languageBetween(zone: string, otherZone: string): TextLanguage {
  const [one, other] = [zone, otherZone].map(name => languages.find(([, zones]) => zones.includes(name))?.[0])
  return one !== undefined && one === other ? one : 'en'
}
