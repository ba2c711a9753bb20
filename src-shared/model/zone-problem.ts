import { z } from 'zod'

/** What can be wrong in a zone file (RFC 1035 §5). */
export const zoneProblemReasons = [
  // the file
  'too-large',
  'too-many-records',
  'not-text',
  'json-syntax',
  'json-shape',
  // directives
  'include-refused',
  'directive-unknown',
  'directive-incomplete',
  // the line
  'quote-open',
  'parenthesis-open',
  'parenthesis-unopened',
  'owner-missing',
  'origin-missing',
  'type-missing',
  'type-unknown',
  'class-other',
  'ttl-too-large',
  // names
  'name-empty-label',
  'name-label-too-long',
  'name-too-long',
  'name-character',
  // data
  'data-missing',
  'data-extra',
  'data-address',
  'data-number',
  'data-time',
  'data-hex',
  'data-base64',
  'data-length',
  'string-too-long',
  'escape-broken',
  'alias-and-other',
  'alias-twice',
] as const
export const zoneProblemReasonSchema = z.enum(zoneProblemReasons)
export type ZoneProblemReason = z.infer<typeof zoneProblemReasonSchema>

/** One thing wrong, and where: lines and columns count from 1, columns in UTF-16 units. */
export const zoneProblemSchema = z.object({
  line: z.number().int(),
  column: z.number().int(),
  reason: zoneProblemReasonSchema,
  /** The piece of text that is meant, shortened. */
  text: z.string(),
})
export type ZoneProblem = z.infer<typeof zoneProblemSchema>
