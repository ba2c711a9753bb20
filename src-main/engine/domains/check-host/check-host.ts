import { formatIpAddress, readIpAddress, withoutMapping } from '#shared/mail-auth/ip-range.ts'
import {
  parseSpf,
  type SpfDirective,
  type SpfModifier,
  type SpfQualifier,
  type SpfRecord,
} from '#shared/mail-auth/parse-spf.ts'
import type { CheckHostCause, CheckHostResult, CheckHostVerdict } from '#shared/model/check-host.ts'
import type { Ask } from '#shared/model/lookup.ts'
import { selectSpf } from '../checks/spf-selection.ts'
import { explain } from './explain.ts'
import { identityOf, isMailDomain, queryName } from './identity.ts'
import { matchA, matchAddress, matchExists, matchMx, matchPtr, type Match } from './mechanisms.ts'
import { createSession, fillIn, type Session } from './session.ts'

export type CheckHostQuery = {
  /** The address that connects. Text that is no address is the caller's fault and throws. */
  readonly ip: string
  /** As in MAIL FROM, with or without angle brackets; empty for a bounce. */
  readonly mailFrom: string
  readonly helo: string
  /** For `%{r}`; RFC 7208 §7.3 says `unknown` where it is not known. */
  readonly receiver?: string
  /** Epoch milliseconds, for `%{t}`. */
  readonly now: number
}

/** RFC 7208 §4.6.4. */
const lookupLimit = 10
const voidLimit = 2

const results: Record<SpfQualifier, CheckHostVerdict> = {
  '+': 'pass',
  '-': 'fail',
  '~': 'softfail',
  '?': 'neutral',
}

/** What the record of one domain came to. `exp` is the explanation to use, when it was this very record that failed. */
type Evaluated = {
  readonly result: CheckHostVerdict
  readonly matched: readonly string[]
  readonly cause: CheckHostResult['cause']
  readonly exp: { readonly domain: string; readonly target: string } | null
}

/**
 * check_host() of RFC 7208: may this address send for this sender? A look-up that is unavailable gives `temperror`, except
 * where the RFC says that it does not count (`ptr`, `%{p}`, `exp`). Asks at most a few dozen questions, whatever the
 * records say; how long it may take is up to `ask`.
 */
export async function checkHost(query: CheckHostQuery, ask: Ask): Promise<CheckHostResult> {
  const address = readIpAddress(query.ip)
  if (address === null) throw new TypeError('check_host needs an IP address')
  const ip = withoutMapping(address)
  const identity = identityOf(query.mailFrom, query.helo)
  const session = createSession({ ip, identity, receiver: query.receiver ?? 'unknown', now: query.now }, ask)
  const { result, matched, cause, exp } = await evaluate(identity.domain, 0, session)
  const explanation =
    result === 'fail' && exp !== null ? await explain(exp.target, exp.domain, session) : null
  return {
    result,
    explanation,
    lookups: session.lookups,
    voidLookups: session.voidLookups,
    matched: matched.length === 0 ? null : matched.join(' → '),
    domain: identity.domain,
    ip: formatIpAddress(ip),
    cause,
    trace: session.trace,
  }
}

async function evaluate(domain: string, depth: number, session: Session): Promise<Evaluated> {
  if (!isMailDomain(domain)) return ended('none', 'domain-malformed', domain)
  const answer = await session.ask(domain, 'TXT')
  if (answer.state === 'unavailable') return ended('temperror', 'unavailable', domain, null, answer.reason)
  const records = answer.state === 'found' ? selectSpf(answer.values) : []
  const [text, second] = records
  if (text === undefined) {
    const isMissing = answer.state === 'absent' && answer.reason === 'nxdomain'
    return ended('none', isMissing ? 'domain-missing' : 'record-missing', domain)
  }
  if (second !== undefined) return ended('permerror', 'record-multiple', domain)
  const parsed = parseSpf(text)
  if (!parsed.ok) return ended('none', 'record-missing', domain)
  const [error] = parsed.record.errors
  if (error !== undefined) return ended('permerror', 'record-invalid', domain, error.term, error.reason)
  return evaluateRecord(parsed.record, domain, depth, session)
}

async function evaluateRecord(
  record: SpfRecord,
  domain: string,
  depth: number,
  session: Session,
): Promise<Evaluated> {
  const exp = modifierOf(record, 'exp')
  for (const term of record.terms) {
    if (term.kind === 'modifier') continue
    const ended = await evaluateDirective(term, domain, depth, session)
    if (ended === null) continue
    return ended.result === 'fail' && ended.cause === null && exp !== null
      ? { ...ended, exp: { domain, target: exp.value } }
      : ended
  }
  const redirect = modifierOf(record, 'redirect')
  if (redirect !== null) return follow(redirect, domain, depth, session)
  return { result: 'neutral', matched: [], cause: null, exp: null }
}

/** Null when the directive does not match, and evaluation goes on. */
async function evaluateDirective(
  term: SpfDirective,
  domain: string,
  depth: number,
  session: Session,
): Promise<Evaluated | null> {
  const step = { domain, depth, term: term.text }
  const stop = (
    target: string | null,
    result: CheckHostVerdict,
    code: CheckHostCause,
    reason?: string | null,
  ) => {
    session.trace.push({ ...step, target, outcome: 'error' })
    return ended(result, code, domain, term.text, reason)
  }
  const matched = (target: string | null, below: readonly string[] = []): Evaluated => {
    session.trace.push({ ...step, target, outcome: 'matched' })
    return { result: results[term.qualifier], matched: [term.text, ...below], cause: null, exp: null }
  }
  const passed = (target: string | null) => {
    session.trace.push({ ...step, target, outcome: 'not-matched' })
    return null
  }

  if (term.mechanism === 'all') return matched(null)
  if (term.mechanism === 'ip4' || term.mechanism === 'ip6') {
    const match = matchAddress(term, session)
    return 'matches' in match && match.matches ? matched(null) : passed(null)
  }
  session.lookups += 1
  if (session.lookups > lookupLimit) return stop(null, 'permerror', 'too-many-lookups')
  const target = await targetOf(term.domain, domain, session)
  if (term.mechanism === 'include') {
    if (target === null) return stop(target, 'permerror', 'target-malformed')
    const at = session.trace.length
    const child = await evaluate(target, depth + 1, session)
    const outcome = includeOutcome(child)
    // What stands below an include is told after it, as a reader meets it.
    session.trace.splice(at, 0, { ...step, target, outcome })
    if (outcome === 'error') return includeError(child, domain, term.text)
    return outcome === 'matched'
      ? { result: results[term.qualifier], matched: [term.text, ...child.matched], cause: null, exp: null }
      : null
  }
  if (target === null) return passed(target)
  const match = await matchMechanism(term, target, session)
  if ('error' in match) {
    return stop(target, match.error === 'unavailable' ? 'temperror' : 'permerror', match.error, match.reason)
  }
  if (match.isVoid) session.voidLookups += 1
  if (session.voidLookups > voidLimit) return stop(target, 'permerror', 'too-many-void-lookups')
  return match.matches ? matched(target) : passed(target)
}

function matchMechanism(term: SpfDirective, target: string, session: Session): Promise<Match> {
  if (term.mechanism === 'a') return matchA(term, target, session)
  if (term.mechanism === 'mx') return matchMx(term, target, session)
  if (term.mechanism === 'ptr') return matchPtr(target, session)
  return matchExists(target, session)
}

/** The table of RFC 7208 §5.2. */
function includeOutcome(child: Evaluated): 'matched' | 'not-matched' | 'error' {
  if (child.result === 'pass') return 'matched'
  const isError = child.result === 'none' || child.result === 'permerror' || child.result === 'temperror'
  return isError ? 'error' : 'not-matched'
}

function includeError(child: Evaluated, domain: string, term: string): Evaluated {
  if (child.result !== 'none') return child
  const code = child.cause?.code === 'domain-malformed' ? 'target-malformed' : 'target-without-record'
  return ended('permerror', code, domain, term)
}

/** `redirect` (RFC 7208 §6.1): the other record decides, its explanation included. */
async function follow(
  redirect: SpfModifier,
  domain: string,
  depth: number,
  session: Session,
): Promise<Evaluated> {
  const step = { domain, depth, term: redirect.text }
  session.lookups += 1
  if (session.lookups > lookupLimit) {
    session.trace.push({ ...step, target: null, outcome: 'error' })
    return ended('permerror', 'too-many-lookups', domain, redirect.text)
  }
  const target = await targetOf(redirect.value, domain, session)
  const at = session.trace.length
  const child =
    target === null ? ended('none', 'domain-malformed', domain) : await evaluate(target, depth + 1, session)
  session.trace.splice(at, 0, { ...step, target, outcome: child.result === 'none' ? 'error' : 'followed' })
  if (child.result === 'none') return includeError(child, domain, redirect.text)
  return child.matched.length === 0 ? child : { ...child, matched: [redirect.text, ...child.matched] }
}

async function targetOf(spec: string | null, domain: string, session: Session): Promise<string | null> {
  return spec === null ? domain : queryName(await fillIn(spec, domain, session))
}

function modifierOf(record: SpfRecord, name: 'exp' | 'redirect'): SpfModifier | null {
  return (
    record.terms.find((term): term is SpfModifier => term.kind === 'modifier' && term.name === name) ?? null
  )
}

function ended(
  result: CheckHostVerdict,
  code: CheckHostCause,
  domain: string,
  term: string | null = null,
  reason: string | null = null,
): Evaluated {
  return { result, matched: [], cause: { code, domain, term, reason }, exp: null }
}
