import type { FailureCode, FailureDetail } from '../failure.ts'
import type { ImportColumn, ImportProblem, ImportProblemCode } from '../model/mailbox-import.ts'
import { failureWords } from './failures.ts'
import { type Facts, factText } from './phrases.ts'

/** What is wrong with an address, in the words of the form where one is typed. */
function addressProblem(facts: Facts): string {
  const code = factText(facts, 'code', '')
  if (!Object.hasOwn(failureWords, code)) return 'This is not a mail address.'
  const { code: _, ...detail } = facts
  return failureWords[code as FailureCode].title(detail as FailureDetail)
}

const protocol = (facts: Facts) => factText(facts, 'protocol', 'smtp').toUpperCase()

/** What is wrong with a row, and what to do: one line each. */
const importProblemWords: Record<ImportProblemCode, (facts: Facts) => string> = {
  quotes: () => 'The quotation marks of this row do not match. Double each one inside a field.',
  encoding: () =>
    'Some characters of this row are not UTF-8 and cannot be told. Save the file as “CSV UTF-8” and import it again.',
  'too-many-fields': () =>
    'There are more fields than headers. A separator inside a field needs quotes around it.',
  'address-missing': () => 'No address.',
  'address-invalid': addressProblem,
  'address-twice': facts => `The same address as in line ${factText(facts, 'line', 'above')}.`,
  'address-known': () => 'This mailbox is on your list already.',
  'password-missing': () => 'No password.',
  'password-character': () => 'The password is too long, or holds a line break or another control character.',
  'host-missing': facts => `There is a port for ${protocol(facts)}, but no server.`,
  'host-invalid': facts => `“${factText(facts, 'host', '')}” is no name of a server for ${protocol(facts)}.`,
  'port-invalid': facts =>
    `“${factText(facts, 'port', '')}” is no port for ${protocol(facts)}; ports go from 1 to 65,535.`,
  'security-invalid': facts =>
    `“${factText(facts, 'security', '')}” is no way to encrypt ${protocol(facts)}. Use TLS, STARTTLS or none.`,
  'user-invalid': () => 'The user name is too long, or holds a control character.',
  'limit-invalid': facts =>
    `“${factText(facts, 'limit', '')}” is no daily limit. It goes from ${factText(facts, 'least', '10')} to ${factText(facts, 'most', '500')}.`,
  'time-zone-invalid': facts =>
    `“${factText(facts, 'zone', '')}” is no time zone. Use a name such as Europe/Berlin.`,
  'text-too-long': () => 'The name or the signature is too long.',
  'servers-unknown': facts =>
    `No mail servers were found for ${factText(facts, 'domain', 'this domain')}. Add the columns smtp host and imap host.`,
  'servers-untrusted': facts =>
    `What was found for ${factText(facts, 'domain', 'this domain')} needs a person to decide. Add this mailbox by hand, or name its servers in the file.`,
  'sign-in-needed': facts =>
    `${factText(facts, 'provider', 'This provider')} takes no password from other programs. Add this mailbox by hand and sign in.`,
}

export function importProblemLine({ code, facts }: ImportProblem): string {
  return importProblemWords[code](facts)
}

/** The columns as the preview names them. */
export const importColumnWords: Record<ImportColumn, string> = {
  address: 'Address',
  senderName: 'Sender name',
  firstName: 'First name',
  lastName: 'Last name',
  user: 'User name',
  password: 'Password',
  smtpHost: 'SMTP server',
  smtpPort: 'SMTP port',
  smtpSecurity: 'SMTP encryption',
  smtpUser: 'SMTP user name',
  smtpPassword: 'SMTP password',
  imapHost: 'IMAP server',
  imapPort: 'IMAP port',
  imapSecurity: 'IMAP encryption',
  imapUser: 'IMAP user name',
  imapPassword: 'IMAP password',
  dailyLimit: 'Daily limit',
  timeZone: 'Time zone',
  signature: 'Signature',
}
