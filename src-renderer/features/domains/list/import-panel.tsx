import type { Failure } from '#shared/failure.ts'
import { failureLine } from '#shared/words/failures.ts'
import { countOf } from '#shared/words/phrases.ts'
import { FileUp } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { FileTrigger } from 'react-aria-components'
import { useClient } from '../../../client/engine.tsx'
import { Button } from '../../../ui/button.tsx'
import { SidePanel } from '../../../ui/dialog.tsx'
import { TextField } from '../../../ui/field.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { readText } from '../../../ui/read-text.ts'
import { checkDomains } from '../actions.ts'
import { useList } from './list-state.ts'
import { readTags } from './tag-dialog.tsx'

type Outcome = {
  added: { id: string; name: string }[]
  refused: { line: number; input: string; failure: Failure }[]
}

const mostCharacters = 2_000_000
/** The box below has them all. */
const mostRefusedShown = 200

/** Many domains at once, pasted or from a file. Good lines are added, bad ones told one by one. */
export function ImportPanel() {
  const { isImportOpen, setImportOpen } = useList()
  const client = useClient()
  const [text, setText] = useState('')
  const [tags, setTags] = useState('')
  const [failure, setFailure] = useState<string | null>(null)
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const [isBusy, setBusy] = useState(false)
  const told = useRef<HTMLDivElement>(null)

  // The button that was pressed may be disabled now, and the focus with it: Escape would reach nobody.
  useEffect(() => {
    if (outcome || failure) told.current?.focus()
  }, [outcome, failure])

  const close = () => {
    setImportOpen(false)
    setOutcome(null)
    setFailure(null)
  }
  const run = async () => {
    setBusy(true)
    const result = await client.domains.import(
      { text, tags: readTags(tags) },
      { context: { timeoutMs: 60_000 } },
    )
    setBusy(false)
    setFailure(result.ok ? null : failureLine(result.failure))
    if (!result.ok) return
    setOutcome(result.value)
    setText(result.value.refused.map(({ input }) => input).join('\n'))
  }
  const read = async (files: FileList | null) => {
    const file = files?.[0]
    if (!file) return
    if (file.size > mostCharacters)
      setFailure('This file is larger than 2 MB. Split it and import the parts.')
    else setText(await readText(file))
  }

  return (
    <SidePanel
      title="Import domains"
      subtitle="Paste a list or open a CSV file. Nothing is sent anywhere."
      isOpen={isImportOpen}
      onClose={close}
      actions={
        <>
          {outcome && outcome.added.length > 0 && (
            <Button
              onPress={() => {
                void checkDomains(
                  client,
                  outcome.added.map(({ id }) => id),
                )
                close()
              }}
            >
              Check the {outcome.added.length.toLocaleString('en')} added
            </Button>
          )}
          <Button kind="primary" isDisabled={text.trim() === '' || isBusy} onPress={() => void run()}>
            {isBusy ? 'Importing' : 'Import'}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {(failure || outcome) && (
          <div ref={told} tabIndex={-1} className="flex flex-col gap-4 outline-none!">
            {failure && (
              <Notice tone="fail" title="The list was not imported">
                {failure}
              </Notice>
            )}
            {outcome && <OutcomeNotice outcome={outcome} />}
          </div>
        )}
        <TextField
          label="Domains"
          autoFocus
          mono
          lines={12}
          value={text}
          onChange={setText}
          placeholder={'example.com\nexample.org'}
          description="One on each line, or separated by commas. In a CSV the column headed “domain” is used, or the first."
        />
        <div>
          <FileTrigger
            acceptedFileTypes={['.csv', '.txt', 'text/csv', 'text/plain']}
            onSelect={files => void read(files)}
          >
            <Button>
              <FileUp aria-hidden />
              Open a file
            </Button>
          </FileTrigger>
        </div>
        <TextField
          label="Tags"
          value={tags}
          onChange={setTags}
          placeholder="Client name"
          description="Optional. Given to every domain of this import."
        />
      </div>
    </SidePanel>
  )
}

function OutcomeNotice({ outcome: { added, refused } }: { outcome: Outcome }) {
  return (
    <>
      {added.length > 0 && <Notice tone="info" title={`${countOf(added.length, 'domain')} added`} />}
      {refused.length > 0 && (
        <Notice tone="warn" title={`${countOf(refused.length, 'line')} not added`}>
          <p>They are left in the box below, so that you can mend them and import again.</p>
          <ul className="mt-2 flex max-h-48 flex-col gap-1 overflow-auto">
            {refused.slice(0, mostRefusedShown).map(({ line, input, failure }) => (
              <li key={`${line}:${input}`} className="text-meta">
                <span className="text-ink-faint tabular-nums">Line {line}</span>{' '}
                <code className="font-mono [overflow-wrap:anywhere] text-ink">{input}</code>
                <br />
                {failureLine(failure)}
              </li>
            ))}
            {refused.length > mostRefusedShown && (
              <li className="text-meta">and {countOf(refused.length - mostRefusedShown, 'more line')}</li>
            )}
          </ul>
        </Notice>
      )}
    </>
  )
}
