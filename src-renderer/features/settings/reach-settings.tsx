import type { ReachSettings as Reach } from '#shared/model/settings.ts'
import { compareMailWords, reachWords } from '#shared/words/reach.ts'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { Checkbox } from '../../ui/choice.tsx'
import { tellFailure } from '../frame/failures.ts'

const parts = ['direct', 'https', 'smtp'] as const

/** What an audit contacts beside the DNS server, in the window and in the background. */
export function ReachSettings({ reach }: { reach: Reach }) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const change = async (part: keyof Reach, on: boolean) => {
    const result = await client.settings.set({ reach: { [part]: on } })
    if (!result.ok) tellFailure(result.failure)
  }
  return (
    <ul className="flex flex-col gap-4">
      {parts.map(part => (
        <li key={part}>
          <Checkbox
            label={reachWords[part].name}
            showLabel
            describedBy={`reach-${part}`}
            checked={reach[part]}
            isDisabled={!isOpen}
            onChange={on => void change(part, on)}
          />
          <p id={`reach-${part}`} className="pl-6 text-meta text-ink-soft">
            {reachWords[part].gloss}
          </p>
        </li>
      ))}
    </ul>
  )
}

/** Whether a silent mail server is compared with one that always answers. */
export function CompareMail({ isOn }: { isOn: boolean }) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const change = async (compareMail: boolean) => {
    const result = await client.settings.set({ compareMail })
    if (!result.ok) tellFailure(result.failure)
  }
  return (
    <>
      <Checkbox
        label={compareMailWords.name}
        showLabel
        describedBy="compare-mail"
        checked={isOn}
        isDisabled={!isOpen}
        onChange={on => void change(on)}
      />
      <p id="compare-mail" className="pl-6 text-meta text-ink-soft">
        {compareMailWords.gloss}
      </p>
    </>
  )
}
