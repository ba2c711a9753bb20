import { z } from 'zod'
import { replyCategories } from './reply.ts'

/** What a message reports. `none` is any other message, a report of success included. */
export const mailReportKinds = ['bounce', 'complaint', 'auto-reply', 'delay', 'none'] as const
export const mailReportKindSchema = z.enum(mailReportKinds)
export type MailReportKind = z.infer<typeof mailReportKindSchema>

/** What became of one recipient: the actions of RFC 3464 §2.3.3, and a complaint. */
export const reportActions = ['failed', 'delayed', 'delivered', 'relayed', 'expanded', 'complained'] as const
export const reportActionSchema = z.enum(reportActions)
export type ReportAction = z.infer<typeof reportActionSchema>

/** The categories of replies, and `complaint`. The list is closed. */
export const reportCategories = [...replyCategories, 'complaint'] as const
export const reportCategorySchema = z.enum(reportCategories)
export type ReportCategory = z.infer<typeof reportCategorySchema>

export const reportRecipientSchema = z.object({
  address: z.string(),
  action: reportActionSchema,
  /** The enhanced status code (RFC 3463), or null when none is given. */
  status: z.string().nullable(),
  category: reportCategorySchema,
  /** Whether writing to this address again will fail again. */
  permanent: z.boolean(),
})
export type ReportRecipient = z.infer<typeof reportRecipientSchema>

export const mailReportSchema = z.object({
  kind: mailReportKindSchema,
  recipients: z.array(reportRecipientSchema),
  /** Message-ID of the message it is about, angle brackets included; null when the report does not say. */
  originalMessageId: z.string().nullable(),
})
export type MailReport = z.infer<typeof mailReportSchema>
