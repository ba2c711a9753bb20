import { endingOf } from './spf-all.ts'
import type { SpfNode } from './spf-tree.ts'

/** Whether a record, with what it redirects to, lets anyone send at all: `all` and refusals let nobody. */
export function namesSenders(node: SpfNode): boolean {
  const own = node.record.terms.some(
    term => term.kind === 'directive' && term.mechanism !== 'all' && term.qualifier !== '-',
  )
  const below = node.terms.some(
    branch => branch.term.kind === 'modifier' && (branch.child === null || namesSenders(branch.child)),
  )
  return own || below
}

/**
 * Whether the domain says that it never sends: a null MX (RFC 7505) and a record that refuses everyone. Null when the
 * answers that would say so are missing.
 */
export function saysNeverSends(
  mx: { readonly state: string; readonly nullMx: boolean },
  spf: { readonly txt: { readonly state: string }; readonly tree: SpfNode | null },
): boolean | null {
  if (mx.state === 'unavailable') return null
  if (!mx.nullMx) return false
  if (spf.txt.state === 'unavailable') return null
  const { tree } = spf
  if (tree === null || tree.record.errors.length > 0) return false
  if (tree.terms.some(branch => branch.state === 'unavailable')) return null
  const ending = endingOf(tree)
  return ending.kind === 'all' && ending.all === '-all' && !namesSenders(tree)
}
