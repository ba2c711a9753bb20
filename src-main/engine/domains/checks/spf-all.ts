import type { SpfResult } from '#shared/model/audit.ts'
import { allOf, redirectOf, type SpfBranch, type SpfNode } from './spf-tree.ts'

/** What becomes of a sender that no other term names: the term that says so, or `none`, or not known. */
export type Ending =
  | {
      readonly kind: 'all'
      readonly all: NonNullable<SpfResult['all']>
      readonly term: string
      readonly via: string[]
    }
  | { readonly kind: 'none'; readonly via: string[] }
  | { readonly kind: 'unknown' }

/** Follows redirects to the record that ends the evaluation (RFC 7208 §4.7, §5.1, §6.1). */
export function endingOf(node: SpfNode): Ending {
  const all = allOf(node.record)
  if (all !== null) return { kind: 'all', all: `${all.qualifier}all`, term: all.text, via: [node.name] }
  const redirect = redirectOf(node.record)
  if (redirect !== null) {
    const child = node.terms.find(branch => branch.term === redirect)?.child
    const ending = child ? endingOf(child) : ({ kind: 'unknown' } as const)
    return ending.kind === 'unknown' ? ending : { ...ending, via: [node.name, ...ending.via] }
  }
  // A term that could not be read may have been meant as the `all`.
  return node.record.errors.length > 0 ? { kind: 'unknown' } : { kind: 'none', via: [node.name] }
}

export type OpenDoor = { readonly term: string; readonly via: string[] }

/**
 * Terms that let every sender pass: `+all`, a range of the whole address space, and an include or a redirect that
 * leads to one (RFC 7208 §5.1, §5.2).
 */
export function openDoorsOf(node: SpfNode): OpenDoor[] {
  const all = allOf(node.record)
  const own = node.record.terms.flatMap(term => {
    if (term.kind !== 'directive' || term.qualifier !== '+') return []
    if (all !== null && term.span.start > all.span.start) return []
    const isOpen = term.mechanism === 'all' || term.prefix4 === 0 || term.prefix6 === 0
    return isOpen ? [{ term: term.text, via: [node.name] }] : []
  })
  const below = node.terms.flatMap(branch =>
    leadsOn(branch) && branch.child !== null
      ? openDoorsOf(branch.child).map(door => ({ term: door.term, via: [node.name, ...door.via] }))
      : [],
  )
  return [...own, ...below]
}

function leadsOn(branch: SpfBranch): boolean {
  return branch.term.kind === 'modifier' || branch.term.qualifier === '+'
}
