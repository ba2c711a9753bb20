import { isPrivateAddress } from '#shared/mail-auth/ip-address.ts'
import { coversRange, formatIpAddress, type IpRange, readIpAddress } from '#shared/mail-auth/ip-range.ts'
import type { SpfDirective, SpfRecord } from '#shared/mail-auth/parse-spf.ts'
import type { Finding } from '#shared/model/finding.ts'
import { finding } from './rules.ts'
import { allOf, branchesOf, followsRecord, type SpfNode } from './spf-tree.ts'

/** From these on a range is larger than any one sender needs: 65,536 addresses, and what a provider gets of IPv6. */
const usual4 = 16
const usual6 = 32

type Ranged = { readonly term: SpfDirective; readonly range: IpRange }

/** What the domain's own record names twice or too generously. Pure. */
export function judgeRanges(tree: SpfNode): Finding[] {
  const ranges = rangesOf(tree.record)
  const passing = ranges.filter(({ term }) => term.qualifier === '+')
  return [
    ...judgeDuplicates(tree),
    ...judgeOverlaps(ranges),
    ...countedTerms(tree.record).flatMap(judgeBroad),
    ...judgePrivate(passing),
  ]
}

/** The ranges of `ip4` and `ip6` that are evaluated. */
export function rangesOf(record: SpfRecord): Ranged[] {
  return countedTerms(record).flatMap(term => {
    const network = term.address === null ? null : readIpAddress(term.address)
    if (network === null) return []
    const prefix = (network.family === 4 ? term.prefix4 : term.prefix6) ?? network.octets.length * 8
    return [{ term, range: { network, prefix } }]
  })
}

function countedTerms(record: SpfRecord): SpfDirective[] {
  const all = allOf(record)
  return record.terms.filter(
    (term): term is SpfDirective =>
      term.kind === 'directive' && (all === null || term.span.start < all.span.start),
  )
}

/** The same term twice, and an include that another one brings along: each costs its look-ups again. */
function judgeDuplicates(tree: SpfNode): Finding[] {
  const seen = new Set<string>()
  const repeated = countedTerms(tree.record).filter(term => {
    const key = term.text.toLowerCase().replace(/^\+/, '')
    return seen.has(key) || seen.add(key) === undefined
  })
  const followed = branchesOf(tree).filter(branch => followsRecord(branch.term))
  const brought = followed.filter(
    branch =>
      branch.path.length === 1 &&
      followed.some(
        other => other.path.length > 1 && other.target === branch.target && other.path[1] !== branch.target,
      ),
  )
  const terms = [...new Set([...repeated, ...brought.map(branch => branch.term)].map(term => term.text))]
  return terms.length === 0 ? [] : [finding('spf.duplicate-terms', { terms })]
}

function judgeOverlaps(ranges: readonly Ranged[]): Finding[] {
  const pairs = ranges.flatMap(inner => {
    const outer = ranges.find(
      other =>
        other !== inner &&
        other.term.qualifier === inner.term.qualifier &&
        other.range.prefix < inner.range.prefix &&
        coversRange(other.range, inner.range),
    )
    return outer === undefined ? [] : [{ inner: inner.term.text, outer: outer.term.text }]
  })
  if (pairs.length === 0) return []
  return [
    finding('spf.overlapping-ranges', {
      terms: pairs.map(({ inner }) => inner),
      inside: pairs.map(({ outer }) => outer),
    }),
  ]
}

/** The whole address space is told elsewhere, as what it is: everyone. */
function judgeBroad(term: SpfDirective): Finding[] {
  if (term.qualifier !== '+') return []
  const { prefix4, prefix6 } = term
  const tell = (prefix: number, limit: number) => [
    finding('spf.broad-range', { term: term.text, prefix, limit }),
  ]
  if (prefix4 !== null && prefix4 > 0 && prefix4 < usual4) return tell(prefix4, usual4)
  if (prefix6 !== null && prefix6 > 0 && prefix6 < usual6) return tell(prefix6, usual6)
  return []
}

function judgePrivate(ranges: readonly Ranged[]): Finding[] {
  const terms = ranges.filter(({ range }) => isPrivateRange(range)).map(({ term }) => term.text)
  return terms.length === 0 ? [] : [finding('spf.private-range', { terms })]
}

/** Its first and its last address are private; a range that only holds private ones among others is broad instead. */
function isPrivateRange({ network, prefix }: IpRange): boolean {
  const edge = (fill: 0 | 255) =>
    network.octets.map((octet, index) => {
      const kept = Math.min(8, Math.max(0, prefix - index * 8))
      const mask = 256 - 2 ** (8 - kept)
      return (octet & mask) | (fill & ~mask & 255)
    })
  const least = network.family === 4 ? 8 : 7
  return (
    prefix >= least &&
    ([0, 255] as const).every(fill =>
      isPrivateAddress(formatIpAddress({ family: network.family, octets: edge(fill) })),
    )
  )
}
