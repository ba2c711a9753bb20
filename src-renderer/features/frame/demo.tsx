import { Bird } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { tellFailure } from '../domains/actions.ts'

/** Long enough for the demo to be filled on a slow disk. */
const switchMs = 60_000

/** Says all the time that these domains are made up, and leads back. */
export function DemoBanner() {
  const connection = useConnectionState()
  if (connection.kind !== 'open' || connection.hello.host.workspace !== 'demo') return null
  return (
    <div className="p-3 pb-0">
      <Notice
        tone="info"
        title="This is the demo workspace"
        action={<WorkspaceButton workspace="own">Back to your own domains</WorkspaceButton>}
      >
        The domains are made up and answered from a file. Nothing here reaches the network, or your own data.
      </Notice>
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
