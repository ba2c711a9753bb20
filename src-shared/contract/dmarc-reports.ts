import { oc } from '@orpc/contract'
import { z } from 'zod'
import {
  dmarcSummarySchema,
  fileOutcomeSchema,
  reportMailboxSchema,
  summaryPeriods,
} from '../model/dmarc-report.ts'
import { resultOf } from '../model/result.ts'

const id = z.string().max(64)

/** DMARC aggregate reports (RFC 9990): read from files and mailboxes, and what they say of a domain's mail. */
export const dmarcReports = {
  /**
   * Reads one file: XML, gzip, ZIP or a message, as base64. Every report in it is kept, or told as a duplicate or as
   * refused, each on its own.
   */
  import: oc
    .input(z.object({ fileName: z.string().max(255), base64: z.base64().max(13_400_000) }))
    .output(resultOf(z.object({ outcomes: z.array(fileOutcomeSchema) }))),

  /** What the reports say of a domain over the last days, today (UTC) included. */
  summary: oc.input(z.object({ id, days: z.literal(summaryPeriods) })).output(resultOf(dmarcSummarySchema)),

  /** The mailboxes that are read for reports once a day, and how the last reading ended. */
  mailboxes: oc.output(resultOf(z.array(reportMailboxSchema))),

  /** Reads a folder of a saved mailbox from now on, once a day. No message is marked or moved. */
  readFrom: oc
    .input(z.object({ mailboxId: id, folder: z.string().trim().min(1).max(500) }))
    .output(resultOf(z.array(reportMailboxSchema))),
  stopReading: oc.input(z.object({ mailboxId: id })).output(resultOf(z.array(reportMailboxSchema))),

  /** Reads it now, and answers when that has ended. It goes on when the caller leaves. */
  readNow: oc.input(z.object({ mailboxId: id })).output(resultOf(reportMailboxSchema)),
}
