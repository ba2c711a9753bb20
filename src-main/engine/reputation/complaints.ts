import type { ReportRecipient } from '#shared/model/mail-report.ts'
import { limits } from '../net/limits.ts'
import { addressIn, headersOf, type Mail, messageIdIn, readFields } from './read-mail.ts'

export type FeedbackReport = {
  /** A person said it is unwanted; not so for reports about authentication and for "this is no spam". */
  readonly isComplaint: boolean
  readonly recipients: readonly ReportRecipient[]
  readonly originalMessageId: string | null
}

const noComplaints: readonly string[] = ['not-spam', 'auth-failure', 'dmarc']

/**
 * A feedback report (ARF, RFC 5965; RFC 6591 for authentication failures; Microsoft's own form), or null when it is none. Recipients
 * come from Original-Rcpt-To, else from To of the message complained about; a provider may have taken them out of both.
 */
export function readFeedback(mail: Mail): FeedbackReport | null {
  const report = mail.parts.find(({ type }) => type === 'message/feedback-report')
  if (report === undefined) return readJunkReport(mail)
  const fields = readFields(report.text)
  const type = (fields.find(({ name }) => name === 'feedback-type')?.value ?? '').toLowerCase()
  const original = mail.parts.find(({ type }) =>
    /^(?:message\/(?:rfc822|global)|text\/rfc822-headers)/.test(type),
  )
  const headers = headersOf(original?.text ?? '')
  const named = fields
    .filter(({ name }) => name === 'original-rcpt-to')
    .flatMap(({ value }) => addressIn(value) ?? [])
  const written = addressIn(headers.get('to') ?? '')
  const addresses = named.length > 0 ? named : written === null ? [] : [written]
  const isComplaint = !noComplaints.includes(type)
  return {
    isComplaint,
    recipients: isComplaint ? complainants(addresses) : [],
    originalMessageId: messageIdIn(headers.get('message-id')),
  }
}

/** What Microsoft's Junk Mail Reporting sends: the message itself, with the complainant in a header of its own. */
function readJunkReport(mail: Mail): FeedbackReport | null {
  const isReport =
    /@(?:hotmail|outlook)\.com/i.test(mail.headers.get('from') ?? '') &&
    /^complaint about message from/i.test(mail.headers.get('subject') ?? '')
  if (!isReport) return null
  const headers = originalHeaders(mail)
  const address = addressIn(headers.get('x-hmxmroriginalrecipient') ?? headers.get('to') ?? '')
  return {
    isComplaint: true,
    recipients: address === null ? [] : complainants([address]),
    originalMessageId: messageIdIn(headers.get('message-id')),
  }
}

function originalHeaders({ parts }: Mail): ReadonlyMap<string, string> {
  const original = parts.find(({ type }) => /^(?:message\/(?:rfc822|global)|text\/rfc822-headers)/.test(type))
  return headersOf(original?.text ?? '')
}

function complainants(addresses: readonly string[]): ReportRecipient[] {
  return [...new Set(addresses)].slice(0, limits.mailReportRecipients).map(address => ({
    address,
    action: 'complained',
    status: null,
    category: 'complaint',
    permanent: true,
  }))
}
