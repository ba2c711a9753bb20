import { dailyLimits } from '#shared/model/mailbox-values.ts'
import { Checkbox } from '../../ui/choice.tsx'
import { TextField } from '../../ui/field.tsx'
import { TimeZoneSelect } from '../../ui/time-zone-select.tsx'

export type PreferencesDraft = {
  senderName: string
  hasOwnLimit: boolean
  limit: string
  timeZone: string
  signature: string
}

export const machineZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

export function newPreferences(): PreferencesDraft {
  return {
    senderName: '',
    hasOwnLimit: false,
    limit: String(dailyLimits.usual),
    timeZone: machineZone(),
    signature: '',
  }
}

/** What is wrong with the limit, in a sentence. */
export function limitProblem({
  hasOwnLimit,
  limit,
}: Pick<PreferencesDraft, 'hasOwnLimit' | 'limit'>): string | null {
  const count = Number(limit)
  const fits = /^\d+$/.test(limit.trim()) && count >= dailyLimits.least && count <= dailyLimits.most
  return hasOwnLimit && !fits ? `A number from ${dailyLimits.least} to ${dailyLimits.most}.` : null
}

export function preferencesOf({ senderName, hasOwnLimit, limit, timeZone, signature }: PreferencesDraft) {
  return { senderName, signature, timeZone, dailyLimit: hasOwnLimit ? Number(limit) : null }
}

type PreferencesFormProps = {
  draft: PreferencesDraft
  /** What the domain gives each of its mailboxes. */
  domainLimit: number
  onChange: (draft: PreferencesDraft) => void
}

export function PreferencesForm({ draft, domainLimit, onChange }: PreferencesFormProps) {
  const set = (change: Partial<PreferencesDraft>) => onChange({ ...draft, ...change })
  const problem = limitProblem(draft)
  return (
    <div className="flex flex-col gap-4">
      <TextField
        label="Sender name"
        value={draft.senderName}
        onChange={senderName => set({ senderName })}
        placeholder="Mia from Example"
        description="Optional. Shown before the address."
      />
      <div className="flex flex-col gap-2">
        <Checkbox
          showLabel
          label="A daily limit of its own"
          checked={draft.hasOwnLimit}
          onChange={hasOwnLimit => set({ hasOwnLimit })}
        />
        {draft.hasOwnLimit ? (
          <div className="w-40">
            <TextField
              label="Messages a day"
              value={draft.limit}
              onChange={limit => set({ limit })}
              error={problem ?? undefined}
            />
          </div>
        ) : (
          <p className="ml-6 text-meta text-ink-soft">
            Without one it may send {domainLimit} a day, as its domain says.
          </p>
        )}
      </div>
      <TimeZoneSelect value={draft.timeZone} onChange={timeZone => set({ timeZone })} />
      <TextField
        label="Signature"
        lines={4}
        value={draft.signature}
        onChange={signature => set({ signature })}
        description="Optional. Plain text under each message."
      />
    </div>
  )
}
