import type { Finding } from '#shared/model/finding.ts'
import { severityWords } from '#shared/words/checks.ts'
import { describeFinding } from '#shared/words/findings.ts'
import { ExternalLink } from 'lucide-react'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { severityLooks } from '../../../ui/severity-looks.ts'
import { ExternalPage } from '../../frame/external-page.tsx'
import { RecordValue } from './record-value.tsx'

/** One finding: what is so, why it matters, what to do, and where the rule stands. */
export function FindingCard({ finding }: { finding: Finding }) {
  const { title, why, fix } = describeFinding(finding)
  const { icon: Icon, ink } = severityLooks[finding.severity]
  const { expected } = finding.facts
  return (
    <article className="flex gap-3 py-3">
      <Icon aria-hidden size={16} className={`mt-0.5 shrink-0 ${ink}`} />
      <div className="min-w-0 flex-1">
        <h3 className="font-medium">
          <span className={`mr-1.5 text-meta ${ink}`}>{severityWords[finding.severity].name}</span>
          {title}
        </h3>
        <p className="text-ink-soft">{why}</p>
        <p className="mt-1">{fix}</p>
        {typeof expected === 'string' && expected !== '' && <ShouldBe value={expected} />}
      </div>
      <RuleLink rfc={finding.rfc} />
    </article>
  )
}

/** The value as it should be, to copy. */
function ShouldBe({ value }: { value: string }) {
  return (
    <div className="mt-2 flex items-start gap-2 rounded-card bg-ice p-2">
      <span className="shrink-0 text-meta text-ink-soft">Should be</span>
      <div className="min-w-0 flex-1">
        <RecordValue value={value} />
      </div>
      <CopyButton value={value} label="Copy the value as it should be" />
    </div>
  )
}

/** "RFC 7208 §4.6.4" as a link to that section. */
function RuleLink({ rfc }: { rfc: string }) {
  const rule = /^RFC (\d+)(?: §([\w.]+))?/.exec(rfc)
  if (!rule) return <span className="text-meta text-ink-faint">{rfc}</span>
  const [, number, section] = rule
  return (
    <ExternalPage
      url={`https://www.rfc-editor.org/rfc/rfc${number}${section ? `#section-${section}` : ''}`}
      className="inline-flex h-5 shrink-0 items-center gap-1 rounded-control text-meta text-ink-faint hover:text-ink"
    >
      {rfc}
      <ExternalLink aria-hidden size={11} />
    </ExternalPage>
  )
}
