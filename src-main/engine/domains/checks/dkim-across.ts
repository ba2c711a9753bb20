import type { Finding } from '#shared/model/finding.ts'
import { keyTexts } from './dkim-answers.ts'
import type { DkimFacts } from './dkim-search.ts'
import { isMicrosoftKey, type JudgedSelector } from './dkim-selector.ts'
import { finding } from './rules.ts'

/** What can only be seen of all keys together. `complete`: every selector that was tried got its answer. Pure. */
export function judgeAcross(
  facts: DkimFacts,
  judged: readonly JudgedSelector[],
  complete: boolean,
): Finding[] {
  return [
    ...judgeWildcard(facts.domain, judged),
    ...(complete ? judgeKinds(facts.domain, judged) : []),
    ...judgeSameKeys(judged),
    ...judgeMicrosoft(facts, judged),
    ...judgeDoubled(facts, judged),
  ]
}

function judgeWildcard(domain: string, judged: readonly JudgedSelector[]): Finding[] {
  const everywhere = judged.find(({ row, key }) => row.selector === '*' && key !== null)
  if (everywhere === undefined) return []
  return [finding('dkim.wildcard', { selector: '*', name: `_domainkey.${domain}` })]
}

/** RFC 8463 §4: receivers that know RSA only must find a key of that kind too. */
function judgeKinds(domain: string, judged: readonly JudgedSelector[]): Finding[] {
  const usable = judged.filter(({ key }) => key !== null)
  const [first] = usable
  if (first === undefined || usable.some(({ row }) => row.keyType !== 'ed25519')) return []
  const { selector } = first.row
  return [finding('dkim.ed25519-alone', { selector, name: `${selector}._domainkey.${domain}` })]
}

function judgeSameKeys(judged: readonly JudgedSelector[]): Finding[] {
  const byKey = new Map<string, string[]>()
  for (const { key, row } of judged) {
    if (key !== null) byKey.set(key, [...(byKey.get(key) ?? []), row.selector])
  }
  return [...byKey.values()].flatMap(selectors => {
    const [selector, second] = selectors
    if (selector === undefined || second === undefined) return []
    return [finding('dkim.same-key', { selector, selectors })]
  })
}

const microsoftSelectors = ['selector1', 'selector2'] as const

function judgeMicrosoft({ domain, senders, tried }: DkimFacts, judged: readonly JudgedSelector[]): Finding[] {
  const present = microsoftSelectors.filter(selector =>
    judged.some(({ row }) => row.selector === selector && row.state !== 'unavailable'),
  )
  const [selector, both] = present
  const missing = microsoftSelectors.find(name => name !== selector)
  if (selector === undefined || both !== undefined || missing === undefined) return []
  const aliases = judged.find(({ row }) => row.selector === selector)?.row.aliases ?? []
  const isMicrosoft = senders.includes('microsoft365') || aliases.some(isMicrosoftKey)
  const isMissing = tried.some(({ selector, answer }) => selector === missing && answer.state === 'absent')
  if (!isMicrosoft || !isMissing) return []
  const facts = {
    selector,
    name: `${selector}._domainkey.${domain}`,
    missing: `${missing}._domainkey.${domain}`,
  }
  return [finding('dkim.one-microsoft-selector', facts)]
}

function judgeDoubled({ domain, doubled }: DkimFacts, judged: readonly JudgedSelector[]): Finding[] {
  const seen = new Set(judged.flatMap(({ row }) => (row.record === null ? [] : [row.record])))
  return doubled.flatMap(({ selector, answer }) => {
    const [record] = keyTexts(answer)
    // A wildcard shows the same key everywhere.
    if (record === undefined || seen.has(record)) return []
    seen.add(record)
    const facts = { selector, name: answer.name, shouldBe: `${selector}._domainkey.${domain}`, record }
    return [finding('dkim.doubled-name', facts)]
  })
}
