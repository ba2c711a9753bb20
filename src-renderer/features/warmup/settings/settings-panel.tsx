import type { WarmupSettings } from '#shared/model/warmup.ts'
import type { WarmupRow } from '#shared/model/warmup-view.ts'
import { useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { Button } from '../../../ui/button.tsx'
import { SidePanel } from '../../../ui/dialog.tsx'
import { changeSettings } from '../actions.ts'
import { RampPreview } from './ramp-preview.tsx'
import { draftOf, readDraft, type SettingsDraft } from './settings-draft.ts'
import { SettingsForm } from './settings-form.tsx'

type SettingsPanelProps = {
  row: WarmupRow
  settings: WarmupSettings | null
  isOpen: boolean
  onClose: () => void
}

/** The settings of one mailbox at the side, with what they would give beneath. */
export function SettingsPanel({ row, settings, isOpen, onClose }: SettingsPanelProps) {
  const client = useClient()
  const isConnected = useConnectionState().kind === 'open'
  const [draft, setDraft] = useState<SettingsDraft | null>(null)
  if (settings === null) return null
  const current = draft ?? draftOf(settings)
  const read = readDraft(current)
  const save = async () => {
    if (read.ok && (await changeSettings(client, [row.id], read.settings))) onClose()
  }
  return (
    <SidePanel
      isOpen={isOpen}
      onClose={onClose}
      wide="widest"
      title="Warmup settings"
      subtitle={row.address}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            kind="primary"
            isDisabled={!isConnected || !read.ok || draft === null}
            onPress={() => void save()}
          >
            Save the settings
          </Button>
        </>
      }
    >
      <div className="grid items-start gap-8 md:grid-cols-[minmax(0,1fr)_minmax(300px,0.75fr)]">
        <SettingsForm draft={current} problems={read.ok ? {} : read.problems} onChange={setDraft} />
        <section aria-label="Preview" className="top-0 flex flex-col gap-4 md:sticky">
          <RampPreview id={row.id} settings={read.ok ? read.settings : null} />
          <p className="text-meta text-ink-soft">
            They hold at once: the rest of today is planned anew. The days behind keep counting.
          </p>
        </section>
      </div>
    </SidePanel>
  )
}
