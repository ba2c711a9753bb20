import type { ConnectionFailureCode } from '../../model/connection.ts'
import { listOf } from '../phrases.ts'
import { always, type ConnectionWords, hostOf, listOfFact, rfc, textOf } from './words.ts'

type MailCode = Extract<ConnectionFailureCode, `send.${string}` | `imap.${string}` | `arrival.${string}`>

const ownWords = 'Look at the server’s own words below, and show them to its operator.'

export const mailWords: Record<MailCode, ConnectionWords> = {
  'send.from-not-allowed': {
    title: facts => `${hostOf(facts)} does not let this account send as this address.`,
    cause: always('The login works, and the address is not one of those that belong to it.'),
    fixes: always([
      'Check that the address and the user name belong together.',
      'Add the address as an alias, or have “Send as” granted by the administrator.',
    ]),
    link: rfc(6409, '6.1'),
    retry: 'never',
  },
  'send.relay-denied': {
    title: facts => `${hostOf(facts)} does not pass this mail on.`,
    cause: always(
      'The server does not count the connection as logged in, or is not meant for sending to this address.',
    ),
    fixes: always([
      'Use port 465 or 587, not 25.',
      'Check that this is the server for outgoing mail.',
      ownWords,
    ]),
    link: rfc(6409, '3'),
    retry: 'never',
  },
  'send.recipient-refused': {
    title: facts => `${hostOf(facts)} knows no mailbox of this address.`,
    cause: always('The test message goes to the mailbox itself, and the server says it does not exist.'),
    fixes: always([
      'Check the address for a typing mistake.',
      'If it is new, wait until the provider has set it up.',
    ]),
    link: rfc(3463, '3.2'),
    retry: 'never',
  },
  'send.quota': {
    title: facts => `The mailbox has sent all it may for now, says ${hostOf(facts)}.`,
    cause: always('Providers limit messages an hour or a day. The connection itself works.'),
    fixes: always([
      'Wait until the limit starts anew, as a rule within 24 hours.',
      'Lower the daily limit of this mailbox.',
    ]),
    link: rfc(3463, '3.5'),
    retry: 'later',
  },
  'send.content-refused': {
    title: facts => `${hostOf(facts)} did not like what the test message says.`,
    cause: always(
      'A filter took a harmless message for spam or malware; that points at the reputation of the sender.',
    ),
    fixes: always([
      'Check the domain and its blacklists under Domains.',
      ownWords,
      'Try again later, or save the mailbox without the test message.',
    ]),
    link: rfc(3463, '3.7'),
    retry: 'later',
  },
  'send.policy-refused': {
    title: facts => `A rule of ${hostOf(facts)} forbids this mail.`,
    cause: always(
      'The server names a policy: the sender’s reputation, missing SPF or DKIM, or a rule of its own.',
    ),
    fixes: always([
      'Check SPF, DKIM and DMARC of the domain under Domains.',
      'Check the blacklists.',
      ownWords,
    ]),
    link: rfc(3463, '3.8'),
    retry: 'never',
  },
  'send.deferred': {
    title: facts => `${hostOf(facts)} put the test message off.`,
    cause: always(
      'A temporary answer: greylisting, a busy server, or a limit. Rookery does not send a test twice by itself.',
    ),
    fixes: always([
      'Try again in a quarter of an hour.',
      'Or save the mailbox without the test message, and test it whole later.',
      ownWords,
    ]),
    link: rfc(5321, '4.2.1'),
    retry: 'later',
  },
  'send.refused': {
    title: facts => `${hostOf(facts)} refused the test message.`,
    cause: always('It gave a reason that fits no other case.'),
    fixes: always([ownWords, 'Save the mailbox without the test message if you know why.']),
    link: rfc(5321, '4.2.1'),
    retry: 'never',
  },
  'send.unconfirmed': {
    title: facts => `Nobody knows whether ${hostOf(facts)} took the test message.`,
    cause: always(
      'The connection ended after the message was sent and before the server had confirmed it. It is not sent again.',
    ),
    fixes: always(['Look whether the message is in the mailbox.', 'Start the test again when you like.']),
    link: rfc(5321, '4.5.3.2'),
    retry: 'later',
  },
  'imap.no-inbox': {
    title: facts => `${hostOf(facts)} does not open the inbox.`,
    cause: always(
      'The login works, and the mailbox behind it is missing, not set up yet, or not open to it.',
    ),
    fixes: always([
      'Sign in to the webmail once; some providers make the mailbox only then.',
      'Check that the account has a licence or a plan with a mailbox.',
      ownWords,
    ]),
    link: rfc(9051, '6.3.2'),
    retry: 'never',
  },
  'imap.read-only': {
    title: facts => `${hostOf(facts)} opens the inbox for reading only.`,
    cause: always(
      'Nothing can be marked or moved, as warmup needs to. Shared mailboxes and full ones are often so.',
    ),
    fixes: always(['Have write access to the mailbox granted.', 'Make room, if the mailbox is full.']),
    link: rfc(9051, '6.3.2'),
    retry: 'never',
  },
  'imap.no-special-use': {
    title: facts => `${hostOf(facts)} does not say which folder is for junk.`,
    cause: always(
      'Its list of folders names no special uses, so mail in the junk folder is found only by looking everywhere.',
    ),
    fixes: always([
      'Nothing has to be done.',
      'If the server is your own, mark the junk folder as such in its settings (\\Junk).',
    ]),
    link: rfc(6154, '2'),
    retry: 'never',
  },
  'imap.quota-full': {
    title: facts => `The mailbox is full at ${hostOf(facts)}.`,
    cause: always('No more mail comes in until there is room.'),
    fixes: always(['Delete mail and empty the bin in the webmail.', 'Get more storage from the provider.']),
    link: rfc(9208, '3'),
    retry: 'never',
  },
  'imap.command-refused': {
    title: facts => `${hostOf(facts)} refused a command every mail program uses.`,
    cause: always('The login works; what came after did not.'),
    fixes: always([ownWords, 'Try again in a few minutes.']),
    link: rfc(9051, '7.1'),
    retry: 'later',
  },
  'arrival.not-seen': {
    title: facts => `The test message has not arrived after ${textOf(facts, 'seconds', 'some')} seconds.`,
    cause: facts => {
      const folders = listOfFact(facts, 'folders')
      return `The server took it. It is in none of the folders that were looked through${folders.length === 0 ? '' : ` (${listOf(folders)})`}: it may be delayed, filtered away, or delivered elsewhere.`
    },
    fixes: always([
      'Wait some minutes and look in the webmail, also under junk and quarantine.',
      'Check that the domain’s MX records lead to this provider.',
      'Check forwarding and filters of the mailbox.',
    ]),
    link: null,
    retry: 'later',
  },
  'arrival.in-junk': {
    title: facts => `The test message landed in ${textOf(facts, 'folder', 'the junk folder')}.`,
    cause: always('The mailbox works. The receiving side takes mail from this sender for spam.'),
    fixes: always([
      'Check SPF, DKIM and DMARC of the domain under Domains.',
      'Let warmup run before sending in earnest.',
    ]),
    link: null,
    retry: 'never',
  },
  'arrival.not-authenticated': {
    title: facts => {
      const methods = listOfFact(facts, 'methods').map(method => method.toUpperCase())
      return `The test message arrived without a valid ${methods.length === 0 ? 'authentication' : listOf(methods)}.`
    },
    cause: always(
      'The receiving server wrote so into the message. Large providers refuse such mail or take it for spam.',
    ),
    fixes: always([
      'Open the domain under Domains: the records to publish are listed there.',
      'Send through the server that signs for the domain.',
    ]),
    link: rfc(8601, '2.7'),
    retry: 'never',
  },
}
