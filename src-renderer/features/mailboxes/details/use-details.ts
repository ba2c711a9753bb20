import type { Failure } from '#shared/failure.ts'
import type { Mailbox, MailboxDetails } from '#shared/model/mailbox.ts'
import { useEffect, useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'

/** What stands beside the row; fetched again whenever the row changes. */
export function useMailboxDetails(row: Mailbox): { details: MailboxDetails | null; failure: Failure | null } {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [details, setDetails] = useState<MailboxDetails | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const { id } = row
  const version = JSON.stringify(row)
  useEffect(() => {
    if (!isOpen || version === '') return
    let isCurrent = true
    void client.mailboxes.details({ id }).then(result => {
      if (!isCurrent) return
      if (result.ok) setDetails(result.value)
      setFailure(result.ok ? null : result.failure)
    })
    return () => {
      isCurrent = false
    }
  }, [client, id, isOpen, version])
  return { details, failure }
}
