import { dailyLimits } from '#shared/model/mailbox-values.ts'
import type { Failure } from '#shared/failure.ts'
import type { ConnectionAlternative } from '#shared/model/connection.ts'
import { PlugZap } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { useDomainNamed } from '../../../replica/domains.ts'
import { Button } from '../../../ui/button.tsx'
import { Checkbox } from '../../../ui/choice.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { showToast } from '../../../ui/toast.tsx'
import { lists, Page } from '../../frame/page.tsx'
import { failureText } from '../../frame/failures.ts'
import { limitProblem, newPreferences, PreferencesForm, preferencesOf } from '../preferences-form.tsx'
import { TestPanel } from '../test/test-panel.tsx'
import { type TestInput, useMailboxTest } from '../test/use-test.ts'
import { AddressStep, DiscoveryNotice } from './address-step.tsx'
import { ProviderRules } from './provider-rules.tsx'
import {
  chosenCandidate,
  connectionOf,
  draftOf,
  emptyDraft,
  serverProblem,
  type SettingsDraft,
  signInOf,
  withAlternative,
} from './settings-draft.ts'
import { SettingsForm } from './settings-form.tsx'
import { useDiscovery } from './use-discovery.ts'

/** Adding a mailbox: its address, the servers that were found, a test that shows every step, and saving what passed. */
export function AddMailbox() {
  const domain = new URLSearchParams(useSearch()).get('domain')
  const [address, setAddress] = useState(domain === null ? '' : `@${domain}`)
  const [draft, setDraft] = useState<SettingsDraft | null>(null)
  const [candidate, setCandidate] = useState<number | null>(null)
  const discovery = useDiscovery(found => {
    setAddress(found.address)
    const first = chosenCandidate(found)
    setCandidate(first === null ? null : (found.chosen ?? 0))
    setDraft(first === null ? emptyDraft(found.address) : draftOf(emptyDraft(found.address), first))
  })
  const found = discovery.view?.discovery ?? null
  return (
    <Page title={draft === null ? 'Add a mailbox' : `Add ${address}`} parent={lists.mailboxes}>
      <div className="scroll-quiet min-h-0 flex-1">
        <div className="mx-auto flex max-w-[1120px] flex-col gap-6 px-6 py-6">
          {draft === null ? (
            <AddressStep
              address={address}
              view={discovery.view}
              onChange={setAddress}
              onFind={discovery.find}
              onByHand={() => {
                discovery.clear()
                setDraft(emptyDraft(address.trim()))
              }}
            />
          ) : (
            <>
              {discovery.view && <DiscoveryNotice view={discovery.view} />}
              {found && <ProviderRules rules={found.rules} provider={found.provider?.name ?? null} />}
              <TestAndSave
                address={address}
                draft={draft}
                setDraft={setDraft}
                form={{ discovery: found, candidate, onCandidate: setCandidate }}
                onOtherAddress={() => {
                  discovery.clear()
                  setDraft(null)
                }}
              />
            </>
          )}
        </div>
      </div>
    </Page>
  )
}

type TestAndSaveProps = {
  address: string
  draft: SettingsDraft
  setDraft: (draft: SettingsDraft) => void
  form: Pick<Parameters<typeof SettingsForm>[0], 'discovery' | 'candidate' | 'onCandidate'>
  onOtherAddress: () => void
}

function TestAndSave({ address, draft, setDraft, form, onOtherAddress }: TestAndSaveProps) {
  const isOpen = useConnectionState().kind === 'open'
  const { view, start, stop, clear } = useMailboxTest()
  const [showProblems, setShowProblems] = useState(false)
  const formElement = useRef<HTMLFormElement>(null)
  // The step before went with the focus: it goes to what is still to be filled in.
  useEffect(() => {
    if (document.activeElement !== document.body) return
    const fields = [
      ...(formElement.current?.querySelectorAll<HTMLInputElement>('input:not([type=checkbox])') ?? []),
    ]
    fields.find(({ value, type }) => value === '' && type !== 'hidden')?.focus()
  }, [])

  const change = (next: SettingsDraft) => {
    setDraft(next)
    // What was tested is no longer what stands here.
    if (view !== null && !view.isRunning) clear()
  }
  const test = (next: SettingsDraft) => {
    setShowProblems(true)
    const input = testInput(address, next)
    if (input !== null) start(input)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    test(draft)
  }
  const testAnew = (next: SettingsDraft) => {
    setDraft(next)
    test(next)
  }
  const canSave = view?.outcome?.canSave === true
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-8 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <form
        ref={formElement}
        onSubmit={submit}
        aria-label="Servers and login"
        className="flex flex-col gap-6"
      >
        <SettingsForm
          address={address}
          draft={draft}
          showProblems={showProblems}
          onChange={change}
          {...form}
        />
        <div className="flex items-center gap-3">
          <Button
            kind={canSave ? 'plain' : 'primary'}
            type="submit"
            isDisabled={!isOpen || view?.isRunning === true}
          >
            <PlugZap aria-hidden />
            {view?.isRunning ? 'Testing' : view === null ? 'Test the connection' : 'Test again'}
          </Button>
          <Button kind="quiet" onPress={onOtherAddress}>
            Another address
          </Button>
        </div>
      </form>
      <section
        aria-label="Test"
        className={`flex flex-col gap-6 lg:sticky lg:top-0 lg:order-none ${view === null ? '' : 'order-first'}`}
      >
        {view === null ? (
          <p className="rounded-card border border-dashed border-line-strong px-4 py-6 text-center text-ink-soft">
            The test shows here: every step from the name of the server to the message that arrives, with what
            the servers say. Nothing is saved before it passed.
          </p>
        ) : (
          <TestPanel
            view={view}
            onStop={stop}
            onAgain={() => test(draft)}
            onAlternative={(alternative: ConnectionAlternative) =>
              testAnew(withAlternative(draft, alternative))
            }
            onPin={pins => testAnew({ ...draft, ...pins })}
          >
            {canSave && view?.outcome && (
              <Save
                address={address}
                test={view.outcome.test}
                isWhole={view.outcome.result.result === 'passed'}
                isOwnDomain={form.discovery?.candidates[form.candidate ?? -1]?.source !== 'preset'}
              />
            )}
          </TestPanel>
        )}
      </section>
    </div>
  )
}

/** What is sent to be tested; null while something in the form cannot be. */
function testInput(address: string, draft: SettingsDraft): TestInput | null {
  if (serverProblem(draft.smtp) !== null || (draft.hasImap && serverProblem(draft.imap) !== null)) return null
  const provider = signInOf(draft)
  const { password, isSamePassword, imapPassword, testEmail } = draft
  if (draft.login === 'oauth' && provider !== null) {
    return { kind: 'draft', address, ...connectionOf(draft), testEmail, login: { kind: 'oauth', provider } }
  }
  if (password === '') return null
  const separate = draft.hasImap && !isSamePassword && imapPassword !== '' ? imapPassword : null
  return {
    kind: 'draft',
    address,
    ...connectionOf(draft),
    testEmail,
    login: { kind: 'password', password, imapPassword: separate },
  }
}

type SaveProps = { address: string; test: string; isWhole: boolean; isOwnDomain: boolean }

/** What is kept beside the connection, and the one button that saves. */
function Save({ address, test, isWhole, isOwnDomain }: SaveProps) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [, go] = useLocation()
  const domainName = address.slice(address.lastIndexOf('@') + 1)
  const domain = useDomainNamed(domainName)
  const [preferences, setPreferences] = useState(newPreferences)
  const [addDomain, setAddDomain] = useState(isOwnDomain)
  const [failure, setFailure] = useState<Failure | null>(null)
  const [isBusy, setBusy] = useState(false)
  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (limitProblem(preferences) !== null) return
    setBusy(true)
    const result = await client.mailboxes.add({ test, addDomain, ...preferencesOf(preferences) })
    setBusy(false)
    if (!result.ok) return setFailure(result.failure)
    showToast({ tone: 'pass', title: `${result.value.address} added` })
    go(`/mailboxes/${result.value.id}`)
  }
  return (
    <form
      onSubmit={event => void save(event)}
      aria-label="Save the mailbox"
      className="flex flex-col gap-4 rounded-card border border-line-strong px-4 py-4"
    >
      <h2 className="text-section font-semibold">Save the mailbox</h2>
      {failure && (
        <Notice tone="fail" title="Nothing was saved">
          {failureText(failure)}
        </Notice>
      )}
      <PreferencesForm
        draft={preferences}
        domainLimit={domain?.dailyLimit ?? dailyLimits.usual}
        onChange={setPreferences}
      />
      {domain === null && (
        <Checkbox
          showLabel
          label={`Also add ${domainName} to your domains and check its records`}
          checked={addDomain}
          onChange={setAddDomain}
        />
      )}
      <div className="flex items-center gap-3">
        <Button
          kind="primary"
          type="submit"
          isDisabled={!isOpen || isBusy || limitProblem(preferences) !== null}
        >
          Save the mailbox
        </Button>
        <span className="text-meta text-ink-soft">
          {isWhole
            ? 'It is saved as Active.'
            : 'It is saved as Not fully tested; you can test it again at any time.'}
        </span>
      </div>
    </form>
  )
}
