import { fail, type Failure, ok, type Result } from '#shared/failure.ts'
import type { DmarcStep, MtaStsMode, PlanChoices } from '#shared/model/record-plan.ts'
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
 * The choices with their names read. Fails with the code of what is wrong with a name (`domain-…`, or
 * `name-leads-to-itself`) and the choice it stands in as `detail.field`. A field left blank is no choice.
 */
export function readPlanChoices(domain: string, choices: PlanChoices): Result<ReadChoices> {
  const include = optional(choices.spfInclude, typed => readHost(withoutTerm(typed)))
  if (!include.ok) return inField('spfInclude', include.failure)
  if (include.value === domain) return inField('spfInclude', itself(domain))
  const target = optional(choices.trackingTarget, readHost)
  if (!target.ok) return inField('trackingTarget', target.failure)
  const tracking = target.value === null ? ok(null) : readTracking(domain, choices.trackingName, target.value)
  if (!tracking.ok) return tracking
  const { mailProvider, dnsProvider, dmarcStep, mtaSts, tlsRpt } = choices
  return ok({
    mailProvider,
    dnsProvider,
    dmarcStep,
    mtaSts,
    tlsRpt,
    spfInclude: include.value,
    tracking: tracking.value,
  })
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

function readTracking(domain: string, typed: string, target: string): Result<ReadChoices['tracking']> {
  const host = readHost(isBelow(typed, domain) ? typed : `${typed.trim()}.${domain}`)
  if (!host.ok) return inField('trackingName', host.failure)
  if (host.value === domain) return inField('trackingName', itself(domain))
  if (target === host.value || target.endsWith(`.${host.value}`))
    return inField('trackingTarget', itself(target))
  return ok({ name: host.value, target })
}

function isBelow(typed: string, domain: string): boolean {
  const name = typed.trim().toLowerCase().replace(/\.$/, '')
  return name === domain || name.endsWith(`.${domain}`)
}

/** People paste the whole term. */
function withoutTerm(typed: string): string {
  return typed.trim().replace(/^[+~?-]?include[:=]/i, '')
}

function optional(typed: string | null, read: (typed: string) => Result<string>): Result<string | null> {
  return typed === null || typed.trim() === '' ? ok(null) : read(typed)
}

function itself(name: string): Failure {
  return fail('name-leads-to-itself', { name }).failure
}

function inField(field: string, failure: Failure): Result<never> {
  return fail(failure.code, { ...failure.detail, field })
}
