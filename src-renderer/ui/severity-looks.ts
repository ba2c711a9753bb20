import { CircleAlert, Info, OctagonAlert, TriangleAlert } from 'lucide-react'

/** The shape and colour of each severity. */
export const severityLooks = {
  critical: { icon: OctagonAlert, ink: 'text-fail' },
  high: { icon: CircleAlert, ink: 'text-fail' },
  medium: { icon: TriangleAlert, ink: 'text-warn' },
  low: { icon: Info, ink: 'text-unknown' },
  info: { icon: Info, ink: 'text-unknown' },
} as const
