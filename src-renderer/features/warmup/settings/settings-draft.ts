import type { RampCurve, WarmupSettings, WarmupStrategy } from '#shared/model/warmup.ts'
import { ramps } from '#shared/warmup-ramps.ts'
import { clockTime } from '#shared/words/warmup.ts'

/** The settings as they are being typed. */
export type SettingsDraft = {
  strategy: WarmupStrategy
  curve: RampCurve
  target: string
  /** Empty: chosen by the seed. */
  start: string
  /** Messages a day, separated by spaces, commas or lines. */
  custom: string
  variance: string
  timeZone: string
  from: string
  to: string
  weekdays: readonly string[]
  /** Dates, separated by spaces, commas or lines. */
  holidays: string
  replyRate: string
}

export type DraftField = 'target' | 'start' | 'custom' | 'window' | 'holidays'

const limits = { target: [5, 50], start: [2, 5], custom: [0, 50], mostDays: 120, mostHolidays: 400 } as const
const minutesOfDay = 24 * 60

export function draftOf(settings: WarmupSettings): SettingsDraft {
  return {
    strategy: settings.strategy,
    curve: settings.curve,
    target: String(settings.targetPerDay),
    start: settings.startPerDay === null ? '' : String(settings.startPerDay),
    custom: settings.customPerDay.join(' '),
    variance: String(Math.round(settings.variance * 100)),
    timeZone: settings.timeZone,
    from: clockTime(settings.window.fromMinute),
    to: clockTime(settings.window.toMinute),
    weekdays: settings.weekdays.map(String),
    holidays: settings.holidays.join(' '),
    replyRate: String(Math.round(settings.replyRate * 100)),
  }
}

const usual = (of: WarmupStrategy) => (of === 'custom' ? null : String(ramps[of].targetPerDay))

/** Another strategy brings its own target, as long as the one there is that of a strategy too. */
export function withStrategy(draft: SettingsDraft, strategy: WarmupStrategy): SettingsDraft {
  const target = draft.target === usual(draft.strategy) ? (usual(strategy) ?? draft.target) : draft.target
  return { ...draft, strategy, target }
}

/** The settings meant, or what is wrong with each field, in a sentence. Pure. */
export function readDraft(
  draft: SettingsDraft,
): { ok: true; settings: WarmupSettings } | { ok: false; problems: Partial<Record<DraftField, string>> } {
  const problems: Partial<Record<DraftField, string>> = {}
  const [leastTarget, mostTarget] = limits.target
  const target = wholeOf(draft.target)
  if (target === null || target < leastTarget || target > mostTarget)
    problems.target = `A number from ${leastTarget} to ${mostTarget}.`
  const [leastStart, mostStart] = limits.start
  const start = draft.start.trim() === '' ? null : wholeOf(draft.start)
  if (draft.start.trim() !== '' && (start === null || start < leastStart || start > mostStart))
    problems.start = `A number from ${leastStart} to ${mostStart}, or nothing.`

  const custom = piecesOf(draft.custom).map(wholeOf)
  if (draft.strategy === 'custom') {
    const [, most] = limits.custom
    if (custom.length === 0)
      problems.custom = 'Write how many messages each day may have, the first day first.'
    else if (custom.some(count => count === null || count > most))
      problems.custom = `Whole numbers from 0 to ${most} only, separated by spaces.`
    else if (custom.every(count => count === 0)) problems.custom = 'At least one day needs a message.'
    else if (custom.length > limits.mostDays) problems.custom = `${limits.mostDays} days at most.`
  }

  const [from, to] = [minuteOf(draft.from), minuteOf(draft.to)]
  if (from === null || to === null) problems.window = 'Times such as 09:00, up to 24:00.'
  else if (from >= to) problems.window = 'It must begin before it ends.'

  const holidays = piecesOf(draft.holidays)
  const broken = holidays.find(date => !isDate(date))
  if (broken !== undefined) problems.holidays = `${broken} is no date. Write 2026-12-24.`
  else if (holidays.length > limits.mostHolidays) problems.holidays = `${limits.mostHolidays} dates at most.`

  if (Object.keys(problems).length > 0 || target === null || from === null || to === null)
    return { ok: false, problems }
  return {
    ok: true,
    settings: {
      strategy: draft.strategy,
      curve: draft.curve,
      targetPerDay: target,
      startPerDay: start,
      customPerDay: custom.flatMap(count => (count === null || count > limits.custom[1] ? [] : [count])),
      variance: Number(draft.variance) / 100,
      timeZone: draft.timeZone,
      window: { fromMinute: from, toMinute: to },
      weekdays: draft.weekdays.map(Number).toSorted((a, b) => a - b),
      holidays: [...new Set(holidays)].toSorted(),
      replyRate: Number(draft.replyRate) / 100,
    },
  }
}

const piecesOf = (text: string) => text.split(/[\s,;]+/).filter(piece => piece !== '')

function wholeOf(text: string): number | null {
  return /^\d{1,3}$/.test(text.trim()) ? Number(text) : null
}

function minuteOf(text: string): number | null {
  const match = /^(\d{1,2})[:.](\d{2})$/.exec(text.trim())
  if (!match) return null
  const minute = Number(match[1]) * 60 + Number(match[2])
  return Number(match[2]) < 60 && minute <= minutesOfDay ? minute : null
}

/** A date that there is: the 30th of February is none. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00Z`)
  return Number.isFinite(at) && new Date(at).toISOString().slice(0, 10) === text
}
