import { demoWords } from '#shared/words/demo.ts'
import { Bird } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { Button } from '../../ui/button.tsx'
import { later } from '../../ui/later.tsx'
import { tellFailure } from './failures.ts'

const DemoTimeControl = later({ load: async () => (await import('./demo-time.tsx')).DemoTimeControl })

/** Long enough for the demo to be filled on a slow disk. */
const switchMs = 60_000

/** Says all the time that these domains are made up, lets time pass, and leads back. */
export function DemoBanner() {
  const connection = useConnectionState()
  if (connection.kind !== 'open' || connection.hello.host.workspace !== 'demo') return null
  return (
    <div className="@container shrink-0 border-b border-line bg-ice">
      <div className="flex min-h-12 flex-wrap items-center gap-x-4 gap-y-2 px-5 py-1.5">
        <p role="status" className="flex min-w-0 items-center gap-3 @max-[960px]:flex-1">
          <Bird aria-hidden size={16} className="shrink-0 text-ink-soft" />
          <span title={demoWords.about} className="min-w-0">
            <strong className="font-medium">{demoWords.title}</strong>{' '}
            <span className="text-ink-soft @max-[1300px]:sr-only">{demoWords.about}</span>
          </span>
        </p>
        <DemoTimeControl />
        <div className="@min-[960px]:order-last">
          <WorkspaceButton workspace="own">{demoWords.back}</WorkspaceButton>
        </div>
      </div>
    </div>
  )
}

/** Opens the demo, from where nobody has a domain yet; not shown inside it. */
export function OpenDemo() {
  const connection = useConnectionState()
  if (connection.kind !== 'open' || connection.hello.host.workspace === 'demo') return null
  return (
    <WorkspaceButton workspace="demo">
      <Bird aria-hidden />
      Open the demo workspace
    </WorkspaceButton>
  )
}

type WorkspaceButtonProps = { workspace: 'own' | 'demo'; children: ReactNode }

/** The host ends the wire after it has answered, and the window comes back to the other workspace by itself. */
function WorkspaceButton({ workspace, children }: WorkspaceButtonProps) {
  const client = useClient()
  const [isBusy, setBusy] = useState(false)
  return (
    <Button
      isDisabled={isBusy}
      onPress={() => {
        setBusy(true)
        location.hash = '#/domains'
        void client.host.openWorkspace({ workspace }, { context: { timeoutMs: switchMs } }).then(result => {
          setBusy(false)
          if (!result.ok && result.failure.code !== 'wire-lost') tellFailure(result.failure)
        })
      }}
    >
      {children}
    </Button>
  )
}
