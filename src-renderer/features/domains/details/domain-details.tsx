import type { AuditReport } from '#shared/model/audit.ts'
import type { Domain } from '#shared/model/domain.ts'
import { listingPointsLine } from '#shared/words/blacklists.ts'
import { checkWords, propagationNotice } from '#shared/words/checks.ts'
import { describeFinding } from '#shared/words/findings.ts'
import { countOf, listOf } from '#shared/words/phrases.ts'
import { ListChecks, RefreshCw, SlidersHorizontal, Square, Trash2 } from 'lucide-react'
import { useEffect } from 'react'
import { Button as PlainButton } from 'react-aria-components/Button'
import { useLocation } from 'wouter'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { useDomain } from '../../../replica/domains.ts'
import { Badge } from '../../../ui/badge.tsx'
import { Button } from '../../../ui/button.tsx'
import { HealthScoreRing } from '../../../ui/health-score-ring.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Progress } from '../../../ui/progress.tsx'
import { FailureNotice } from '../../frame/failure-notice.tsx'
import { dnsProviderName, mailProviderName } from '../../../words/providers.ts'
import { ListedPage } from '../../frame/listed-page.tsx'
import { lists, Page } from '../../frame/page.tsx'
import { Time } from '../../frame/time.tsx'
import { removeDomains } from '../actions.ts'
import { DnsStatusTable } from '../records/dns-status-table.tsx'
import { FindingCard } from '../records/finding-card.tsx'
import { StatusBadge } from '../status-badge.tsx'
import { DomainMailboxes } from '../../mailboxes/domain-mailboxes.tsx'
import { DmarcPanel } from '../../dmarc-reports/dmarc-panel.tsx'
import { DomainReputationPanel } from '../../warmup/domain-reputation.tsx'
import { BlacklistPanel } from '../../blacklists/blacklist-panel.tsx'
import { ServerStanding, UnsentChanges } from '../../sync/server-standing.tsx'
import { BulkSenderPanel } from './bulk-sender-panel.tsx'
import { RawAnswers } from './raw-answers.tsx'
import { ScoreTrend } from './score-trend.tsx'
import { type AuditView, useAudit } from './use-audit.ts'
import { WhatChanged } from './what-changed.tsx'

/** One domain: how it stands, its records, what to mend and in which order. */
export function DomainDetails({ id }: { id: string }) {
  return (
    <ListedPage thing={useDomain(id)} what="domain" parent={lists.domains} title="Domain">
      {domain => <Details domain={domain} />}
    </ListedPage>
  )
}

function Details({ domain }: { domain: Domain }) {
  const audit = useAudit(domain.id, domain.checkedAt)
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [, go] = useLocation()
  const { report, run, failure, start, stop } = audit

  // A domain nobody has looked at yet is looked at when it is opened.
  const isUnseen = report === null && !domain.checking
  useEffect(() => {
    if (isUnseen) start()
  }, [isUnseen, start])

  return (
    <Page
      title={domain.displayName}
      parent={lists.domains}
      action={
        run ? (
          <Button onPress={stop}>
            <Square aria-hidden />
            Stop
          </Button>
        ) : (
          <Button kind="primary" onPress={start} isDisabled={!isOpen}>
            <RefreshCw aria-hidden />
            Check again
          </Button>
        )
      }
    >
      <div className="scroll-quiet relative min-h-0 flex-1">
        <div className="mx-auto flex max-w-[1200px] flex-col gap-6 px-6 py-6">
          <Header domain={domain} audit={audit} />
          <UnsentChanges id={domain.id} />
          {failure && (
            <FailureNotice failure={failure} withCause action={<Button onPress={start}>Try again</Button>} />
          )}
          {domain.status === 'pending' && report && !run && (
            <Notice tone="info" title="Waiting for the records to be seen">
              {propagationNotice}
              {domain.nextCheckAt !== null && (
                <>
                  {' '}
                  Next look: <Time at={domain.nextCheckAt} ahead />.
                </>
              )}
            </Notice>
          )}
          <section aria-labelledby="records" className="flex flex-col gap-3">
            <div className="flex h-8 items-center gap-4">
              <h2 id="records" className="text-section font-semibold">
                DNS records
              </h2>
              <div className="flex-1">
                {run && <Progress label="Records checked" done={run.done.size} total={run.checks.length} />}
              </div>
              <Button onPress={() => go(`/domains/${domain.id}/settings`)}>
                <SlidersHorizontal aria-hidden />
                Settings
              </Button>
              <Button onPress={() => go(`/domains/${domain.id}/setup/records`)}>
                <ListChecks aria-hidden />
                Records to publish
              </Button>
            </div>
            <DnsStatusTable report={report ?? null} run={run} />
          </section>
          {report && !run && <Findings report={report} />}
          <DomainReputationPanel domain={domain} />
          <DomainMailboxes domain={domain} />
          <BlacklistPanel id={domain.id} listings={domain.listings} checkedAt={domain.checkedAt} />
          <ServerStanding domain={domain} />
          <DmarcPanel domain={domain} record={report?.dmarc.record ?? null} />
          {report && !run && <BulkSenderPanel report={report} />}
          {report && !run && <WhatChanged id={domain.id} checkedAt={domain.checkedAt} />}
          {report && !run && <RawAnswers raw={report.raw} />}
          <div>
            <Button
              kind="danger"
              onPress={() =>
                void removeDomains(client, [domain.id], domain.displayName).then(
                  removed => removed && go('/domains'),
                )
              }
            >
              <Trash2 aria-hidden />
              Delete this domain
            </Button>
          </div>
        </div>
      </div>
    </Page>
  )
}

function Header({ domain, audit: { report, run } }: { domain: Domain; audit: AuditView }) {
  const facts = [
    dnsProviderName(domain.dnsProvider) && `DNS at ${dnsProviderName(domain.dnsProvider)}`,
    mailProviderName(domain.mailProvider) && `Mail at ${mailProviderName(domain.mailProvider)}`,
    domain.name !== domain.displayName && domain.name,
  ].filter(Boolean)
  return (
    <header className="flex items-center gap-6">
      <HealthScoreRing score={domain.score} size={96} explanation={explainScore(domain, report)} />
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        <div className="flex items-center gap-2">
          <StatusBadge status={domain.status} />
          {domain.tags.map(tag => (
            <Badge key={tag} tone="neutral">
              {tag}
            </Badge>
          ))}
        </div>
        <div className="flex flex-wrap items-baseline gap-x-3">
          <p aria-live="polite" className="text-section">
            {run ? 'Looking at the records now.' : headline(domain, report)}
          </p>
          {!run && report?.findings.some(({ severity }) => severity !== 'info') && (
            <PlainButton
              onPress={goToFindings}
              className="cursor-default rounded-control font-medium text-accent-ink hover:underline"
            >
              Show what to do
            </PlainButton>
          )}
        </div>
        <p className="flex flex-wrap gap-x-4 text-meta text-ink-soft">
          {facts.map(fact => (
            <span key={String(fact)}>{fact}</span>
          ))}
          {domain.checkedAt !== null && (
            <span>
              Checked <Time at={domain.checkedAt} />
              {report && report.queries > 0 && `, ${countOf(report.queries, 'question')}`}
            </span>
          )}
          <ScoreTrend id={domain.id} checkedAt={domain.checkedAt} />
        </p>
      </div>
    </header>
  )
}

/** The state of the domain in one sentence. */
function headline(domain: Domain, report: AuditReport | null | undefined): string {
  if (!report) return 'Not checked yet.'
  const serious = domain.critical + domain.high
  const listed =
    domain.listedOn.length > 0
      ? `On ${countOf(domain.listedOn.length, 'blacklist')}; receivers may refuse its mail. `
      : ''
  if (serious > 0)
    return `${listed}${countOf(serious, 'thing')} to mend.${serious > 1 ? ' Begin with the first.' : ''}`
  if (report.score.state === 'unknown')
    return `Could not look at ${report.score.missing.map(check => checkWords[check].name).join(', ')}. Nothing is known to be wrong there.`
  if (listed !== '') return listed.trim()
  const notInPlace = requiredNotInPlace(report)
  if (domain.status !== 'verified' && notInPlace.length > 0)
    return `${listOf(notInPlace)} ${notInPlace.length === 1 ? 'is' : 'are'} not in place. The findings say what to publish.`
  const lesser = report.findings.filter(({ severity }) => severity === 'medium' || severity === 'low').length
  return lesser > 0 ? `In order. ${countOf(lesser, 'thing')} could be better.` : 'Everything is in order.'
}

const requiredChecks = ['spf', 'dkim', 'dmarc', 'mx'] as const

/** The required checks for which the domain is not Verified, by name. */
function requiredNotInPlace(report: AuditReport): string[] {
  return requiredChecks
    .filter(check => {
      const { state, verdict } = report[check]
      return state === 'found' ? verdict === 'fail' : verdict !== 'pass'
    })
    .map(check => checkWords[check].name)
}

function explainScore({ listedOn }: Domain, report: AuditReport | null | undefined): string[] {
  if (!report) return ['Not checked yet.']
  if (report.score.state === 'unknown')
    return [`Could not look at ${report.score.missing.map(check => checkWords[check].name).join(', ')}.`]
  const lost = report.score.lost.map(({ check, code, points }) => {
    const finding = report.findings.find(one => one.code === code && one.check === check)
    const line = `−${points} ${checkWords[check].name}${finding ? `: ${describeFinding(finding).title}` : ''}`
    return { points, line }
  })
  const listed = listedOn.map(list => ({ points: list.points, line: listingPointsLine(list) }))
  const lines = [...lost, ...listed].toSorted((a, b) => b.points - a.points).map(({ line }) => line)
  return lines.length === 0 ? ['No points lost.'] : lines
}

/** The heading takes the focus, so that the keyboard goes on from there. */
function goToFindings() {
  const heading = document.querySelector<HTMLElement>('#findings')
  heading?.scrollIntoView({ block: 'start' })
  heading?.focus()
}

function Findings({ report }: { report: AuditReport }) {
  return (
    <section aria-labelledby="findings" className="flex flex-col gap-2">
      <h2 id="findings" tabIndex={-1} className="scroll-mt-4 text-section font-semibold">
        Findings
      </h2>
      {report.findings.length === 0 ? (
        <p className="text-ink-soft">None. Every record that could be looked up is as it should be.</p>
      ) : (
        <div className="divide-y divide-line rounded-card border border-line px-4">
          {report.findings.map((finding, index) => (
            <FindingCard key={`${finding.code}:${index}`} finding={finding} />
          ))}
        </div>
      )}
    </section>
  )
}
