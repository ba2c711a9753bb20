import type {
  ConnectionFailure,
  ConnectionFailureCode,
  ConnectionResult,
  ConnectionSecurity,
  PhaseId,
} from '../model/connection.ts'
import { encryptionWords } from './connection/encryption.ts'
import { loginWords } from './connection/login.ts'
import { mailWords } from './connection/mail.ts'
import { networkWords } from './connection/network.ts'
import type { ConnectionWords } from './connection/words.ts'

const connectionWords: Record<ConnectionFailureCode, ConnectionWords> = {
  ...networkWords,
  ...encryptionWords,
  ...loginWords,
  ...mailWords,
}

export type ConnectionSentences = {
  readonly title: string
  readonly cause: string
  readonly fixes: readonly string[]
  readonly link: string | null
  readonly retry: ConnectionWords['retry']
}

/** What a person reads about one failure or notice. The evidence stands beside it, in the server's own words. */
export function describeConnectionFailure({
  code,
  facts,
}: Pick<ConnectionFailure, 'code' | 'facts'>): ConnectionSentences {
  const { title, cause, fixes, link, retry } = connectionWords[code]
  const { help } = facts
  const page = typeof help === 'string' && help.startsWith('https://') ? help : link
  return { title: title(facts), cause: cause(facts), fixes: fixes(facts), link: page, retry }
}

/** The hosts of all pages that failures lead to. */
export const connectionLinkHosts: readonly string[] = [
  ...new Set(
    Object.values(connectionWords).flatMap(({ link }) =>
      link === null ? [] : (/^https:\/\/([^/]+)/.exec(link)?.[1] ?? []),
    ),
  ),
]

export const phaseWords: Record<PhaseId, string> = {
  'smtp-dns': 'Finding the sending server',
  'smtp-tcp': 'Connecting to the sending server',
  'smtp-tls': 'Encrypting (sending)',
  'smtp-greeting': 'Greeting of the sending server',
  'smtp-capabilities': 'What the sending server offers',
  'smtp-login': 'Logging in to send',
  'smtp-envelope': 'Sender and recipient accepted',
  'imap-dns': 'Finding the reading server',
  'imap-tcp': 'Connecting to the reading server',
  'imap-tls': 'Encrypting (reading)',
  'imap-greeting': 'Greeting of the reading server',
  'imap-capabilities': 'What the reading server offers',
  'imap-login': 'Logging in to read',
  'imap-folders': 'Folders',
  send: 'Sending the test message',
  arrival: 'Arrival of the test message',
  results: 'What the receiver says about it',
}

export const securityWords: Record<ConnectionSecurity, string> = {
  tls: 'TLS from the start',
  starttls: 'STARTTLS',
  plain: 'not encrypted',
}

export const connectionResultWords: Record<ConnectionResult['result'], string> = {
  passed: 'Everything works: the message was sent and seen.',
  partly: 'What was tested works; not everything was tested.',
  failed: 'The mailbox cannot be used like this.',
}
