import { type GmailNames, gmailBox, plainBox, type ProviderBox } from './provider-box.ts'
import type { ProviderProfile } from './provider-imap.ts'

/** Gmail, by its description of its IMAP extensions and what its server is seen to say. */
export const gmailProfile: ProviderProfile = {
  greeting: '* OK Gimap ready for requests from 127.0.0.1 x1mb1',
  capabilities:
    'IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 XYZZY SASL-IR AUTH=XOAUTH2 AUTH=PLAIN AUTH=PLAIN-CLIENTTOKEN',
  capabilitiesInside:
    'IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS COMPRESS=DEFLATE ENABLE MOVE CONDSTORE ESEARCH UTF8=ACCEPT LIST-EXTENDED LIST-STATUS LITERAL- SPECIAL-USE APPENDLIMIT=35651584',
  permanentFlags: '\\Answered \\Flagged \\Draft \\Deleted \\Seen $NotPhishing $Phishing \\*',
  copyUid: 'told',
  isGmail: true,
}

export const gmailEnglish: GmailNames = {
  all: '[Gmail]/All Mail',
  drafts: '[Gmail]/Drafts',
  important: '[Gmail]/Important',
  sent: '[Gmail]/Sent Mail',
  spam: '[Gmail]/Spam',
  starred: '[Gmail]/Starred',
  trash: '[Gmail]/Trash',
}

/** An older account, whose folders also stand under another name. */
export const gmailGerman: GmailNames = {
  all: '[Google Mail]/Alle Nachrichten',
  drafts: '[Google Mail]/Entwürfe',
  important: '[Google Mail]/Wichtig',
  sent: '[Google Mail]/Gesendet',
  spam: '[Google Mail]/Spam',
  starred: '[Google Mail]/Markiert',
  trash: '[Google Mail]/Papierkorb',
}

export const gmailRussian: GmailNames = {
  all: '[Gmail]/Вся почта',
  drafts: '[Gmail]/Черновики',
  important: '[Gmail]/Важное',
  sent: '[Gmail]/Отправленные',
  spam: '[Gmail]/Спам',
  starred: '[Gmail]/Помеченные',
  trash: '[Gmail]/Корзина',
}

/** Exchange Online: no word of SPECIAL-USE, no flags of one's own, and a COPYUID that may lack its numbers. */
export const microsoftProfile: ProviderProfile = {
  greeting: '* OK The Microsoft Exchange IMAP4 service is ready. [QQBCAEMA]',
  capabilities:
    'IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+',
  capabilitiesInside:
    'IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS MOVE ID UNSELECT CLIENTACCESSRULES CLIENTNETWORKPRESENCELOCATION BACKENDAUTHENTICATE CHILDREN IDLE NAMESPACE LITERAL+',
  permanentFlags: '\\Seen \\Answered \\Flagged \\Deleted \\Draft $MDNSent',
  copyUid: 'without-numbers',
  isGmail: false,
}

/** The folders of Exchange Online in one language, with the attributes that it shows for some mailboxes. */
export function microsoftBox(
  { junk = 'Junk Email', deleted = 'Deleted Items', sent = 'Sent Items' } = {},
  shows: 'uses' | 'nothing' = 'uses',
): ProviderBox {
  const use = (attribute: string) =>
    shows === 'uses' ? ['\\Marked', '\\HasNoChildren', attribute] : ['\\Marked', '\\HasNoChildren']
  return plainBox({
    Inbox: ['\\Marked', '\\HasNoChildren'],
    Archive: ['\\HasNoChildren'],
    [deleted]: use('\\Trash'),
    [junk]: use('\\Junk'),
    [sent]: use('\\Sent'),
  })
}

/** As little as RFC 3501 asks for. */
export const minimalProfile: ProviderProfile = {
  greeting: '* OK IMAP4 ready',
  capabilities: 'IMAP4rev1',
  permanentFlags: '\\Answered \\Flagged \\Deleted \\Seen \\Draft',
  copyUid: 'not-told',
  isGmail: false,
}

export function minimalBox(): ProviderBox {
  return plainBox({ INBOX: [], Junk: [], Sent: [], Trash: [] })
}

export { gmailBox }
