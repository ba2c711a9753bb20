import type { Purpose } from '#shared/model/settings.ts'
import type { Ask, Found, Lookup, RawAnswer, RecordType, ValueOf } from '#shared/model/lookup.ts'
import type { Deadline } from '../net/deadline.ts'
import { presentValue } from '../net/presentation.ts'
import type { Resolver } from '../net/resolve.ts'

/** Where the answers of one audit come from: a resolver, a zone file, a stored snapshot. */
export type AuditSource = {
  readonly ask: Ask
  /** Questions that left this machine so far. */
  queries(): number
}

export type RecordingSource = AuditSource & {
  /** Every distinct question with its answer, ordered by name and type. */
  answers(): RawAnswer[]
}

/** An audit's largest SPF tree and the whole selector list stay far below this. */
const rawAnswersKept = 500

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

/** Asks equal questions once, names being equal without regard to case, and keeps 500 answers for the report, the first by name. */
export function recordingSource(source: AuditSource): RecordingSource {
  const asked = new Map<string, Promise<Lookup>>()
  const answers: RawAnswer[] = []
  const askOnce = async <T extends RecordType>(name: string, type: T): Promise<Lookup<T>> => {
    const askedAt = performance.now()
    const answer = await source.ask(name, type)
    answers.push(rawAnswer(answer, performance.now() - askedAt))
    return answer
  }
  return {
    ask: <T extends RecordType>(name: string, type: T) => {
      const plain = name.toLowerCase().replace(/\.$/, '')
      const key = `${type} ${plain}`
      const known = asked.get(key) as Promise<Lookup<T>> | undefined
      if (known !== undefined) return known
      const answer = askOnce(plain, type)
      asked.set(key, answer as Promise<Lookup>)
      return answer
    },
    queries: source.queries,
    // By name, so that which are left out does not hang on which came first.
    answers: () => answers.toSorted(byNameAndType).slice(0, rawAnswersKept),
  }
}

function rawAnswer<T extends RecordType>(answer: Lookup<T>, tookMs: number): RawAnswer {
  const { name, type, state, server } = answer
  return {
    name,
    type,
    state,
    server,
    reason: state === 'found' ? null : answer.reason,
    values: state === 'found' ? presentValues(answer) : [],
    ttlS: state === 'unavailable' ? null : answer.ttlS,
    aliases: state === 'unavailable' ? [] : [...answer.aliases],
    tookMs,
    data: state === 'found' ? inOrder(answer).map(({ value }) => value) : [],
    authenticated: state === 'unavailable' ? false : answer.authenticated,
    detail: state === 'unavailable' ? answer.detail : null,
  }
}

/** The values in presentation form, sorted, because the order of an RRset means nothing (RFC 2181 §5). */
export function presentValues<T extends RecordType>(answer: Found<T>): string[] {
  return inOrder(answer).map(({ text }) => text)
}

function inOrder<T extends RecordType>(answer: Found<T>): { text: string; value: ValueOf[T] }[] {
  return answer.values
    .map(value => ({ text: presentValue(answer.type, value), value }))
    .toSorted((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
}

function byNameAndType(a: RawAnswer, b: RawAnswer): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1
  return a.type < b.type ? -1 : a.type > b.type ? 1 : 0
}
