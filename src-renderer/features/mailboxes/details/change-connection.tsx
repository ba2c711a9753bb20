import type { Failure } from '#shared/failure.ts'
import type { ConnectionAlternative } from '#shared/model/connection.ts'
import type { Mailbox } from '#shared/model/mailbox.ts'
import { PlugZap } from 'lucide-react'
import { useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { Button } from '../../../ui/button.tsx'
import { SidePanel } from '../../../ui/dialog.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { showToast } from '../../../ui/toast.tsx'
import { failureText } from '../../frame/failures.ts'
import {
  connectionOf,
  draftOfConnection,
  serverProblem,
  type SettingsDraft,
  signInOf,
  withAlternative,
} from '../add/settings-draft.ts'
import { SettingsForm } from '../add/settings-form.tsx'
import { TestPanel } from '../test/test-panel.tsx'
import { useMailboxTest } from '../test/use-test.ts'

type ChangeProps = { mailbox: Mailbox; isOpen: boolean; onClose: (saved: boolean) => void }

/** Other servers, or another password: tested first, and only then put in place of what works now. */
export function ChangeConnection({ mailbox, isOpen, onClose }: ChangeProps) {
  // Made anew each time, so that no password stays in it.
  return isOpen ? <ChangePanel mailbox={mailbox} onClose={onClose} /> : null
}

function ChangePanel({ mailbox, onClose }: Omit<ChangeProps, 'isOpen'>) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const { id, address, connection } = mailbox
  const [draft, setDraft] = useState(() => draftOfConnection(connection, address))
  const [showProblems, setShowProblems] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const { view, start, stop, clear } = useMailboxTest()
  const hasKept = connection.login.kind === 'password'

  const change = (next: SettingsDraft) => {
    setDraft(next)
    if (view !== null && !view.isRunning) clear()
  }
  const test = (next: SettingsDraft) => {
    setShowProblems(true)
    const login = loginOf(next)
    const isWhole = serverProblem(next.smtp) === null && (!next.hasImap || serverProblem(next.imap) === null)
    if (!isWhole || (login === null && !hasKept && next.login === 'password')) return
    start({ kind: 'change', id, ...connectionOf(next), login, testEmail: next.testEmail })
  }
  const testAnew = (next: SettingsDraft) => {
    setDraft(next)
    test(next)
  }
  const save = async () => {
    if (!view?.outcome) return
    const result = await client.mailboxes.update({ id, change: {}, test: view.outcome.test })
    if (!result.ok) return setFailure(result.failure)
    showToast({ tone: 'pass', title: 'Changed, and in use from now on' })
    onClose(true)
  }
  const canSave = view?.outcome?.canSave === true
  return (
    <SidePanel
      wide
      title={hasKept ? 'Change servers or password' : 'Change servers or sign-in'}
      subtitle={address}
      isOpen
      onClose={() => onClose(false)}
      actions={
        <>
          <Button
            kind={canSave ? 'plain' : 'primary'}
            isDisabled={!isOpen || view?.isRunning === true}
            onPress={() => test(draft)}
          >
            <PlugZap aria-hidden />
            {view?.isRunning ? 'Testing' : view === null ? 'Test the change' : 'Test again'}
          </Button>
          {canSave && (
            <Button kind="primary" isDisabled={!isOpen} onPress={() => void save()}>
              Use this from now on
            </Button>
          )}
        </>
      }
    >
      <div className="flex flex-col gap-6">
        {failure && (
          <Notice tone="fail" title="Nothing was changed">
            {failureText(failure)}
          </Notice>
        )}
        {view && (
          <TestPanel
            view={view}
            onStop={stop}
            onAgain={() => test(draft)}
            onAlternative={(alternative: ConnectionAlternative) =>
              testAnew(withAlternative(draft, alternative))
            }
            onPin={pins => testAnew({ ...draft, ...pins })}
          />
        )}
        <SettingsForm
          address={address}
          draft={draft}
          discovery={null}
          candidate={null}
          showProblems={showProblems}
          hasKeptPassword={hasKept}
          onChange={change}
          onCandidate={() => {}}
        />
      </div>
    </SidePanel>
  )
}

/** Null keeps what is in the vault. */
function loginOf(draft: SettingsDraft) {
  const provider = signInOf(draft)
  if (draft.login === 'oauth' && provider !== null) return { kind: 'oauth' as const, provider }
  if (draft.password === '') return null
  const isSeparate = draft.hasImap && !draft.isSamePassword && draft.imapPassword !== ''
  return {
    kind: 'password' as const,
    password: draft.password,
    imapPassword: isSeparate ? draft.imapPassword : null,
  }
}
