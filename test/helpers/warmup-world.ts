import { randomOf } from '#engine/warmup/random.ts'
import { dateAfter, dateAt } from '#engine/warmup/local-day.ts'
import { nominalOf, previewRamp } from '#engine/warmup/plan.ts'
import { reputationOf, trendOf } from '#engine/reputation/score.ts'
import type { HealthReason, HealthState } from '#shared/model/mailbox-health.ts'
import type { Mailbox } from '#shared/model/mailbox.ts'
import type { WarmupSettings } from '#shared/model/warmup.ts'
import type {
  PlacementCell,
  WarmupActivity,
  WarmupDay,
  WarmupDetails,
  WarmupRow,
} from '#shared/model/warmup-view.ts'
import { defaultSettings } from '#shared/warmup-ramps.ts'

/* Mailboxes in every state a warmup can be in, with a past that fits: what the window is shown in tests. */

const hourMs = 60 * 60_000
const dayMs = 24 * hourMs
const timeZone = 'UTC'

/** What is told of a mailbox; the rest follows from it. */
export type Told = {
  readonly address: string
  readonly provider: string
  readonly state: HealthState
  readonly reason: HealthReason
  /** Until the next look; null when a person must act. */
  readonly nextInMs?: number | null
  /** Days of warmup behind it. */
  readonly day: number
  readonly strategy?: 'conservative' | 'moderate' | 'aggressive'
  readonly inboxShare?: number
  readonly bounceShare?: number
  readonly listed?: boolean
}

export const everyState: readonly Told[] = [
  { address: 'mia@nest.example', provider: 'google', state: 'ramping', reason: 'healthy', day: 15 },
  { address: 'leo@nest.example', provider: 'google', state: 'maintenance', reason: 'healthy', day: 44 },
  {
    address: 'ada@nest.example',
    provider: 'microsoft365',
    state: 'paused',
    reason: 'score-low',
    nextInMs: 21 * hourMs,
    day: 19,
    inboxShare: 0.7,
    bounceShare: 0.03,
    listed: true,
  },
  {
    address: 'noor@floe.example',
    provider: 'microsoft365',
    state: 'rate-limited',
    reason: 'rate-limited',
    nextInMs: 40 * 60_000,
    day: 12,
  },
  {
    address: 'ivo@floe.example',
    provider: 'zoho',
    state: 'rate-limited',
    reason: 'daily-quota',
    nextInMs: 15 * hourMs,
    day: 22,
  },
  {
    address: 'sol@floe.example',
    provider: 'google',
    state: 'slowed',
    reason: 'inbox-share-low',
    nextInMs: 2 * dayMs,
    day: 17,
    inboxShare: 0.87,
  },
  {
    address: 'kim@floe.example',
    provider: 'other',
    state: 'slowed',
    reason: 'resuming',
    nextInMs: dayMs,
    day: 9,
  },
  {
    address: 'yara@krill.example',
    provider: 'yahoo',
    state: 'paused',
    reason: 'paused-by-person',
    nextInMs: null,
    day: 6,
    strategy: 'moderate',
  },
  {
    address: 'tom@krill.example',
    provider: 'yahoo',
    state: 'paused',
    reason: 'login-failing',
    nextInMs: 10 * hourMs,
    day: 11,
  },
  {
    address: 'eva@krill.example',
    provider: 'google',
    state: 'offline',
    reason: 'offline',
    nextInMs: null,
    day: 8,
  },
  { address: 'new@krill.example', provider: 'google', state: 'ramping', reason: 'healthy', day: 0 },
  {
    address: 'somebody.with.a.rather.long.name@subsidiary.krill.example',
    provider: 'other',
    state: 'ramping',
    reason: 'healthy',
    day: 3,
    strategy: 'aggressive',
  },
]

export type Box = {
  readonly told: Told
  readonly mailbox: Mailbox
  readonly settings: WarmupSettings
  row: WarmupRow
  days: WarmupDay[]
}

const idOf = (address: string) => address.replace(/[^a-z]/g, '-')
const domainNameOf = (address: string) => address.slice(address.indexOf('@') + 1)

export function boxOf(told: Told, now: number): Box {
  const { address, provider, state, reason, day, strategy = 'conservative' } = told
  const id = idOf(address)
  const settings = defaultSettings(strategy, timeZone)
  const days = daysOf(told, settings, now)
  const past = days.map(one => one.score)
  const total = (of: (one: WarmupDay) => number) => days.slice(-28).reduce((sum, one) => sum + of(one), 0)
  const today = days.at(-1)
  const score = reputationOfBox(days, told, now)
  const nominal = nominalOf(settings, Math.max(1, day), { seed: 'window', mailboxId: id, ready: true })
  const factor = state === 'slowed' ? 0.5 : state === 'paused' || state === 'offline' ? 0 : 1
  const cap = Math.floor(nominal.most * factor)
  const planned = Math.min(cap, Math.round(nominal.perDay * factor))
  const row: WarmupRow = {
    id,
    address,
    domainId: idOf(domainNameOf(address)),
    provider,
    strategy,
    phase: state === 'maintenance' ? 'maintenance' : 'ramp',
    state: {
      state,
      reason,
      sinceAt: now - 3 * hourMs,
      nextAt: told.nextInMs === undefined || told.nextInMs === null ? null : now + told.nextInMs,
    },
    day,
    of: strategy === 'conservative' ? 30 : strategy === 'moderate' ? 20 : 10,
    today: {
      date: dateAt(now, timeZone),
      sent: Math.min(planned, today?.sent ?? 0),
      planned,
      cap,
      limitedBy: state === 'slowed' ? 'health' : day > 18 && state === 'ramping' ? 'pool' : null,
      nextSendAt:
        state === 'ramping' || state === 'maintenance' || state === 'slowed' ? now + 34 * 60_000 : null,
    },
    targetPerDay: settings.targetPerDay,
    campaign: { perDay: 0, today: 0 },
    score: score.state === 'known' ? score.value : null,
    trend: trendOf(
      days.map(({ date, score }) => ({ date, value: score })),
      dateAt(now, timeZone),
    ),
    history: past.slice(-30),
    placed: total(one => one.inbox + one.category + one.junk + one.missing),
    inInbox: total(one => one.inbox + one.category),
    startedAt: now - day * dayMs,
  }
  return { told, mailbox: mailboxOf(told, id, now), settings, row, days }
}

/** What came of each day so far, the last one today; the first days have no score. */
function daysOf(told: Told, settings: WarmupSettings, now: number): WarmupDay[] {
  const { day, state, inboxShare = 0.98, bounceShare = 0.004, address } = told
  const random = randomOf('window', address)
  const first = dateAfter(dateAt(now, timeZone), 1 - day)
  const days: WarmupDay[] = []
  for (let index = 0; index < day; index += 1) {
    const isToday = index === day - 1
    const date = dateAfter(first, index)
    const isRest = !isToday && index % 9 === 6
    const nominal = nominalOf(settings, index + 1, { seed: 'window', mailboxId: idOf(address), ready: true })
    const isHeld = isToday && (state === 'paused' || state === 'offline')
    const planned = isRest || isHeld ? 0 : Math.round(nominal.perDay)
    const sent = isToday ? Math.floor(planned / 2) : Math.max(0, planned - (random() < 0.15 ? 1 : 0))
    // Trouble comes late, so that the trend falls.
    const share = index > day * 0.6 ? inboxShare : 0.99
    const inbox = Math.round(sent * share)
    const junk = Math.min(sent - inbox, Math.ceil((sent - inbox) * 0.8))
    const category = random() < 0.3 ? Math.min(1, inbox) : 0
    const bounced = random() < bounceShare * sent * (index > day * 0.6 ? 4 : 1) ? 1 : 0
    const so = {
      date,
      day: isRest || isHeld ? null : index + 1,
      phase: nominal.phase,
      cap: isRest || isHeld ? 0 : nominal.most,
      planned,
      sent,
      received: Math.round(sent * 0.9),
      bounced,
      complaints: 0,
      inbox: inbox - category,
      category,
      junk,
      missing: Math.max(0, sent - inbox - junk),
      replied: Math.round(sent * 0.35),
      rescued: Math.round(sent * 0.02),
      state: isToday
        ? state
        : isRest
          ? 'ramping'
          : nominal.phase === 'maintenance'
            ? 'maintenance'
            : 'ramping',
    } satisfies Omit<WarmupDay, 'score'>
    const score = reputationOfBox(
      [...days, { ...so, score: null }],
      { ...told, listed: isToday && told.listed === true },
      Date.parse(date),
    )
    days.push({ ...so, score: score.state === 'known' ? score.value : null })
  }
  return days
}

function reputationOfBox(days: readonly WarmupDay[], { listed = false }: Pick<Told, 'listed'>, now: number) {
  return reputationOf(
    {
      days: days.map(one => ({
        date: one.date,
        sent: one.sent,
        bounced: one.bounced,
        complaints: one.complaints,
        placed: one.inbox + one.category + one.junk + one.missing,
        inInbox: one.inbox + one.category,
      })),
      listings: listed ? [{ list: 'Spamhaus DBL', weight: 2 }] : [],
      authentication: { spf: 'pass', dkim: 'pass', dmarc: 'pass' },
    },
    dateAt(now, timeZone),
  )
}

export function detailsOf({ row, settings, days, told }: Box, now: number): WarmupDetails {
  const startDate = days[0]?.date ?? dateAt(now, timeZone)
  const ramp = previewRamp(settings, { startDate, days: row.of + 10, seed: 'window', mailboxId: row.id })
  const today = dateAt(now, timeZone)
  const slots =
    row.today.nextSendAt === null
      ? []
      : [0, 55, 130, 205].map(minutes => (row.today.nextSendAt ?? now) + minutes * 60_000)
  return {
    row,
    settings,
    days,
    planned: ramp.days,
    milestones: ramp.milestones.map(one => ({
      ...one,
      reachedAt: one.date <= today && row.day >= one.day ? Date.parse(`${one.date}T12:00:00Z`) : null,
    })),
    score: reputationOfBox(days, told, now),
    slots,
    templates: 0,
  }
}

export function cellsOf(boxes: readonly Box[]): PlacementCell[] {
  const cells = new Map<string, PlacementCell>()
  for (const { told, row } of boxes) {
    for (const to of ['google', 'microsoft365', 'yahoo', 'other']) {
      if (to === 'yahoo' && told.provider === 'zoho') continue
      const key = `${told.provider} ${to}`
      const before = cells.get(key) ?? { from: told.provider, to, inbox: 0, category: 0, junk: 0, missing: 0 }
      const seen = Math.round(row.placed / 4)
      const share = to === 'microsoft365' ? (told.inboxShare ?? 0.97) - 0.12 : (told.inboxShare ?? 0.99)
      const inbox = Math.round(seen * share)
      cells.set(key, {
        ...before,
        inbox: before.inbox + inbox,
        category: before.category + (to === 'google' ? Math.round(seen * 0.04) : 0),
        junk: before.junk + Math.max(0, seen - inbox),
        missing: before.missing + (seen > 20 ? 1 : 0),
      })
    }
  }
  return [...cells.values()].filter(cell => cell.inbox + cell.category + cell.junk + cell.missing > 0)
}

/** A past to read through, newest first. */
export function activityOf(boxes: readonly Box[], now: number): WarmupActivity[] {
  const lines: Pick<WarmupActivity, 'code' | 'facts'>[] = [
    { code: 'sent', facts: { to: 'leo@nest.example', subject: 'Lunch on Thursday' } },
    { code: 'found-in-inbox', facts: { to: 'leo@nest.example' } },
    { code: 'found-in-junk', facts: { to: 'noor@floe.example' } },
    { code: 'rescued', facts: { from: 'sol@floe.example' } },
    { code: 'replied', facts: { to: 'kim@floe.example', subject: 'Re: Notes from today' } },
    { code: 'day-planned', facts: { planned: 14, cap: 16, limitedBy: 'pool' } },
    { code: 'filed', facts: { from: 'ivo@floe.example', folder: 'Rookery' } },
    {
      code: 'refused',
      facts: { to: 'noor@floe.example', category: 'rate-limited', line: '450 4.7.1 Try again in a while' },
    },
    {
      code: 'bounced',
      facts: { to: 'tom@krill.example', category: 'mailbox-full', line: '552 5.2.2 Mailbox full' },
    },
    { code: 'rate-limited', facts: { reason: 'rate-limited', until: now + 40 * 60_000 } },
    { code: 'paused', facts: { reason: 'score-low', until: now + 21 * hourMs } },
    { code: 'token-refused', facts: { from: 'stranger@else.example', reason: 'forged' } },
    { code: 'dropped-late', facts: { count: 3 } },
    { code: 'phase-changed', facts: { phase: 'maintenance' } },
  ]
  return Array.from({ length: 260 }, (_, index) => {
    const box = boxes[(index * 5) % boxes.length]
    const line = lines[(index * 3 + Math.floor(index / 14)) % lines.length]
    if (!box || !line) throw new Error('nothing to tell of')
    return {
      id: 1_000 - index,
      at: now - index * 47 * 60_000 - 60_000,
      mailboxId: box.row.id,
      address: box.row.address,
      ...line,
    }
  })
}

function mailboxOf({ address, reason }: Told, id: string, now: number): Mailbox {
  const server = { host: 'mail.example.net', port: 465, security: 'tls' } as const
  return {
    id,
    address,
    domainName: domainNameOf(address),
    domainId: idOf(domainNameOf(address)),
    senderName: '',
    status: reason === 'login-failing' ? 'auth-failed' : 'active',
    reason: reason === 'login-failing' ? { code: 'credential-missing', evidence: null, facts: {} } : null,
    limitedUntilAt: null,
    ownDailyLimit: null,
    dailyLimit: 50,
    timeZone,
    connection: {
      smtp: { server, user: address },
      imap: { server: { ...server, port: 993 }, user: address },
      login: { kind: 'password', separate: false },
      allowPlain: false,
      pinnedCertificate: null,
      provider: null,
    },
    testing: false,
    testedAt: now - dayMs,
    refusals: 0,
    nextCheckAt: now + dayMs,
    addedAt: now - 50 * dayMs,
  }
}
