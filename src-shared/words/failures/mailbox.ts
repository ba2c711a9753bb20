import type { FailureCode } from '../../failure.ts'
import { countOf } from '../phrases.ts'
import { always, type FailureWords, text } from './words.ts'

export type MailboxFailure = Extract<
  FailureCode,
  `mailbox-${string}` | `csv-${string}` | 'domain-has-mailboxes' | 'message-gone'
>

export const mailboxFailureWords: Record<MailboxFailure, FailureWords> = {
  'mailbox-already-added': {
    title: detail => `${text(detail, ['address'], 'This mailbox')} is on your list already.`,
    next: always('Open it there to change its servers or its password.'),
  },
  'mailbox-not-found': {
    title: always('This mailbox is not on your list.'),
    next: always('It may have been removed in another window. Go back to the list.'),
  },
  'mailbox-not-tested': {
    title: always('These settings did not pass a test lately, so nothing was saved.'),
    cause: 'Only servers and a password that were tested are saved.',
    next: always('Test once more, then save.'),
  },
  'mailbox-credential-missing': {
    title: always('No password is kept for this mailbox.'),
    next: always('Enter it again, or sign in again.'),
  },
  'mailbox-without-imap': {
    title: always('This mailbox has no server to read from.'),
    next: always('Add an IMAP server to it, or choose another mailbox.'),
  },
  'mailbox-folder-missing': {
    title: detail => `There is no folder “${text(detail, ['folder'], 'of that name')}” in this mailbox.`,
    next: always(
      'Check the name; folders within folders are written with what the server puts between them, as in INBOX/DMARC.',
    ),
  },
  'domain-has-mailboxes': {
    title: detail => {
      const count = Number(detail['mailboxes'] ?? 0)
      return `${text(detail, ['domain'], 'This domain')} has ${countOf(count, 'mailbox', 'mailboxes')}, so it was not removed.`
    },
    next: always('Say that the mailboxes go with it, or remove them first.'),
  },
  'mailbox-import-gone': {
    title: always('This list is no longer here.'),
    cause: 'A list that was read waits for an hour, and its passwords are forgotten then.',
    next: always('Open the file again.'),
  },
  'csv-empty': {
    title: always('There is nothing in this file.'),
    next: always('Choose a CSV file with a line of headers and a line for each mailbox.'),
  },
  'csv-without-address': {
    title: always('No column of this file is headed “address” or “email”.'),
    cause:
      'The first line has to name the columns; without it nobody can tell which one holds the passwords.',
    next: always('Add a first line such as address,password,smtp host,imap host and open the file again.'),
  },
  'mailbox-unreachable': {
    title: always('The mailbox could not be reached.'),
    cause: 'Its server did not answer, refused the connection or did not do what was asked.',
    next: always('Test the mailbox to see what is wrong, or try again later.'),
  },
  'message-gone': {
    title: always('The message is no longer where it was.'),
    cause: 'It was moved or deleted in the meantime.',
    next: always('Nothing needs to be done.'),
  },
}
