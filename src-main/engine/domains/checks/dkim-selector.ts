import { parseDkimKey } from '#shared/mail-auth/parse-dkim-key.ts'
import type { DkimSelector } from '#shared/model/audit.ts'
import type { Finding } from '#shared/model/finding.ts'
import type { Lookup } from '#shared/model/lookup.ts'
import { isCloudflare } from '../cloudflare-ranges.ts'
import { aliasesOf, keyTexts, otherTexts, type SelectorAnswer } from './dkim-answers.ts'
import { judgeKey } from './dkim-key.ts'
import { finding, sortFindings, verdictOf } from './rules.ts'

/** `key` is the public key without white space, null unless receivers can use it. */
export type JudgedSelector = {
  readonly row: DkimSelector
  readonly findings: readonly Finding[]
  readonly key: string | null
}

/** The second key of these is made at the first rotation, so its alias leads nowhere before. */
const microsoftHosts = ['onmicrosoft.com', 'dkim.mail.microsoft']

export function isMicrosoftKey(name: string): boolean {
  return microsoftHosts.some(host => name === host || name.endsWith(`.${host}`))
}

/** One selector: nothing when it does not exist. Pure. */
export function judgeSelector(domain: string, entry: SelectorAnswer): JudgedSelector[] {
  const { selector, answer, trail } = entry
  const name = `${selector}._domainkey.${domain}`
  if (trail?.loops) {
    const findings = [finding('dkim.alias-loop', { selector, name, path: [...trail.path] })]
    return [keyless(selector, 'absent', findings, trail.path.slice(1))]
  }
  if (answer.state === 'unavailable') return [keyless(selector, 'unavailable', [], [])]
  const texts = keyTexts(answer)
  const [text, second] = texts
  if (text === undefined) return judgeKeyless(name, entry, answer)
  const aliases = aliasesOf(answer)
  if (second !== undefined) {
    const findings = [finding('dkim.multiple-records', { selector, name, count: texts.length })]
    return [keyless(selector, 'found', findings, aliases)]
  }
  const parsed = parseDkimKey(text)
  if (!parsed.ok) return []
  const { key } = parsed.record
  const findings = sortFindings(judgeKey({ selector, name }, text, parsed.record, otherTexts(answer)))
  const row: DkimSelector = {
    selector,
    state: 'found',
    verdict: verdictOf(findings, true),
    keyType: key.type,
    keyBits: key.state === 'usable' ? key.bits : null,
    record: text,
    aliases,
  }
  const tag = parsed.record.tags.find(({ name }) => name === 'p')
  const isUsable = key.state === 'usable' && !findings.some(({ code }) => code === 'dkim.key-invalid')
  return [{ row, findings, key: isUsable ? (tag?.value ?? '').replaceAll(/\s+/g, '') : null }]
}

function keyless(
  selector: string,
  state: DkimSelector['state'],
  findings: readonly Finding[],
  aliases: readonly string[],
): JudgedSelector {
  const verdict = state === 'unavailable' ? 'unavailable' : verdictOf(findings, true)
  const row = { selector, state, verdict, keyType: null, keyBits: null, record: null, aliases: [...aliases] }
  return { row, findings, key: null }
}

/** An alias that leads nowhere, or addresses where the alias should be. */
function judgeKeyless(
  name: string,
  { selector, addresses }: SelectorAnswer,
  answer: Exclude<Lookup<'TXT'>, { state: 'unavailable' }>,
): JudgedSelector[] {
  const target = answer.state === 'absent' ? answer.aliases.at(-1) : undefined
  if (answer.state === 'absent' && target !== undefined && selector !== '*') {
    const facts = { selector, name, target, reason: answer.reason, path: [name, ...answer.aliases] }
    const findings = [finding('dkim.alias-dangling', facts, isMicrosoftKey(target) ? 'medium' : undefined)]
    return [keyless(selector, 'absent', findings, answer.aliases)]
  }
  const found = [addresses?.four, addresses?.six].flatMap(lookup =>
    lookup?.state === 'found' ? [...lookup.values].toSorted() : [],
  )
  if (found.length === 0) return []
  const network = found.some(isCloudflare) ? 'cloudflare' : ''
  return [
    keyless(selector, 'absent', [finding('dkim.proxied', { selector, name, addresses: found, network })], []),
  ]
}
