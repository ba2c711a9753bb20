import { isDkimKey, parseDkimKey } from '#shared/mail-auth/parse-dkim-key.ts'
import { joinTxt, type Ask, type Lookup } from '#shared/model/lookup.ts'
import dictionary from '../../../../resources/dkim-selectors.json' with { type: 'json' }
import { mailProvider } from '../providers.ts'

export type SelectorAnswer = { readonly selector: string; readonly answer: Lookup<'TXT'> }

export type DkimFacts = {
  readonly domain: string
  /** TXT at `_domainkey`: when that name does not exist, nothing below it does (RFC 8020 §2). */
  readonly root: Lookup<'TXT'>
  /** Every selector tried, in the order it was tried. */
  readonly tried: readonly SelectorAnswer[]
  /** A selector nobody has, asked when many answer alike: what it says comes from a wildcard (RFC 4592). */
  readonly probe: Lookup<'TXT'> | null
}

/** Guesses asked at once: fewer would take longer over a slow link, more would waste what an early hit saves. */
const batchSize = 16

/** Equal answers from here on look like a wildcard. */
const wildcardSuspicion = 3

const probeSelector = 'rookery-probe-no-such-selector'

/**
 * Looks for selectors. One question settles it when `_domainkey` does not exist. Otherwise the selectors of the mail
 * provider are tried, then the dictionary by likelihood, batch by batch until one holds a key that was not withdrawn.
 * `provider` is waited for, and is null when no provider is known. Selectors that are `inUse` go with the first batch.
 */
export async function gatherDkim(
  domain: string,
  ask: Ask,
  provider: Promise<string | null>,
  inUse: readonly string[] = [],
): Promise<DkimFacts> {
  const root = await ask(`_domainkey.${domain}`, 'TXT')
  if (isNothingBelow(root)) return { domain, root, tried: [], probe: null }
  const tried: SelectorAnswer[] = []
  let probe: Lookup<'TXT'> | null = null
  for (const batch of batchesFor(await provider, inUse)) {
    const answers = await Promise.all(
      batch.map(async selector => ({
        selector,
        answer: await ask(`${selector}._domainkey.${domain}`, 'TXT'),
      })),
    )
    tried.push(...answers)
    if (probe === null && isSuspicious(tried))
      probe = await ask(`${probeSelector}._domainkey.${domain}`, 'TXT')
    const silent = answers.every(({ answer }) => answer.state === 'unavailable')
    const isWildcard = probe !== null && contentOf(probe) !== null
    if (silent || isWildcard || answers.some(({ answer }) => holdsKey(answer))) break
  }
  return { domain, root, tried, probe }
}

/**
 * RFC 8020 §2: below a name that does not exist there is nothing. With an alias the answer is about the alias's target
 * (RFC 6604 §3), which says nothing of what stands below the name itself.
 */
export function isNothingBelow(root: Lookup<'TXT'>): boolean {
  return root.state === 'absent' && root.reason === 'nxdomain' && root.aliases.length === 0
}

/** The provider's own selectors first, alone, because they usually settle it. */
function batchesFor(provider: string | null, inUse: readonly string[]): string[][] {
  const known = mailProvider(provider)?.dkimSelectors ?? []
  const listed = provider === null ? [] : dictionary.filter(entry => entry.providers.includes(provider))
  const own = [...new Set([...known, ...listed.map(entry => entry.selector)])]
  const ownLower = new Set(own.map(selector => selector.toLowerCase()))
  const others = dictionary
    .map(entry => entry.selector)
    .filter(selector => !ownLower.has(selector.toLowerCase()))
  const batches = own.length > 0 ? [own] : []
  for (let at = 0; at < others.length; at += batchSize) batches.push(others.slice(at, at + batchSize))
  const [first = [], ...later] = batches
  return [[...new Set([...inUse, ...first])], ...later]
}

/** The texts under a selector that are meant as keys; a wildcard may put anything else there. */
export function keyTexts(answer: Lookup<'TXT'>): string[] {
  return answer.state === 'found' ? answer.values.map(joinTxt).filter(isDkimKey).toSorted() : []
}

function holdsKey(answer: Lookup<'TXT'>): boolean {
  return keyTexts(answer).some(text => {
    const parsed = parseDkimKey(text)
    return parsed.ok && parsed.record.key.state !== 'revoked'
  })
}

/** What an answer says, so that two can be compared: the keys, or where the alias leads; null when it says nothing. */
export function contentOf(answer: Lookup<'TXT'>): string | null {
  const keys = keyTexts(answer)
  if (keys.length > 0) return keys.join('\n')
  const target = answer.state === 'absent' ? answer.aliases.at(-1) : undefined
  return target === undefined ? null : `alias ${target}`
}

function isSuspicious(tried: readonly SelectorAnswer[]): boolean {
  const counts = new Map<string, number>()
  for (const { answer } of tried) {
    const content = contentOf(answer)
    if (content !== null) counts.set(content, (counts.get(content) ?? 0) + 1)
  }
  return [...counts].some(([content, count]) => count >= wildcardSuspicion || content.startsWith('alias '))
}
