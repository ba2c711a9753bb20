import type { Template } from '#shared/model/warmup-view.ts'
import type { TextLanguage } from '#shared/model/warmup.ts'
import type { Reads, Row, Writes } from '../storage/open.ts'
import { parseTemplate, type Spintax } from './spintax.ts'
import { type TextPrint, textRestMs } from './text-print.ts'

type PrintRow = Row & { at: number; hash: string; signature: Uint8Array }

/** Prints of texts that a mailbox used, or that came to the recipient, in the last 60 days. */
export function printsFor(reads: Reads, fromNo: number, toNo: number, now: number): TextPrint[] {
  const rows = reads.all<PrintRow>(
    `SELECT at, hash, signature FROM warmup_prints WHERE from_no = ? AND at > ?
     UNION ALL SELECT at, hash, signature FROM warmup_prints WHERE to_no = ? AND at > ? AND from_no <> ?`,
    fromNo,
    now - textRestMs,
    toNo,
    now - textRestMs,
    fromNo,
  )
  return rows.map(({ at, hash, signature }) => ({ at, hash, signature: numbersOf(signature) }))
}

export function writePrint(writes: Writes, fromNo: number, toNo: number, print: TextPrint): void {
  writes.run(
    'INSERT INTO warmup_prints (from_no, to_no, at, hash, signature) VALUES (?, ?, ?, ?, ?)',
    fromNo,
    toNo,
    print.at,
    print.hash,
    new Uint8Array(Uint32Array.from(print.signature).buffer),
  )
}

function numbersOf(octets: Uint8Array): number[] {
  return Array.from(new Uint32Array(octets.slice().buffer))
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
