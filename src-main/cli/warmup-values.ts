import { InvalidArgumentError } from 'commander'
import type { SendWindow } from '#shared/model/warmup.ts'

/* Values of flags, each with what is wrong in a sentence. */

export function wholeWithin(least: number, most: number): (value: string) => number {
  return value => {
    const number = Number(value)
    if (/^\d+$/.test(value) && number >= least && number <= most) return number
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`)
  }
}

/** Commander takes null for no value at all, so none is a word. */
export function readLimit(value: string): number | 'none' {
  return value === 'none' ? value : wholeWithin(1, 100_000)(value)
}

export function readWindow(value: string): SendWindow {
  const match = /^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$/.exec(value)
  const [fromHour = 0, fromMinutes = 0, toHour = 0, toMinutes = 0] = match?.slice(1).map(Number) ?? []
  const window = { fromMinute: fromHour * 60 + fromMinutes, toMinute: toHour * 60 + toMinutes }
  const isReal = match !== null && fromMinutes < 60 && toMinutes < 60 && window.toMinute <= 24 * 60
  if (isReal && window.fromMinute < window.toMinute) return window
  throw new InvalidArgumentError('Give two times of a day, such as 09:00-18:00, the earlier first.')
}

export function readDate(value: string): string {
  const at = Date.parse(`${value}T00:00:00Z`)
  const isReal =
    /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(value)
  if (isReal) return value
  throw new InvalidArgumentError('Give a date that exists as YYYY-MM-DD, such as 2026-03-29.')
}
