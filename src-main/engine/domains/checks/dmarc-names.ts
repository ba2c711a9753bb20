import { isDmarc } from '#shared/mail-auth/parse-dmarc.ts'
import { isSpf } from '#shared/mail-auth/parse-spf.ts'
import type { Finding } from '#shared/model/finding.ts'
import { joinTxt, type Ask, type Lookup } from '#shared/model/lookup.ts'
import { mendDmarc, planDmarc } from '../plan-dmarc.ts'
import { registrableDomain } from '../public-suffix.ts'
import type { DmarcStep } from './dmarc-walk.ts'
import { finding } from './rules.ts'

/** Where a record that the domain lacks may have ended up; asked only when it lacks one. */
export type Misplaced = {
  /** TXT at the domain itself: the record may stand one label too high. */
  readonly apex: Lookup<'TXT'>
  /** `_dmarc.<domain>.<zone>`: a full name typed into a box that adds the zone; null when that would be no name. */
  readonly doubled: Lookup<'TXT'> | null
  /** `dmarc.<domain>`: the underscore was left out. */
  readonly bare: Lookup<'TXT'>
}

/** RFC 1035 §2.3.4. */
const longestName = 253

export async function gatherMisplaced(domain: string, ask: Ask): Promise<Misplaced> {
  const doubled = `_dmarc.${domain}.${registrableDomain(domain) ?? domain}`
  const [apex, doubledAnswer, bare] = await Promise.all([
    ask(domain, 'TXT'),
    doubled.length > longestName ? null : ask(doubled, 'TXT'),
    ask(`dmarc.${domain}`, 'TXT'),
  ])
  return { apex, doubled: doubledAnswer, bare }
}

/** What stands at the domain's own name, or where it was put by mistake, and is no DMARC record there. Pure. */
export function judgeNames(
  domain: string,
  own: DmarcStep | undefined,
  misplaced: Misplaced | null,
): Finding[] {
  return [
    ...(own === undefined ? [] : judgeOwnName(domain, own, misplaced)),
    ...(misplaced === null ? [] : judgeMisplaced(domain, misplaced)),
  ]
}

function judgeOwnName(domain: string, own: DmarcStep, misplaced: Misplaced | null): Finding[] {
  const name = `_dmarc.${domain}`
  const { answer } = own
  if (answer.state === 'absent') return judgeAlias(name, answer, misplaced)
  if (answer.state !== 'found') return []
  const texts = answer.values.map(joinTxt).toSorted()
  // Beside a good record a broken one does no harm.
  const severity = own.records.length > 0 ? 'low' : undefined
  const almost = texts.flatMap(record => {
    const reason = isDmarc(record) ? null : nearMissReason(record)
    if (reason === null) return []
    const mended = mendDmarc(record)
    const expected = mended === null ? '' : planDmarc(domain, [mended], false)
    return [finding('dmarc.almost', { name, record, reason, expected }, severity)]
  })
  const strangers = texts.filter(isSpf).map(record => {
    const facts = { name, record, shouldBe: domain, holds: 'spf', expected: planDmarc(domain, [], false) }
    return finding('dmarc.wrong-location', facts, severity)
  })
  return [...almost, ...strangers]
}

/** An alias that leads to nothing; one that every name has comes from a wildcard and says nothing about DMARC. */
function judgeAlias(
  name: string,
  answer: Extract<Lookup<'TXT'>, { state: 'absent' }>,
  misplaced: Misplaced | null,
): Finding[] {
  const target = answer.aliases.at(-1)
  const bare = misplaced?.bare
  if (target === undefined || bare === undefined || bare.state === 'unavailable') return []
  if (bare.aliases.at(-1) === target) return []
  return [
    finding('dmarc.alias-dangling', { name, target, reason: answer.reason, path: [name, ...answer.aliases] }),
  ]
}

function judgeMisplaced(domain: string, { apex, doubled, bare }: Misplaced): Finding[] {
  const shouldBe = `_dmarc.${domain}`
  const seen = new Set<string>()
  return [apex, doubled, bare].flatMap(answer => {
    if (answer === null || answer.state !== 'found') return []
    const records = answer.values.map(joinTxt).filter(isDmarc).toSorted()
    // A wildcard shows the same text under every name.
    const fresh = records.filter(record => !seen.has(record))
    for (const record of fresh) seen.add(record)
    return fresh.map(record => {
      const facts = { name: answer.name, record, shouldBe, holds: 'dmarc', expected: record }
      return finding('dmarc.wrong-location', facts)
    })
  })
}

export type DmarcNearMiss = 'quotes' | 'backslash' | 'leading-text' | 'version' | 'order'

function nearMissReason(text: string): DmarcNearMiss | null {
  const head = text.slice(0, 400)
  if (/^[\s\\]*["'“”‘’„«`]+[\s\\"'“”‘’„«`]*v\s*=\s*dmarc/i.test(head)) return 'quotes'
  if (/^\\*v\s*\\*=\s*\\*DMARC1\s*\\+;?/.test(head)) return 'backslash'
  if (/^v\s*=\s*["'“”‘’\\]*dmarc/i.test(head) || /^dmarc1?\s*[;:=]/i.test(head)) return 'version'
  if (/^(?:p|sp|np|rua|ruf|adkim|aspf|fo|pct)\s*=[^;]{1,300};/i.test(head)) return 'order'
  return /(?:^|[^a-z0-9])v\s*=\s*DMARC1(?:\s|;|$)/i.test(head.slice(0, 80)) ? 'leading-text' : null
}
