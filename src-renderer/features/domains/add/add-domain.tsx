import { ArrowLeft } from 'lucide-react'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { useDomain } from '../../../replica/domains.ts'
import { Button } from '../../../ui/button.tsx'
import { lists, Page } from '../../frame/page.tsx'
import { NameStep } from './name-step.tsx'
import { RecordsStep } from './records-step.tsx'
import { Stepper } from './stepper.tsx'
import { VerifyStep } from './verify-step.tsx'

type AddDomainProps = {
  /** The domain being set up; none in the first step. */
  id?: string
  step?: 'records' | 'verify'
}

const steps = ['Domain', 'Records', 'Verification'] as const

/** Adding a domain: its name, the records to publish, then watching them being found. Each step has its own address. */
export function AddDomain({ id, step }: AddDomainProps) {
  const [, go] = useLocation()
  const domain = useDomain(id ?? '')
  const [added, setAdded] = useState<string | null>(null)
  const current = id === undefined ? 0 : step === 'verify' ? 2 : 1
  return (
    <Page
      title={id === undefined ? 'Add a domain' : `Set up ${domain?.displayName ?? added ?? ''}`}
      parent={lists.domains}
    >
      {/* Keyed, so that each step begins at its top. */}
      <div key={current} className="scroll-quiet min-h-0 flex-1">
        <div className="mx-auto flex max-w-4xl flex-col gap-6 px-6 py-6">
          <Stepper steps={steps} current={current} />
          {id === undefined ? (
            <NameStep
              onAdded={row => {
                setAdded(row.displayName)
                go(`/domains/${row.id}/setup/records`)
              }}
            />
          ) : step === 'verify' ? (
            <VerifyStep id={id} />
          ) : (
            <RecordsStep id={id} />
          )}
          {step === 'verify' && id !== undefined && (
            <div>
              <Button kind="quiet" onPress={() => go(`/domains/${id}/setup/records`)}>
                <ArrowLeft aria-hidden />
                Back to the records
              </Button>
            </div>
          )}
        </div>
      </div>
    </Page>
  )
}
