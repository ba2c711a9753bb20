import type { FetchHttps, HttpsAnswer, ProbeSmtp, SmtpAnswer } from '#shared/model/exchange.ts'
import type { Ask, AskAt, Found, Lookup, RawAnswer, RecordType, ValueOf } from '#shared/model/lookup.ts'
import type { Purpose } from '#shared/model/settings.ts'
import { type Deadline, partOf, startDeadline } from '../net/deadline.ts'
import type { HostAddresses, HttpsClient } from '../net/https.ts'
import { limits } from '../net/limits.ts'
import type { Outside } from '../net/outside.ts'
import { presentValue } from '../net/presentation.ts'
import type { Resolver } from '../net/resolve.ts'
import type { SmtpProbe } from '../net/smtp-probe.ts'

/** Where the answers of one audit come from: a resolver, a zone file, a stored snapshot. What it cannot do is left out. */
export type AuditSource = {
  readonly ask: Ask
  readonly askAt?: AskAt
  readonly fetchHttps?: FetchHttps
  readonly probeSmtp?: ProbeSmtp
  /** Questions that left this machine so far. */
  queries(): number
}

export type RecordingSource = AuditSource & {
  /** The same source for a check that is not required; an answer says which kind asked for it. */
  readonly optional: AuditSource
  /** Every distinct question with its answer, ordered by name, type and server. */
  answers(): RawAnswer[]
  /** Every page, ordered by address. */
  pages(): HttpsAnswer[]
  /** Every mail server, ordered by name. */
  probes(): SmtpAnswer[]
}

/** An audit's largest SPF tree, the whole selector list and every nameserver asked directly stay below this. */
const rawAnswersKept = 1_000

type Asking = { readonly deadline: Deadline; readonly purpose: Purpose; readonly onSent: () => void }

/** A source that asks the resolver, all questions within one deadline. */
export function resolverSource(
  resolver: Resolver,
  options: { readonly deadline: Deadline; readonly purpose: Purpose; readonly fresh: boolean },
): AuditSource {
  let sent = 0
  const onSent = () => {
    sent += 1
  }
  return {
    ask: (name, type) => resolver.lookup(name, type, { ...options, onSent }),
    queries: () => sent,
  }
}

/** Questions beside an audit, because a person wants to know now, all within one deadline. */
export function askingWithin(resolver: Resolver) {
  return async <T>(signal: AbortSignal | undefined, work: (ask: Ask) => Promise<T>): Promise<T> => {
    const deadline = startDeadline(limits.auditMs, signal ?? new AbortController().signal)
    try {
      return await work(resolverSource(resolver, { deadline, purpose: 'audit', fresh: false }).ask)
    } finally {
      deadline.end()
    }
  }
}

/** Asks one nameserver at a time, never from the cache, each question within `limits.dnsDirectMs`. */
export function directAsk(resolver: Resolver, outside: Pick<Outside, 'nameserverAt'>, asking: Asking): AskAt {
  return async (address, name, type) => {
    const server = outside.nameserverAt(address)
    if (server === null)
      return { state: 'unavailable', name, type, reason: 'not-asked', server: address, detail: null }
    const { purpose, onSent } = asking
    const deadline = partOf(asking.deadline, limits.dnsDirectMs)
    const answer = await resolver.lookup(name, type, {
      deadline,
      purpose,
      onSent,
      servers: [server],
      fresh: true,
    })
    deadline.end()
    return answer
  }
}

/** Fetches pages; hosts are looked up by the audit's own resolver. */
export function pageFetcher(https: HttpsClient, ask: Ask, { deadline, purpose }: Asking): FetchHttps {
  const addressesOf = async (host: string): Promise<HostAddresses> => {
    const [four, six] = await Promise.all([ask(host, 'A'), ask(host, 'AAAA')])
    const addresses = [four, six].flatMap(answer => (answer.state === 'found' ? answer.values : []))
    if (addresses.length > 0) return { state: 'found', addresses }
    const open = [four, six].find(answer => answer.state === 'unavailable')
    return open?.state === 'unavailable' ? { state: 'unavailable', reason: open.reason } : { state: 'absent' }
  }
  return (url, rule) => https(url, rule, { deadline, purpose, addressesOf })
}

export function smtpProber(smtp: SmtpProbe, { deadline, purpose }: Asking): ProbeSmtp {
  return (host, addresses) => smtp(host, addresses, { deadline, purpose })
}

/** Asks equal questions once, names being equal without regard to case, and keeps 1,000 answers for the report, the first by name. */
export function recordingSource(source: AuditSource): RecordingSource {
  const asked = new Map<string, Promise<unknown>>()
  const requiredKeys = new Set<string>()
  const answers: { readonly key: string; readonly raw: RawAnswer }[] = []
  const pages: HttpsAnswer[] = []
  const probes: SmtpAnswer[] = []

  const once = <T>(key: string, required: boolean, run: () => Promise<T>): Promise<T> => {
    if (required) requiredKeys.add(key)
    const known = asked.get(key) as Promise<T> | undefined
    if (known !== undefined) return known
    const answer = run()
    asked.set(key, answer)
    return answer
  }
  const kept = async <T extends RecordType>(
    key: string,
    at: string | null,
    asking: () => Promise<Lookup<T>>,
  ) => {
    const askedAt = performance.now()
    const answer = await asking()
    answers.push({ key, raw: rawAnswer(answer, performance.now() - askedAt, at) })
    return answer
  }

  const sourceFor = (required: boolean): AuditSource => {
    const { askAt, fetchHttps, probeSmtp } = source
    const ask: Ask = (name, type) => {
      const plain = plainName(name)
      const key = `${type} ${plain}`
      return once(key, required, () => kept(key, null, () => source.ask(plain, type)))
    }
    const askOneAt = (direct: AskAt): AskAt => {
      return (address, name, type) => {
        const plain = plainName(name)
        const key = `${type} ${plain} @${address}`
        return once(key, required, () => kept(key, address, () => direct(address, plain, type)))
      }
    }
    const fetchOne = (fetch: FetchHttps): FetchHttps => {
      return (url, rule) =>
        once(`GET ${url}`, required, async () => {
          const page = await fetch(url, rule)
          pages.push(page)
          return page
        })
    }
    const probeOne = (probe: ProbeSmtp): ProbeSmtp => {
      return (host, addresses) =>
        once(`SMTP ${host}`, required, async () => {
          const answer = await probe(host, addresses)
          probes.push(answer)
          return answer
        })
    }
    return {
      ask,
      queries: source.queries,
      ...(askAt ? { askAt: askOneAt(askAt) } : {}),
      ...(fetchHttps ? { fetchHttps: fetchOne(fetchHttps) } : {}),
      ...(probeSmtp ? { probeSmtp: probeOne(probeSmtp) } : {}),
    }
  }

  return {
    ...sourceFor(true),
    optional: sourceFor(false),
    // By name, so that which are left out does not hang on which came first.
    answers: () =>
      answers
        .map(({ key, raw }) => (requiredKeys.has(key) ? raw : { ...raw, optional: true as const }))
        .toSorted(
          (a, b) => compare(a.name, b.name) || compare(a.type, b.type) || compare(a.at ?? '', b.at ?? ''),
        )
        .slice(0, rawAnswersKept),
    pages: () => pages.toSorted((a, b) => compare(a.url, b.url)),
    probes: () => probes.toSorted((a, b) => compare(a.host, b.host)),
  }
}

function plainName(name: string): string {
  const lower = name.toLowerCase()
  return lower.length > 1 && lower.endsWith('.') ? lower.slice(0, -1) : lower
}

function rawAnswer<T extends RecordType>(answer: Lookup<T>, tookMs: number, at: string | null): RawAnswer {
  const { name, type, state, server } = answer
  const values = state === 'found' ? inOrder(answer) : []
  return {
    name,
    type,
    state,
    server,
    reason: state === 'found' ? null : answer.reason,
    values: values.map(({ text }) => text),
    ttlS: state === 'unavailable' ? null : answer.ttlS,
    aliases: state === 'unavailable' ? [] : [...answer.aliases],
    tookMs,
    ...(at === null ? {} : directly(at, answer)),
    data: values.map(({ value }) => value),
    authenticated: state === 'unavailable' ? false : answer.authenticated,
    detail: state === 'unavailable' ? answer.detail : null,
  }
}

/** What tells a nameserver's own answer from hearsay. */
function directly(at: string, answer: Lookup): Pick<RawAnswer, 'at' | 'authoritative' | 'referral'> {
  if (answer.state !== 'unavailable') return { at, authoritative: answer.authoritative ?? false }
  const { referral } = answer
  return referral === undefined
    ? { at }
    : { at, referral: { zone: referral.zone, hosts: [...referral.hosts] } }
}

/** The values in presentation form, sorted, because the order of an RRset means nothing (RFC 2181 §5). */
export function presentValues<T extends RecordType>(answer: Found<T>): string[] {
  return inOrder(answer).map(({ text }) => text)
}

function inOrder<T extends RecordType>(answer: Found<T>): { text: string; value: ValueOf[T] }[] {
  const presented = answer.values.map(value => ({ text: presentValue(answer.type, value), value }))
  return presented.length < 2
    ? presented
    : presented.toSorted((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
