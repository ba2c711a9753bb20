import { fail, ok, type Result } from '#shared/failure.ts'
import type { DmarcStep, MtaStsMode, PlanChoices, PlanProblem } from '#shared/model/record-plan.ts'
import { parseDomainName } from './domain-name.ts'

export type ReadChoices = {
  readonly mailProvider: string | null
  readonly dnsProvider: string | null
  /** A-labels, lower case. */
  readonly spfInclude: string | null
  readonly dmarcStep: DmarcStep | null
  readonly mtaSts: MtaStsMode | null
  readonly tlsRpt: boolean
  /** Both full names; null: no tracking name is wanted. */
  readonly tracking: { readonly name: string; readonly target: string } | null
}

/** A person who chose nothing. */
export const noChoices: ReadChoices = {
  mailProvider: null,
  dnsProvider: null,
  spfInclude: null,
  dmarcStep: null,
  mtaSts: null,
  tlsRpt: false,
  tracking: null,
}

/**
 * The choices with their names read. A name that cannot be used is no choice but a problem, with the code of what is wrong
 * (`domain-…`, or `name-leads-to-itself`). A field left blank is neither.
 */
export function readPlanChoices(
  domain: string,
  choices: PlanChoices,
): { readonly choices: ReadChoices; readonly problems: PlanProblem[] } {
  const problems: PlanProblem[] = []
  const valueOr = <T>(field: PlanProblem['field'], read: Result<T>): T | null => {
    if (read.ok) return read.value
    problems.push({ field, failure: read.failure })
    return null
  }
  const spfInclude = valueOr(
    'spfInclude',
    optional(choices.spfInclude, typed => readInclude(domain, typed)),
  )
  const target = valueOr('trackingTarget', optional(choices.trackingTarget, readHost))
  const name =
    target === null ? null : valueOr('trackingName', readTrackingName(domain, choices.trackingName))
  const isLoop = name !== null && target !== null && (target === name || target.endsWith(`.${name}`))
  if (isLoop) valueOr('trackingTarget', fail('name-leads-to-itself', { name: target }))
  const tracking = name === null || target === null || isLoop ? null : { name, target }
  const { mailProvider, dnsProvider, dmarcStep, mtaSts, tlsRpt } = choices
  return {
    choices: { mailProvider, dnsProvider, dmarcStep, mtaSts, tlsRpt, spfInclude, tracking },
    problems,
  }
}

/** A host as a record names it: like a domain, with underscores allowed (RFC 8552). A-labels, lower case. */
export function readHost(typed: string): Result<string> {
  const bare = typed.trim().replace(/\.$/, '')
  // An underscore stands where a letter may: the name is read as if it were one, then put back.
  const parsed = parseDomainName(bare.replaceAll('_', 'x'))
  if (!parsed.ok) {
    if (!bare.includes('_')) return parsed
    const { suggestion: _, ...detail } = parsed.failure.detail
    return fail(parsed.failure.code, detail)
  }
  const written = bare.split('.')
  const labels = parsed.value.name.split('.')
  return ok(
    labels
      .map((label, index) => (written[index]?.includes('_') ? written[index] : label))
      .join('.')
      .toLowerCase(),
  )
}

/** People paste the whole term. */
function readInclude(domain: string, typed: string): Result<string> {
  const host = readHost(typed.trim().replace(/^[+~?-]?include[:=]/i, ''))
  return host.ok && host.value === domain ? fail('name-leads-to-itself', { name: domain }) : host
}

function readTrackingName(domain: string, typed: string): Result<string> {
  const host = readHost(isBelow(typed, domain) ? typed : `${typed.trim()}.${domain}`)
  return host.ok && host.value === domain ? fail('name-leads-to-itself', { name: domain }) : host
}

function isBelow(typed: string, domain: string): boolean {
  const name = typed.trim().toLowerCase().replace(/\.$/, '')
  return name === domain || name.endsWith(`.${domain}`)
}

function optional(typed: string | null, read: (typed: string) => Result<string>): Result<string | null> {
  return typed === null || typed.trim() === '' ? ok(null) : read(typed)
}
