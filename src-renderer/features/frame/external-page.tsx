import type { ReactNode } from 'react'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { tellFailure } from './failures.ts'

type ExternalPageProps = { url: string; children: ReactNode; className?: string }

/** A link out of the window: opened by the host, or by the page itself where the host says so. */
export function ExternalPage({ url, children, className }: ExternalPageProps) {
  const client = useClient()
  const connection = useConnectionState()
  const hostOpens = connection.kind === 'open' && connection.hello.host.opensLinks === 'host'
  return (
    <a
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      className={className}
      onClick={event => {
        if (!hostOpens) return
        event.preventDefault()
        void client.host.openLink({ url }).then(result => {
          if (!result.ok) tellFailure(result.failure)
        })
      }}
    >
      {children}
      <span className="sr-only"> (opens in your browser)</span>
    </a>
  )
}
