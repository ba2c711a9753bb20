/** Zones whose clocks change in different ways: not at all, by half an hour, at midnight, by a whole date. */
export const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Sao_Paulo',
  'Asia/Kolkata',
  'Asia/Beirut',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
] as const

/** Dates on which a clock changed in one of the zones, and the skipped date of Apia. */
export const oddDates = [
  '2026-03-29',
  '2026-10-25',
  '2026-03-08',
  '2026-11-01',
  '2018-11-04',
  '2018-02-17',
  '2018-02-18',
  '2026-04-05',
  '2026-10-04',
  '2011-12-30',
  '2011-12-29',
] as const

const formats = new Map<string, Intl.DateTimeFormat>()

/** Local time as `2026-06-10 09:30`, told by the system's own calendar and not by the code under test. */
function textIn(at: number, timeZone: string): string {
  let format = formats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
    formats.set(timeZone, format)
  }
  return format.format(at)
}

/** Minutes after local midnight. */
export function minuteIn(at: number, timeZone: string): number {
  const text = textIn(at, timeZone)
  return Number(text.slice(11, 13)) * 60 + Number(text.slice(14, 16))
}

export function dateIn(at: number, timeZone: string): string {
  return textIn(at, timeZone).slice(0, 10)
}
