import { ProgressBar } from 'react-aria-components'

/** A thin bar with its numbers: "7 of 12". */
export function Progress({ label, done, total }: { label: string; done: number; total: number }) {
  return (
    <ProgressBar
      aria-label={label}
      value={done}
      maxValue={Math.max(1, total)}
      className="flex items-center gap-3"
    >
      {({ percentage }) => (
        <>
          <div className="h-1 flex-1 overflow-hidden rounded-full bg-line">
            <div
              className="h-full rounded-full bg-accent transition-[width] duration-180"
              style={{ width: `${percentage ?? 0}%` }}
            />
          </div>
          <span className="text-meta text-ink-soft tabular-nums">
            {done} of {total}
          </span>
        </>
      )}
    </ProgressBar>
  )
}
