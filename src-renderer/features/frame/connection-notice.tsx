import type { ReactNode } from 'react'
import { useConnectionState } from '../../client/engine.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Notice } from '../../ui/notice.tsx'

/** Stands in for the whole window when nothing in it can be trusted; else shows it, with a line while the engine is away. */
export function ConnectionGate({ children }: { children: ReactNode }) {
  const connection = useConnectionState()
  if (connection.kind === 'build-differs')
    return (
      <Alone>
        <EmptyState
          drawing="away"
          title="Rookery was updated"
          action={
            <Button kind="primary" onPress={() => location.reload()}>
              Reload the window
            </Button>
          }
        >
          This window belongs to the version before. Reload it to go on; nothing is lost.
        </EmptyState>
      </Alone>
    )
  if (connection.kind === 'refused')
    return (
      <Alone>
        <EmptyState drawing="away" title="This window has no key">
          Rookery only lets in the window whose address it printed. Open that address again: it ends in a key
          that is made anew at each start.
        </EmptyState>
      </Alone>
    )
  return (
    <>
      {connection.kind === 'away' && (
        <div className="p-3 pb-0">
          <Notice tone="warn" title="The engine cannot be reached">
            You see what this window last knew. It reconnects by itself; until then nothing can be checked or
            changed.
          </Notice>
        </div>
      )}
      {children}
    </>
  )
}

/** The one thing in the window, in place of a screen. */
function Alone({ children }: { children: ReactNode }) {
  return (
    <main className="flex min-h-0 flex-1 flex-col">
      <h1 className="sr-only">Rookery</h1>
      {children}
    </main>
  )
}
