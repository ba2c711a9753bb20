import type { WarmupDay, WarmupDetails } from '#shared/model/warmup-view.ts'
import type { RampPreview } from '#shared/model/warmup.ts'

/** One date of the volume chart. What is not known there, or lies ahead, is null. */
export type VolumePoint = {
  readonly date: string
  readonly day: number | null
  readonly planned: number | null
  readonly least: number | null
  readonly most: number | null
  readonly sent: number | null
}

export type PlacementPoint = {
  readonly date: string
  readonly inbox: number
  readonly category: number
  readonly junk: number
  readonly missing: number
}

/** The ramp and what came of it, date by date, without a hole from the first to the last. Pure. */
export function volumePoints({ days, planned }: Pick<WarmupDetails, 'days' | 'planned'>): VolumePoint[] {
  const past = new Map(days.map(day => [day.date, day]))
  const ramp = new Map(planned.map(day => [day.date, day]))
  const dates = [...new Set([...past.keys(), ...ramp.keys()])].toSorted()
  const [first, last] = [dates[0], dates.at(-1)]
  if (first === undefined || last === undefined) return []
  return datesBetween(first, last).map(date => {
    const was = past.get(date)
    const will = ramp.get(date)
    return {
      date,
      day: was?.day ?? will?.day ?? null,
      planned: will?.perDay ?? null,
      least: will?.least ?? null,
      most: will?.most ?? null,
      sent: was?.sent ?? null,
    }
  })
}

/** The ramp of a preview, nothing sent yet. Pure. */
export function previewPoints({ days }: Pick<RampPreview, 'days'>): VolumePoint[] {
  return volumePoints({ days: [], planned: days })
}

/** Days on which something was seen, with where it lay. Pure. */
export function placementPoints(days: readonly WarmupDay[]): PlacementPoint[] {
  const first = days.findIndex(seenOf)
  return first === -1
    ? []
    : days.slice(first).map(({ date, inbox, category, junk, missing }) => ({
        date,
        inbox,
        category,
        junk,
        missing,
      }))
}

const seenOf = ({ inbox, category, junk, missing }: WarmupDay) => inbox + category + junk + missing > 0

const dayMs = 24 * 60 * 60_000
/** Longer than any warmup is shown; a broken date must not fill the memory. */
const mostDates = 400

function datesBetween(first: string, last: string): string[] {
  const dates: string[] = []
  const end = Date.parse(`${last}T00:00:00Z`)
  for (let at = Date.parse(`${first}T00:00:00Z`); at <= end && dates.length < mostDates; at += dayMs)
    dates.push(new Date(at).toISOString().slice(0, 10))
  return dates
}
