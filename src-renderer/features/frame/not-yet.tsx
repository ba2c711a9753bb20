import { useConnectionState } from '../../client/engine.tsx'

/** Stands for what only the engine can tell, until it has. */
export function NotYet() {
  const isOpen = useConnectionState().kind === 'open'
  return <p className="text-ink-soft">{isOpen ? 'Loading' : 'Shown when the engine can be reached.'}</p>
}
