import type { DmarcEvidence } from '#shared/model/dmarc-report.ts'
import type { Reads, Row } from '../storage/open.ts'
import { type KnownRange, rangeOf } from './sender-names.ts'
import { dayOf } from './store.ts'

const evidenceDays = 30

type SourceTotal = Row & { ip: string; first: number; last: number; messages: number; aligned: number }

/**
 * What the last 30 days show about the mail under a domain's own policy; null without a report of them. Counted is what
 * came directly from addresses that are the domain's own: one that was authenticated as it at least once, or that its SPF
 * record lets send (`known`). What others send under its name is counted beside it, because they decide how much it is.
 */
export function evidenceOf(
  reads: Reads,
  domain: string,
  now: number,
  known: () => readonly KnownRange[] = () => [],
): DmarcEvidence | null {
  const today = dayOf(now)
  const sources = reads.all<SourceTotal>(
    `SELECT ip, min(day) AS first, max(day) AS last, sum(messages) AS messages,
       sum(messages * (spf_aligned OR dkim_aligned)) AS aligned
     FROM dmarc_days WHERE domain = ? AND day > ? AND passage = 'direct' GROUP BY ip`,
    domain,
    today - evidenceDays,
  )
  if (sources.length === 0) return null
  const ranges = known()
  const own = sources.filter(({ ip, aligned }) => aligned > 0 || rangeOf(ip, ranges) !== null)
  const others = sources.filter(source => !own.includes(source))
  const total = (of: readonly SourceTotal[], key: 'messages' | 'aligned') =>
    of.reduce((sum, source) => sum + source[key], 0)
  const first = Math.min(...own.map(source => source.first))
  const last = Math.max(...own.map(source => source.last))
  return {
    days: own.length === 0 ? 0 : last - first + 1,
    messages: total(own, 'messages'),
    aligned: total(own, 'aligned'),
    otherSources: others.length,
    otherMessages: total(others, 'messages'),
    ageDays: own.length === 0 ? evidenceDays : Math.max(0, today - last),
  }
}
