import type { AuditReport, Score } from '#shared/model/audit.ts'
import { type CheckId, checkOrder } from '#shared/model/finding.ts'
import { rules } from './checks/rules.ts'

/**
 * What a check can lose of the 100 points at most, so that one bad record does not hide that the others are right. The
 * points of each finding stand with its rule (`checks/rules`), chosen so:
 *
 * - 35: anyone passes as the domain, which is worse than having no record at all.
 * - 20 to 30: receivers have nothing to go by, or discard what is published; large mailbox providers refuse bulk mail so.
 *   Without SPF (20) and DMARC (30) a domain keeps 50 at most: red.
 * - 10 to 15: a part of the mail is likely to be refused or lost, or the record does nothing yet (`p=none`).
 * - 5 to 8: protection is weaker than it looks, or breaks in some cases.
 * - 1 to 3: worth tidying.
 * - 0: no fault (a withdrawn key), or counted by another finding already: an almost right or misplaced record is a missing
 *   one, and a domain that does not exist lacks every record.
 */
export const checkShare: Record<CheckId, number> = {
  spf: 35,
  dmarc: 35,
  dkim: 20,
  mx: 20,
  ns: 10,
  // Without the keys that the zone above expects, a validating resolver hands out none of the records.
  dnssec: 20,
  tracking: 12,
  'mta-sts': 10,
  dane: 10,
  zone: 8,
  ptr: 8,
  tls: 5,
  views: 5,
  subdomain: 3,
  bimi: 2,
  caa: 2,
  'tls-rpt': 1,
  web: 1,
}

/** A number without these would be a guess; the other checks can only take from it. */
const needed = ['spf', 'dmarc', 'mx'] as const

/**
 * 100 less the points of every finding, each kind once and each check within its share; `unknown` while SPF, DMARC or
 * MX is open. Points are listed worst first, then in the order of the checks. Pure.
 */
export function scoreOf(report: Pick<AuditReport, 'spf' | 'dmarc' | 'mx' | 'findings'>): Score {
  const missing = needed.filter(
    check => report[check].verdict === 'unavailable' || report[check].state === 'unavailable',
  )
  if (missing.length > 0) return { state: 'unknown', missing }
  // What is told as a note only, such as no key for a domain that never sends, is no fault.
  const faults = report.findings.filter(entry => entry.severity !== 'info')
  const codes = [...new Set(faults.map(entry => entry.code))]
  const lost = checkOrder.flatMap(check => {
    let left = checkShare[check]
    return codes
      .filter(code => code.startsWith(`${check}.`))
      .toSorted((a, b) => rules[b].points - rules[a].points || (a < b ? -1 : 1))
      .flatMap(code => {
        const points = Math.min(rules[code].points, left)
        left -= points
        return points > 0 ? [{ check, code, points }] : []
      })
  })
  const total = lost.reduce((sum, part) => sum + part.points, 0)
  return {
    state: 'known',
    value: Math.max(0, 100 - total),
    lost: lost.toSorted((a, b) => b.points - a.points),
  }
}
