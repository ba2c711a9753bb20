import { FileUp } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { DropZone, type FileDropItem, FileTrigger } from 'react-aria-components'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import type { GivenText } from './offline-state.ts'

type FileInputProps = { onGiven: (given: GivenText) => void; children?: ReactNode }

/** A zone file or a snapshot: dropped, chosen or pasted. */
export function FileInput({ onGiven, children }: FileInputProps) {
  const [text, setText] = useState('')
  const [origin, setOrigin] = useState('')
  const give = async (file: File) => onGiven({ text: await file.text(), fileName: file.name, origin: null })
  return (
    <div className="flex flex-col gap-6">
      <DropZone
        aria-label="Drop a zone file or a snapshot here"
        getDropOperation={() => 'copy'}
        onDrop={event => {
          const file = event.items.find((item): item is FileDropItem => item.kind === 'file')
          if (file) return void file.getFile().then(give)
          const pasted = event.items.find(item => item.kind === 'text' && item.types.has('text/plain'))
          if (pasted?.kind === 'text') void pasted.getText('text/plain').then(setText)
        }}
        className="flex flex-col items-center gap-3 rounded-card border border-dashed border-line-strong bg-ice px-6 py-10 text-center data-drop-target:border-accent data-drop-target:bg-hover data-focus-visible:outline-2 data-focus-visible:outline-accent"
      >
        {children}
        <FileTrigger
          acceptedFileTypes={[
            '.zone',
            '.txt',
            '.db',
            '.json',
            '.bind',
            '.dns',
            'text/plain',
            'application/json',
          ]}
          onSelect={files => {
            const file = files?.[0]
            if (file) void give(file)
          }}
        >
          <Button kind="primary">
            <FileUp aria-hidden />
            Open a file
          </Button>
        </FileTrigger>
        <p className="text-meta text-ink-soft">
          BIND zone files, the exports of Cloudflare and Route 53, what dig prints, and snapshots of Rookery.
        </p>
      </DropZone>
      <div className="flex flex-col gap-3">
        <TextField
          label="Or paste the records"
          mono
          lines={10}
          value={text}
          onChange={setText}
          placeholder={
            '$ORIGIN example.com.\n@     3600 IN TXT "v=spf1 mx -all"\n_dmarc     IN TXT "v=DMARC1; p=none"'
          }
        />
        <div className="flex items-end gap-3">
          <div className="w-72">
            <TextField
              label="Zone"
              value={origin}
              onChange={setOrigin}
              placeholder="example.com"
              description="Only when the text does not say it itself."
            />
          </div>
          <span className="flex-1" />
          <Button
            isDisabled={text.trim() === ''}
            onPress={() => onGiven({ text, fileName: null, origin: origin.trim() === '' ? null : origin })}
          >
            Audit the pasted records
          </Button>
        </div>
      </div>
    </div>
  )
}
