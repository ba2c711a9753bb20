import { Check } from 'lucide-react'

/** Where you are on the way: done, here, to come. */
export function Stepper({ steps, current }: { steps: readonly string[]; current: number }) {
  return (
    <ol aria-label="Steps" className="flex items-center gap-3">
      {steps.map((step, index) => {
        const isDone = index < current
        const isHere = index === current
        return (
          <li key={step} aria-current={isHere ? 'step' : undefined} className="flex items-center gap-3">
            {index > 0 && <span aria-hidden className="h-px w-10 bg-line-strong" />}
            <span
              className={`inline-flex size-6 items-center justify-center rounded-full text-meta font-semibold tabular-nums ${isHere ? 'bg-accent text-on-accent' : isDone ? 'bg-pass-soft text-pass' : 'bg-ice text-ink-soft'}`}
            >
              {isDone ? <Check aria-label="Done" size={13} strokeWidth={3} /> : index + 1}
            </span>
            <span className={isHere ? 'font-semibold' : 'text-ink-soft'}>{step}</span>
          </li>
        )
      })}
    </ol>
  )
}
