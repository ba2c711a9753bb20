import { Spinner } from './spinner.tsx'

type LoadingProps = { label: string; className?: string }

/** Stands where something will be as soon as it is known. */
export function Loading({ label, className = 'justify-center p-12' }: LoadingProps) {
  return (
    <div role="status" aria-label={label} className={`flex ${className}`}>
      <Spinner />
    </div>
  )
}
