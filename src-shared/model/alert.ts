import { z } from 'zod'
import { factSchema, severitySchema } from './finding.ts'

/** Everything that asks for a person by itself. A code names the fact; the sentences stand in `words/alerts.ts`. */
export const alertCodes = [
  'blacklist.listed',
  'drift.record-vanished',
  'drift.policy-weakened',
  'drift.lookup-limit',
  'drift.status-fell',
  'dkim.key-old',
] as const
export type AlertCode = (typeof alertCodes)[number]

/** `open` until a person has seen it (`acknowledged`) or it is over (`resolved`). */
export const alertStateSchema = z.enum(['open', 'acknowledged', 'resolved'])
export type AlertState = z.infer<typeof alertStateSchema>

export const alertSchema = z.object({
  id: z.string(),
  code: z.enum(alertCodes),
  severity: severitySchema,
  domainId: z.string(),
  /** The domain as the person typed it. */
  domain: z.string(),
  /** What tells two alerts of one code and domain apart: a list and a target, a record. */
  subject: z.string(),
  /** The evidence, by name; what the words are made from. */
  facts: z.record(z.string(), factSchema),
  state: alertStateSchema,
  raisedAt: z.number().int(),
  acknowledgedAt: z.number().int().nullable(),
  resolvedAt: z.number().int().nullable(),
  /** Whether a person resolved it or its cause went away. */
  resolvedBy: z.enum(['person', 'itself']).nullable(),
})
export type Alert = z.infer<typeof alertSchema>

/** An alert before it has an identity and a time. */
export type AlertCause = Pick<Alert, 'code' | 'severity' | 'domainId' | 'subject' | 'facts'>
