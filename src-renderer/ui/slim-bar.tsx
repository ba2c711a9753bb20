type SlimBarProps = {
  done: number
  total: number
  /** A second, lighter length behind the first, such as what is planned. */
  planned?: number
  label: string
}

const share = (part: number, whole: number) => `${Math.min(100, (part / Math.max(1, whole)) * 100)}%`

/** How far something has come, in 3 px. The numbers stand beside it. */
export function SlimBar({ done, total, planned, label }: SlimBarProps) {
  return (
    <span
      role="img"
      aria-label={label}
      className="relative block h-[3px] w-full overflow-hidden rounded-full bg-line"
    >
      {planned !== undefined && (
        <span
          className="absolute inset-y-0 left-0 rounded-full bg-line-strong"
          style={{ width: share(planned, total) }}
        />
      )}
      <span
        className="absolute inset-y-0 left-0 rounded-full bg-ink-soft"
        style={{ width: share(done, total) }}
      />
    </span>
  )
}
