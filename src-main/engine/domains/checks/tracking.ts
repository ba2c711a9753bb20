import { getDomain } from 'tldts'
import type { AuditRow } from '#shared/model/audit.ts'
import type { HttpsAnswer } from '#shared/model/exchange.ts'
import type { Finding } from '#shared/model/finding.ts'
import type { Ask, Lookup } from '#shared/model/lookup.ts'
import services from '../../../../resources/claimable-services.json' with { type: 'json' }
import { type CheckContext, defineCheck, type Judged } from './check.ts'
import { openReason, rowOf } from './row.ts'
import { finding, sortFindings, verdictOf } from './rules.ts'

/** A name whose alias leads nowhere, with what is known about its target. */
export type AliasFacts = {
  readonly name: string
  readonly answer: Lookup<'A'>
  /** The registrable domain of the target, asked when the target does not exist. */
  readonly targetDomain: Lookup<'SOA'> | null
}
export type TrackingFacts = {
  readonly domain: string
  readonly aliases: readonly AliasFacts[]
  readonly trackingHost: string | null
  readonly page: HttpsAnswer | null
}

/** Names that are often handed to a service by an alias, and forgotten there. */
const commonLabels = ['www', 'mail', 'track', 'click', 'em', 'bounce', 'autodiscover']
const pageBytes = 262_144
const pageRedirects = 3

async function gatherAlias(name: string, ask: Ask): Promise<AliasFacts> {
  const answer = await ask(name, 'A')
  const target = answer.state === 'absent' && answer.reason === 'nxdomain' ? answer.aliases.at(-1) : undefined
  const registrable = target === undefined ? null : getDomain(target, { allowPrivateDomains: false })
  return { name, answer, targetDomain: registrable === null ? null : await ask(registrable, 'SOA') }
}

async function gatherTracking({
  domain,
  ask,
  fetchHttps,
  trackingHost,
}: CheckContext): Promise<TrackingFacts> {
  const names = new Set([
    ...commonLabels.map(label => `${label}.${domain}`),
    ...(trackingHost === null ? [] : [trackingHost]),
  ])
  const [aliases, page] = await Promise.all([
    Promise.all([...names].map(name => gatherAlias(name, ask))),
    trackingHost === null || fetchHttps === null
      ? null
      : fetchHttps(`https://${trackingHost}/`, { bodyBytes: pageBytes, redirects: pageRedirects }),
  ])
  return { domain, aliases, trackingHost, page }
}

/** Whether the names handed to other services still lead to them, and the tracking host is served under its own name. Pure. */
function judgeTracking({ aliases, trackingHost, page }: TrackingFacts): Judged {
  const own = aliases.find(({ name }) => name === trackingHost)
  const findings = [
    ...aliases.flatMap(judgeAlias),
    ...(own === undefined ? [] : judgeHost(own)),
    ...(trackingHost === null || page === null ? [] : judgePage(trackingHost, page)),
  ]
  const answers = aliases.map(({ answer }) => answer)
  const complete =
    answers.every(({ state }) => state !== 'unavailable') && (trackingHost === null || isAnswered(page))
  const used = answers.some(answer => answer.state !== 'unavailable' && answer.aliases.length > 0)
  const state = used || own?.answer.state === 'found' ? 'found' : complete ? 'absent' : 'unavailable'
  return { result: { state, verdict: verdictOf(findings, complete) }, findings: sortFindings(findings) }
}

function isAnswered(page: HttpsAnswer | null): boolean {
  return page !== null && page.state !== 'unavailable'
}

function targetOf({ answer }: AliasFacts): string | null {
  const isGone = answer.state === 'absent' && answer.reason === 'nxdomain'
  return isGone ? (answer.aliases.at(-1) ?? null) : null
}

/** A stranger can take the name over when the target's domain is for sale, or its service hands out free names. */
function judgeAlias(alias: AliasFacts): Finding[] {
  const target = targetOf(alias)
  if (target === null) return []
  const { name, targetDomain } = alias
  const service = services.find(({ suffixes }) =>
    suffixes.some(suffix => target.endsWith(`.${suffix}`)),
  )?.service
  // Whether a stranger could get the target is then not known.
  if (service === undefined && targetDomain?.state === 'unavailable') return []
  const isForSale = targetDomain?.state === 'absent' && targetDomain.reason === 'nxdomain'
  const reason = service !== undefined ? 'claimable' : isForSale ? 'unregistered' : 'gone'
  const facts = { name, target, reason, service: service ?? '' }
  return [finding('tracking.dangling', facts, reason === 'gone' ? 'medium' : undefined)]
}

function judgeHost({ name, answer }: AliasFacts): Finding[] {
  const isMissing = answer.state === 'absent' && answer.aliases.length === 0
  return isMissing ? [finding('tracking.missing', { host: name })] : []
}

function judgePage(host: string, page: HttpsAnswer): Finding[] {
  if (page.state !== 'failed' || !/^certificate-|^tls-failed$/.test(page.fault)) return []
  return [finding('tracking.certificate-invalid', { host, reason: page.fault, detail: page.detail ?? '' })]
}

function trackingRow({ domain, aliases, page, trackingHost }: TrackingFacts, judged: Judged): AuditRow {
  const answers = aliases.map(({ answer }) => answer)
  const leading = aliases.flatMap(({ name, answer }) =>
    answer.state === 'unavailable' || answer.aliases[0] === undefined ? [] : [`${name} ${answer.aliases[0]}`],
  )
  const deciding =
    answers.find(answer => answer.name === trackingHost) ??
    answers.find(answer => answer.state === judged.result.state)
  const open = page?.state === 'unavailable' ? page.reason : page === null ? 'not-asked' : null
  return {
    ...rowOf('tracking', 'CNAME', deciding, judged, openReason(answers) ?? open),
    name: trackingHost ?? domain,
    found: leading,
  }
}

export const trackingCheck = defineCheck({
  id: 'tracking',
  needs: [],
  gather: gatherTracking,
  judge: judgeTracking,
  rows: (facts, judged) => [trackingRow(facts, judged)],
})
