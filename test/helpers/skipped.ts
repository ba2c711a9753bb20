import { appendFileSync } from 'node:fs'

/** Says that a suite cannot run here, and why: `npm test` names it at the end. Without `npm test` it goes to stderr. */
export function noteSkipped(suite: string, reason: string): void {
  const file = process.env.ROOKERY_SKIPPED_FILE
  if (file === undefined) console.warn(`${suite}: not run, because ${reason}`)
  else appendFileSync(file, `${suite}: ${reason}\n`)
}
