import { isDkimKey, parseDkimKey } from '#shared/mail-auth/parse-dkim-key.ts'
import { joinTxt, type Lookup } from '#shared/model/lookup.ts'

/** The CNAMEs at and behind a name, asked one by one where the key itself could not be had. */
export type AliasTrail = { readonly path: readonly string[]; readonly loops: boolean }
export type Addresses = { readonly four: Lookup<'A'>; readonly six: Lookup<'AAAA'> | null }

export type SelectorAnswer = {
  readonly selector: string
  readonly answer: Lookup<'TXT'>
  /** Set where the answer may hide a circle of aliases. */
  readonly trail?: AliasTrail
  /** Set where the name exists and has no text: what a proxy puts in place of an alias. */
  readonly addresses?: Addresses
}

/** The texts under a selector that are meant as keys; a wildcard may put anything else there. */
export function keyTexts(answer: Lookup<'TXT'>): string[] {
  return answer.state === 'found' ? answer.values.map(joinTxt).filter(isDkimKey).toSorted() : []
}

/** The other texts there, among which the rest of a key may be. */
export function otherTexts(answer: Lookup<'TXT'>): string[] {
  return answer.state === 'found'
    ? answer.values
        .map(joinTxt)
        .filter(text => !isDkimKey(text))
        .toSorted()
    : []
}

/** What an answer says, so that two can be compared: the keys, or where the alias leads; null when it says nothing. */
export function contentOf(answer: Lookup<'TXT'>): string | null {
  const keys = keyTexts(answer)
  if (keys.length > 0) return keys.join('\n')
  const target = answer.state === 'absent' ? answer.aliases.at(-1) : undefined
  return target === undefined ? null : `alias ${target}`
}

/** Whether there is a key that every receiver can use, so that nothing more needs to be guessed. */
export function holdsRsaKey(answer: Lookup<'TXT'>): boolean {
  return keyTexts(answer).some(text => {
    const parsed = parseDkimKey(text)
    return parsed.ok && parsed.record.key.state !== 'revoked' && parsed.record.key.type !== 'ed25519'
  })
}

/** The names an answer was reached through. */
export function aliasesOf(answer: Lookup): string[] {
  return answer.state === 'unavailable' ? [] : [...answer.aliases]
}
