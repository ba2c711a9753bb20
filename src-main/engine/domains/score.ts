import type { AuditReport, Score } from '#shared/model/audit.ts'
import type { CheckId, FindingCode } from '#shared/model/finding.ts'
import { checkOrder } from './checks/rules.ts'

/**
 * Points each finding costs, of 100. A check loses no more than its `checkShare`, so that one bad record does not
 * hide that the others are right.
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
export const pointsLost: Record<FindingCode, number> = {
  'ns.missing': 0,
  'ns.single': 3,

  'mx.missing': 20,
  'mx.implicit': 10,
  'mx.null': 5,
  'mx.null-with-others': 15,
  'mx.target-is-address': 15,
  'mx.target-missing': 15,
  'mx.target-is-alias': 5,
  'mx.target-private': 15,

  'spf.missing': 20,
  'spf.multiple': 20,
  'spf.almost': 0,
  'spf.syntax': 20,
  'spf.too-many-lookups': 20,
  'spf.many-lookups': 2,
  'spf.too-many-void-lookups': 15,
  'spf.too-many-mx-hosts': 15,
  'spf.pass-all': 35,
  'spf.neutral-all': 8,
  'spf.no-all': 8,
  'spf.ptr': 5,
  'spf.terms-after-all': 5,
  'spf.redirect-ignored': 5,
  'spf.include-without-record': 20,
  'spf.loop': 20,
  'spf.string-seam': 15,

  'dmarc.missing': 30,
  'dmarc.multiple': 30,
  'dmarc.almost': 0,
  'dmarc.syntax': 5,
  'dmarc.policy-missing': 15,
  'dmarc.policy-none': 10,
  'dmarc.subdomain-policy-weaker': 5,
  'dmarc.testing': 5,
  'dmarc.removed-tag': 1,
  'dmarc.no-reports': 5,
  'dmarc.report-address-invalid': 5,
  'dmarc.wrong-location': 0,
  'dmarc.psd': 15,

  'dkim.none-possible': 20,
  'dkim.none-found': 5,
  'dkim.revoked': 0,
  'dkim.key-invalid': 15,
  'dkim.key-too-short': 15,
  'dkim.key-short': 5,
  'dkim.key-very-long': 1,
  'dkim.testing': 5,
  'dkim.sha1-only': 10,
  'dkim.not-for-email': 15,
  'dkim.version-invalid': 15,
  'dkim.multiple-records': 15,
  'dkim.alias-dangling': 10,
}

export const checkShare: Record<CheckId, number> = { spf: 35, dmarc: 35, dkim: 20, mx: 20, ns: 10 }

/** A number without these would be a guess; DKIM and NS can only take from it. */
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
  const codes = [...new Set(report.findings.map(entry => entry.code))]
  const lost = checkOrder.flatMap(check => {
    let left = checkShare[check]
    return codes
      .filter(code => code.startsWith(`${check}.`))
      .toSorted((a, b) => pointsLost[b] - pointsLost[a] || (a < b ? -1 : 1))
      .flatMap(code => {
        const points = Math.min(pointsLost[code], left)
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
