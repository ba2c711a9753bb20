import type { SettingsChange, WarmupChoices } from '#shared/model/settings.ts'
import { warmupPolicySentences } from '#shared/words/warmup.ts'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { Checkbox } from '../../ui/choice.tsx'
import { Select } from '../../ui/select.tsx'
import { tellFailure } from '../frame/failures.ts'

const tidyDays = [5, 7, 10, 14, 21, 30]

/** What holds for the warmup of all mailboxes, and what it is. */
export function WarmupSettings({ choices }: { choices: WarmupChoices }) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const change = async (warmup: NonNullable<SettingsChange['warmup']>) => {
    const result = await client.settings.set({ warmup })
    if (!result.ok) tellFailure(result.failure)
  }
  const { startsByItself, tidyAfterDays } = choices
  const days = [...new Set([...tidyDays, tidyAfterDays])].toSorted((a, b) => a - b)
  return (
    <div className="flex flex-col gap-4">
      <div>
        <Checkbox
          showLabel
          label="New mailboxes begin by themselves"
          describedBy="warmup-starts"
          checked={startsByItself}
          isDisabled={!isOpen}
          onChange={on => void change({ startsByItself: on })}
        />
        <p id="warmup-starts" className="pl-6 text-meta text-ink-soft">
          As soon as their test has passed. {warmupPolicySentences[2]}
        </p>
      </div>
      <div className="flex flex-col items-start gap-1">
        <Select
          label="Old warmup messages are deleted after"
          value={String(tidyAfterDays)}
          onChange={picked => void change({ tidyAfterDays: Number(picked) })}
          options={days.map(count => ({ id: String(count), label: `${count} days` }))}
        />
        <p className="text-meta text-ink-soft">
          From the folder Rookery files them in, and only those that carry a token of yours.
        </p>
      </div>
    </div>
  )
}
