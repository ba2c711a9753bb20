import type { Failure, FailureCode, FailureDetail } from '../failure.ts'
import { isKeychainTrouble } from '../model/vault-values.ts'
import { deniedReasonWords } from './blacklists.ts'
import { addressFailureWords } from './failures/address.ts'
import { mailboxFailureWords } from './failures/mailbox.ts'
import { oauthFailureWords } from './failures/oauth.ts'
import { tenantFailureWords } from './failures/tenant.ts'
import { always, type FailureWords, instead, text } from './failures/words.ts'
import { keyGoneCause, keyGoneTitle, keychainWords, passphraseInstead } from './vault.ts'

/** The parser gives the scheme without its colon, or nothing for an address that begins with two slashes. */
function scheme(detail: FailureDetail): string {
  const name = text(detail, ['scheme'], '')
  return name === '' ? 'two slashes' : `${name}://`
}

function troubleOf(detail: FailureDetail) {
  const reason = detail['reason']
  return keychainWords[isKeychainTrouble(reason) ? reason : 'unknown']
}

const nameRule = 'Type the name alone, such as example.com.'

export const failureWords: Record<FailureCode, FailureWords> = {
  'wire-lost': {
    title: always('The connection to Rookery was lost.'),
    cause: 'The program that does the work stopped, or was closed.',
    next: always(
      'It reconnects by itself. Try again in a moment; if it does not come back, start Rookery again.',
    ),
  },
  'timed-out': {
    title: always('This took too long and was given up.'),
    next: always('Try again. If it happens every time, check the network and the DNS server.'),
  },
  cancelled: { title: always('Stopped.'), next: always('Start it again when you like.') },
  'invalid-input': {
    title: detail => {
      const field = text(detail, ['field', 'path'], '')
      return field === ''
        ? 'Something that was entered cannot be used.'
        : `What was entered for ${field} cannot be used.`
    },
    next: always('Correct it and try again.'),
  },
  'build-differs': {
    title: always('This window belongs to another version of Rookery.'),
    cause: 'Rookery was updated while the window was open.',
    next: always('Reload the window.'),
  },
  'not-allowed': {
    title: always('That is not allowed from here.'),
    next: always('Open Rookery from the address it printed when it started.'),
  },
  internal: {
    title: detail => {
      const id = text(detail, ['id'], '')
      return id === ''
        ? 'Something went wrong inside Rookery.'
        : `Something went wrong inside Rookery (${id}).`
    },
    cause: 'This is a fault in Rookery, not in your domain or your settings.',
    next: always(
      'Try again. If it happens again, report it with the lines of the log that carry this number.',
    ),
  },

  'domain-empty': {
    title: always('No domain name was given.'),
    next: always('Type a name such as example.com.'),
  },
  'domain-has-scheme': {
    title: detail => `A web address was given, not a domain name: it begins with ${scheme(detail)}.`,
    next: instead(nameRule),
  },
  'domain-has-path': {
    title: always('There is a path after the domain name.'),
    next: instead('Leave out the slash and everything after it.'),
  },
  'domain-has-port': {
    title: detail => {
      const port = text(detail, ['port'], '')
      return port === ''
        ? 'There is a port after the domain name.'
        : `There is a port (${port}) after the domain name.`
    },
    next: instead('Leave out the colon and the number.'),
  },
  'domain-has-space': {
    title: always('There is a space inside the domain name.'),
    next: instead('Remove the space, or put each name on its own line.'),
  },
  'domain-is-email': {
    title: always('This is an email address, not a domain name.'),
    next: instead('Use the part after the @ sign.'),
  },
  'domain-is-address': {
    title: always('This is an IP address, not a domain name.'),
    next: always('Type the domain that your mail is sent from, such as example.com.'),
  },
  'domain-empty-label': {
    title: always('Two dots stand together, or the name begins with a dot.'),
    next: instead('Remove the extra dot.'),
  },
  'domain-label-too-long': {
    title: detail =>
      `“${text(detail, ['label', 'part'], 'One part of the name')}” is too long: a part between dots may have 63 characters.`,
    next: always('Check the spelling of that part.'),
  },
  'domain-too-long': {
    title: detail => {
      const length = text(detail, ['length', 'octets', 'lengthBytes'], '')
      return length === ''
        ? 'The name is too long: a domain name may have 253 characters.'
        : `The name has ${length} characters; a domain name may have 253.`
    },
    next: always('Check that only one name was pasted.'),
  },
  'domain-bad-character': {
    title: detail => {
      const character = text(detail, ['character'], '')
      return character === ''
        ? 'The name holds a character that a domain name cannot have.'
        : `“${character}” cannot stand in a domain name.`
    },
    next: instead('Use letters, digits, hyphens and dots only.'),
  },
  'domain-bad-hyphen': {
    title: detail =>
      `A hyphen stands at the start or the end of “${text(detail, ['label', 'part'], 'a part of the name')}”.`,
    next: instead('Remove the hyphen; inside a part it is fine.'),
  },
  'domain-bad-idn': {
    title: always('The name holds letters that are not allowed in an international domain name.'),
    next: always('Check the spelling, or paste the form that begins with xn--.'),
  },
  'domain-is-public-suffix': {
    title: detail =>
      `“${text(detail, ['suffix', 'name', 'input'], 'This')}” is an ending that many domains share, not a domain.`,
    next: always('Put your own name in front of it, as in example.com.'),
  },

  ...addressFailureWords,

  'domain-already-added': {
    title: detail =>
      `${text(detail, ['name', 'displayName', 'input'], 'This domain')} is on the list already.`,
    next: always('Open it from the list.'),
  },
  'domain-not-found': {
    title: detail => `${text(detail, ['name'], 'This domain')} is not on the list any more.`,
    next: always('Go back to the list; a deleted domain can be restored for seven days.'),
  },
  'import-too-large': {
    title: detail => {
      const most = text(detail, ['limit', 'most', 'lines'], '')
      return most === ''
        ? 'The list is too long to read at once.'
        : `The list is too long: at most ${most} lines are read at once.`
    },
    next: always('Split it and import the parts one after another.'),
  },

  'zone-problems': {
    title: detail => {
      const where = `line ${text(detail, ['line'], '1')}, column ${text(detail, ['column'], '1')}`
      return detail['count'] === 1
        ? `The zone file has a mistake in ${where}.`
        : `The zone file has ${text(detail, ['count'], 'several')} mistakes, the first in ${where}.`
    },
    next: detail =>
      detail['complete'] === false
        ? 'It may not be a zone file at all. Choose another one.'
        : 'Mend them, or audit the rest: what those lines were about then counts as not looked up.',
  },
  'zone-without-domain': {
    title: detail => `There is no domain to audit in ${text(detail, ['file'], 'the zone file')}.`,
    next: always('Say which zone it is for, or name the domains.'),
  },
  'snapshot-unreadable': {
    title: always('This file is not a snapshot of Rookery.'),
    next: always('Choose a file that was saved with “Save as snapshot” or --save-snapshot.'),
  },
  'snapshot-version': {
    title: detail =>
      `The snapshot has version ${text(detail, ['found'], 'unknown')}; this Rookery reads version ${text(detail, ['known'], '1')}.`,
    next: always('Open it with the Rookery that saved it, or save a new one.'),
  },
  'snapshot-damaged': {
    title: always('The snapshot was changed or damaged after it was saved.'),
    cause: 'Its checksum does not fit its content, so nothing it says can be relied on.',
    next: always('Use another copy of it, or save a new one.'),
  },
  'file-too-large': {
    title: always('This file is too large to open here.'),
    next: detail =>
      `At most ${text(detail, ['limit'], '7000000')} characters are read. Use the command line, or split it.`,
  },

  'resolver-address-invalid': {
    title: detail => {
      const given = text(detail, ['input', 'address', 'text', 'resolver'], '')
      return given === ''
        ? 'The DNS server is not given as an IP address.'
        : `“${given}” is not the address of a DNS server.`
    },
    next: always(
      'Give an IP address, with a port if it is not 53: 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353.',
    ),
  },

  'name-leads-to-itself': {
    title: always('This name would lead back to where it stands.'),
    next: always('Give the name that the service tells you to use.'),
  },
  'dkim-selector-taken': {
    title: detail => `The selector ${text(detail, ['selector'], 'given')} is in use already.`,
    next: always('Choose another one. The key that is there stays as it is.'),
  },
  'dkim-key-not-found': {
    title: always('This key is not known here.'),
    next: always('It may have been taken away in another window. Make a new one if you need it.'),
  },
  'blacklist-denied': {
    title: detail => {
      const since = text(detail, ['since'], '')
      const when = since === '' ? '' : ` (${since})`
      const reason = text(detail, ['reason'], '')
      const why = Object.hasOwn(deniedReasonWords, reason)
        ? deniedReasonWords[reason as keyof typeof deniedReasonWords]
        : 'it is known not to work'
      return `The list ${text(detail, ['zone'], 'you gave')} is never asked: ${why}${when}.`
    },
    cause: 'Answers of such lists are wrong or made up, and mail servers no longer ask them.',
    next: always('Choose another list.'),
  },
  'blacklist-zone-invalid': {
    title: detail => `“${text(detail, ['zone'], 'This')}” is not the name of a list.`,
    next: always('Give the zone of the list alone, such as bl.example.net.'),
  },
  'blacklist-already-added': {
    title: detail => `The list ${text(detail, ['zone'], 'you gave')} is there already.`,
    next: always('Switch it on where it stands.'),
  },
  'blacklist-not-found': {
    title: detail => `There is no list ${text(detail, ['zone'], 'of that name')}.`,
    next: always('Reload the page to see the lists there are.'),
  },
  'blacklist-key-invalid': {
    title: always('This is not a key.'),
    next: always('A key is one word of letters and digits. Copy it whole from the page of the service.'),
  },

  ...mailboxFailureWords,

  ...oauthFailureWords,

  ...tenantFailureWords,

  'vault-no-keychain': {
    title: detail =>
      detail['hasKey'] === true ? troubleOf(detail).title : `${troubleOf(detail).title} Nothing was stored.`,
    cause:
      'Rookery keeps the key to its vault in the keychain of the operating system, or under your passphrase, and never beside the data.',
    next: detail =>
      detail['hasKey'] === true ? troubleOf(detail).next : `${troubleOf(detail).next} ${passphraseInstead}`,
  },
  'vault-damaged': {
    title: always('A sealed secret cannot be opened any more.'),
    cause: 'The keychain holds another key than the one it was sealed with, or the data file was changed.',
    next: always('Enter the secret again.'),
  },
  'vault-locked': {
    title: always('The vault is locked.'),
    cause: 'Passwords can be neither read nor kept until it is unlocked.',
    next: always('Unlock it, then try again. What waits for it goes on by itself.'),
  },
  'vault-key-gone': {
    title: always(keyGoneTitle),
    cause: keyGoneCause,
    next: always(
      'Bring the keychain back, or start with a new key in Settings and enter the passwords again.',
    ),
  },
  'vault-wrong-passphrase': {
    title: always('That is not the passphrase.'),
    next: always('Check Caps Lock and the keyboard layout, and type it again.'),
  },
  'vault-wait': {
    title: detail => {
      const seconds = detail['seconds']
      return typeof seconds === 'number' && seconds > 1
        ? `Several passphrases were wrong. The next one is looked at in ${seconds} seconds.`
        : 'The last passphrase was wrong. The next one is looked at in a second.'
    },
    next: always('Wait, then type it again.'),
  },
  'vault-passphrase-short': {
    title: detail => `The passphrase is too short: it needs ${text(detail, ['least'], '12')} characters.`,
    cause: 'Whoever gets a copy of the data can try passphrases as fast as their machines can.',
    next: always('Take four or five words that do not belong together.'),
  },

  'data-folder-locked': {
    title: detail => {
      const pid = text(detail, ['pid'], '')
      return pid === ''
        ? 'Another Rookery is using this data folder.'
        : `Another Rookery (process ${pid}) is using this data folder.`
    },
    next: always('Use that one, or close it first. A different folder can be chosen with --data-dir.'),
  },
  'data-folder-unwritable': {
    title: detail =>
      `Rookery cannot write to ${text(detail, ['folder', 'dataDir', 'file', 'path'], 'its data folder')}.`,
    next: always('Give your user permission to write there, or choose another folder with --data-dir.'),
  },
  'data-damaged': {
    title: detail =>
      `The data file${detail['file'] === undefined ? '' : ` ${text(detail, ['file'], '')}`} is damaged and was not opened.`,
    cause: 'Rookery never replaces a damaged file by an empty one.',
    next: detail => {
      const kept = text(detail, ['kept'], '')
      return kept === ''
        ? 'Restore a copy from the backups folder beside it.'
        : `A copy of it stands in ${kept}. Restore one from the backups folder beside it.`
    },
  },
  'data-newer': {
    title: always('The data folder was written by a newer Rookery.'),
    next: always('Update Rookery, or choose another folder with --data-dir.'),
  },
  'disk-full': {
    title: always('The disk is full; nothing more can be stored.'),
    next: always('Free some space and try again. What was stored before is safe.'),
  },

  'link-not-allowed': {
    title: always('This link was not opened.'),
    cause: 'Rookery opens only https pages of the providers and standards it knows.',
    next: always('Copy the address and open it yourself if you trust it.'),
  },
}

/** The sentences for one failure: what happened, why (or null), what to do. */
export function describeFailure(failure: Failure): { title: string; cause: string | null; next: string } {
  const words = failureWords[failure.code]
  return { title: words.title(failure.detail), cause: words.cause ?? null, next: words.next(failure.detail) }
}

/** The same in one line, for a terminal or a log. */
export function failureLine(failure: Failure): string {
  const { title, next } = describeFailure(failure)
  return `${title} ${next}`
}
