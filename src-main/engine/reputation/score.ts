import type { Fact } from '#shared/model/finding.ts'
import type {
  Confidence,
  Rate,
  ReputationCode,
  ReputationInput,
  ReputationScore,
  Trend,
} from '#shared/model/reputation.ts'

const dayMs = 24 * 60 * 60_000

/** What happened to a mailbox's or domain's mail on one date, `YYYY-MM-DD`. */
export type ReputationDay = {
  readonly date: string
  readonly sent: number
  readonly bounced: number
  readonly complaints: number
  /** Messages whose folder at the recipient is known, and how many of them were in the inbox or one of its tabs. */
  readonly placed: number
  readonly inInbox: number
}

export type AuthenticationState = 'pass' | 'fail' | 'unknown'

export type ReputationFacts = {
  readonly days: readonly ReputationDay[]
  /** Lists that name the domain or its addresses; null when that is not known. */
  readonly listings: readonly { readonly list: string; readonly weight: 0 | 1 | 2 | 3 }[] | null
  readonly authentication: Readonly<Record<'spf' | 'dkim' | 'dmarc', AuthenticationState>>
}

/** Every number of the score (field notes E). */
const scoring = {
  /** Days looked at, and the span of the moving average: a message of today weighs most. */
  days: 28,
  /** Below both there is no score. */
  leastSent: 20,
  leastPlaced: 10,
  /** With fewer the low end of the interval counts, so that one mishap among few is no verdict. */
  bouncesTrustedFrom: 50,
  complaintsTrustedFrom: 300,
  placementTrustedFrom: 30,
  bounces: [
    { share: 0, points: 0 },
    { share: 0.02, points: 10 },
    { share: 0.05, points: 30 },
  ],
  bouncesAbove: 40,
  complaints: [
    { share: 0.001, points: 5 },
    { share: 0.003, points: 25 },
  ],
  complaintsAbove: 45,
  /** Share outside the inbox. */
  placement: [
    { share: 0.02, points: 0 },
    { share: 0.3, points: 20 },
  ],
  listing: { 3: 25, 2: 10, 1: 3, 0: 0 },
  widelyUsedListsAtMost: 50,
  failingAuthentication: 15,
  confidence: { medium: 100, high: 400 },
  /** Points by which a week must differ from the one before. */
  trendStep: 3,
} as const

type Lost = { readonly code: ReputationCode; readonly points: number; readonly facts: Record<string, Fact> }

/**
 * The reputation of a mailbox or domain: 100 less what bounces, complaints, listings, failing authentication and mail
 * outside the inbox take, each with its facts; `unknown` while too little was sent to say anything. `today` is the date
 * the moving average ends on. Pure.
 */
export function reputationOf(facts: ReputationFacts, today: string): ReputationScore {
  const days = recentDays(facts.days, today)
  const rates = {
    bounces: rateOf(
      days,
      ({ bounced }) => bounced,
      ({ sent }) => sent,
    ),
    complaints: rateOf(
      days,
      ({ complaints }) => complaints,
      ({ sent }) => sent,
    ),
    inbox: rateOf(
      days,
      ({ inInbox }) => inInbox,
      ({ placed }) => placed,
    ),
  }
  const missing = missingInputs(facts, rates)
  const sent = rates.bounces.of
  if (sent < scoring.leastSent && rates.inbox.of < scoring.leastPlaced) {
    return { state: 'unknown', rates, missing, messagesMissing: Math.ceil(scoring.leastSent - sent) }
  }
  const lost = [
    ...lostToRates(rates),
    ...lostToListings(facts.listings ?? []),
    ...(['spf', 'dkim', 'dmarc'] as const).flatMap((check): Lost[] =>
      facts.authentication[check] === 'fail'
        ? [{ code: `${check}-failing`, points: scoring.failingAuthentication, facts: {} }]
        : [],
    ),
  ].toSorted((a, b) => b.points - a.points)
  const total = lost.reduce((sum, { points }) => sum + points, 0)
  return {
    state: 'known',
    value: Math.max(0, 100 - total),
    lost,
    confidence: confidenceOf(sent, missing),
    rates,
    missing,
  }
}

/** The days of a domain: those of its mailboxes added up by date. */
export function addUpDays(mailboxes: readonly (readonly ReputationDay[])[]): ReputationDay[] {
  const dates = new Map<string, ReputationDay>()
  for (const day of mailboxes.flat()) {
    const sum = dates.get(day.date)
    dates.set(
      day.date,
      sum === undefined
        ? day
        : {
            date: day.date,
            sent: sum.sent + day.sent,
            bounced: sum.bounced + day.bounced,
            complaints: sum.complaints + day.complaints,
            placed: sum.placed + day.placed,
            inInbox: sum.inInbox + day.inInbox,
          },
    )
  }
  return [...dates.values()].toSorted((a, b) => (a.date < b.date ? -1 : 1))
}

/** Whether a daily history rises or falls: seven days beside the seven before, three known ones in each at least. */
export function trendOf(
  history: readonly { readonly date: string; readonly value: number | null }[],
  today: string,
): Trend {
  const meanOf = (fromDays: number) => {
    const values = history.flatMap(({ date, value }) => {
      const age = ageInDays(date, today)
      return value !== null && age >= fromDays && age < fromDays + 7 ? [value] : []
    })
    return values.length < 3 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
  }
  const [last, before] = [meanOf(0), meanOf(7)]
  if (last === null || before === null) return { direction: 'unknown', change: 0 }
  const change = Math.round((last - before) * 10) / 10
  if (Math.abs(change) < scoring.trendStep) return { direction: 'steady', change }
  return { direction: change > 0 ? 'rising' : 'falling', change }
}

/** The interval of Wilson (1927) for a share, at 95 %; all of [0, 1] when nothing was counted. */
export function wilsonInterval(count: number, of: number): { readonly low: number; readonly high: number } {
  if (of <= 0) return { low: 0, high: 1 }
  const z = 1.959_964
  const share = Math.min(1, count / of)
  const middle = share + (z * z) / (2 * of)
  const spread = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))
  const scale = 1 + (z * z) / of
  return { low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) }
}

type Weighed = ReputationDay & { readonly weight: number }

function recentDays(days: readonly ReputationDay[], today: string): Weighed[] {
  const fading = 1 - 2 / (scoring.days + 1)
  return days.flatMap(day => {
    const age = ageInDays(day.date, today)
    return age >= 0 && age < scoring.days ? [{ ...day, weight: fading ** age }] : []
  })
}

function ageInDays(date: string, today: string): number {
  return Math.round((Date.parse(today) - Date.parse(date)) / dayMs)
}

function rateOf(
  days: readonly Weighed[],
  countOf: (day: ReputationDay) => number,
  baseOf: (day: ReputationDay) => number,
): Rate {
  const sum = (value: (day: Weighed) => number) => days.reduce((total, day) => total + value(day), 0)
  const count = sum(countOf)
  const of = sum(baseOf)
  const weighedBase = sum(day => baseOf(day) * day.weight)
  const exact = sum(day => countOf(day) * day.weight) / weighedBase
  // Weighing adds errors in the last digits, which must not push 5 % above 5 %.
  const share = weighedBase <= 0 ? null : Math.min(1, Math.round(exact * 1e9) / 1e9)
  return { count, of, share, ...wilsonInterval(count, of) }
}

function lostToRates({
  bounces,
  complaints,
  inbox,
}: Record<'bounces' | 'complaints' | 'inbox', Rate>): Lost[] {
  const outside: Rate = {
    count: inbox.of - inbox.count,
    of: inbox.of,
    share: inbox.share === null ? null : 1 - inbox.share,
    low: 1 - inbox.high,
    high: 1 - inbox.low,
  }
  const rows = [
    ['bounces', bounces, scoring.bounces, scoring.bouncesAbove, scoring.bouncesTrustedFrom],
    ['complaints', complaints, scoring.complaints, scoring.complaintsAbove, scoring.complaintsTrustedFrom],
    ['placement', outside, scoring.placement, 20, scoring.placementTrustedFrom],
  ] as const
  return rows.flatMap(([code, rate, steps, above, trustedFrom]) => {
    const share = rate.of < trustedFrom ? Math.min(rate.low, rate.share ?? 0) : (rate.share ?? 0)
    const points = Math.round(pointsAt(share, steps, above))
    const facts = { count: rate.count, of: rate.of, percent: Math.round(share * 10_000) / 100 }
    return points > 0 ? [{ code, points, facts }] : []
  })
}

/** Between two steps in proportion, nothing below the first, `above` beyond the last. */
function pointsAt(
  share: number,
  steps: readonly { readonly share: number; readonly points: number }[],
  above: number,
): number {
  const next = steps.findIndex(step => share <= step.share)
  if (next === -1) return above
  const to = steps[next]
  const from = steps[next - 1]
  if (to === undefined) return above
  if (from === undefined) return share < to.share ? 0 : to.points
  return from.points + ((to.points - from.points) * (share - from.share)) / (to.share - from.share)
}

function lostToListings(listings: NonNullable<ReputationFacts['listings']>): Lost[] {
  let left: number = scoring.widelyUsedListsAtMost
  return listings
    .toSorted((a, b) => b.weight - a.weight)
    .flatMap(({ list, weight }) => {
      const points = weight === 3 ? Math.min(left, scoring.listing[3]) : scoring.listing[weight]
      if (weight === 3) left -= points
      return points > 0 ? [{ code: 'listed' as const, points, facts: { list, weight } }] : []
    })
}

function missingInputs(
  { listings, authentication }: ReputationFacts,
  { bounces, inbox }: Record<'bounces' | 'inbox', Rate>,
): ReputationInput[] {
  return [
    ...(bounces.of === 0 ? (['bounces', 'complaints'] as const) : []),
    ...(inbox.of === 0 ? (['placement'] as const) : []),
    ...(listings === null ? (['listings'] as const) : []),
    ...(Object.values(authentication).includes('unknown') ? (['authentication'] as const) : []),
  ]
}

function confidenceOf(sent: number, missing: readonly ReputationInput[]): Confidence {
  if (sent < scoring.confidence.medium || missing.length > 1) return 'low'
  return sent < scoring.confidence.high || missing.length > 0 ? 'medium' : 'high'
}
