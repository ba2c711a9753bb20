import { describeFailure } from '#shared/words/failures.ts'
import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { useDomain } from '../../../replica/queries.ts'
import { Button } from '../../../ui/button.tsx'
import { Select } from '../../../ui/choice.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Progress } from '../../../ui/progress.tsx'
import { Spinner } from '../../../ui/spinner.tsx'
import { dnsProviderName, mailProviderName, mailProviderOptions } from '../../../words/providers.ts'
import { useAudit } from '../details/use-audit.ts'
import { PlanList } from '../records/plan-list.tsx'
import { type PlanChoice, usePlan } from '../records/use-plan.ts'

const asDetected = 'detected'

/** What to publish, from what stands in the DNS now. A first look is taken when there was none. */
export function RecordsStep({ id }: { id: string }) {
  const domain = useDomain(id)
  const [choice, setChoice] = useState<PlanChoice>({ mailProvider: null, dnsProvider: null })
  const audit = useAudit(id, domain?.checkedAt)
  const { plan, failure } = usePlan(id, choice, domain?.checkedAt)
  const [, go] = useLocation()

  const isUnseen = audit.report === null && domain !== null
  const { start } = audit
  useEffect(() => {
    if (isUnseen) start()
  }, [isUnseen, start])

  const words = failure ? describeFailure(failure) : null
  return (
    <div className="flex flex-col gap-5">
      <div className="flex items-end gap-4">
        <div className="flex-1">
          <h2 className="text-section font-semibold">Records to publish</h2>
          <p className="text-ink-soft">{introduction(plan?.dnsProvider ?? null)}</p>
        </div>
        <Select
          label="Mail is sent through"
          value={choice.mailProvider ?? asDetected}
          onChange={picked => setChoice({ ...choice, mailProvider: picked === asDetected ? null : picked })}
          options={[
            { id: asDetected, label: `As detected${detected(plan?.mailProvider ?? null, choice)}` },
            ...mailProviderOptions,
          ]}
        />
      </div>
      {words && (
        <Notice tone="fail" title={words.title}>
          {words.next}
        </Notice>
      )}
      {audit.run && (
        <div className="flex flex-col gap-2">
          <p className="text-ink-soft">Looking at what is published now.</p>
          <Progress label="Records checked" done={audit.run.done.size} total={audit.run.checks.length} />
        </div>
      )}
      {plan?.incomplete && !audit.run && plan.checkedAt !== null && (
        <Notice
          tone="unknown"
          title="Some records could not be looked up"
          action={<Button onPress={start}>Look again</Button>}
        >
          What is listed may change once they can. Nothing that could not be seen is proposed to be replaced.
        </Notice>
      )}
      {plan && !audit.run ? (
        <PlanList
          plan={plan}
          report={audit.report ?? null}
          onDnsProvider={dnsProvider => setChoice({ ...choice, dnsProvider })}
        />
      ) : (
        !words && !audit.run && <Spinner />
      )}
      <div className="flex items-center gap-3">
        <Button kind="primary" onPress={() => go(`/domains/${id}/setup/verify`)}>
          I have published them
        </Button>
        <Button onPress={() => go('/domains')}>Verify later</Button>
        <span className="text-meta text-ink-soft">Rookery keeps looking in the background.</span>
      </div>
    </div>
  )
}

function introduction(dnsProvider: string | null): string {
  const name = dnsProviderName(dnsProvider)
  return name
    ? `Your DNS is at ${name}. Each value below is written the way ${name} wants it typed.`
    : 'Publish these where your DNS is looked after. “Show me how” has the steps for your provider.'
}

function detected(mailProvider: string | null, choice: PlanChoice): string {
  const name = choice.mailProvider === null ? mailProviderName(mailProvider) : null
  return name ? `: ${name}` : ''
}
