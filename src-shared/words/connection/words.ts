import type { ConnectionFacts } from '../../model/connection.ts'
import { clip } from '../phrases.ts'

/** A fact may be missing; a sentence may not. */
export type ConnectionWords = {
  /** What happened, in one sentence. */
  readonly title: (facts: ConnectionFacts) => string
  /** Why, as far as it is known. */
  readonly cause: (facts: ConnectionFacts) => string
  /** What to do, what helps most often first. */
  readonly fixes: (facts: ConnectionFacts) => readonly string[]
  /** A page that says more; null when there is none worth reading. */
  readonly link: string | null
  /** When it is worth trying again as it is. */
  readonly retry: 'now' | 'later' | 'never'
}

export const always =
  <T>(value: T) =>
  (): T =>
    value

export function hostOf(facts: ConnectionFacts): string {
  return textOf(facts, 'host', 'the server')
}

/** `smtp.example.com, port 587`. */
export function serverOf(facts: ConnectionFacts): string {
  const port = facts['port']
  return typeof port === 'number' ? `${hostOf(facts)}, port ${port},` : hostOf(facts)
}

export function textOf(facts: ConnectionFacts, name: string, fallback: string): string {
  const fact = facts[name]
  if (typeof fact === 'number') return String(fact)
  return typeof fact === 'string' && fact.trim() !== '' ? clip(fact, 80) : fallback
}

export function listOfFact(facts: ConnectionFacts, name: string): readonly string[] {
  const fact = facts[name]
  return Array.isArray(fact) ? fact : typeof fact === 'string' && fact !== '' ? [fact] : []
}

/** `12 Mar 2027`; the fallback when the fact is no instant. */
export function dateOf(facts: ConnectionFacts, name: string, fallback: string): string {
  const fact = facts[name]
  return typeof fact === 'number'
    ? new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' }).format(fact)
    : fallback
}

export const rfc = (number: number, section: string) =>
  `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}`
