import { Spinner } from '../../../ui/spinner.tsx'
import { later } from '../../../ui/later.tsx'

const waiting = (height: number) => () => (
  <div
    role="status"
    aria-label="Loading the chart"
    style={{ height }}
    className="flex items-center justify-center"
  >
    <Spinner />
  </div>
)

/* The chart library comes when a chart is first drawn, or when the window rests. */

export const VolumeChart = later({
  load: async () => (await import('./charts.tsx')).VolumeChart,
  meanwhile: waiting(240),
})
export const PlacementChart = later({
  load: async () => (await import('./charts.tsx')).PlacementChart,
  meanwhile: waiting(180),
})
export const ScoreChart = later({
  load: async () => (await import('./charts.tsx')).ScoreChart,
  meanwhile: waiting(140),
})
