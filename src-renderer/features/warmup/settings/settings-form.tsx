import type { WarmupStrategy } from '#shared/model/warmup.ts'
import { curveWords } from '#shared/words/warmup.ts'
import { TextField } from '../../../ui/field.tsx'
import { OptionCards } from '../../../ui/option-cards.tsx'
import { Select } from '../../../ui/select.tsx'
import { TimeZoneSelect } from '../../../ui/time-zone-select.tsx'
import { type DraftField, type SettingsDraft, withStrategy } from './settings-draft.ts'
import { strategyCards } from './strategy-cards.ts'
import { Weekdays } from './weekdays.tsx'

const percents = (all: readonly number[]) => all.map(id => ({ id: String(id), label: `${id} %` }))

type SettingsFormProps = {
  draft: SettingsDraft
  problems: Partial<Record<DraftField, string>>
  onChange: (draft: SettingsDraft) => void
}

export function SettingsForm({ draft, problems, onChange }: SettingsFormProps) {
  const set = (change: Partial<SettingsDraft>) => onChange({ ...draft, ...change })
  const isCustom = draft.strategy === 'custom'
  return (
    <div className="flex flex-col gap-5">
      <OptionCards<WarmupStrategy>
        label="How fast"
        value={draft.strategy}
        onChange={strategy => onChange(withStrategy(draft, strategy))}
        options={strategyCards}
      />
      {isCustom ? (
        <TextField
          label="Messages on each day"
          lines={3}
          mono
          value={draft.custom}
          onChange={custom => set({ custom })}
          placeholder="2 3 3 4 5 6 8 10 12 15"
          description="The first day first. After the last one the volume stays."
          error={problems.custom}
        />
      ) : (
        <div className="grid grid-cols-[1fr_1fr_1.4fr] items-start gap-4">
          <TextField
            label="Target a day"
            value={draft.target}
            onChange={target => set({ target })}
            description="5 to 50."
            error={problems.target}
          />
          <TextField
            label="First day"
            value={draft.start}
            onChange={start => set({ start })}
            placeholder="by itself"
            description="2 to 5, or empty."
            error={problems.start}
          />
          <Select
            label="The way up"
            value={draft.curve}
            onChange={curve => set({ curve: curve as SettingsDraft['curve'] })}
            options={Object.entries(curveWords).map(([id, { name }]) => ({ id, label: name }))}
          />
        </div>
      )}
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 font-medium">When</legend>
        <Weekdays days={draft.weekdays} onChange={weekdays => set({ weekdays })} />
        <div className="grid grid-cols-[1fr_1fr_1.4fr] items-start gap-4">
          <TextField
            label="From"
            value={draft.from}
            onChange={from => set({ from })}
            error={problems.window}
          />
          <TextField label="To" value={draft.to} onChange={to => set({ to })} />
          <TimeZoneSelect value={draft.timeZone} onChange={timeZone => set({ timeZone })} />
        </div>
        <TextField
          label="Days off"
          value={draft.holidays}
          onChange={holidays => set({ holidays })}
          placeholder="2026-12-24 2026-12-25"
          description="Dates on which nothing is sent. They do not bring the ramp forward."
          error={problems.holidays}
        />
      </fieldset>
      <div className="grid grid-cols-2 items-start gap-4">
        <div className="flex flex-col gap-1">
          <Select
            label="A day may differ by"
            value={draft.variance}
            onChange={variance => set({ variance })}
            options={percents([0, 5, 10, 15, 20])}
          />
          <p className="text-meta text-ink-soft">So that no two days look alike.</p>
        </div>
        <div className="flex flex-col gap-1">
          <Select
            label="Answered"
            value={draft.replyRate}
            onChange={replyRate => set({ replyRate })}
            options={percents([20, 30, 40, 50, 60])}
          />
          <p className="text-meta text-ink-soft">Of the messages it receives.</p>
        </div>
      </div>
    </div>
  )
}
