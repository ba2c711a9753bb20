import type { RecordPlan, RequiredRecord } from '#shared/model/domain.ts'
import { checkWords } from '#shared/words/checks.ts'
import { BookOpen } from 'lucide-react'
import { useState } from 'react'
import { Badge, type Tone } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Segments } from '../../../ui/choice.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { dnsProviderName } from '../../../words/providers.ts'
import { InstructionModal } from './instruction-modal.tsx'
import { RecordDiff, RecordValue } from './record-value.tsx'

const actions: Record<RequiredRecord['action'], { tone: Tone; words: string }> = {
  add: { tone: 'warn', words: 'Add' },
  replace: { tone: 'warn', words: 'Replace' },
  keep: { tone: 'pass', words: 'In place' },
  provider: { tone: 'unknown', words: 'Get it from your mail provider' },
}

type Form = 'provider' | 'standard'

/** The records to publish, each with what to paste where. */
export function PlanList({ plan, onDnsProvider }: { plan: RecordPlan; onDnsProvider: (id: string) => void }) {
  const [form, setForm] = useState<Form>('provider')
  const [guided, setGuided] = useState<string | null>(null)
  const provider = dnsProviderName(plan.dnsProvider)
  const shown = provider ? form : 'standard'
  const guidedRecord = plan.records.find(record => keyOf(record) === guided)
  const open = plan.records.filter(({ action }) => action !== 'keep')
  const ordered = [...open, ...plan.records.filter(({ action }) => action === 'keep')]
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center gap-3">
        {provider && (
          <Segments
            label="How the values are written"
            value={form}
            onChange={id => setForm(id as Form)}
            options={[
              { id: 'provider', label: `As ${provider} wants it` },
              { id: 'standard', label: 'Standard form' },
            ]}
          />
        )}
        <span className="flex-1" />
        <CopyButton
          value={asText(open.length > 0 ? open : plan.records, shown)}
          label="Copy all records to publish"
          text="Copy all"
        />
      </div>
      <ul className="divide-y divide-line rounded-card border border-line">
        {ordered.map(record => (
          <PlanEntry
            key={keyOf(record)}
            record={record}
            form={shown}
            onGuide={() => setGuided(keyOf(record))}
          />
        ))}
      </ul>
      {guidedRecord && (
        <InstructionModal
          plan={plan}
          record={guidedRecord}
          onDnsProvider={onDnsProvider}
          onClose={() => setGuided(null)}
        />
      )}
    </div>
  )
}

function keyOf({ check, name, value }: RequiredRecord): string {
  return `${check}:${name}:${value}`
}

type PlanEntryProps = { record: RequiredRecord; form: Form; onGuide: () => void }

function PlanEntry({ record, form, onGuide }: PlanEntryProps) {
  const { tone, words } = actions[record.action]
  const name = nameIn(record, form)
  const value = valueIn(record, form)
  return (
    <li className="flex flex-col gap-2 p-4">
      <div className="flex items-center gap-2">
        <span className="font-medium">{checkWords[record.check].name}</span>
        <span className="text-meta text-ink-soft">{record.type}</span>
        <Badge tone={tone}>{words}</Badge>
        <span className="flex-1" />
        {record.action !== 'keep' && (
          <Button kind="quiet" onPress={onGuide}>
            <BookOpen aria-hidden />
            Show me how
          </Button>
        )}
      </div>
      <dl className="grid grid-cols-[72px_1fr_28px] items-start gap-x-3 gap-y-1">
        <dt className="pt-1 text-meta text-ink-soft">Name</dt>
        <dd className="pt-1">
          {name === '' ? (
            <span className="text-ink-soft">Leave the box empty</span>
          ) : (
            <code className="font-mono text-meta break-all">{name}</code>
          )}
        </dd>
        <dd>
          {name !== '' && (
            <CopyButton value={name} label={`Copy the name of ${checkWords[record.check].name}`} />
          )}
        </dd>
        <dt className="pt-1 text-meta text-ink-soft">Value</dt>
        <dd className="pt-1">
          {value === null ? (
            <span className="text-ink-soft">
              {record.action === 'keep'
                ? 'Could not be looked up, so nothing is proposed.'
                : 'Your mail provider makes this value. Its console shows it.'}
            </span>
          ) : record.action === 'replace' && record.current !== null ? (
            <RecordDiff found={record.current} expected={value} />
          ) : (
            <RecordValue value={value} />
          )}
        </dd>
        <dd>
          {value !== null && (
            <CopyButton value={value} label={`Copy the value of ${checkWords[record.check].name}`} />
          )}
        </dd>
      </dl>
    </li>
  )
}

function nameIn(record: RequiredRecord, form: Form): string {
  return form === 'provider' ? record.enterName : record.name
}

function valueIn(record: RequiredRecord, form: Form): string | null {
  return form === 'provider' ? record.enterValue : record.value
}

/** Lines to paste into a ticket or a note: name, type, value. */
function asText(records: readonly RequiredRecord[], form: Form): string {
  return records
    .map(
      record =>
        `${nameIn(record, form) || '(empty)'}\t${record.type}\t${valueIn(record, form) ?? '(from your mail provider)'}`,
    )
    .join('\n')
}
