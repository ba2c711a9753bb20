import type { MailReportKind, ReportAction, ReportCategory } from '../model/mail-report.ts'

export const reportKindWords: Record<MailReportKind, { name: string; gloss: string }> = {
  bounce: { name: 'Bounce', gloss: 'A message could not be delivered.' },
  complaint: {
    name: 'Complaint',
    gloss: 'A person marked a message as spam, and the provider passed it on.',
  },
  'auto-reply': { name: 'Automatic answer', gloss: 'A program answered, such as an absence note.' },
  delay: { name: 'Delay', gloss: 'A message waits; the server still tries.' },
  none: { name: 'Something else', gloss: 'An ordinary message, or a report that all went well.' },
}

export const reportActionWords: Record<ReportAction, string> = {
  failed: 'failed',
  delayed: 'delayed',
  delivered: 'delivered',
  relayed: 'passed on',
  expanded: 'passed on to a list',
  complained: 'complained',
}

/** What a refusal is about: a short name, and a sentence for the person whose mailbox sent. */
export const reportCategoryWords: Record<ReportCategory, { name: string; gloss: string }> = {
  'no-such-mailbox': { name: 'No such mailbox', gloss: 'The address does not exist there.' },
  'no-such-domain': { name: 'No such domain', gloss: 'The domain does not exist or takes no mail.' },
  'mailbox-disabled': { name: 'Mailbox disabled', gloss: 'The mailbox exists but has been switched off.' },
  'mailbox-full': { name: 'Mailbox full', gloss: 'The mailbox has no room for more.' },
  'recipient-busy': { name: 'Recipient busy', gloss: 'The recipient gets too much mail at the moment.' },
  'message-too-large': { name: 'Too large', gloss: 'The message is larger than the server takes.' },
  content: {
    name: 'Content',
    gloss: 'The server takes the text, a link or an attachment for spam or worse.',
  },
  authentication: {
    name: 'Authentication',
    gloss: 'SPF, DKIM, DMARC or reverse DNS did not convince the server.',
  },
  reputation: { name: 'Reputation', gloss: 'The server thinks badly of the sending domain or address.' },
  blocklisted: { name: 'On a blacklist', gloss: 'The sending address or domain is on a blacklist.' },
  policy: { name: 'Policy', gloss: 'A rule of the receiving side forbids it; the server does not say more.' },
  'sender-refused': {
    name: 'Sender refused',
    gloss: 'The server does not take mail from this sender address.',
  },
  'relay-denied': { name: 'Relaying denied', gloss: 'The server does not pass mail on for this sender.' },
  'rate-limited': {
    name: 'Rate limited',
    gloss: 'Too much mail in a short time; it goes on by itself later.',
  },
  'daily-quota': { name: 'Daily quota', gloss: 'The provider lets the mailbox send no more today.' },
  greylisted: { name: 'Greylisted', gloss: 'The server wants to see a second attempt in some minutes.' },
  'too-many-recipients': {
    name: 'Too many recipients',
    gloss: 'One message had more recipients than allowed.',
  },
  'login-refused': { name: 'Login refused', gloss: 'The server does not accept the login.' },
  'login-throttled': { name: 'Login throttled', gloss: 'There were too many logins in a short time.' },
  'tls-required': { name: 'TLS required', gloss: 'The server asks for an encrypted connection.' },
  routing: { name: 'Routing', gloss: 'The message went in circles, or its way could not be found.' },
  expired: { name: 'Expired', gloss: 'The server tried for days and gave up.' },
  'server-trouble': {
    name: 'Server trouble',
    gloss: 'The receiving server could not be reached or was busy.',
  },
  protocol: { name: 'Protocol', gloss: 'The two servers did not understand each other.' },
  delivered: { name: 'Delivered', gloss: 'The message arrived.' },
  unknown: { name: 'Not clear', gloss: 'The server gave no reason that is known.' },
  complaint: { name: 'Complaint', gloss: 'The recipient marked the message as spam.' },
}
