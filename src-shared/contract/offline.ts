import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { auditReportSchema } from '../model/audit.ts'
import { fileAuditEventSchema, zoneOverviewSchema } from '../model/offline.ts'
import { nothing, resultOf } from '../model/result.ts'
import { snapshotAuditSchema } from '../model/snapshot.ts'

/** What a window may hand over of a file, so that with its escapes it fits one frame of the wire. */
const fileText = z.string().max(7_000_000)
const zoneFile = z.object({
  text: fileText,
  /** The name of the file, which may be the name of its zone; null for text that was pasted. */
  fileName: z.string().max(255).nullable(),
  /** The zone it is for, as typed, when the person says so. */
  origin: z.string().max(300).nullable(),
})
const savedFile = z.object({ fileName: z.string(), text: z.string() })

/** Audits of files, without a network: before records are published, and of answers that were kept. Nothing is stored. */
export const offline = {
  /** What a zone file holds and what is wrong with it. */
  inspectZone: oc.input(zoneFile).output(resultOf(zoneOverviewSchema)),

  /** Audits the domains of a zone file. With `skipProblems` also one that has mistakes, as far as it can be read. */
  auditZone: oc
    .input(zoneFile.extend({ skipProblems: z.boolean() }))
    .output(eventIterator(fileAuditEventSchema, resultOf(nothing))),

  /** Gives the reports of a snapshot again, from its answers. */
  openSnapshot: oc
    .input(z.object({ text: fileText }))
    .output(eventIterator(fileAuditEventSchema, resultOf(nothing))),

  /** Makes a snapshot file of audits that the window holds. */
  sealSnapshot: oc
    .input(z.object({ audits: z.array(snapshotAuditSchema).min(1).max(200) }))
    .output(resultOf(savedFile)),

  /** Makes a snapshot file of the last report of each of these domains. Those without one are left out. */
  exportSnapshot: oc
    .input(z.object({ ids: z.array(z.string().max(64)).min(1).max(200) }))
    .output(resultOf(savedFile)),

  /** One stored report of a domain, by the time it began (`domains.history`), or null when it is no longer kept. */
  report: oc
    .input(z.object({ id: z.string().max(64), at: z.number().int() }))
    .output(resultOf(auditReportSchema.nullable())),
}
