import type { DkimResult, DmarcResult, MxResult, SpfCost, SpfResult } from '#shared/model/audit.ts'
import { coversRange } from '#shared/mail-auth/ip-range.ts'
import type { Finding } from '#shared/model/finding.ts'
import type { Ask } from '#shared/model/lookup.ts'
import type { MailProvider } from '#shared/model/provider.ts'
import services from '../../../../resources/spf-services.json' with { type: 'json' }
import { coveredNames, mergeSpf } from '../plan-spf.ts'
import { mailProvider } from '../providers.ts'
import { finding } from './rules.ts'
import { openDoorsOf } from './spf-all.ts'
import { rangesOf } from './spf-ranges.ts'
import { selectSpf } from './spf-selection.ts'
import { namesSenders, saysNeverSends } from './spf-sending.ts'
import { branchesOf, growSpfTree, type SpfNode } from './spf-tree.ts'
import type { SpfFacts } from './spf.ts'

/** What the other checks have come to. */
export type SpfNeighbours = {
  readonly spf: { readonly facts: SpfFacts; readonly result: SpfResult }
  readonly mx: Pick<MxResult, 'state' | 'nullMx' | 'hosts' | 'provider'>
  readonly dmarc: Pick<DmarcResult, 'state' | 'policy'>
  readonly dkim: Pick<DkimResult, 'state' | 'verdict'>
}

/** The provider's own record, asked for when the domain's does not name it: it may name its addresses instead. */
export type ProviderRecord = { readonly tree: SpfNode | null; readonly isKnown: boolean }

/** Providers that only take mail in, pass it on, or send for programs: their MX does not say who sends from mailboxes. */
const withoutMailboxes = ['cloudflare-routing', 'improvmx', 'mailgun', 'sendgrid', 'postmark']
/** Their mailboxes can send through no other servers. */
const certain = ['google', 'microsoft365', 'zoho', 'zoho-eu', 'zoho-in', 'zoho-au', 'zoho-jp']

/** The record of the mail provider that MX names and SPF does not; null when there is nothing to ask. */
export async function gatherProviderRecord(
  neighbours: SpfNeighbours,
  ask: Ask,
): Promise<ProviderRecord | null> {
  const include = unnamedProvider(neighbours)?.spfInclude ?? null
  if (include === null) return null
  const answer = await ask(include, 'TXT')
  const [record, second] = answer.state === 'found' ? selectSpf(answer.values) : []
  if (record === undefined || second !== undefined)
    return { tree: null, isKnown: answer.state !== 'unavailable' }
  const tree = await growSpfTree(include, record, ask)
  const isKnown = tree !== null && branchesOf(tree).every(({ state }) => state !== 'unavailable')
  return { tree, isKnown }
}

/** What SPF comes to beside MX, DKIM and DMARC. Nothing rests on a check that could not look. Pure. */
export function judgeAcross(neighbours: SpfNeighbours, providerRecord: ProviderRecord | null): Finding[] {
  const { tree } = neighbours.spf.facts
  if (tree === null || tree.record.errors.length > 0) return []
  return [
    ...judgeProvider(neighbours, providerRecord),
    ...judgeInert(neighbours),
    ...judgeNonSending(neighbours, tree),
    ...judgeEndingBeside(neighbours),
  ]
}

/** The provider of the mailboxes, when the record is known to its end and does not refer to it. */
function unnamedProvider({ spf, mx }: SpfNeighbours): MailProvider | null {
  const { tree } = spf.facts
  const provider = mailProvider(mx.provider)
  if (tree === null || tree.record.errors.length > 0 || mx.state !== 'found') return null
  if (provider === null || provider.spfInclude === null || withoutMailboxes.includes(provider.id)) return null
  const branches = branchesOf(tree)
  const isKnown = branches.every(
    ({ state, child }) => state !== 'unavailable' && state !== 'not-asked' && !child?.record.errors.length,
  )
  if (!isKnown || openDoorsOf(tree).length > 0) return null
  const names = [provider.spfInclude, ...provider.spfAlso]
  return coveredNames(spf.result.costs).some(name => names.includes(name)) ? null : provider
}

function judgeProvider(neighbours: SpfNeighbours, theirs: ProviderRecord | null): Finding[] {
  const { tree } = neighbours.spf.facts
  const provider = unnamedProvider(neighbours)
  if (tree === null || provider === null || theirs === null || !theirs.isKnown) return []
  if (provider.spfInclude === null || (theirs.tree !== null && sharesRange(tree, theirs.tree))) return []
  const expected = mergeSpf([tree.text], provider) ?? ''
  const facts = { provider: provider.name, include: `include:${provider.spfInclude}`, expected }
  return [finding('spf.provider-missing', facts, certain.includes(provider.id) ? undefined : 'medium')]
}

/** A flattened record names the provider's addresses in place of its name. */
function sharesRange(own: SpfNode, theirs: SpfNode): boolean {
  const ranges = allRanges(theirs)
  return allRanges(own).some(range =>
    ranges.some(other => coversRange(other, range) || coversRange(range, other)),
  )
}

function allRanges(node: SpfNode): ReturnType<typeof rangesOf>[number]['range'][] {
  const below = node.terms.flatMap(branch => (branch.child === null ? [] : allRanges(branch.child)))
  return [...rangesOf(node.record).map(({ range }) => range), ...below]
}

/** Services whose bounces go to a name of their own, so that receivers never ask this domain about them (RFC 7208 §2.4). */
function judgeInert({ spf, mx }: SpfNeighbours): Finding[] {
  if (mx.state === 'unavailable') return []
  const provider = mailProvider(mx.provider)
  const needed = provider === null ? [] : [provider.spfInclude, ...provider.spfAlso]
  return spf.result.costs.flatMap((cost: SpfCost) => {
    const service = services.find(({ includes }) => includes.some(name => name === cost.target))
    if (service === undefined || !/^\+?include:/i.test(cost.term) || needed.includes(cost.target)) return []
    const bounces = mx.hosts.some(({ host }) =>
      service.bounceHosts.some(suffix => host === suffix || host.endsWith(`.${suffix}`)),
    )
    if (bounces) return []
    return [finding('spf.inert-include', { term: cost.term, service: service.name, costs: cost.lookups })]
  })
}

function judgeNonSending({ spf, mx }: SpfNeighbours, tree: SpfNode): Finding[] {
  const { all } = spf.result
  if (mx.state !== 'found' || !mx.nullMx || namesSenders(tree) || all === '-all' || all === '+all') return []
  // A redirect that could not be followed may end in anything.
  if (all === null && tree.terms.some(branch => branch.term.kind === 'modifier')) return []
  return [finding('spf.non-sending-open', { record: tree.text, all: all ?? '', expected: 'v=spf1 -all' })]
}

function judgeEndingBeside({ spf, mx, dkim, dmarc }: SpfNeighbours): Finding[] {
  const { all } = spf.result
  if (saysNeverSends(mx, spf.facts) !== false) return []
  if (all === '-all' && dkim.state === 'absent' && dkim.verdict !== 'unavailable') {
    return [finding('spf.ending', { all, reason: 'hard-without-dkim' })]
  }
  const enforces = dmarc.policy === 'quarantine' || dmarc.policy === 'reject'
  if (all === '~all' && dmarc.state !== 'unavailable' && !enforces) {
    return [finding('spf.ending', { all, reason: 'soft-without-dmarc' })]
  }
  return []
}
