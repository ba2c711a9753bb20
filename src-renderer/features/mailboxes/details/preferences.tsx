import { dailyLimits } from '#shared/model/mailbox-values.ts'
import type { Failure } from '#shared/failure.ts'
import type { Mailbox } from '#shared/model/mailbox.ts'
import { type FormEvent, useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { useDomainNamed } from '../../../replica/domains.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { showToast } from '../../../ui/toast.tsx'
import { failureText } from '../../frame/failures.ts'
import { limitProblem, type PreferencesDraft, PreferencesForm, preferencesOf } from '../preferences-form.tsx'

/** Name, limit, time zone and signature; saved without a test, for none of them is needed to log in. */
export function Preferences({ mailbox, signature }: { mailbox: Mailbox; signature: string }) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const domain = useDomainNamed(mailbox.domainName)
  const stored: PreferencesDraft = {
    senderName: mailbox.senderName,
    hasOwnLimit: mailbox.ownDailyLimit !== null,
    limit: String(mailbox.ownDailyLimit ?? mailbox.dailyLimit),
    timeZone: mailbox.timeZone,
    signature,
  }
  const [draft, setDraft] = useState<PreferencesDraft | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const current = draft ?? stored
  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (limitProblem(current) !== null) return
    const change = preferencesOf(current)
    const result = await client.mailboxes.update({ id: mailbox.id, change, test: null })
    setFailure(result.ok ? null : result.failure)
    if (!result.ok) return
    setDraft(null)
    showToast({ tone: 'pass', title: 'Settings saved' })
  }
  return (
    <form onSubmit={event => void save(event)} aria-label="Settings" className="flex flex-col gap-4">
      <h2 className="text-section font-semibold">Settings</h2>
      {failure && (
        <Notice tone="fail" title="Not saved">
          {failureText(failure)}
        </Notice>
      )}
      <PreferencesForm
        draft={current}
        domainLimit={domain?.dailyLimit ?? dailyLimits.usual}
        onChange={setDraft}
      />
      <div>
        <Button type="submit" isDisabled={!isOpen || draft === null || limitProblem(current) !== null}>
          Save the settings
        </Button>
      </div>
    </form>
  )
}
