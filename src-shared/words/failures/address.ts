import type { AddressFailure } from '../../mail-auth/parse-address.ts'
import { always, type FailureWords, instead, text } from './words.ts'

const shape = 'Type the address alone, such as anna@example.com.'

export const addressFailureWords: Record<AddressFailure, FailureWords> = {
  'address-empty': { title: always('No mail address was given.'), next: always(shape) },
  'address-has-scheme': {
    title: always('This is a mail link, not an address.'),
    next: instead('Leave out what stands before the address, and the question mark with all after it.'),
  },
  'address-has-name': {
    title: always('There is a name beside the address.'),
    next: instead('Use only what stands between the angle brackets.'),
  },
  'address-has-space': {
    title: always('There is a space inside the address.'),
    next: instead('Remove the space.'),
  },
  'address-several': {
    title: always('These are several addresses; one is needed.'),
    next: always('Add them one after another, or import them as a list.'),
  },
  'address-without-at': {
    title: always('There is no @ sign, so this is not a mail address.'),
    next: always(shape),
  },
  'address-many-ats': {
    title: always('There is more than one @ sign.'),
    next: always('Keep the one between the name and the domain.'),
  },
  'address-local-empty': {
    title: always('Nothing stands before the @ sign.'),
    next: always(shape),
  },
  'address-local-too-long': {
    title: detail =>
      `What stands before the @ sign has ${text(detail, ['length'], 'too many')} characters; 64 are allowed.`,
    next: always('Check that only the address was pasted.'),
  },
  'address-domain-empty': {
    title: always('Nothing stands behind the @ sign.'),
    next: always('Add the domain, such as @example.com.'),
  },
  'address-too-long': {
    title: detail => `This has ${text(detail, ['length'], 'too many')} characters; an address may have 254.`,
    next: always('Check that only the address was pasted.'),
  },
  'address-bad-dot': {
    title: always('A dot stands at an end of the name, or two stand together.'),
    next: always('Remove the extra dot before the @ sign.'),
  },
  'address-bad-character': {
    title: detail => `“${text(detail, ['character'], 'A character')}” cannot stand before the @ sign.`,
    next: always('Check the spelling of the address.'),
  },
  'address-not-ascii': {
    title: detail =>
      `“${text(detail, ['character'], 'A letter')}” before the @ sign is outside plain ASCII, and few mail servers take that.`,
    next: always('Use an address of the mailbox that has only plain letters before the @ sign.'),
  },
  'address-quote-open': {
    title: always('A quotation mark in the address is not closed, or stands where none may.'),
    next: always('Remove the quotation mark.'),
  },
}
