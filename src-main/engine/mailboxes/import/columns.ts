import type { ImportColumn } from '#shared/model/mailbox-import.ts'

/** Headers as other programs write them, without case, spaces and signs. */
const spellings: Record<ImportColumn, string> = {
  address:
    'address email emailaddress mailaddress mail mailbox account emailaccount sender fromemail fromaddress email1 emailid useremail correo adresse emailadresse',
  senderName: 'name sendername displayname fromname fullname sender_name from',
  firstName: 'firstname givenname vorname',
  lastName: 'lastname surname familyname nachname',
  user: 'user username login loginname userid benutzername',
  password: 'password pass pwd passwd passwort apppassword emailpassword mailpassword secret',
  smtpHost:
    'smtphost smtpserver smtp smtphostname smtpaddress outgoingserver outgoinghost outgoing smtpserverhost',
  smtpPort: 'smtpport outgoingport smtpserverport',
  smtpSecurity: 'smtpsecurity smtpssl smtptls smtpencryption smtpsecure outgoingsecurity smtpssltls',
  smtpUser: 'smtpuser smtpusername smtplogin outgoinguser outgoingusername',
  smtpPassword: 'smtppassword smtppass smtppwd outgoingpassword',
  imapHost:
    'imaphost imapserver imap imaphostname imapaddress incomingserver incominghost incoming imapserverhost',
  imapPort: 'imapport incomingport imapserverport',
  imapSecurity: 'imapsecurity imapssl imaptls imapencryption imapsecure incomingsecurity imapssltls',
  imapUser: 'imapuser imapusername imaplogin incominguser incomingusername',
  imapPassword: 'imappassword imappass imappwd incomingpassword',
  dailyLimit:
    'dailylimit limit maxperday emailsperday messagesperday maxemailsperday dailysendinglimit sendinglimit daylimit',
  timeZone: 'timezone tz zone',
  signature: 'signature emailsignature signatur',
}

const byHeader = new Map(
  Object.entries(spellings).flatMap(([column, names]) =>
    names.split(' ').map(name => [plain(name), column as ImportColumn] as const),
  ),
)

function plain(header: string): string {
  return header
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
}

/** Which column a header names, or null for one that is of no use here. Pure. */
export function columnOf(header: string): ImportColumn | null {
  return byHeader.get(plain(header)) ?? null
}
