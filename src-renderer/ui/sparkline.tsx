type SparklineProps = {
  /** Oldest first; null where nothing is known. */
  values: readonly (number | null)[]
  /** The foot and the top of the scale; what lies beyond stands at its edge. */
  least?: number
  most?: number
  width?: number
  height?: number
  /** What a screen reader says. */
  label: string
}

/** A small line without axes. Where a value is missing the line is broken; one that stands alone is a dot. */
export function Sparkline({ values, least = 0, most = 100, width = 84, height = 20, label }: SparklineProps) {
  const step = values.length > 1 ? (width - 4) / (values.length - 1) : 0
  const points = values.map((value, index) =>
    value === null
      ? null
      : {
          x: 2 + index * step,
          y: 2 + (height - 4) * (1 - (Math.max(least, Math.min(most, value)) - least) / (most - least)),
        },
  )
  const runs: { x: number; y: number }[][] = [[]]
  for (const point of points) {
    if (point === null) runs.push([])
    else runs.at(-1)?.push(point)
  }
  const last = points.at(-1) ?? null
  return (
    <svg role="img" aria-label={label} width={width} height={height} className="block overflow-visible">
      <line
        x1={2}
        x2={width - 2}
        y1={height - 1}
        y2={height - 1}
        className="stroke-line"
        strokeWidth={1}
        strokeDasharray="1 3"
      />
      {runs
        .filter(run => run.length > 1)
        .map(run => (
          <polyline
            key={run[0]?.x}
            points={run.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')}
            fill="none"
            strokeWidth={1.5}
            strokeLinejoin="round"
            strokeLinecap="round"
            className="stroke-ink-faint"
          />
        ))}
      {runs
        .filter(run => run.length === 1)
        .map(
          ([point]) =>
            point && <circle key={point.x} cx={point.x} cy={point.y} r={1.2} className="fill-ink-faint" />,
        )}
      {last && <circle cx={last.x} cy={last.y} r={2} className="fill-ink" />}
    </svg>
  )
}
