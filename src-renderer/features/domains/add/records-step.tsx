import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { useDomain } from '../../../replica/domains.ts'
import { Button } from '../../../ui/button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Progress } from '../../../ui/progress.tsx'
import { Spinner } from '../../../ui/spinner.tsx'
import { FailureNotice } from '../../frame/failure-notice.tsx'
import { dnsProviderName } from '../../../words/providers.ts'
import { useAudit } from '../details/use-audit.ts'
import { OwnKeys } from '../records/own-keys.tsx'
import { PlanForm } from '../records/plan-form.tsx'
import { PlanList } from '../records/plan-list.tsx'
import { PolicyFileCard } from '../records/policy-file.tsx'
import { usePlan } from '../records/use-plan.ts'

/** What to publish, from what stands in the DNS now. A first look is taken when there was none. */
export function RecordsStep({ id }: { id: string }) {
  const domain = useDomain(id)
  const audit = useAudit(id, domain?.checkedAt)
  const { choices, choose, plan, failure, keysChanged } = usePlan(id, domain?.checkedAt)
  const [, go] = useLocation()

  const isUnseen = audit.report === null && domain !== null
  const { start } = audit
  useEffect(() => {
    if (isUnseen) start()
  }, [isUnseen, start])

  return (
    <div className="flex flex-col gap-5">
      <div>
        <h2 className="text-section font-semibold">Records to publish</h2>
        <p className="text-ink-soft">{introduction(plan?.dnsProvider ?? null)}</p>
      </div>
      {failure && <FailureNotice failure={failure} />}
      {choices && <PlanForm choices={choices} plan={plan} onChoose={choose} />}
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
        <>
          <PlanList
            plan={plan}
            report={audit.report ?? null}
            onDnsProvider={dnsProvider => choose({ dnsProvider })}
          />
          {plan.policyFile && <PolicyFileCard file={plan.policyFile} />}
          <OwnKeys id={id} onChange={keysChanged} />
        </>
      ) : (
        !failure && !audit.run && <Spinner />
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
