import { parseSpf, type SpfDirective, type SpfModifier, type SpfRecord } from '#shared/mail-auth/parse-spf.ts'
import type { SpfCost } from '#shared/model/audit.ts'
import type { Ask, Lookup } from '#shared/model/lookup.ts'
import { remembered } from '#shared/remembered.ts'
import { limits } from '../../net/limits.ts'
import { selectSpf } from './spf-selection.ts'

/** A record and the terms of it that cost a look-up. */
export type SpfNode = {
  readonly name: string
  readonly text: string
  readonly record: SpfRecord
  readonly terms: readonly SpfBranch[]
}

/** What was found under one costly term. `answer` stays null when the name was not asked. */
export type SpfBranch = {
  readonly term: SpfDirective | SpfModifier
  readonly target: string | null
  /** The names of the records above, the domain's own first. */
  readonly path: readonly string[]
  readonly isLoop: boolean
  state: SpfCost['state']
  /** `nxdomain` or `nodata` when the name had nothing: a void look-up (RFC 7208 §4.6.4). */
  voidReason: 'nxdomain' | 'nodata' | null
  /** The name that does not exist: the target, or where its aliases end. */
  missing: string | null
  /** SPF records found under an include or a redirect; null under other terms or before an answer. */
  records: readonly string[] | null
  /** Set when there was exactly one record. */
  child: SpfNode | null
  mxHosts: number | null
}

/** The effective `all`: mechanisms behind it do not count (RFC 7208 §5.1). */
export function allOf(record: SpfRecord): SpfDirective | null {
  return (
    record.terms.find(
      (term): term is SpfDirective => term.kind === 'directive' && term.mechanism === 'all',
    ) ?? null
  )
}

export function redirectOf(record: SpfRecord): SpfModifier | null {
  return (
    record.terms.find((term): term is SpfModifier => term.kind === 'modifier' && term.name === 'redirect') ??
    null
  )
}

/** The terms that RFC 7208 §4.6.4 counts, in order: a redirect last, and only when there is no `all` (§6.1). */
function costlyTerms(record: SpfRecord): (SpfDirective | SpfModifier)[] {
  const all = allOf(record)
  const mechanisms = record.terms.filter(
    (term): term is SpfDirective =>
      term.kind === 'directive' &&
      ['include', 'a', 'mx', 'ptr', 'exists'].includes(term.mechanism) &&
      (all === null || term.span.start < all.span.start),
  )
  const redirect = all === null ? redirectOf(record) : null
  return redirect === null ? mechanisms : [...mechanisms, redirect]
}

/**
 * Asks for everything the record refers to, level by level, each level at once. Names with a macro are not asked, nor
 * is what lies beyond `limits.spfTreeLookups` names or `limits.spfDepth` levels: by then far more than 10 are certain.
 */
export async function growSpfTree(name: string, text: string, ask: Ask): Promise<SpfNode | null> {
  const root = plant(name, text, [])
  let level = root?.terms ?? []
  let left: number = limits.spfTreeLookups
  for (let depth = 1; level.length > 0 && depth <= limits.spfDepth; depth += 1) {
    const asked = level.filter(isAskable).slice(0, left)
    left -= asked.length
    await Promise.all(asked.map(branch => askBranch(branch, ask)))
    level = asked.flatMap(branch => branch.child?.terms ?? [])
  }
  return root
}

/** What the providers of a list publish is included by many of its domains. */
const readSpf = remembered(parseSpf, 500)

function plant(name: string, text: string, path: readonly string[]): SpfNode | null {
  const parsed = readSpf(text)
  if (!parsed.ok) return null
  const below = [...path, name]
  const terms = costlyTerms(parsed.record).map((term): SpfBranch => {
    const written = term.kind === 'modifier' ? term.value : term.domain
    const target = term.macro ? null : (written?.toLowerCase().replace(/\.$/, '') ?? name)
    const isLoop = target !== null && followsRecord(term) && below.includes(target)
    const nothing = {
      state: 'not-asked',
      voidReason: null,
      missing: null,
      records: null,
      child: null,
      mxHosts: null,
    } as const
    return { term, target, path: below, isLoop, ...nothing }
  })
  return { name, text, record: parsed.record, terms }
}

export function followsRecord(term: SpfDirective | SpfModifier): boolean {
  return term.kind === 'modifier' || term.mechanism === 'include'
}

/** What `ptr` asks depends on the sender's address, so it costs one and is left. */
function isAskable(branch: SpfBranch): boolean {
  const isPtr = branch.term.kind === 'directive' && branch.term.mechanism === 'ptr'
  return branch.target !== null && !branch.isLoop && !isPtr
}

async function askBranch(branch: SpfBranch, ask: Ask): Promise<void> {
  const target = branch.target ?? ''
  if (followsRecord(branch.term)) {
    const answer = await ask(target, 'TXT')
    settle(branch, [answer])
    if (answer.state === 'unavailable') return
    branch.records = answer.state === 'found' ? selectSpf(answer.values) : []
    const [only, second] = branch.records
    branch.child = only !== undefined && second === undefined ? plant(target, only, branch.path) : null
    return
  }
  const mechanism = branch.term.kind === 'directive' ? branch.term.mechanism : 'exists'
  if (mechanism === 'mx') {
    const answer = await ask(target, 'MX')
    settle(branch, [answer])
    branch.mxHosts = answer.state === 'found' ? answer.values.length : null
  } else if (mechanism === 'a') {
    // Which of the two a receiver asks depends on the sender's address: the look-up is void for sure when both are.
    settle(branch, await Promise.all([ask(target, 'A'), ask(target, 'AAAA')]))
  } else {
    settle(branch, [await ask(target, 'A')])
  }
}

function settle(branch: SpfBranch, answers: readonly Lookup[]): void {
  if (answers.some(answer => answer.state === 'found')) branch.state = 'found'
  else if (answers.some(answer => answer.state === 'unavailable')) branch.state = 'unavailable'
  else {
    branch.state = 'absent'
    const gone = answers.find(answer => answer.state === 'absent' && answer.reason === 'nxdomain')
    branch.voidReason = gone === undefined ? 'nodata' : 'nxdomain'
    branch.missing = gone?.state === 'absent' ? (gone.aliases.at(-1) ?? branch.target) : null
  }
}

/** Every branch of the tree, each before those below it. */
export function branchesOf(node: SpfNode): SpfBranch[] {
  return node.terms.flatMap(branch => [branch, ...(branch.child === null ? [] : branchesOf(branch.child))])
}

/** The tree as costs: each term counts 1 and what stands below it (RFC 7208 §4.6.4). */
export function costsOf(node: SpfNode): SpfCost[] {
  return node.terms.map(branch => {
    const children = branch.child === null ? [] : costsOf(branch.child)
    const below = totalOf(children)
    return {
      term: branch.term.text,
      target: branch.target,
      lookups: 1 + below.lookups,
      voidLookups: (branch.voidReason === null ? 0 : 1) + below.voidLookups,
      state: branch.state,
      children,
    }
  })
}

export function totalOf(costs: readonly SpfCost[]): { lookups: number; voidLookups: number } {
  return {
    lookups: costs.reduce((sum, cost) => sum + cost.lookups, 0),
    voidLookups: costs.reduce((sum, cost) => sum + cost.voidLookups, 0),
  }
}
