import type { GuideField, GuidePlace } from '#shared/model/guide.ts'
import type { RecordPlan, RequiredRecord } from '#shared/model/record-plan.ts'
import { fillGuideText, guideFor } from '#shared/words/guides.ts'
import { planPartWords } from '#shared/words/plan.ts'
import { ExternalLink, TriangleAlert } from 'lucide-react'
import { Button } from '../../../ui/button.tsx'
import { Select } from '../../../ui/select.tsx'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { dnsProviderById, dnsProviderOptions } from '../../../words/providers.ts'
import { ExternalPage } from '../../frame/external-page.tsx'
import { FormDrawing, hasDrawing } from './form-drawing.tsx'

type InstructionModalProps = {
  plan: RecordPlan
  record: RequiredRecord
  /** The plan is made again for this provider; an id that is no provider stands for any other one. */
  onDnsProvider: (id: string) => void
  onClose: () => void
}

const otherProvider = 'other'

/** Step by step, how to publish one record at a DNS provider; the values of this very record are in the steps. */
export function InstructionModal({ plan, record, onDnsProvider, onClose }: InstructionModalProps) {
  const provider = dnsProviderById(plan.dnsProvider)
  const guide = guideFor(provider, plan.zone, record)
  const isDrawn = hasDrawing(guide.providerId)
  const filled = (index: number): GuidePlace[] =>
    guide.steps.slice(0, index + 1).flatMap(({ place }) => (place === undefined ? [] : [place]))
  return (
    <Dialog
      title={guide.title}
      subtitle={`${planPartWords[record.check].name} record for ${plan.domain}`}
      isOpen
      wide={isDrawn}
      onClose={onClose}
      actions={
        <>
          {guide.openUrl && (
            <ExternalPage
              url={guide.openUrl}
              className="inline-flex h-8 items-center gap-2 rounded-control border border-line-strong px-3 hover:bg-hover"
            >
              Open {provider?.name}
              <ExternalLink aria-hidden size={14} />
            </ExternalPage>
          )}
          <Button kind="primary" onPress={onClose}>
            Done
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <Select
          label="Your DNS provider"
          value={provider?.id ?? otherProvider}
          onChange={onDnsProvider}
          options={[...dnsProviderOptions, { id: otherProvider, label: 'Another one' }]}
        />
        <ol className="flex flex-col gap-3">
          {guide.steps.map((step, index) => (
            <li key={step.text} className="flex gap-4">
              <div className="flex min-w-0 flex-1 gap-3">
                <span
                  aria-hidden
                  className="inline-flex size-6 shrink-0 items-center justify-center rounded-full bg-ice text-meta font-semibold text-ink-soft tabular-nums"
                >
                  {index + 1}
                </span>
                <div className="min-w-0 flex-1 pt-0.5">
                  <StepText text={step.text} record={record} />
                  {step.hint && <p className="text-meta text-ink-soft">{step.hint}</p>}
                </div>
                {step.field && <StepCopy field={step.field} record={record} />}
              </div>
              {isDrawn && provider && (
                <div className="w-[340px] shrink-0">
                  {step.place && (
                    <FormDrawing
                      providerId={provider.id}
                      providerName={provider.name}
                      zone={plan.zone}
                      record={record}
                      place={step.place}
                      filled={filled(index)}
                    />
                  )}
                </div>
              )}
            </li>
          ))}
        </ol>
        {guide.pitfalls.length > 0 && (
          <section aria-label="Take care" className="flex flex-col gap-2 rounded-card bg-warn-soft p-4">
            {guide.pitfalls.map(pitfall => (
              <p key={pitfall} className="flex gap-2">
                <TriangleAlert aria-hidden size={14} className="mt-1 shrink-0 text-warn" />
                {pitfall}
              </p>
            ))}
          </section>
        )}
      </div>
    </Dialog>
  )
}

/** A step with what has to be typed set apart from the words around it. */
function StepText({ text, record }: { text: string; record: RequiredRecord }) {
  return (
    <p>
      {text.split(/(\{(?:type|name|value|priority)\})/).map((piece, index) =>
        piece.startsWith('{') ? (
          <code
            key={index}
            className="rounded-[4px] border border-line bg-ice px-1 py-0.5 font-mono text-meta [overflow-wrap:anywhere]"
          >
            {fillGuideText(piece, record)}
          </code>
        ) : (
          piece
        ),
      )}
    </p>
  )
}

function StepCopy({ field, record }: { field: GuideField; record: RequiredRecord }) {
  const value = field === 'name' ? record.enterName : field === 'value' ? record.enterValue : null
  if (!value) return null
  return <CopyButton value={value} label={`Copy the ${field}`} />
}
