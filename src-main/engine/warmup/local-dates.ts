import { dateAt, localDay } from './local-day.ts'

export type LocalDates = {
  /** The local date of an instant. */
  dateOf(now: number, timeZone: string): string
  /** When that date ends in this zone. */
  endOf(now: number, timeZone: string): number
}

type KnownDay = { readonly date: string; readonly fromAt: number; readonly toAt: number }

/** Local dates, worked out once a day for each zone; the runner asks for every mailbox at every look. */
export function createLocalDates(): LocalDates {
  const days = new Map<string, KnownDay>()
  const dayOf = (now: number, timeZone: string): KnownDay => {
    const known = days.get(timeZone)
    if (known !== undefined && known.fromAt <= now && now < known.toAt) return known
    const date = dateAt(now, timeZone)
    const { stretches } = localDay(date, timeZone)
    const day = { date, fromAt: stretches[0]?.fromAt ?? now, toAt: stretches.at(-1)?.toAt ?? now + 1 }
    days.set(timeZone, day)
    return day
  }
  return {
    dateOf: (now, timeZone) => dayOf(now, timeZone).date,
    endOf: (now, timeZone) => dayOf(now, timeZone).toAt,
  }
}
