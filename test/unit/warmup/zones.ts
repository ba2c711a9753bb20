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

/** Minutes after local midnight, told by the system's own calendar and not by the code under test. */
export function minuteIn(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(at)
  const of = (type: string) => Number(parts.find(part => part.type === type)?.value)
  return of('hour') * 60 + of('minute')
}

export function dateIn(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at)
}
