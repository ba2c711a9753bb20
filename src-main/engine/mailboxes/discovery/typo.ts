import { bundledConfigs, mailboxProviders } from './providers.ts'

const shortest = 6

/**
 * The domain that was probably meant: one of a provider's that is a single slip away (a letter too many, missing, wrong,
 * or two in the wrong order). Null for a provider's own domain and for short names, where a slip proves nothing.
 */
export function suggestDomain(domain: string): string | null {
  const known = [...mailboxProviders, ...bundledConfigs].flatMap(({ domains }) => domains)
  if (domain.length < shortest || known.includes(domain)) return null
  return known.find(other => other.length >= shortest && isOneSlip(domain, other)) ?? null
}

function isOneSlip(one: string, other: string): boolean {
  let start = 0
  while (start < one.length && one[start] === other[start]) start++
  let [endOne, endOther] = [one.length, other.length]
  while (endOne > start && endOther > start && one[endOne - 1] === other[endOther - 1]) {
    endOne--
    endOther--
  }
  const [left, right] = [one.slice(start, endOne), other.slice(start, endOther)]
  if (left.length <= 1 && right.length <= 1) return true
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0]
}
