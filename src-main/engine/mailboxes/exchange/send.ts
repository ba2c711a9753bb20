import type { Credential, MailServer } from '#shared/model/connection.ts'
import { limits } from '../../net/limits.ts'
import type { MailAccess, OutgoingMessage, SendOutcome } from '../../net/mail-world.ts'
import type { Trouble } from '../../net/trouble.ts'
import { connectSmtp } from '../connect-smtp.ts'
import type { TestContext } from '../options.ts'
import { asciiServer } from '../reach.ts'
import { logInSmtp, type SmtpSession } from '../test-smtp.ts'
import { composeMessage } from './compose-message.ts'
import { type Contacts, isOffline, isRefusedToken, lineOf, quietPhases, startContact } from './contact.ts'

/**
 * Sends one message on a connection of its own and tells exactly how far it came. Never throws and never sends again; a
 * token that is refused is renewed once. Bounded by `limits.mailSendMs`; a cancel before the message is handed over is `failed`, after it `unknown`. `onClosed` is
 * called when the connection is gone, which is a moment after the outcome is known.
 */
export async function sendMessage(
  { connection, ...access }: MailAccess,
  message: OutgoingMessage,
  signal: AbortSignal,
  contacts: Contacts,
  onClosed: () => void,
): Promise<SendOutcome> {
  const { context, end } = startContact(contacts, 'smtp', connection, signal, limits.mailSendMs)
  let closing: Promise<void> = Promise.resolve()
  let known: Credential | null = null
  const ended = (trouble: Trouble, at: 'greeting' | 'login' | 'message'): SendOutcome =>
    outcomeOf({ ...trouble, evidence: lineOf(trouble, connection, known) }, at)
  try {
    const bytes = await composeMessage(message)
    const credential = await access.credential(context.deadline.signal)
    if (!credential.ok) return { state: 'failed', reason: credential.failure.code, offline: false }
    known = credential.value
    let entered = await enter(connection.smtp, known, context)
    if (!entered.ok && isRefusedToken(entered.trouble)) {
      const renewed = await access.credential(context.deadline.signal, true)
      if (!renewed.ok) return { state: 'failed', reason: renewed.failure.code, offline: false }
      known = renewed.value
      entered = await enter(connection.smtp, known, context)
    }
    if (!entered.ok) return ended(entered.trouble, entered.at)
    const { session } = entered
    const sent = await session.send(message.from.address, message.to.address, bytes)
    closing = session.close()
    return sent.ok
      ? { state: 'accepted', line: lineOf({ ...lost, evidence: sent.value }, connection, known) ?? '' }
      : ended(sent.trouble, 'message')
  } finally {
    void closing.finally(() => {
      end()
      onClosed()
    })
  }
}

type Entered =
  | { readonly ok: true; readonly session: SmtpSession }
  | { readonly ok: false; readonly trouble: Trouble; readonly at: 'greeting' | 'login' }

async function enter(smtp: MailServer, credential: Credential, context: TestContext): Promise<Entered> {
  const phases = quietPhases()
  const connected = await connectSmtp(asciiServer(smtp.server), context, phases, () => undefined)
  if (connected === null) return { ok: false, trouble: phases.trouble() ?? lost, at: 'greeting' }
  const entered = await logInSmtp(connected, smtp, credential, context)
  return entered.ok ? { ok: true, session: entered.value.session } : { ...entered, at: 'login' }
}

const lost: Trouble = { code: 'net.closed', evidence: null, facts: {} }

function outcomeOf(trouble: Trouble, at: 'greeting' | 'login' | 'message'): SendOutcome {
  const { code, evidence, facts, moment } = trouble
  if (code === 'send.unconfirmed') return { state: 'unknown', reason: String(facts['reason'] ?? code) }
  const reply = facts['reply']
  if (evidence === null || typeof reply !== 'number' || reply < 400) {
    return { state: 'failed', reason: code, offline: isOffline(trouble) }
  }
  const isEnvelope = moment === 'mail' || moment === 'rcpt'
  return { state: 'refused', at: isEnvelope ? 'envelope' : at, line: evidence, code: reply }
}
