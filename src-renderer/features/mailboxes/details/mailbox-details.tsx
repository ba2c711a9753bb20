import type { Mailbox } from '#shared/model/mailbox.ts'
import { mailboxReasonLine, mailboxStatusWords } from '#shared/words/mailboxes.ts'
import { securityWords } from '#shared/words/connection.ts'
import { CirclePause, CirclePlay, KeyRound, PlugZap, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { useCall } from '../../../client/use-call.ts'
import { useMailbox } from '../../../replica/mailboxes.ts'
import { Button } from '../../../ui/button.tsx'
import { Checkbox } from '../../../ui/choice.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Spinner } from '../../../ui/spinner.tsx'
import { CredentialSharing } from '../../sync/credential-sharing.tsx'
import { ListedPage } from '../../frame/listed-page.tsx'
import { lists, Page } from '../../frame/page.tsx'
import { Time } from '../../frame/time.tsx'
import { failureText } from '../../frame/failures.ts'
import { holdMailboxes, removeMailboxes } from '../actions.ts'
import { MailboxWarmupSummary } from '../../warmup/mailbox-summary.tsx'
import { MailboxStatusBadge } from '../status-badge.tsx'
import { PhaseList } from '../test/phase-list.tsx'
import { ResultPanel, TestPanel } from '../test/test-panel.tsx'
import { useMailboxTest } from '../test/use-test.ts'
import { ChangeConnection } from './change-connection.tsx'
import { EventList } from './event-list.tsx'
import { Preferences } from './preferences.tsx'

/** One mailbox: how it stands and why, its last test, its servers, its limits, what happened to it. */
export function MailboxDetailsScreen({ id }: { id: string }) {
  return (
    <ListedPage thing={useMailbox(id)} what="mailbox" parent={lists.mailboxes} title="Mailbox">
      {mailbox => <Details mailbox={mailbox} />}
    </ListedPage>
  )
}

function Details({ mailbox }: { mailbox: Mailbox }) {
  const { value: details, failure } = useCall(JSON.stringify(mailbox), engine =>
    engine.mailboxes.details({ id: mailbox.id }),
  )
  const { view, start, stop, clear } = useMailboxTest()
  const [isChanging, setChanging] = useState(false)
  const [testEmail, setTestEmail] = useState(true)
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [, go] = useLocation()
  const { id, connection } = mailbox
  const isPaused = mailbox.status === 'paused'
  const needsLogin = mailbox.status === 'auth-failed'
  const isDisabled = mailbox.status === 'disabled'
  const test = () => start({ kind: 'saved', id, testEmail })
  const hasImap = connection.imap !== null
  const lastTest = details?.lastTest ?? null
  return (
    <Page
      title={mailbox.address}
      parent={lists.mailboxes}
      action={
        <Button
          kind={needsLogin ? 'plain' : 'primary'}
          isDisabled={!isOpen || view?.isRunning === true}
          onPress={test}
        >
          <PlugZap aria-hidden />
          Test again
        </Button>
      }
    >
      <div className="scroll-quiet min-h-0 flex-1">
        <div className="mx-auto flex max-w-[1200px] flex-col gap-6 px-6 py-6">
          <Header mailbox={mailbox} />
          <div className="flex flex-wrap items-center gap-2">
            <Button
              kind={needsLogin ? 'primary' : 'plain'}
              isDisabled={!isOpen}
              onPress={() => setChanging(true)}
            >
              <KeyRound aria-hidden />
              {mailbox.reason?.code === 'auth.sign-in-again'
                ? 'Sign in again'
                : connection.login.kind === 'oauth'
                  ? 'Change servers or sign-in'
                  : 'Change servers or password'}
            </Button>
            {!isDisabled && (
              <Button
                isDisabled={!isOpen}
                onPress={() => void holdMailboxes(client, isPaused ? 'resume' : 'pause', [id])}
              >
                {isPaused ? <CirclePlay aria-hidden /> : <CirclePause aria-hidden />}
                {isPaused ? 'Resume' : 'Pause'}
              </Button>
            )}
            <Button
              kind="quiet"
              isDisabled={!isOpen}
              onPress={() => void holdMailboxes(client, isDisabled ? 'enable' : 'disable', [id])}
            >
              {isDisabled ? 'Enable' : 'Disable'}
            </Button>
            <span className="flex-1" />
            {hasImap && (
              <Checkbox
                showLabel
                label="Test with a message to itself"
                checked={testEmail}
                onChange={setTestEmail}
              />
            )}
          </div>
          {failure && failure.code !== 'mailbox-not-found' && (
            <Notice tone="fail" title="The rest of this page could not be loaded">
              {failureText(failure)}
            </Notice>
          )}
          <MailboxWarmupSummary mailbox={mailbox} />
          <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-8 lg:grid-cols-2">
            <section aria-labelledby="last-test" className="flex flex-col gap-4">
              <h2 id="last-test" className="text-section font-semibold">
                {view?.isRunning ? 'Testing now' : 'Last test'}
              </h2>
              {view !== null ? (
                <TestPanel view={view} onStop={stop} onAgain={test} />
              ) : lastTest ? (
                <>
                  <p className="text-ink-soft">
                    {lastTest.kind === 'recheck' ? 'The login alone was looked at' : 'Tested'}{' '}
                    <Time at={lastTest.at} />.
                  </p>
                  <ResultPanel result={lastTest.result} />
                  <PhaseList
                    phases={lastTest.phases.map(({ phase }) => phase)}
                    reports={new Map(lastTest.phases.map(report => [report.phase, report]))}
                    isRunning={false}
                  />
                </>
              ) : details ? (
                <p className="text-ink-soft">
                  Not tested yet. Test it to see whether it can send and receive.
                </p>
              ) : (
                <Spinner />
              )}
            </section>
            <div className="flex flex-col gap-8">
              <Servers mailbox={mailbox} />
              {details && <Preferences key={mailbox.id} mailbox={mailbox} signature={details.signature} />}
              <CredentialSharing mailbox={mailbox} />
              {details && <EventList events={details.events} />}
            </div>
          </div>
          <div>
            <Button
              kind="danger"
              isDisabled={!isOpen}
              onPress={() =>
                void removeMailboxes(client, [id], mailbox.address).then(
                  removed => removed && go('/mailboxes'),
                )
              }
            >
              <Trash2 aria-hidden />
              Remove this mailbox
            </Button>
          </div>
        </div>
      </div>
      <ChangeConnection
        mailbox={mailbox}
        isOpen={isChanging}
        onClose={saved => {
          setChanging(false)
          if (saved) clear()
        }}
      />
    </Page>
  )
}

function Header({ mailbox }: { mailbox: Mailbox }) {
  const { status, reason, limitedUntilAt, refusals, nextCheckAt, testedAt } = mailbox
  return (
    <header className="flex flex-col gap-1.5">
      <div className="flex flex-wrap items-center gap-2">
        <MailboxStatusBadge mailbox={mailbox} />
        {mailbox.senderName !== '' && <span className="text-ink-soft">{mailbox.senderName}</span>}
      </div>
      <p aria-live="polite" className="text-section">
        {reason === null || reason.code === 'by-person'
          ? mailboxStatusWords[status].gloss
          : mailboxReasonLine(reason)}
        {status === 'rate-limited' && limitedUntilAt !== null && (
          <>
            {' '}
            It goes on by itself <Time at={limitedUntilAt} ahead />.
          </>
        )}
      </p>
      {reason?.evidence && (
        <code className="font-mono text-meta text-ink-soft [overflow-wrap:anywhere]">{reason.evidence}</code>
      )}
      <p className="flex flex-wrap gap-x-4 text-meta text-ink-soft">
        {mailbox.domainId === null ? (
          <span>{mailbox.domainName}</span>
        ) : (
          <Link to={`/domains/${mailbox.domainId}`} className="hover:text-ink hover:underline">
            {mailbox.domainName}
          </Link>
        )}
        {testedAt !== null && (
          <span>
            Tested <Time at={testedAt} />
          </span>
        )}
        {refusals > 0 && (
          <span>{refusals === 1 ? 'Refused once' : `Refused ${refusals} times in a row`}</span>
        )}
        {nextCheckAt !== null && (
          <span>
            Login looked at again <Time at={nextCheckAt} ahead />
          </span>
        )}
        <span>{mailbox.dailyLimit} messages a day at most</span>
      </p>
    </header>
  )
}

function Servers({ mailbox: { connection } }: { mailbox: Mailbox }) {
  const { smtp, imap, login, allowPlain, provider } = connection
  const { pinnedCertificate, imapPinnedCertificate = pinnedCertificate } = connection
  const pinned = [...new Set([pinnedCertificate, imap && imapPinnedCertificate])].flatMap(one => one ?? [])
  const rows: [string, string][] = [
    ['Sending', `${smtp.server.host}, port ${smtp.server.port}, ${securityWords[smtp.server.security]}`],
    [
      'Reading',
      imap === null
        ? 'Not used'
        : `${imap.server.host}, port ${imap.server.port}, ${securityWords[imap.server.security]}`,
    ],
    ['User', imap === null || imap.user === smtp.user ? smtp.user : `${smtp.user}, for IMAP ${imap.user}`],
    ['Login', login.kind === 'oauth' ? 'Signed in with the provider' : 'Password, sealed in the vault'],
    ...(provider === null ? [] : [['Provider', provider.name] as [string, string]]),
    ...pinned.map((fingerprint, index): [string, string] => [
      index === 0 ? 'Certificate' : 'and',
      `Only the one with the fingerprint ${fingerprint.slice(0, 16)}…`,
    ]),
    ...(allowPlain ? [['Encryption', 'Not demanded for this mailbox'] as [string, string]] : []),
  ]
  return (
    <section aria-labelledby="servers" className="flex flex-col gap-3">
      <h2 id="servers" className="text-section font-semibold">
        Servers
      </h2>
      <dl className="grid grid-cols-[96px_1fr] gap-x-4 gap-y-1.5">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-soft">{name}</dt>
            <dd className="[overflow-wrap:anywhere]">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
