import type { MailboxAddress } from '#shared/mail-auth/parse-address.ts'
import {
  type Discovery,
  type DiscoveryCandidate,
  type DiscoveryEvent,
  type DiscoverySource,
  discoverySources,
} from '#shared/model/discovery.ts'
import type { FetchHttps } from '#shared/model/exchange.ts'
import type { Ask } from '#shared/model/lookup.ts'
import type { MailboxProvider } from '#shared/model/mailbox-provider.ts'
import { autoconfigSource } from './discovery/autoconfig.ts'
import { guessSource } from './discovery/guess.ts'
import type { ProbeGreeting } from './discovery/probe-greeting.ts'
import {
  bundledCandidate,
  mailboxProvider,
  nameOf,
  presetCandidate,
  providerOfDomain,
  providerOfHosts,
  rulesOf,
} from './discovery/providers.ts'
import { absent, found, type MxAnswer, skipped, type SourceAnswer, unavailable } from './discovery/source.ts'
import { srvSource } from './discovery/srv.ts'
import { organisationOf } from './discovery/trust.ts'
import { suggestDomain } from './discovery/typo.ts'

export type DiscoverOptions = {
  readonly ask: Ask
  /** Null where no page may be fetched. */
  readonly fetchHttps: FetchHttps | null
  /** Null where no server may be contacted. */
  readonly probe: ProbeGreeting | null
  /** Ends the search; what had not come by then counts as `skipped`. */
  readonly signal?: AbortSignal
}

/**
 * Finds the servers of a mailbox from its address. All sources run at once, and the first trusted one in the order of
 * `discoverySources` is chosen as soon as those before it have ended; what is still under way then is left. Told are
 * each candidate and the end of each source. A source that could not look never counts as one that found nothing. Never
 * fails: with nothing found `candidates` is empty, and with nothing trusted `chosen` is null.
 */
export async function* discoverMailbox(
  address: MailboxAddress,
  options: DiscoverOptions,
): AsyncGenerator<DiscoveryEvent, Discovery, void> {
  const { ask, signal } = options
  const own = providerOfDomain(address.domain)
  const mx = once(() => mxOf(address.domain, ask))
  const answers = new Map<DiscoverySource, SourceAnswer>()
  const sources = sourcesOf(address, own, mx, options)
  const running = new Map(
    discoverySources.map(source => [source, sources[source]().then(answer => ({ source, answer }))]),
  )
  const stopped = new Promise<null>(resolve => {
    if (signal?.aborted) resolve(null)
    signal?.addEventListener('abort', () => resolve(null), { once: true })
  })

  while (running.size > 0 && !isDecided(answers)) {
    const next = await Promise.race([...running.values(), stopped])
    if (next === null) break
    running.delete(next.source)
    answers.set(next.source, next.answer)
    for (const candidate of next.answer.candidates) yield { kind: 'candidate', candidate }
    const { state, reason } = next.answer
    yield { kind: 'source', outcome: { source: next.source, state, reason } }
  }
  const known = answers.has('mx') ? await mx() : null
  const provider =
    own ?? (known?.state === 'known' ? providerOfHosts(known.hosts, 'mx')?.provider : null) ?? null
  return summaryOf(address, answers, provider)
}

const none = async () => skipped

type Sources = Readonly<Record<DiscoverySource, () => Promise<SourceAnswer>>>

function sourcesOf(
  address: MailboxAddress,
  own: MailboxProvider | null,
  mx: () => Promise<MxAnswer>,
  { ask, fetchHttps, probe }: DiscoverOptions,
): Sources {
  const mxHosts = async () => {
    const answer = await mx()
    return answer.state === 'known' ? answer.hosts : []
  }
  const preset = async () => {
    const match = own && presetCandidate({ provider: own, region: '' }, address, 'preset', address.domain)
    return match === null ? absent() : found(match)
  }
  // A provider's own domain needs no question: nobody is told that there is a mailbox.
  if (own !== null)
    return { preset, mx: none, autodiscover: none, srv: none, autoconfig: none, bundled: none, guess: none }

  const byMx = once(async () => {
    const answer = await mx()
    if (answer.state === 'unavailable') return unavailable(answer.reason)
    const match = providerOfHosts(answer.hosts, 'mx')
    const candidate = match && presetCandidate(match, address, 'mx', match.host)
    return candidate === null ? absent() : found(candidate)
  })
  const autodiscover = once(async () => {
    const name = `autodiscover.${address.domain}`
    const answer = await ask(name, 'CNAME')
    if (answer.state === 'unavailable') return unavailable(answer.reason)
    const match = answer.state === 'found' ? providerOfHosts(answer.values, 'autodiscover') : null
    const candidate = match && presetCandidate(match, address, 'autodiscover', name)
    return candidate === null ? absent() : found(candidate)
  })
  const srv = once(() => srvSource(address, ask, mxHosts))
  const bundled = once(async () => {
    const direct = bundledCandidate(address, [address.domain])
    if (direct !== null) return found(direct)
    const answer = await mx()
    if (answer.state === 'unavailable') return unavailable(answer.reason)
    const organisations = answer.hosts.flatMap(host => organisationOf(host) ?? [])
    const candidate = bundledCandidate(address, organisations)
    return candidate === null ? absent() : found(candidate)
  })
  return {
    preset,
    mx: byMx,
    autodiscover,
    srv,
    autoconfig: fetchHttps === null ? none : () => autoconfigSource(address, fetchHttps, mxHosts),
    bundled,
    guess: async () => {
      if (probe === null) return skipped
      // Nobody knocks at doors while a record says which one it is.
      const before = await Promise.all([byMx(), autodiscover(), srv(), bundled()])
      const isKnown = before.some(({ candidates }) => candidates.some(({ trusted }) => trusted))
      return isKnown ? skipped : await guessSource(address, probe, mxHosts)
    },
  }
}

/** Mail servers of a domain, the first being the one that is tried at first (RFC 5321 §5.1); without MX there are none. */
async function mxOf(domain: string, ask: Ask): Promise<MxAnswer> {
  const answer = await ask(domain, 'MX')
  if (answer.state === 'unavailable') return { state: 'unavailable', reason: answer.reason }
  if (answer.state === 'absent') return { state: 'known', hosts: [] }
  const hosts = answer.values
    .toSorted((a, b) => a.preference - b.preference)
    .map(({ exchange }) => exchange.toLowerCase())
  return { state: 'known', hosts: hosts.filter(host => host !== '.') }
}

/** Whether nothing that is still under way could be chosen. */
function isDecided(answers: ReadonlyMap<DiscoverySource, SourceAnswer>): boolean {
  for (const source of discoverySources) {
    const answer = answers.get(source)
    if (answer === undefined) return false
    if (answer.candidates.some(({ trusted }) => trusted)) return true
  }
  return true
}

function summaryOf(
  { address, domain }: MailboxAddress,
  answers: ReadonlyMap<DiscoverySource, SourceAnswer>,
  told: MailboxProvider | null,
): Discovery {
  const candidates: DiscoveryCandidate[] = discoverySources.flatMap(source => [
    ...(answers.get(source)?.candidates ?? []),
  ])
  const index = candidates.findIndex(({ trusted }) => trusted)
  const chosen = candidates[index]
  const provider = mailboxProvider(chosen?.provider?.id ?? null) ?? (chosen === undefined ? told : null)
  return {
    address,
    domain,
    provider: provider === null ? null : nameOf(provider),
    candidates,
    chosen: index < 0 ? null : index,
    rules: provider === null ? [] : rulesOf(provider),
    sources: discoverySources.map(source => {
      const { state, reason } = answers.get(source) ?? skipped
      return { source, state, reason }
    }),
    suggestion: suggestDomain(domain),
  }
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null
  return () => (running ??= work())
}
