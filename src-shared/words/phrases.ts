import type { Fact } from '../model/finding.ts'

export type Facts = Readonly<Record<string, Fact>>

const plurals = new Intl.PluralRules('en')
const conjunction = new Intl.ListFormat('en', { type: 'conjunction' })

/** Shortens to `most` characters with an ellipsis, never inside a surrogate pair. */
export function clip(text: string, most: number): string {
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}

/** `1 look-up`, `11 look-ups`; an irregular plural is given. */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${plurals.select(count) === 'one' ? noun : plural}`
}

export const countMailboxes = (count: number) => countOf(count, 'mailbox', 'mailboxes')

/** `a, b and 3 more`: at most `most` values, each short enough for a sentence. */
export function listOf(values: readonly string[], most = 3, mostCharacters = 40): string {
  const shown = values.slice(0, most).map(value => clip(value, mostCharacters))
  const left = values.length - shown.length
  return conjunction.format(left > 0 ? [...shown, `${left} more`] : shown).replace(/, and /, ' and ')
}

/** A fact as short text, else the fallback. A fact may be missing; a sentence may not. */
export function factText(facts: Facts, name: string, fallback: string, mostCharacters = 48): string {
  const fact = facts[name]
  if (typeof fact === 'string' && fact.trim() !== '') return clip(fact, mostCharacters)
  if (typeof fact === 'number' && Number.isFinite(fact)) return String(fact)
  const values = factList(facts, name)
  return values.length > 0 && fact !== '' ? listOf(values) : fallback
}

/** A fact as a number, or how many a list holds; null when it is neither. */
export function factNumber(facts: Facts, name: string): number | null {
  const fact = facts[name]
  if (Array.isArray(fact)) return fact.length
  return typeof fact === 'number' && Number.isFinite(fact) ? fact : null
}

/** A fact as a list; a single text is a list of one. */
export function factList(facts: Facts, name: string): readonly string[] {
  const fact = facts[name]
  if (Array.isArray(fact)) return fact.filter(value => value !== '')
  return typeof fact === 'string' && fact !== '' ? [fact] : []
}

/** `before` + the fact + `after`, or nothing at all when the fact is missing. */
export function factPhrase(facts: Facts, name: string, before: string, after = ''): string {
  const text = factText(facts, name, '')
  return text === '' ? '' : `${before}${text}${after}`
}
