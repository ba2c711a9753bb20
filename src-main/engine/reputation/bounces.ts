import type { MailReport, ReportRecipient } from '#shared/model/mail-report.ts'
import { isAutoReply } from './auto-replies.ts'
import { isFromMailSystem, readBounceText } from './bounce-shapes.ts'
import { readFeedback } from './complaints.ts'
import { readDeliveryStatus } from './delivery-status.ts'
import { headersOf, type Mail, messageIdIn, readFields, readMail } from './read-mail.ts'

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
  const told = status.map(({ text }) => text)
  // Read or deleted unread by its recipient, it had arrived.
  const isReceipt = /disposition-notification/.test(mail.contentType)
  // Gateways break reports: what was the part about the recipients then stands somewhere in the text.
  if (told.length === 0 && !isReceipt && isFromMailSystem(mail)) told.push(looseStatus(mail.body))
  const reported = told.flatMap(readDeliveryStatus)
  if (reported.length > 0) return reportOf(mail, reported, told.join('\n\n'))
  if (isReceipt) return nothing
  const words = readBounceText(mail)
  if (status.length > 0 || (words !== null && words.length > 0)) return reportOf(mail, words ?? [], '')
  if (isAutoReply(mail)) return { ...nothing, kind: 'auto-reply' }
  return nothing
}

/** The fields about recipients in an undivided body, until the next part of it or its returned copy. */
function looseStatus(body: string): string {
  const start = body.search(/^(?:original|final)-recipient[ \t]*:/im)
  if (start < 0) return ''
  const rest = body.slice(start)
  const end = rest.search(/^(?:--|return-path:|received:|message-id:)/im)
  return end < 0 ? rest : rest.slice(0, end)
}

function reportOf(mail: Mail, recipients: readonly ReportRecipient[], status: string): MailReport {
  const has = (wanted: ReportRecipient['action']) => recipients.some(({ action }) => action === wanted)
  const kind = has('failed') || recipients.length === 0 ? 'bounce' : has('delayed') ? 'delay' : 'none'
  return { kind, recipients: [...recipients], originalMessageId: originalMessageId(mail, status) }
}

/**
 * From the returned message or its headers, else from what the report itself says, else from the thread it belongs to, else
 * from the quoted copy.
 */
function originalMessageId({ headers, parts, text, body }: Mail, status: string): string | null {
  const returned = parts.find(({ type }) =>
    /^(?:message\/(?:rfc822|global)(?:-headers)?|text\/rfc822-headers?)$/.test(type),
  )
  const fromPart = returned === undefined ? null : messageIdIn(headersOf(returned.text).get('message-id'))
  if (fromPart !== null) return fromPart
  const named = readFields(status).find(({ name }) => /^(?:x-)?original-message-id$/.test(name))
  const fromStatus = messageIdIn(named?.value)
  if (fromStatus !== null) return fromStatus
  const fromThread = messageIdIn(headers.get('in-reply-to')) ?? messageIdIn(headers.get('references'))
  if (fromThread !== null) return fromThread
  return quotedId(text) ?? quotedId(body)
}

function quotedId(text: string): string | null {
  return messageIdIn(/^message-id:[ \t]*(?:\r?\n[ \t]+)?(<[^<>\s]{1,400}>)/im.exec(text)?.[1])
}
