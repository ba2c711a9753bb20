import type { ZoneProblem, ZoneProblemReason } from '../model/zone-problem.ts'

/** What is wrong, as a sentence about the piece of text that is meant. */
const zoneProblemWords: Record<ZoneProblemReason, (text: string) => string> = {
  'too-large': () => 'The file is too large to be read.',
  'too-many-records': () => 'There are more records than are read from one file.',
  'not-text': () => 'Too much of it cannot be read. It may not be a zone file.',
  'json-syntax': () => 'This is not valid JSON from here on.',
  'json-shape': () => 'This is not a list of record sets as Route 53 exports it.',
  'include-refused': () => 'Other files are not read in. Paste the content of that file here instead.',
  'directive-unknown': text => `${quoted(text)} is not known here; only $ORIGIN and $TTL are.`,
  'directive-incomplete': text => `${quoted(text)} needs a value.`,
  'quote-open': () => 'This quotation mark is not closed on its line.',
  'parenthesis-open': () => 'This parenthesis is never closed.',
  'parenthesis-unopened': () => 'This parenthesis was never opened.',
  'owner-missing': () => 'The line begins with a space, but no line above it has a name.',
  'origin-missing': text =>
    `${quoted(text)} is relative, and the file does not say to which zone. Begin it with $ORIGIN, or name the zone.`,
  'type-missing': () => 'The record type is missing.',
  'type-unknown': text => `${quoted(text)} is not a record type.`,
  'class-other': text => `${quoted(text)} is a class other than IN.`,
  'ttl-too-large': text => `The time to live ${quoted(text)} is longer than 68 years.`,
  'name-empty-label': text => `${quoted(text)} has two dots in a row, or none of its labels.`,
  'name-label-too-long': text => `A label in ${quoted(text)} is longer than 63 characters.`,
  'name-too-long': text => `${quoted(text)} is longer than a name may be (255 octets).`,
  'name-character': text =>
    `${quoted(text)} has letters that DNS names do not have. Write it as A-labels (xn--…).`,
  'data-missing': () => 'The record ends before its value is complete.',
  'data-extra': text => `${quoted(text)} is more than the record holds.`,
  'data-address': text => `${quoted(text)} is not an address of this type.`,
  'data-number': text => `${quoted(text)} is not a number that fits here.`,
  'data-time': text => `${quoted(text)} is not a time such as 3600 or 1h30m.`,
  'data-hex': () => 'This is not hexadecimal, two digits for each octet.',
  'data-base64': () => 'This is not base64.',
  'data-length': text => `The length ${quoted(text)} does not fit the data.`,
  'string-too-long': () =>
    'One quoted string holds at most 255 octets. Break it into several, side by side; they are joined again.',
  'escape-broken': text => `The backslash in ${quoted(text)} is not followed by a character or three digits.`,
  'alias-and-other': text => `${quoted(text)} has a CNAME record, so it can have no other.`,
  'alias-twice': text => `${quoted(text)} has more than one CNAME record.`,
}

function quoted(text: string): string {
  return text === '' ? 'This' : `“${text}”`
}

export function zoneProblemSentence({ reason, text }: Pick<ZoneProblem, 'reason' | 'text'>): string {
  return zoneProblemWords[reason](text)
}

/** `12:5: “TXTT” is not a record type.`, as editors and compilers write a place. */
export function zoneProblemLine(problem: ZoneProblem): string {
  return `${problem.line}:${problem.column}: ${zoneProblemSentence(problem)}`
}
