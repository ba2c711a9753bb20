import { Hint } from './hint.tsx'

type RingProps = {
  /** 0–100, or null when too little is known. */
  score: number | null
  /** 28 in a table, 96 in a header. */
  size?: number
  /** Why, for the hint: the points lost, or what is missing. */
  explanation: string[]
}

/** 90–100 green, 70–89 amber, below 70 red; grey and dashed when there is not enough data. */
export function ringTone(score: number | null): 'pass' | 'warn' | 'fail' | 'unknown' {
  if (score === null) return 'unknown'
  if (score >= 90) return 'pass'
  return score >= 70 ? 'warn' : 'fail'
}

const strokes = {
  pass: 'stroke-pass-fill',
  warn: 'stroke-warn-fill',
  fail: 'stroke-fail-fill',
  unknown: 'stroke-unknown-fill',
} as const

const tracks = {
  pass: 'stroke-line',
  warn: 'stroke-warn-soft',
  fail: 'stroke-fail-soft',
  unknown: 'stroke-unknown-fill',
} as const

export function HealthScoreRing({ score, size = 28, explanation }: RingProps) {
  const tone = ringTone(score)
  const stroke = size > 48 ? 7 : 3
  const radius = (size - stroke) / 2
  const length = 2 * Math.PI * radius
  const label = score === null ? 'Health: not enough data yet' : `Health ${score} of 100`
  const ring = (
    <span
      role="img"
      aria-label={label}
      className="relative inline-flex shrink-0 items-center justify-center rounded-full tabular-nums"
      style={{ width: size, height: size }}
    >
      <svg width={size} height={size} aria-hidden className="absolute inset-0 -rotate-90">
        <circle
          cx={size / 2}
          cy={size / 2}
          r={radius}
          fill="none"
          strokeWidth={stroke}
          className={tracks[tone]}
          strokeDasharray={tone === 'unknown' ? `${length / 24} ${length / 24}` : undefined}
        />
        {score !== null && score > 0 && (
          <circle
            cx={size / 2}
            cy={size / 2}
            r={radius}
            fill="none"
            strokeWidth={stroke}
            strokeLinecap="round"
            strokeDasharray={`${(length * score) / 100} ${length}`}
            // In a table one ring shows one row after the other.
            className={`${strokes[tone]} ${size > 48 ? 'transition-[stroke-dasharray] duration-180' : ''}`}
          />
        )}
      </svg>
      <span
        aria-hidden
        className={
          size > 48 ? 'text-number font-semibold tracking-tight' : 'text-[10px] font-semibold leading-none'
        }
      >
        {score ?? '–'}
      </span>
    </span>
  )
  if (explanation.length === 0) return ring
  return (
    <Hint
      passive
      text={
        <span className="flex flex-col gap-0.5">
          <span className="font-medium">{label}</span>
          {explanation.map(line => (
            <span key={line}>{line}</span>
          ))}
        </span>
      }
    >
      {ring}
    </Hint>
  )
}
