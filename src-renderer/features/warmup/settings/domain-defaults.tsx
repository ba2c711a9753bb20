import type { Domain } from '#shared/model/domain.ts'
import type { WarmupDefaults, WarmupSettings, WarmupStrategy } from '#shared/model/warmup.ts'
import { type RampStrategy, ramps, settingsFrom, usualDefaults, usualStrategy } from '#shared/warmup-ramps.ts'
import { defaultsSentence, strategyWords } from '#shared/words/warmup.ts'
import { type FormEvent, useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { TextField } from '../../../ui/field.tsx'
import { OptionCards } from '../../../ui/option-cards.tsx'
import { showToast } from '../../../ui/toast.tsx'
import { tellFailure } from '../../frame/failures.ts'
import { draftOf, readDraft, type SettingsDraft, withStrategy } from './settings-draft.ts'
import { rampCards } from './strategy-cards.ts'
import { Weekdays } from './weekdays.tsx'

/** What the mailboxes of a domain begin to warm up with. Made anew when it changes elsewhere. */
export function DomainDefaults({ domain }: { domain: Domain }) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const kept = domain.warmupDefaults
  const [draft, setDraft] = useState<SettingsDraft | null>(null)
  const current = draft ?? draftOf(settingsFrom(kept, 'UTC'))
  const set = (change: Partial<SettingsDraft>) => setDraft({ ...current, ...change })
  const read = readDraft(current)
  const problems = read.ok ? {} : read.problems
  const save = async (defaults: WarmupDefaults | null) => {
    const result = await client.domains.setWarmupDefaults({ ids: [domain.id], defaults })
    if (!result.ok) return tellFailure(result.failure)
    setDraft(null)
    const { strategy } = defaults ?? usualDefaults()
    showToast({ tone: 'pass', title: `New mailboxes begin with ${strategyWords[strategy].name}` })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (read.ok) void save(defaultsOf(read.settings))
  }
  return (
    <form
      onSubmit={submit}
      aria-label="Default for warmup"
      className="flex flex-col gap-4 rounded-card border border-line p-4"
    >
      <div className="flex flex-wrap items-center gap-2">
        <p className="flex-1">
          {kept === null
            ? 'Nothing was chosen for this domain: its mailboxes begin with the usual.'
            : 'Mailboxes of this domain begin with this.'}{' '}
          <span className="text-ink-soft">
            {defaultsSentence(kept ?? usualDefaults())} Those in warmup already keep what they have.
          </span>
        </p>
        <Badge tone="neutral">{strategyWords[(kept ?? usualDefaults()).strategy].name}</Badge>
      </div>
      <OptionCards<RampStrategy>
        label="How fast"
        value={rampOf(current.strategy)}
        onChange={strategy => setDraft(withStrategy(current, strategy))}
        options={rampCards}
      />
      <Weekdays days={current.weekdays} onChange={weekdays => set({ weekdays })} />
      <div className="grid max-w-xl grid-cols-3 items-start gap-4">
        <TextField
          label="Target a day"
          value={current.target}
          onChange={target => set({ target })}
          description="5 to 50."
          error={problems.target}
        />
        <TextField
          label="From"
          value={current.from}
          onChange={from => set({ from })}
          description="In the mailbox’s own time zone."
          error={problems.window}
        />
        <TextField label="To" value={current.to} onChange={to => set({ to })} />
      </div>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" isDisabled={!isOpen || !read.ok || draft === null}>
          Save the default
        </Button>
        {kept !== null && (
          <Button kind="quiet" isDisabled={!isOpen} onPress={() => void save(null)}>
            Use the usual again
          </Button>
        )}
      </div>
    </form>
  )
}

/** A domain has no table of its own. */
const rampOf = (strategy: WarmupStrategy): RampStrategy => (strategy === 'custom' ? usualStrategy : strategy)

/** A target that is the strategy's own goes on following it. */
function defaultsOf(settings: WarmupSettings): WarmupDefaults {
  const { targetPerDay, window, weekdays } = settings
  const strategy = rampOf(settings.strategy)
  const isUsual = targetPerDay === ramps[strategy].targetPerDay
  return { strategy, targetPerDay: isUsual ? null : targetPerDay, window, weekdays }
}
