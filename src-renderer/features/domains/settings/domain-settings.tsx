import type { Domain } from '#shared/model/domain.ts'
import { ListChecks } from 'lucide-react'
import { useLocation } from 'wouter'
import { useDomain } from '../../../replica/domains.ts'
import { Button } from '../../../ui/button.tsx'
import { Spinner } from '../../../ui/spinner.tsx'
import { FailureNotice } from '../../frame/failure-notice.tsx'
import { ListedPage } from '../../frame/listed-page.tsx'
import { lists, Page } from '../../frame/page.tsx'
import { DailyLimit } from '../../mailboxes/daily-limit.tsx'
import { DomainDefaults } from '../../warmup/settings/domain-defaults.tsx'
import { DomainLimit } from '../../warmup/settings/domain-limit.tsx'
import { OwnKeys } from '../records/own-keys.tsx'
import { PlanForm } from '../records/plan-form.tsx'
import { usePlan } from '../records/use-plan.ts'

/** What a person decides about a domain: its records and its key, how its mailboxes warm up, what they may send. */
export function DomainSettings({ id }: { id: string }) {
  return (
    <ListedPage thing={useDomain(id)} what="domain" parent={lists.domains} title="Settings">
      {domain => <Settings domain={domain} />}
    </ListedPage>
  )
}

function Settings({ domain }: { domain: Domain }) {
  const { id, warmupDefaults, warmupPerDay, dailyLimit } = domain
  return (
    <Page title="Settings" parent={{ title: domain.displayName, to: `/domains/${id}` }}>
      <div className="scroll-quiet min-h-0 flex-1">
        <div className="mx-auto flex max-w-4xl flex-col gap-8 px-6 py-6">
          <section aria-labelledby="warmup-default" className="flex flex-col gap-3">
            <h2 id="warmup-default" className="text-section font-semibold">
              Warmup of its mailboxes
            </h2>
            <DomainDefaults key={JSON.stringify(warmupDefaults)} domain={domain} />
          </section>
          <section aria-labelledby="limits" className="flex flex-col gap-3">
            <h2 id="limits" className="text-section font-semibold">
              What they may send
            </h2>
            <DailyLimit key={dailyLimit} domain={domain} />
            <DomainLimit key={`limit ${warmupPerDay}`} domain={domain} />
          </section>
          <Records domain={domain} />
        </div>
      </div>
    </Page>
  )
}

function Records({ domain: { id, checkedAt } }: { domain: Domain }) {
  const { choices, choose, plan, failure, keysChanged } = usePlan(id, checkedAt)
  const [, go] = useLocation()
  return (
    <section aria-labelledby="records" className="flex flex-col gap-3">
      <div className="flex min-h-8 items-center gap-4">
        <h2 id="records" className="flex-1 text-section font-semibold">
          Records
        </h2>
        <Button onPress={() => go(`/domains/${id}/setup/records`)}>
          <ListChecks aria-hidden />
          Records to publish
        </Button>
      </div>
      <p className="text-ink-soft">
        What is chosen here changes the records to publish. Nothing is published for you.
      </p>
      {failure && <FailureNotice failure={failure} />}
      {choices ? <PlanForm choices={choices} plan={plan} onChoose={choose} /> : <Spinner />}
      <OwnKeys id={id} onChange={keysChanged} />
    </section>
  )
}
