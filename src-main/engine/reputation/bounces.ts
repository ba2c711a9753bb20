import type { MailReport, ReportRecipient } from '#shared/model/mail-report.ts'
import { isAutoReply } from './auto-replies.ts'
import { readBounceText } from './bounce-shapes.ts'
import { readFeedback } from './complaints.ts'
import { readDeliveryStatus } from './delivery-status.ts'
import { headersOf, type Mail, messageIdIn, readMail } from './read-mail.ts'

const nothing: MailReport = { kind: 'none', recipients: [], originalMessageId: null }

/**
 * What a received message reports: a bounce or a delay (RFC 3464, RFC 6533, and what servers print without them), a
 * complaint (RFC 5965), an automatic answer (RFC 3834), or nothing. Never fails: what cannot be read reports nothing.
 */
export async function readMailReport(raw: Uint8Array): Promise<MailReport> {
  const mail = await readMail(raw)
  if (mail === null) return nothing
  const feedback = readFeedback(mail)
  if (feedback !== null) {
    const { isComplaint, recipients, originalMessageId } = feedback
    return isComplaint ? { kind: 'complaint', recipients: [...recipients], originalMessageId } : nothing
  }
  const status = mail.parts.filter(({ type }) => /^message\/(?:global-)?delivery-status$/.test(type))
  const reported = status.flatMap(({ text }) => readDeliveryStatus(text))
  if (reported.length > 0) return reportOf(mail, reported)
  if (/disposition-notification/.test(mail.contentType)) return nothing
  const told = readBounceText(mail)
  if (status.length > 0 || (told !== null && told.length > 0)) return reportOf(mail, told ?? [])
  if (isAutoReply(mail)) return { ...nothing, kind: 'auto-reply' }
  return nothing
}

function reportOf(mail: Mail, recipients: readonly ReportRecipient[]): MailReport {
  const has = (wanted: ReportRecipient['action']) => recipients.some(({ action }) => action === wanted)
  const kind = has('failed') || recipients.length === 0 ? 'bounce' : has('delayed') ? 'delay' : 'none'
  return { kind, recipients: [...recipients], originalMessageId: originalMessageId(mail) }
}

/** From the returned message or its headers, else from the thread the report belongs to, else from the quoted copy. */
function originalMessageId({ headers, parts, text }: Mail): string | null {
  const returned = parts.find(({ type }) =>
    /^(?:message\/(?:rfc822|global)(?:-headers)?|text\/rfc822-headers?)$/.test(type),
  )
  const fromPart = returned === undefined ? null : messageIdIn(headersOf(returned.text).get('message-id'))
  if (fromPart !== null) return fromPart
  const fromThread = messageIdIn(headers.get('in-reply-to')) ?? messageIdIn(headers.get('references'))
  if (fromThread !== null) return fromThread
  return messageIdIn(/^message-id:[ \t]*(?:\r?\n[ \t]+)?(<[^<>\s]{1,400}>)/im.exec(text)?.[1])
}
