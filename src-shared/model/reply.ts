import { z } from 'zod'
import { checkIdSchema } from './finding.ts'

/**
 * What a mail server's refusal is about, whether it came as an SMTP reply or in a bounce. `docs/cli.md` explains each;
 * the list is closed.
 */
export const replyCategories = [
  // the address
  'no-such-mailbox',
  'no-such-domain',
  'mailbox-disabled',
  'mailbox-full',
  'recipient-busy',
  // the message
  'message-too-large',
  'content',
  // the sender
  'authentication',
  'reputation',
  'blocklisted',
  'policy',
  'sender-refused',
  'relay-denied',
  // the pace
  'rate-limited',
  'daily-quota',
  'greylisted',
  'too-many-recipients',
  // the login
  'login-refused',
  'login-throttled',
  'tls-required',
  // the way and the server
  'routing',
  'expired',
  'server-trouble',
  'protocol',
  // no refusal, or none that is understood
  'delivered',
  'unknown',
] as const
export const replyCategorySchema = z.enum(replyCategories)
export type ReplyCategory = z.infer<typeof replyCategorySchema>

/** What follows from it for the mailbox that sent. */
export const replyActions = [
  'none',
  /** Try the same message again after the wait. */
  'wait',
  /** Send nothing before the next window: the day's allowance is used up. */
  'wait-for-window',
  /** Wait, and halve the plan. */
  'slow',
  /** Stop sending until the cause is gone. */
  'pause',
  /** Stop sending until the named DNS records are right. */
  'fix-records',
  /** Write to this address no more. */
  'drop-recipient',
  /** Stop until a person has signed in again. */
  'sign-in',
  /** This message cannot be sent as it is. */
  'give-up',
] as const
export const replyActionSchema = z.enum(replyActions)
export type ReplyAction = z.infer<typeof replyActionSchema>

export const replyWaitSchema = z.discriminatedUnion('until', [
  z.object({ until: z.literal('time'), ms: z.number().int().positive() }),
  z.object({ until: z.literal('next-window') }),
])
export type ReplyWait = z.infer<typeof replyWaitSchema>

export const replyReadingSchema = z.object({
  category: replyCategorySchema,
  action: replyActionSchema,
  /** Whether the same message to the same address will fail again. */
  permanent: z.boolean(),
  wait: replyWaitSchema.nullable(),
  /** The checks of the audit that show what to mend. */
  checks: z.array(checkIdSchema),
})
export type ReplyReading = z.infer<typeof replyReadingSchema>
