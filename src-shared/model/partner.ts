import { z } from 'zod'
import { partnerStates, partnerTextKinds, partnerTextProblems } from './partner-values.ts'

export type { PartnerState, PartnerTextKind, PartnerTextProblem } from './partner-values.ts'

const at = z.number().int()
const count = z.number().int().nonnegative()

export const partnerStateSchema = z.enum(partnerStates)
export const partnerTextKindSchema = z.enum(partnerTextKinds)

export const partnerTextProblemSchema = z.object({
  code: z.enum(partnerTextProblems),
  /** The address that stands in the way, or empty. */
  address: z.string(),
})

/** How an own or a partner's name is written. */
export const partnerNameSchema = z.string().trim().min(1).max(80)
/** Messages a day that each mailbox takes from the other side. */
export const perDaySchema = z.number().int().min(1).max(20)
export const invitationDaysSchema = z.number().int().min(1).max(30)

export const partnerMailboxSchema = z.object({
  address: z.string(),
  /** Who receives its mail, by id of the provider list; `other` when unknown. */
  provider: z.string(),
})

/** Another Rookery whose owner we agreed with: its mailboxes and ours warm each other. */
export const partnerSchema = z.object({
  id: z.string(),
  /** What they call themselves; empty until they have answered. */
  name: z.string(),
  /** What we call ourselves to them. */
  ownName: z.string(),
  state: partnerStateSchema,
  sinceAt: at,
  /** Whether we made the invitation. */
  weInvited: z.boolean(),
  /** Of an ended agreement. */
  endedBy: z.enum(['us', 'them']).nullable(),
  expiresAt: at,
  /** Digits that both people see the same when nobody changed a text on its way; null until both sides are known. */
  checkNumber: z.string().nullable(),
  theirs: z.array(partnerMailboxSchema),
  /** Messages a day that each of theirs takes from us. */
  theirPerDay: count,
  /** Ids of our mailboxes that take part. */
  ours: z.array(z.string()),
  ourPerDay: count,
  /** Over all time. */
  sent: count,
  received: count,
  heardAt: at.nullable(),
  /** The newest text for them; what it says is no secret. Null when there is nothing to hand over. */
  text: z.object({ kind: partnerTextKindSchema, text: z.string() }).nullable(),
})
export type Partner = z.infer<typeof partnerSchema>

/** What a text says, before anything is done about it. */
export const readPartnerTextSchema = z.object({
  kind: partnerTextKindSchema,
  /** Empty where the text does not say it. */
  name: z.string(),
  mailboxes: z.array(partnerMailboxSchema),
  perDay: count.nullable(),
  expiresAt: at.nullable(),
})
export type ReadPartnerText = z.infer<typeof readPartnerTextSchema>
