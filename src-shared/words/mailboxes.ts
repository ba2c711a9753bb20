import { mailboxReasonCodes, type MailboxStatus } from '../model/mailbox-values.ts'
import type { ConnectionFailureCode } from '../model/connection.ts'
import type { Mailbox, MailboxEvent, MailboxEventCode, MailboxReason } from '../model/mailbox.ts'
import { describeConnectionFailure } from './connection.ts'
import { clip, type Facts, factText } from './phrases.ts'

/** The status in a word, and what it means. */
export const mailboxStatusWords: Record<MailboxStatus, { readonly name: string; readonly gloss: string }> = {
  active: { name: 'Active', gloss: 'It logged in, and a test message was sent and seen to arrive.' },
  'not-fully-tested': {
    name: 'Not fully tested',
    gloss: 'What was tested works; not everything was tested.',
  },
  'auth-failed': { name: 'Auth failed', gloss: 'The server refuses the login. Nothing is sent or read.' },
  'rate-limited': { name: 'Rate limited', gloss: 'The provider asks for a pause. It goes on by itself.' },
  paused: { name: 'Paused', gloss: 'Nothing is sent until you resume it. Its login is still looked at.' },
  disabled: { name: 'Disabled', gloss: 'It rests entirely: nothing is sent, nothing is looked at.' },
}

const ownReasonWords: Record<(typeof mailboxReasonCodes)[number], string> = {
  'not-tested-yet': 'Nobody has tested it yet.',
  'test-email-not-sent': 'The logins work. No test message was sent, so nobody knows whether mail arrives.',
  'no-imap': 'Sending works. Without IMAP nobody can see whether mail arrives.',
  'partly-tested': 'The test message was sent and not seen to arrive.',
  'by-person': 'You said so.',
  'credential-missing': 'Its password cannot be opened any more. Enter it again.',
}

const ownCodes: ReadonlySet<string> = new Set(mailboxReasonCodes)

/** Why the status is what it is, in one sentence; the server's own line stands beside it. */
export function mailboxReasonLine({ code, facts }: Pick<MailboxReason, 'code' | 'facts'>): string {
  if (ownCodes.has(code)) return ownReasonWords[code as keyof typeof ownReasonWords]
  const { title } = describeConnectionFailure({ code: code as ConnectionFailureCode, facts })
  // Without its name, a server begins the sentence.
  return title.replace(/^the /, 'The ')
}

/** One line for the row of a list: the status, and the reason where it needs one. */
export function mailboxSummary({ address, status, reason }: Mailbox): string {
  const why = reason === null || reason.code === 'by-person' ? '' : ` ${mailboxReasonLine(reason)}`
  return `${address}, ${mailboxStatusWords[status].name}.${why}`
}

type EventWords = { readonly title: (facts: Facts) => string }

const because = (facts: Facts, otherwise: string) => {
  const code = factText(facts, 'code', '', 100)
  if (code === '') return otherwise
  return mailboxReasonLine({ code: code as MailboxReason['code'], facts: { ...facts } })
}

const mailboxEventWords: Record<MailboxEventCode, EventWords> = {
  added: { title: () => 'Added.' },
  imported: { title: () => 'Added from a list.' },
  'test-passed': { title: () => 'Test passed: a message was sent and seen to arrive.' },
  'test-partly': { title: facts => `Test passed in part. ${because(facts, '')}`.trim() },
  'test-failed': { title: facts => `Test failed. ${because(facts, '')}`.trim() },
  'recheck-refused': { title: facts => `Re-check: the login was refused. ${because(facts, '')}`.trim() },
  'recheck-unreachable': {
    title: facts =>
      `Re-check: could not look. ${because(facts, '')} Nothing is known to be wrong.`.replace(/\s+/g, ' '),
  },
  'login-works-again': { title: () => 'The login works again.' },
  limited: { title: facts => `The provider asked for a pause. ${because(facts, '')}`.trim() },
  'limit-over': { title: () => 'The pause of the provider is over.' },
  paused: { title: () => 'Paused by you.' },
  resumed: { title: () => 'Resumed by you.' },
  disabled: { title: () => 'Disabled by you.' },
  enabled: { title: () => 'Enabled by you.' },
  'servers-changed': {
    title: facts => `Servers changed; mail now goes out through ${factText(facts, 'host', 'another one')}.`,
  },
  'credential-changed': { title: () => 'Password changed.' },
  'settings-changed': { title: () => 'Settings changed.' },
  restored: { title: () => 'Brought back to the list.' },
}

/** What happened, and the server's own line where there is one. */
export function describeMailboxEvent({ code, facts }: MailboxEvent): {
  title: string
  evidence: string | null
} {
  const evidence = facts['evidence']
  return {
    title: mailboxEventWords[code].title(facts),
    evidence: typeof evidence === 'string' && evidence !== '' ? clip(evidence, 300) : null,
  }
}
