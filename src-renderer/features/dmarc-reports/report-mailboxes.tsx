import type { Result } from '#shared/failure.ts'
import type { MailboxReading, ReportMailbox } from '#shared/model/dmarc-report.ts'
import { describeConnectionFailure } from '#shared/words/connection.ts'
import { outcomeLine, outcomeName, readingLine } from '#shared/words/dmarc-reports.ts'
import { describeFailure } from '#shared/words/failures.ts'
import { Inbox, RefreshCw, X } from 'lucide-react'
import { type FormEvent, useCallback, useEffect, useState } from 'react'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { useReadableMailboxes } from '../../replica/mailboxes.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Select } from '../../ui/select.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { VerdictMark } from '../../ui/verdict-mark.tsx'
import { tellFailure } from '../frame/failures.ts'
import { Time } from '../frame/time.tsx'

/** A folder with the reports of thirteen months takes its time. */
const readingTimeoutMs = 6 * 60_000

/** The mailboxes that are read for reports, for every domain: how the last reading ended, and a way to choose another. */
export function ReportMailboxes({ onRead }: { onRead: () => void }) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [mailboxes, setMailboxes] = useState<readonly ReportMailbox[]>([])
  const [reading, setReading] = useState<string | null>(null)
  const [isChoosing, setChoosing] = useState(false)
  // Each reading, also that of a night, is a change of its mailbox in the feed.
  const rows = useReadableMailboxes()
  const take = useCallback((result: Result<ReportMailbox[]>) => {
    if (result.ok) setMailboxes(result.value)
    else tellFailure(result.failure)
    return result.ok
  }, [])

  useEffect(() => {
    if (!isOpen || rows === undefined) return undefined
    let isCurrent = true
    void client.dmarcReports.mailboxes().then(result => isCurrent && take(result))
    return () => {
      isCurrent = false
    }
  }, [client, isOpen, take, rows])

  const readNow = useCallback(
    async (mailboxId: string) => {
      setReading(mailboxId)
      const result = await client.dmarcReports.readNow(
        { mailboxId },
        { context: { timeoutMs: readingTimeoutMs } },
      )
      setReading(null)
      if (!result.ok) tellFailure(result.failure)
      take(await client.dmarcReports.mailboxes())
      onRead()
    },
    [client, take, onRead],
  )
  // One that was being read when the panel came is waited for, and read no second time.
  const underWay = reading === null ? mailboxes.find(({ running }) => running)?.mailboxId : undefined
  useEffect(() => {
    if (underWay !== undefined) void readNow(underWay)
  }, [underWay, readNow])
  const choose = async (mailboxId: string, folder: string) => {
    if (!take(await client.dmarcReports.readFrom({ mailboxId, folder }))) return
    setChoosing(false)
    await readNow(mailboxId)
  }

  return (
    <div className="flex flex-col gap-2">
      {mailboxes.length > 0 && (
        <ul
          aria-label="Mailboxes read for reports"
          className="divide-y divide-line rounded-card border border-line"
        >
          {mailboxes.map(mailbox => (
            <MailboxLine
              key={mailbox.mailboxId}
              mailbox={mailbox}
              isReading={mailbox.running || reading === mailbox.mailboxId}
              isOpen={isOpen}
              onRead={() => void readNow(mailbox.mailboxId)}
              onStop={() => void client.dmarcReports.stopReading({ mailboxId: mailbox.mailboxId }).then(take)}
            />
          ))}
        </ul>
      )}
      {isChoosing ? (
        <ChooseFolder onChoose={choose} onCancel={() => setChoosing(false)} />
      ) : (
        <div>
          <Button kind="quiet" onPress={() => setChoosing(true)} isDisabled={!isOpen}>
            <Inbox aria-hidden />
            {mailboxes.length === 0 ? 'Read reports from a mailbox' : 'Read another mailbox'}
          </Button>
        </div>
      )}
    </div>
  )
}

type MailboxLineProps = {
  mailbox: ReportMailbox
  isReading: boolean
  isOpen: boolean
  onRead: () => void
  onStop: () => void
}

function MailboxLine({ mailbox, isReading, isOpen, onRead, onStop }: MailboxLineProps) {
  const { address, folder, last, nextAt } = mailbox
  return (
    <li className="flex items-start gap-3 px-4 py-2">
      <span className="flex size-7 shrink-0 items-center justify-center">
        {isReading ? <Spinner /> : <ReadingMark last={last} />}
      </span>
      <div className="min-w-0 flex-1 py-1">
        <p className="flex flex-wrap gap-x-3">
          <span className="font-medium [overflow-wrap:anywhere]">{address}</span>
          <span className="text-ink-soft [overflow-wrap:anywhere]">{folder}</span>
        </p>
        <div aria-live="polite" className="text-meta text-ink-soft">
          {isReading ? (
            'Reading now.'
          ) : (
            <>
              <LastReading last={last} />
              {nextAt !== null && (
                <span>
                  {' '}
                  Next: <Time at={nextAt} ahead />.
                </span>
              )}
              <NotRead last={last} />
            </>
          )}
        </div>
      </div>
      <IconButton label={`Read ${address} now`} onPress={onRead} isDisabled={!isOpen || isReading}>
        <RefreshCw aria-hidden />
      </IconButton>
      <IconButton label={`Stop reading ${address}`} onPress={onStop} isDisabled={!isOpen}>
        <X aria-hidden />
      </IconButton>
    </li>
  )
}

function ReadingMark({ last }: { last: MailboxReading | null }) {
  if (last === null) return <VerdictMark kind="waiting" label="Not read yet" size={18} />
  if (last.state === 'failed') return <VerdictMark kind="fail" label="Could not be read" size={18} />
  return last.refusedCount > 0 ? (
    <VerdictMark kind="warn" label="Read in part" size={18} />
  ) : (
    <VerdictMark kind="pass" label="Read" size={18} />
  )
}

function LastReading({ last }: { last: MailboxReading | null }) {
  if (last === null) return <span>Not read yet.</span>
  if (last.state === 'read')
    return (
      <span>
        {readingLine(last)} Read <Time at={last.at} />.
      </span>
    )
  const { connection, failure } = last
  const said = connection ? describeConnectionFailure(connection) : null
  const other = failure ? describeFailure(failure) : null
  return (
    <span>
      {said?.title ?? other?.title} {said?.fixes[0] ?? other?.next}
      {connection?.evidence && <code className="block font-mono">{connection.evidence}</code>}
    </span>
  )
}

function NotRead({ last }: { last: MailboxReading | null }) {
  if (last?.state !== 'read' || last.refused.length === 0) return null
  return (
    <details>
      <summary className="w-fit cursor-default">What was not read</summary>
      <ul>
        {last.refused.map((outcome, index) => (
          <li key={`${outcomeName(outcome)} ${index}`} className="[overflow-wrap:anywhere]">
            <span className="text-ink">{outcomeName(outcome)}</span> {outcomeLine(outcome)}
          </li>
        ))}
      </ul>
    </details>
  )
}

type ChooseFolderProps = {
  onChoose: (mailboxId: string, folder: string) => Promise<void>
  onCancel: () => void
}

function ChooseFolder({ onChoose, onCancel }: ChooseFolderProps) {
  const mailboxes = useReadableMailboxes()
  const [chosen, setChosen] = useState<string | null>(null)
  const [folder, setFolder] = useState('INBOX')
  const mailboxId = chosen ?? mailboxes?.[0]?.id ?? null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (mailboxId !== null && folder.trim() !== '') void onChoose(mailboxId, folder.trim())
  }
  if (mailboxes === undefined) return null
  if (mailboxId === null)
    return (
      <div className="flex items-center gap-3">
        <p className="text-ink-soft">
          There is no mailbox to read yet. Add the one that the reports go to under Mailboxes.
        </p>
        <Button onPress={onCancel}>Close</Button>
      </div>
    )
  return (
    <form
      onSubmit={submit}
      aria-label="Mailbox for reports"
      className="flex flex-col gap-3 rounded-card border border-line px-4 py-3"
    >
      <div className="flex flex-wrap items-start gap-3">
        <Select
          label="Mailbox"
          value={mailboxId}
          onChange={setChosen}
          options={mailboxes.map(({ id, address }) => ({ id, label: address }))}
        />
        <div className="w-72">
          <TextField
            label="Folder"
            value={folder}
            onChange={setFolder}
            description="Read once a night, for every domain. No message is marked or moved."
          />
        </div>
      </div>
      <div className="flex gap-2">
        <Button type="submit" isDisabled={folder.trim() === ''}>
          Read from now on
        </Button>
        <Button kind="quiet" onPress={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  )
}
