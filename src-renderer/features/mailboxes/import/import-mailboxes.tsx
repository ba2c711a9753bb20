import type { Failure } from '#shared/failure.ts'
import type { ImportEvent, ImportOutcome, ImportPreview } from '#shared/model/mailbox-import.ts'
import { importColumnWords, importProblemLine } from '#shared/words/mailbox-import.ts'
import { countMailboxes, countOf } from '#shared/words/phrases.ts'
import { FileUp, PlugZap } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { DropZone, type FileDropItem, FileTrigger } from 'react-aria-components'
import { useLocation } from 'wouter'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { readStream } from '../../../client/stream.ts'
import { Button } from '../../../ui/button.tsx'
import { Checkbox } from '../../../ui/choice.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Progress } from '../../../ui/progress.tsx'
import { readText } from '../../../ui/read-text.ts'
import { Spinner } from '../../../ui/spinner.tsx'
import { lists, Page } from '../../frame/page.tsx'
import { failureText } from '../../frame/failures.ts'
import { useBulkTest } from '../list/bulk-test.ts'
import { machineZone } from '../preferences-form.tsx'
import { PreviewTable } from './preview-table.tsx'

const mostBytes = 6_000_000

/** Many mailboxes from one file: looked at first, row by row, then added in one go. */
export function ImportMailboxes() {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [preview, setPreview] = useState<ImportPreview | null>(null)
  const [outcome, setOutcome] = useState<ImportOutcome | null>(null)
  const [progress, setProgress] = useState<ImportEvent | 'reading' | 'begun' | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [addDomains, setAddDomains] = useState(true)
  const running = useRef<AbortController | null>(null)
  const list = preview?.list ?? null

  // What nobody adds is forgotten with its passwords.
  useEffect(() => {
    if (list === null) return
    return () => void client.mailboxes.dropList({ list })
  }, [client, list])
  useEffect(() => () => running.current?.abort(), [])

  const told = (failure: Failure) => setFailure(failureText(failure))
  const read = async (file: File) => {
    setFailure(null)
    setOutcome(null)
    if (file.size > mostBytes)
      return setFailure('This file is larger than 6 MB. Split it and import the parts.')
    setProgress('reading')
    const result = await client.mailboxes.readList(
      { text: await readText(file) },
      { context: { timeoutMs: 60_000 } },
    )
    setProgress(null)
    if (result.ok) setPreview(result.value)
    else told(result.failure)
  }
  const add = async () => {
    if (list === null) return
    const cancel = new AbortController()
    running.current = cancel
    setFailure(null)
    setProgress('begun')
    const input = { list, timeZone: machineZone(), addDomains }
    const result = await readStream(client.mailboxes.addList(input, { signal: cancel.signal }), {
      signal: cancel.signal,
      onEvent: setProgress,
    })
    setProgress(null)
    if (result.ok) {
      setOutcome(result.value)
      setPreview(null)
    } else if (result.failure.code === 'cancelled') setFailure('Stopped. Nothing was added.')
    else told(result.failure)
  }
  return (
    <Page title="Import mailboxes" parent={lists.mailboxes}>
      <div className="scroll-quiet min-h-0 flex-1">
        <div className="mx-auto flex max-w-[1200px] flex-col gap-6 px-6 py-6">
          {failure && (
            <Notice tone="fail" title="The list was not imported">
              {failure}
            </Notice>
          )}
          {outcome ? (
            <Outcome outcome={outcome} onMore={() => setOutcome(null)} />
          ) : progress === 'reading' ? (
            <p role="status" className="flex items-center gap-2">
              <Spinner size={16} /> Reading the file
            </p>
          ) : preview === null ? (
            <FileDrop onFile={file => void read(file)} isDisabled={!isOpen} />
          ) : (
            <>
              <Summary preview={preview} />
              <PreviewTable rows={preview.rows} />
              <Checkbox
                showLabel
                label="Also add their domains to the list and check their records"
                checked={addDomains}
                onChange={setAddDomains}
              />
              {progress !== null && <Under progress={progress} />}
              <div className="flex items-center gap-3">
                <Button
                  kind="primary"
                  isDisabled={!isOpen || list === null || progress !== null}
                  onPress={() => void add()}
                >
                  Add {countMailboxes(preview.good)}
                </Button>
                {progress === null ? (
                  <Button onPress={() => setPreview(null)}>Another file</Button>
                ) : (
                  <Button onPress={() => running.current?.abort()}>Stop</Button>
                )}
                <span className="text-meta text-ink-soft">
                  {preview.good === 0
                    ? 'No row can be added as it is.'
                    : 'All of them are added, or none. Nothing is contacted but for servers the file leaves out.'}
                </span>
              </div>
            </>
          )}
        </div>
      </div>
    </Page>
  )
}

function FileDrop({ onFile, isDisabled }: { onFile: (file: File) => void; isDisabled: boolean }) {
  return (
    <DropZone
      aria-label="Drop a list of mailboxes here"
      isDisabled={isDisabled}
      getDropOperation={() => 'copy'}
      onDrop={event => {
        const file = event.items.find((item): item is FileDropItem => item.kind === 'file')
        if (file) void file.getFile().then(onFile)
      }}
      className="flex flex-col items-center gap-3 rounded-card border border-dashed border-line-strong bg-ice px-6 py-12 text-center data-drop-target:border-accent data-drop-target:bg-hover data-focus-visible:outline-2 data-focus-visible:outline-accent"
    >
      <p className="text-section font-semibold">Drop a CSV file here</p>
      <p className="max-w-xl text-ink-soft">
        The first line names the columns. <code className="font-mono text-meta">address</code> and{' '}
        <code className="font-mono text-meta">password</code> are needed; servers, user names, daily limit,
        time zone and signature may be there too. Servers that are left out are looked up.
      </p>
      <FileTrigger
        acceptedFileTypes={['.csv', '.txt', '.tsv', 'text/csv', 'text/plain']}
        onSelect={files => {
          const file = files?.[0]
          if (file) onFile(file)
        }}
      >
        <Button kind="primary" isDisabled={isDisabled}>
          <FileUp aria-hidden />
          Open a file
        </Button>
      </FileTrigger>
      <p className="text-meta text-ink-soft">
        Passwords are sealed in the vault as the file is read. Delete the file afterwards.
      </p>
    </DropZone>
  )
}

function Summary({ preview: { rows, good, columns, domainsToLookUp } }: { preview: ImportPreview }) {
  const bad = rows.length - good
  const ignored = columns.filter(({ column }) => column === null).map(({ header }) => header)
  const used = columns.flatMap(({ column }) => (column === null ? [] : [importColumnWords[column]]))
  return (
    <div className="flex flex-col gap-2">
      <p className="text-section">
        {good === rows.length
          ? `${countMailboxes(good)}, all of them ready to be added.`
          : `${countMailboxes(good)} ready, ${countOf(bad, 'row')} with something wrong.`}
      </p>
      <p className="text-ink-soft">
        Columns: {used.join(', ')}.{ignored.length > 0 && ` Not used: ${ignored.join(', ')}.`}
        {domainsToLookUp > 0 && ` Servers are looked up for ${countOf(domainsToLookUp, 'domain')}.`}
      </p>
    </div>
  )
}

function Under({ progress }: { progress: ImportEvent | 'reading' | 'begun' }) {
  if (typeof progress === 'string') return <Spinner />
  return progress.kind === 'looking' ? (
    <div className="flex items-center gap-4">
      <span>Looking up servers</span>
      <div className="flex-1">
        <Progress label="Domains looked up" done={progress.done} total={progress.total} />
      </div>
    </div>
  ) : (
    <p role="status" className="flex items-center gap-2">
      <Spinner size={16} /> Sealing the passwords and saving
    </p>
  )
}

function Outcome({ outcome, onMore }: { outcome: ImportOutcome; onMore: () => void }) {
  const { added, refused } = outcome
  const client = useClient()
  const test = useBulkTest(state => state.start)
  const [, go] = useLocation()
  const ids = added.map(({ id }) => id)
  return (
    <div className="flex flex-col gap-5">
      <Notice tone={added.length > 0 ? 'info' : 'warn'} title={`${countMailboxes(added.length)} added`}>
        {added.length > 0
          ? 'They are not tested yet. A test of all logins shows in a moment which of them work.'
          : 'Nothing of this list could be added.'}
      </Notice>
      {refused.length > 0 && (
        <Notice tone="warn" title={`${countOf(refused.length, 'row')} not added`}>
          <ul className="mt-2 flex max-h-72 flex-col gap-1 overflow-auto">
            {refused.map(({ line, address, problems }) => (
              <li key={line} className="text-meta">
                <span className="text-ink-faint tabular-nums">Line {line}</span>{' '}
                <span className="text-ink">{address}</span>
                <br />
                {problems.map(importProblemLine).join(' ')}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <div className="flex items-center gap-2">
        {ids.length > 0 && (
          <Button
            kind="primary"
            onPress={() => {
              test(client, ids)
              go('/mailboxes')
            }}
          >
            <PlugZap aria-hidden />
            Test all {ids.length.toLocaleString('en')} logins
          </Button>
        )}
        <Button onPress={() => go('/mailboxes')}>Go to Mailboxes</Button>
        <Button kind="quiet" onPress={onMore}>
          Import another list
        </Button>
      </div>
    </div>
  )
}
