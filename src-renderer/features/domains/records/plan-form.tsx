import type {
  DmarcStep,
  MtaStsMode,
  PlanChoices,
  PlanProblem,
  RecordPlan,
} from '#shared/model/record-plan.ts'
import { describeFailure } from '#shared/words/failures.ts'
import { countOf } from '#shared/words/phrases.ts'
import {
  dmarcCaution,
  dmarcStepWords,
  leftOutSentence,
  mtaStsModeWords,
  planPartWords,
} from '#shared/words/plan.ts'
import type { ReactNode } from 'react'
import { Checkbox, Segments } from '../../../ui/choice.tsx'
import { Select } from '../../../ui/select.tsx'
import { TextField } from '../../../ui/field.tsx'
import { mailProviderName, mailProviderOptions } from '../../../words/providers.ts'
import { type NameCheck, useNameCheck } from './use-name-check.ts'

const asDetected = 'detected'
const steps: readonly DmarcStep[] = ['none', 'quarantine', 'reject']
const modes: readonly MtaStsMode[] = ['testing', 'enforce']

type PlanFormProps = {
  choices: PlanChoices
  plan: RecordPlan | null
  onChoose: (change: Partial<PlanChoices>) => void
}

/** What a person decides about the records; everything else follows from what is published. */
export function PlanForm({ choices, plan, onChoose }: PlanFormProps) {
  const include = useNameCheck('spf-include', choices.spfInclude)
  const errorOf = (field: PlanProblem['field']) => {
    const problem = plan?.problems.find(one => one.field === field)
    return problem && describeFailure(problem.failure).title
  }
  return (
    <section
      aria-label="What to publish"
      className="flex flex-col gap-5 rounded-card border border-line bg-ice p-4"
    >
      <div className="grid grid-cols-2 items-start gap-x-6 gap-y-4">
        <Select
          label="Mail is sent through"
          value={choices.mailProvider ?? asDetected}
          onChange={picked => onChoose({ mailProvider: picked === asDetected ? null : picked })}
          options={[
            { id: asDetected, label: `As detected${detected(plan, choices)}` },
            ...mailProviderOptions,
          ]}
        />
        <div className="min-h-[72px]">
          <TextField
            label="Also allow in SPF"
            value={choices.spfInclude ?? ''}
            onChange={text => onChoose({ spfInclude: text === '' ? null : text })}
            placeholder="_spf.example.net"
            mono
            description={includeSentence(include)}
            error={errorOf('spfInclude')}
          />
        </div>
      </div>
      <DmarcChoice choices={choices} plan={plan} onChoose={onChoose} />
      <Extras choices={choices} plan={plan} onChoose={onChoose} errorOf={errorOf} />
    </section>
  )
}

type PartProps = Pick<PlanFormProps, 'choices' | 'plan' | 'onChoose'>

function DmarcChoice({ choices, plan, onChoose }: PartProps) {
  const step = choices.dmarcStep ?? plan?.dmarc.planned ?? null
  const caution = plan && dmarcCaution(plan)
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-center gap-3">
        <span className="font-medium">DMARC policy</span>
        <Segments
          label="DMARC policy"
          value={step ?? ''}
          onChange={id => onChoose({ dmarcStep: id as DmarcStep })}
          options={steps.map(id => ({
            id,
            label: dmarcStepWords[id].name,
            ...(plan?.dmarc.published === id
              ? { extra: <span className="text-meta font-normal text-ink-soft">now</span> }
              : {}),
          }))}
        />
      </div>
      <p aria-live="polite" className="min-h-8 text-meta text-ink-soft">
        {step === null ? (
          plan && 'What is published could not be looked up. Choose a policy, or leave it as it is.'
        ) : (
          <>
            {dmarcStepWords[step].does} {caution ? <Warned>{caution}</Warned> : dmarcStepWords[step].next}
          </>
        )}
      </p>
    </div>
  )
}

function Extras({
  choices,
  plan,
  onChoose,
  errorOf,
}: PartProps & { errorOf: (field: PlanProblem['field']) => string | undefined }) {
  const target = useNameCheck('tracking-target', choices.trackingTarget)
  const left = plan && leftOutSentence(plan)
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="sr-only">More records</legend>
      <Extra
        name={planPartWords['tls-rpt'].name}
        gloss={planPartWords['tls-rpt'].gloss}
        checked={choices.tlsRpt}
        onChange={tlsRpt => onChoose({ tlsRpt })}
      />
      <Extra
        name={planPartWords['mta-sts'].name}
        gloss={choices.mtaSts ? mtaStsModeWords[choices.mtaSts].does : planPartWords['mta-sts'].gloss}
        checked={choices.mtaSts !== null}
        onChange={isWanted => onChoose({ mtaSts: isWanted ? 'testing' : null })}
      >
        {choices.mtaSts && (
          <Segments
            label="MTA-STS mode"
            value={choices.mtaSts}
            onChange={id => onChoose({ mtaSts: id as MtaStsMode })}
            options={modes.map(id => ({ id, label: mtaStsModeWords[id].name }))}
          />
        )}
      </Extra>
      {left && (
        <p className="pl-6 text-meta">
          <Warned>{left}</Warned>
        </p>
      )}
      <Extra
        name="Tracking name"
        gloss={planPartWords.tracking.gloss}
        checked={choices.trackingTarget !== null}
        onChange={isWanted => onChoose({ trackingTarget: isWanted ? '' : null })}
      />
      {choices.trackingTarget !== null && (
        <div className="grid grid-cols-2 items-start gap-6 pl-6">
          <TextField
            label="Name"
            value={choices.trackingName}
            onChange={trackingName => onChoose({ trackingName })}
            mono
            description={plan ? `In front of ${plan.domain}.` : undefined}
            error={errorOf('trackingName')}
          />
          <TextField
            label="Leads to"
            value={choices.trackingTarget}
            onChange={trackingTarget => onChoose({ trackingTarget })}
            placeholder="track.service.example"
            mono
            description={targetSentence(target)}
            error={errorOf('trackingTarget')}
          />
        </div>
      )}
    </fieldset>
  )
}

type ExtraProps = {
  name: string
  gloss: string
  checked: boolean
  onChange: (checked: boolean) => void
  children?: ReactNode
}

function Extra({ name, gloss, checked, onChange, children }: ExtraProps) {
  return (
    <div className="flex min-h-8 items-center gap-3">
      <div className="w-32 shrink-0">
        <Checkbox label={name} showLabel checked={checked} onChange={onChange} />
      </div>
      <p className="min-w-0 flex-1 text-meta text-ink-soft">{gloss}</p>
      {children}
    </div>
  )
}

function Warned({ children }: { children: ReactNode }) {
  return <span className="text-warn">{children}</span>
}

function detected(plan: RecordPlan | null, choices: PlanChoices): string {
  const name = choices.mailProvider === null ? mailProviderName(plan?.mailProvider ?? null) : null
  return name ? `: ${name}` : ''
}

function includeSentence(check: NameCheck | null): ReactNode {
  if (check === null) return 'Optional. The name a sending service gives you to include.'
  if (check.state === 'unavailable') return 'Could not look it up now. Nothing is known to be wrong.'
  if (check.state === 'unusable')
    return <Warned>No SPF record stands at this name. Your whole record would count as broken.</Warned>
  return `Found. It costs ${countOf(check.lookups ?? 1, 'look-up')} of the 10 that SPF may take.`
}

function targetSentence(check: NameCheck | null): ReactNode {
  if (check === null) return 'The name your sending service shows for tracking.'
  if (check.state === 'unavailable') return 'Could not look it up now. Nothing is known to be wrong.'
  if (check.state === 'unusable')
    return <Warned>This name leads nowhere. Check how the service spells it.</Warned>
  return 'Found.'
}
