import type { AuditReport } from '#shared/model/audit.ts'
import type { RecordPlan, RequiredRecord } from '#shared/model/record-plan.ts'
import type { Finding } from '#shared/model/finding.ts'
import { describeFinding } from '#shared/words/findings.ts'
import { actionWords, planPartWords } from '#shared/words/plan.ts'
import { zoneText } from '#shared/record-text/zone-text.ts'
import { BookOpen, Download } from 'lucide-react'
import { useState } from 'react'
import { Badge, type Tone } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { Segments } from '../../../ui/choice.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { saveText } from '../../../ui/save-text.ts'
import { dnsProviderName } from '../../../words/providers.ts'
import { InstructionModal } from './instruction-modal.tsx'
import { RecordDiff, RecordValue } from './record-value.tsx'

type Standing = RequiredRecord['action'] | 'unseen' | 'faulty'

const standings: Record<Standing, { tone: Tone; words: string }> = {
  add: { tone: 'warn', words: actionWords.add },
  replace: { tone: 'warn', words: actionWords.replace },
  keep: { tone: 'pass', words: actionWords.keep },
  provider: { tone: 'unknown', words: actionWords.provider },
  faulty: { tone: 'fail', words: 'Has a fault' },
  unseen: { tone: 'unknown', words: 'Could not look' },
}

type Form = 'provider' | 'standard'

type PlanListProps = {
  plan: RecordPlan
  /** The audit the plan rests on, for what is wrong with a record that is kept. */
  report: AuditReport | null
  /** The plan is to be made for this DNS provider instead. */
  onDnsProvider: (id: string) => void
}

/** The records to publish, each with what to paste where. */
export function PlanList({ plan, report, onDnsProvider }: PlanListProps) {
  const [form, setForm] = useState<Form>('provider')
  const [guided, setGuided] = useState<string | null>(null)
  const provider = dnsProviderName(plan.dnsProvider)
  const shown = provider ? form : 'standard'
  const guidedRecord = plan.records.find(record => keyOf(record) === guided)
  const open = plan.records.filter(({ action }) => action !== 'keep')
  const ordered = [...open, ...plan.records.filter(({ action }) => action === 'keep')]
  const zone = zoneText(plan)
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
        <CopyButton value={zone} label="Copy zone file of these records" text="Copy zone file" />
        <IconButton label="Save as a zone file" onPress={() => saveText(`${plan.domain}.zone`, zone)}>
          <Download />
        </IconButton>
      </div>
      <ul className="divide-y divide-line rounded-card border border-line">
        {ordered.map(record => (
          <PlanEntry
            key={keyOf(record)}
            record={record}
            fault={faultOf(record, report)}
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

/** A record that is kept without a value was not seen: nothing is said of it. */
function standingOf({ action, value }: RequiredRecord): Standing {
  return action === 'keep' && value === null ? 'unseen' : action
}

/** A record that is kept although it fails: no mend has one meaning, so a person decides. */
function faultOf(record: RequiredRecord, report: AuditReport | null): Finding | null {
  const verdict = report?.rows.find(({ check }) => check === record.check)?.verdict
  if (record.action !== 'keep' || verdict !== 'fail' || report === null) return null
  return report.findings.find(({ check, severity }) => check === record.check && severity !== 'info') ?? null
}

function keyOf({ check, name, value, current }: RequiredRecord): string {
  return [check, name, value, current].join(':')
}

type PlanEntryProps = {
  record: RequiredRecord
  /** What is wrong with a record that only a person can mend. */
  fault: Finding | null
  form: Form
  onGuide: () => void
}

function PlanEntry({ record, fault, form, onGuide }: PlanEntryProps) {
  const { tone, words } = standings[fault ? 'faulty' : standingOf(record)]
  const isUnnamed = record.action === 'provider' && record.name.startsWith('_domainkey.')
  const name = nameIn(record, form)
  const value = valueIn(record, form)
  const priority = priorityIn(record, form)
  return (
    <li className="flex flex-col gap-2 p-4">
      <div className="flex items-center gap-2">
        <span className="font-medium">{planPartWords[record.check].name}</span>
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
      <dl className="grid grid-cols-[72px_1fr_28px] items-center gap-x-3 gap-y-1">
        <dt className="self-start pt-1.5 text-meta text-ink-soft">Name</dt>
        <dd className="leading-5">
          {name === '' ? (
            <span className="text-ink-soft">Leave the box empty</span>
          ) : (
            <code className="font-mono text-meta [overflow-wrap:anywhere]">{name}</code>
          )}
        </dd>
        <dd>
          {name !== '' && !isUnnamed && (
            <CopyButton value={name} label={`Copy the name of ${planPartWords[record.check].name}`} />
          )}
        </dd>
        {priority !== null && (
          <>
            <dt className="text-meta text-ink-soft">Priority</dt>
            <dd className="col-span-2 leading-5">
              <code className="font-mono text-meta">{priority}</code>
            </dd>
          </>
        )}
        <dt className="self-start pt-1.5 text-meta text-ink-soft">Value</dt>
        <dd className="leading-5">
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
            <CopyButton value={value} label={`Copy the value of ${planPartWords[record.check].name}`} />
          )}
        </dd>
      </dl>
      {fault && (
        <p>
          {describeFinding(fault).title} {describeFinding(fault).fix}
        </p>
      )}
    </li>
  )
}

function nameIn(record: RequiredRecord, form: Form): string {
  return form === 'provider' ? record.enterName : record.name
}

function valueIn(record: RequiredRecord, form: Form): string | null {
  return form === 'provider' ? record.enterValue : record.value
}

/** The priority of an MX record whose host stands in a box of its own. */
function priorityIn(record: RequiredRecord, form: Form): string | null {
  if (record.type !== 'MX' || record.value === null || valueIn(record, form) === record.value) return null
  return /^\d+(?=\s)/.exec(record.value)?.[0] ?? null
}

/** Lines to paste into a ticket or a note: name, type, value. */
function asText(records: readonly RequiredRecord[], form: Form): string {
  return records
    .map(record => {
      const value = valueIn(record, form) ?? '(from your mail provider)'
      const priority = priorityIn(record, form)
      const name = nameIn(record, form) || '(empty)'
      return [name, record.type, value, ...(priority === null ? [] : [`priority ${priority}`])].join('\t')
    })
    .join('\n')
}
