import { type ComponentType, type ReactNode, useEffect, useReducer } from 'react'
import { Button } from './button.tsx'
import { EmptyState } from './empty-state.tsx'

type Part<Props> = { load: () => Promise<ComponentType<Props>>; meanwhile?: (props: Props) => ReactNode }

const unloaded = new Set<() => Promise<void>>()

/**
 * Loads the code of every part, one after the other, so that none has to come later: the engine that serves it may be
 * away by then.
 */
export async function loadParts(): Promise<void> {
  for (const load of unloaded) await load().catch(() => {})
}

/**
 * A component whose code is loaded when it is first drawn, or before by `loadParts`; from then on it is drawn at once.
 * Until then `meanwhile` stands there, and a way to try again when the code cannot be had.
 */
export function later<Props extends object>({
  load,
  meanwhile = () => null,
}: Part<Props>): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null
  let loading: Promise<void> | null = null
  const loadOnce = () => {
    loading ??= load().then(
      component => {
        loaded = component
        unloaded.delete(loadOnce)
      },
      (error: unknown) => {
        loading = null
        throw error
      },
    )
    return loading
  }
  unloaded.add(loadOnce)

  function Later(props: Props) {
    const [state, settle] = useReducer((_: State, next: State) => next, 'waiting')
    useEffect(() => {
      if (loaded !== null || state !== 'waiting') return undefined
      let isCurrent = true
      loadOnce().then(
        () => isCurrent && settle('loaded'),
        () => isCurrent && settle('missing'),
      )
      return () => {
        isCurrent = false
      }
    }, [state])
    if (loaded !== null) {
      const Loaded = loaded
      return <Loaded {...props} />
    }
    return state === 'missing' ? <Missing again={() => settle('waiting')} /> : meanwhile(props)
  }
  return Later
}

type State = 'waiting' | 'loaded' | 'missing'

function Missing({ again }: { again: () => void }) {
  return (
    <section aria-label="A part that is missing" className="flex min-h-0 flex-1 flex-col">
      <EmptyState
        drawing="away"
        title="This part of the window could not be loaded"
        action={<Button onPress={again}>Try again</Button>}
      >
        It comes from the engine, which does not answer. What you see elsewhere is still right.
      </EmptyState>
    </section>
  )
}
