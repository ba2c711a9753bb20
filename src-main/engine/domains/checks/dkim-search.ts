import { joinTxt, type Ask, type Lookup } from '#shared/model/lookup.ts'
import { registrableDomain } from '../public-suffix.ts'
import {
  contentOf,
  holdsRsaKey,
  type Addresses,
  type AliasTrail,
  type SelectorAnswer,
} from './dkim-answers.ts'
import { dictionaryWithout, guessesFrom, includedNames, type Guess, type Guesses } from './dkim-guesses.ts'
import { gatherNs } from './ns.ts'

export type DkimFacts = {
  readonly domain: string
  /** TXT at `_domainkey`: when that name does not exist, nothing below it does (RFC 8020 §2). */
  readonly root: Lookup<'TXT'>
  /** Every selector tried, in the order it was tried. */
  readonly tried: readonly SelectorAnswer[]
  /** A selector nobody has: what it says comes from a wildcard (RFC 4592). Null when nothing stands below the root. */
  readonly probe: Lookup<'TXT'> | null
  /** Who signs for the domain as far as MX and SPF tell. */
  readonly senders: readonly string[]
  /** Selectors asked for under a name with the zone twice, of senders that have none under the right name. */
  readonly doubled: readonly SelectorAnswer[]
  /** Only known selectors were looked at: others may be there, whatever these say. */
  readonly onlyKnown: boolean
}

/** Guesses asked at once after those that MX and SPF name: few while a hit is likely, more when it is not. */
const batchSizes = [6, 12, 24] as const
const lastBatchSize = 48
/** Where a server says that every name exists, or a wildcard does, the rest of the dictionary is not worth its questions. */
const mostBlindGuesses = 42
/** Selectors whose absence is looked into, each for up to two questions. */
const mostLookedInto = 4
const mostAliases = 10
/** RFC 1035 §2.3.4. */
const longestName = 253

const notAsked = { reason: 'not-asked', server: null, detail: null } as const

const probeSelector = 'rookery-probe-no-such-selector'

/**
 * Looks for selectors. One question settles it when `_domainkey` does not exist. Otherwise the selectors of those that MX and
 * SPF name are tried together, then those that go with the DNS provider and the dictionary by likelihood, batch by batch
 * until one holds an RSA key that was not withdrawn. `provider` is waited for, and is null when no provider is known.
 * Selectors that are `inUse` go with the first batch.
 */
export async function gatherDkim(
  domain: string,
  ask: Ask,
  provider: Promise<string | null>,
  inUse: readonly string[] = [],
): Promise<DkimFacts> {
  const [root, guesses] = await Promise.all([
    ask(`_domainkey.${domain}`, 'TXT'),
    gatherGuesses(domain, ask, provider),
  ])
  const senders = guesses.likely.map(guess => guess.sender)
  if (isNothingBelow(root)) {
    const doubled = await searchDoubled(domain, guesses.likely.slice(0, 2), ask)
    return { domain, root, tried: [], probe: null, senders, doubled, onlyKnown: false }
  }
  const { tried, probe } = await search(domain, batchesFor(guesses, inUse), ask)
  const lost = guesses.likely.filter(guess => isWithout(guess, tried))
  const [looked, doubled] = await Promise.all([
    lookInto(domain, tried, lost, ask),
    lost.length > 0 ? searchDoubled(domain, lost, ask) : [],
  ])
  return { domain, root, tried: looked, probe, senders, doubled, onlyKnown: false }
}

/** Looks at known selectors and no others; without any, nothing is asked, and nothing is known of DKIM. */
export async function gatherKnownDkim(
  domain: string,
  ask: Ask,
  known: readonly string[],
): Promise<DkimFacts> {
  const name = `_domainkey.${domain}`
  const nothing = { domain, tried: [], probe: null, senders: [], doubled: [], onlyKnown: true }
  if (known.length === 0) {
    return { ...nothing, root: { state: 'unavailable', name, type: 'TXT', ...notAsked } }
  }
  const root = await ask(name, 'TXT')
  if (isNothingBelow(root)) return { ...nothing, root }
  const { tried, probe } = await search(domain, [known], ask)
  return { ...nothing, root, tried: await lookInto(domain, tried, [], ask), probe }
}

/**
 * RFC 8020 §2: below a name that does not exist there is nothing. With an alias the answer is about the alias's target
 * (RFC 6604 §3), which says nothing of what stands below the name itself.
 */
export function isNothingBelow(root: Lookup<'TXT'>): boolean {
  return root.state === 'absent' && root.reason === 'nxdomain' && root.aliases.length === 0
}

/** The other checks ask the same questions, so these cost none. */
async function gatherGuesses(domain: string, ask: Ask, provider: Promise<string | null>): Promise<Guesses> {
  const [byMx, txt, ns] = await Promise.all([provider, ask(domain, 'TXT'), gatherNs(domain, ask)])
  const texts = textsOf(txt)
  const ownNames = texts.flatMap(includedNames).filter(name => name.endsWith(`.${domain}`))
  const included = await Promise.all(ownNames.slice(0, mostAliases).map(name => ask(name, 'TXT')))
  const last = ns.answers.at(-1)
  return guessesFrom({
    provider: byMx,
    spf: [...texts, ...included.flatMap(textsOf)],
    nameservers: last?.state === 'found' ? last.values : [],
  })
}

function textsOf(answer: Lookup<'TXT'>): string[] {
  return answer.state === 'found' ? answer.values.map(joinTxt) : []
}

async function search(domain: string, batches: Iterable<readonly string[]>, ask: Ask) {
  const at = (selector: string) => ask(`${selector}._domainkey.${domain}`, 'TXT')
  const tried: SelectorAnswer[] = []
  let probe: Lookup<'TXT'> | null = null
  for (const batch of batches) {
    const [answers, probed]: [SelectorAnswer[], Lookup<'TXT'>] = await Promise.all([
      Promise.all(batch.map(async selector => ({ selector, answer: await at(selector) }))),
      probe ?? at(probeSelector),
    ])
    tried.push(...answers)
    probe = probed
    const isSilent = answers.every(({ answer }) => answer.state === 'unavailable')
    const isWildcard = contentOf(probe) !== null
    const isBlind = probe.state === 'absent' && probe.reason === 'nodata' && tried.length >= mostBlindGuesses
    if (isSilent || isWildcard || isBlind || answers.some(({ answer }) => holdsRsaKey(answer))) break
  }
  return { tried, probe }
}

/** Made one after the other, as most searches end with the first. */
function* batchesFor({ likely, possible }: Guesses, inUse: readonly string[]): Generator<string[]> {
  const first = likely.flatMap(guess => guess.selectors)
  const second = without(
    possible.flatMap(guess => guess.selectors),
    lower(inUse),
  )
  if (first.length > 0) yield [...without(inUse, lower(first)), ...first]
  const rest = dictionaryWithout(lower([...inUse, ...first, ...second]))
  let from = 0
  for (let index = 0; from < rest.length; index += 1) {
    const size = batchSizes[index] ?? lastBatchSize
    const batch = [...(index === 0 ? second : []), ...rest.slice(from, from + size)]
    yield index === 0 && first.length === 0 ? [...without(inUse, lower(batch)), ...batch] : batch
    from += size
  }
}

function lower(selectors: readonly string[]): Set<string> {
  return new Set(selectors.map(selector => selector.toLowerCase()))
}

function without(selectors: readonly string[], known: ReadonlySet<string>): string[] {
  return selectors.filter(selector => !known.has(selector.toLowerCase()))
}

/** The sender was looked for, and has no selector there for certain. */
function isWithout(guess: Guess, tried: readonly SelectorAnswer[]): boolean {
  return guess.selectors.every(selector => {
    const answer = tried.find(entry => entry.selector === selector)?.answer
    return answer !== undefined && answer.state !== 'unavailable' && contentOf(answer) === null
  })
}

/** Asks what stands at a selector in place of a key, and where its aliases lead when they lead nowhere. */
async function lookInto(
  domain: string,
  tried: readonly SelectorAnswer[],
  lost: readonly Guess[],
  ask: Ask,
): Promise<SelectorAnswer[]> {
  const lostSelectors = new Set(lost.flatMap(guess => guess.selectors))
  const hidden = tried
    .filter(({ selector, answer }) => lostSelectors.has(selector) && isEmptyName(answer))
    .slice(0, mostLookedInto)
  const broken = tried.filter(({ answer }) => mayLoop(answer)).slice(0, mostLookedInto)
  // Addresses that every name has come from a wildcard.
  const everywhere =
    hidden.length > 0 ? await gatherAddresses(`${probeSelector}._domainkey.${domain}`, ask) : null
  const isUsual = everywhere === null || !isWithoutAddresses(everywhere)
  return Promise.all(
    tried.map(async entry => {
      const name = `${entry.selector}._domainkey.${domain}`
      if (broken.includes(entry)) return { ...entry, trail: await followAliases(name, ask) }
      if (isUsual || !hidden.includes(entry)) return entry
      return { ...entry, addresses: await gatherAddresses(name, ask) }
    }),
  )
}

function isEmptyName(answer: Lookup<'TXT'>): boolean {
  return answer.state === 'absent' && answer.reason === 'nodata' && answer.aliases.length === 0
}

/** A resolver that goes round in a circle says SERVFAIL, unless it tells the circle itself. */
function mayLoop(answer: Lookup<'TXT'>): boolean {
  return answer.state === 'unavailable' && ['cname-loop', 'servfail'].includes(answer.reason)
}

async function gatherAddresses(name: string, ask: Ask): Promise<Addresses> {
  const four = await ask(name, 'A')
  return { four, six: four.state === 'found' ? null : await ask(name, 'AAAA') }
}

function isWithoutAddresses({ four, six }: Addresses): boolean {
  return four.state === 'absent' && six?.state === 'absent'
}

async function followAliases(name: string, ask: Ask): Promise<AliasTrail> {
  const path = [name]
  for (let index = 0; index < mostAliases; index += 1) {
    const answer = await ask(path.at(-1) ?? name, 'CNAME')
    const target = answer.state === 'found' ? answer.values[0]?.toLowerCase().replace(/\.$/, '') : undefined
    if (target === undefined) return { path, loops: false }
    const loops = path.includes(target)
    path.push(target)
    if (loops) return { path, loops }
  }
  return { path, loops: false }
}

/** A full name typed into a box that adds the zone stands at `<selector>._domainkey.<domain>.<zone>`. */
async function searchDoubled(domain: string, guesses: readonly Guess[], ask: Ask): Promise<SelectorAnswer[]> {
  const root = `_domainkey.${domain}.${registrableDomain(domain) ?? domain}`
  if (root.length > longestName - 64) return []
  const top = await ask(root, 'TXT')
  if (top.state === 'unavailable' || isNothingBelow(top)) return []
  const selectors = guesses.flatMap(guess => guess.selectors)
  const tried = selectors.length > 0 ? selectors : dictionaryWithout(new Set())
  return Promise.all(
    tried
      .slice(0, batchSizes[0])
      .map(async selector => ({ selector, answer: await ask(`${selector}.${root}`, 'TXT') })),
  )
}
