import { z } from 'zod'
import { factSchema, severitySchema } from './finding.ts'

/** Everything that asks for a person by itself. A code names the fact; the sentences stand in `words/alerts.ts`. */
export const alertCodes = [
  'blacklist.listed',
  'drift.record-vanished',
  'drift.policy-weakened',
  'drift.lookup-limit',
  'drift.status-fell',
  'mailbox.auth-failed',
  'mailbox.unreachable',
  'dkim.key-old',
  'warmup.paused',
  'warmup.rules',
] as const
export type AlertCode = (typeof alertCodes)[number]

/** `open` until a person has seen it (`acknowledged`) or it is over (`resolved`). */
export const alertStateSchema = z.enum(['open', 'acknowledged', 'resolved'])
export type AlertState = z.infer<typeof alertStateSchema>

export const alertSchema = z.object({
  id: z.string(),
  code: z.enum(alertCodes),
  severity: severitySchema,
  /** The domain it is about, or null for an alert about a mailbox. */
  domainId: z.string().nullable(),
  mailboxId: z.string().nullable(),
  /** The domain or the address as the person typed it. */
  about: z.string(),
  /** What tells two alerts of one code about one domain or mailbox apart: a list and a target, a record. */
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

/** Whom an alert is about. */
export type AlertAbout = { readonly domainId: string } | { readonly mailboxId: string }

/** An alert about a domain, but for what kind it is. */
export type DomainCause = { readonly domainId: string } & Pick<Alert, 'severity' | 'subject' | 'facts'>

/** An alert before it has an identity and a time. */
export type AlertCause = AlertAbout & Pick<Alert, 'code' | 'severity' | 'subject' | 'facts'>
