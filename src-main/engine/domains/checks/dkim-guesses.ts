import { isSpf } from '#shared/mail-auth/parse-spf.ts'
import type { MailProvider, SendingService } from '#shared/model/provider.ts'
import dictionary from '../../../../resources/dkim-selectors.json' with { type: 'json' }
import serviceRows from '../../../../resources/sending-services.json' with { type: 'json' }
import { dnsProviderOf, mailProvider, mailProviders } from '../providers.ts'

export const sendingServices = serviceRows as readonly SendingService[]

/** What a domain's other records say about who signs for it. */
export type DkimHints = {
  /** By MX, an id of the mail providers. */
  readonly provider: string | null
  /** Texts of the SPF records: the domain's own, and those of its own names that it includes. */
  readonly spf: readonly string[]
  readonly nameservers: readonly string[]
}

/** Selectors of one sender, which stand or fall together. */
export type Guess = { readonly sender: string; readonly selectors: readonly string[] }

export type Guesses = {
  /** Of those that MX and SPF name: asked first. */
  readonly likely: readonly Guess[]
  /** Of those that usually go with the DNS provider. */
  readonly possible: readonly Guess[]
}

/** Who probably signs for the domain, and under which selectors; each selector once, the likeliest first. Pure. */
export function guessesFrom({ provider, spf, nameservers }: DkimHints): Guesses {
  const names = spf.flatMap(includedNames)
  const byMx = mailProvider(provider)
  const bySpf = [
    ...(names.length === 0 ? [] : mailProviders)
      .filter(row => row.id !== provider && names.some(name => isOf(row, name)))
      .map(guessOf),
    ...(names.length === 0 ? [] : sendingServices)
      .filter(row => names.some(name => isBelow(name, row.spf)))
      .map(guessOf),
  ]
  const dns = dnsProviderOf(nameservers)
  const byDns = sendingServices.filter(row => dns !== null && row.dnsProviders.includes(dns)).map(guessOf)
  const seen = new Set<string>()
  const likely = withoutRepeats([...(byMx === null ? [] : [guessOf(byMx)]), ...bySpf], seen)
  return { likely, possible: withoutRepeats(byDns, seen) }
}

const guessesByRow = new Map<MailProvider | SendingService, Guess>()

function guessOf(row: MailProvider | SendingService): Guess {
  const made = guessesByRow.get(row)
  if (made !== undefined) return made
  const known = 'dkimSelectors' in row ? row.dkimSelectors : row.selectors
  const listed = dictionary.filter(entry => entry.providers.includes(row.id)).map(entry => entry.selector)
  const guess = { sender: row.id, selectors: known.length > 0 ? known : listed }
  guessesByRow.set(row, guess)
  return guess
}

function withoutRepeats(guesses: readonly Guess[], seen: Set<string>): Guess[] {
  return guesses.flatMap(({ sender, selectors }) => {
    const fresh = selectors.filter(selector => !seen.has(selector.toLowerCase()))
    for (const selector of fresh) seen.add(selector.toLowerCase())
    return fresh.length === 0 ? [] : [{ sender, selectors: fresh }]
  })
}

function isOf(row: MailProvider, name: string): boolean {
  return row.spfInclude === name || row.spfAlso.includes(name)
}

function isBelow(name: string, suffixes: readonly string[]): boolean {
  return suffixes.some(suffix => name === suffix || name.endsWith(`.${suffix}`))
}

/** The names that an SPF record includes or redirects to, without those that only a message can fill in. */
export function includedNames(text: string): string[] {
  if (!isSpf(text)) return []
  return [...text.matchAll(/(?:^|\s)[+~?-]?(?:include:|redirect=)([^\s%]+)(?=\s|$)/gi)].map(match =>
    (match[1] ?? '').toLowerCase().replace(/\.$/, ''),
  )
}

/** Selectors by likelihood, without those that were tried. */
export function dictionaryWithout(tried: ReadonlySet<string>): string[] {
  return dictionarySelectors.flatMap(({ selector, lower }) => (tried.has(lower) ? [] : [selector]))
}

const dictionarySelectors = dictionary.map(({ selector }) => ({ selector, lower: selector.toLowerCase() }))
