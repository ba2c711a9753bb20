import type { AuditReport, AuditRow } from '#shared/model/audit.ts'
import { type CheckId, checkOrder, isRequiredCheck } from '#shared/model/check-ids.ts'
import type { Finding } from '#shared/model/finding.ts'
import { checkWords, moreChecksTitle, stateWords, verdictWords } from '#shared/words/checks.ts'
import { checkSentence } from '#shared/words/check-sentence.ts'
import { describeFinding } from '#shared/words/findings.ts'
import { duration } from '#shared/words/times.ts'
import { nothingKnownWrong, unavailableNext, unavailableSentence } from '#shared/words/unavailable.ts'
import { ChevronRight } from 'lucide-react'
import { Fragment, useState } from 'react'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { type MarkKind, VerdictMark } from '../../../ui/verdict-mark.tsx'
import { dnsProviderName, mailProviderName } from '../../../words/providers.ts'
import { usePlannedChecks } from '../details/planned-checks.ts'
import type { AuditRun } from '../details/use-audit.ts'
import { AliasChain } from './alias-chain.tsx'
import { FindingCard } from './finding-card.tsx'
import { OlderReceivers } from './older-receivers.tsx'
import { RecordDiff, RecordValue } from './record-value.tsx'
import { RecordViewList, RecordViewPanel } from './record-view.tsx'
import { SpfCostTree } from './spf-cost-tree.tsx'

type DnsStatusTableProps = {
  /** The last report, for the rows and sentences when no run is under way. */
  report: AuditReport | null
  run: AuditRun | null
}

/** What a check shows: its rows once it is finished, or that it is waited for. */
type Group = { check: CheckId; isRunning: boolean; rows: readonly AuditRow[]; findings: readonly Finding[] }

function groupsOf(report: AuditReport | null, run: AuditRun | null, planned: readonly CheckId[]): Group[] {
  // Before the first audit every check that it will make has its place, so that nothing jumps when it begins.
  const made = run?.checks ?? (report ? Object.keys(report.checks) : planned)
  const isMade = (check: CheckId) => !isMore(check) || made.includes(check)
  return checkOrder.filter(isMade).map(check => {
    const isRunning = run !== null && !run.done.has(check)
    const source = run ?? report
    return {
      check,
      isRunning,
      rows: source?.rows.filter(row => row.check === check) ?? [],
      findings: source?.findings.filter(finding => finding.check === check) ?? [],
    }
  })
}

function isMore(check: CheckId): boolean {
  return !isRequiredCheck(check)
}

/** Every record of the domain: found, expected, verdict, why, and how to mend it. Nothing moves while a run goes on. */
export function DnsStatusTable({ report, run }: DnsStatusTableProps) {
  const planned = usePlannedChecks()
  return (
    <div className="@container overflow-hidden rounded-card border border-line">
      <table className="w-full table-fixed border-collapse text-left">
        <caption className="sr-only">DNS records and their state</caption>
        <colgroup>
          <col className="w-10" />
          <col className="w-44" />
          <col />
          {/* Narrowed, not hidden: cells that span columns would else make a new one. */}
          <col className="w-[38%] @max-[760px]:w-px" />
          <col className="w-20" />
        </colgroup>
        <thead className="border-b border-line bg-ice text-meta text-ink-soft">
          <tr className="h-8">
            <th scope="col">
              <span className="sr-only">Verdict</span>
            </th>
            <th scope="col" className="font-normal">
              Record
            </th>
            <th scope="col" className="font-normal">
              What it says
            </th>
            <th scope="col" className="font-normal">
              <span className="@max-[760px]:sr-only">Found</span>
            </th>
            <th scope="col">
              <span className="sr-only">Copy and open</span>
            </th>
          </tr>
        </thead>
        {groupsOf(report, run, planned).map((group, place, groups) => (
          <Fragment key={group.check}>
            {isMore(group.check) && !isMore(groups[place - 1]?.check ?? group.check) && <MoreHeading />}
            {group.rows.length === 0 ? (
              <PendingRow check={group.check} isRunning={group.isRunning} hasReport={report !== null} />
            ) : (
              group.rows.map(row => (
                <RecordRow
                  key={row.id}
                  row={row}
                  findings={findingsOf(row, group.findings)}
                  sentence={sentenceOf(row, run ? null : report, group.findings)}
                  report={run ? null : report}
                />
              ))
            )}
          </Fragment>
        ))}
      </table>
    </div>
  )
}

function MoreHeading() {
  return (
    <tbody className="border-b border-line bg-ice text-meta text-ink-soft">
      <tr className="h-8">
        <td aria-hidden />
        <th scope="colgroup" colSpan={4} className="font-normal">
          {moreChecksTitle}
        </th>
      </tr>
    </tbody>
  )
}

/** Of the findings of a check those of one row: of a DKIM selector not what was found at another. */
function findingsOf(row: AuditRow, findings: readonly Finding[]): Finding[] {
  return findings.filter(
    ({ code, facts: { selector } }) =>
      row.codes.includes(code) &&
      (typeof selector !== 'string' || !row.id.startsWith('dkim:') || row.id === `dkim:${selector}`),
  )
}

function sentenceOf(row: AuditRow, report: AuditReport | null, findings: readonly Finding[]): string {
  if (row.state === 'unavailable') return unavailableSentence(row.reason, row.server)
  const worst = findingsOf(row, findings).find(({ severity }) => severity !== 'info')
  if (worst) return describeFinding(worst).title
  const key = report?.dkim.selectors.find(({ selector }) => row.id === `dkim:${selector}`)
  if (key?.keyType)
    return `${keyTypes[key.keyType]} key${key.keyBits === null ? '' : `, ${key.keyBits} bits`}.`
  if (report && row.id === row.check)
    return checkSentence(report, row.check, {
      mail: mailProviderName(report.mx.provider),
      dns: dnsProviderName(report.ns.provider),
    })
  return row.state === 'absent' ? `${stateWords.absent.name}.` : verdictWords[row.verdict].gloss
}

const keyTypes = { rsa: 'RSA', ed25519: 'Ed25519' } as const

function PendingRow({
  check,
  isRunning,
  hasReport,
}: {
  check: CheckId
  isRunning: boolean
  hasReport: boolean
}) {
  const { name, gloss } = checkWords[check]
  return (
    <tbody className="border-b border-line last:border-0">
      <tr className="h-13">
        <td className="pl-3">
          <VerdictMark
            kind={isRunning ? 'running' : 'waiting'}
            label={`${name}: ${isRunning ? 'being checked' : 'not checked'}`}
          />
        </td>
        <td className="font-medium">{name}</td>
        <td className="pr-3 text-ink-soft" colSpan={3}>
          {isRunning || !hasReport ? gloss : nothingKnownWrong}
        </td>
      </tr>
    </tbody>
  )
}

type RecordRowProps = {
  row: AuditRow
  findings: readonly Finding[]
  sentence: string
  report: AuditReport | null
}

function RecordRow({ row, findings, sentence, report }: RecordRowProps) {
  const [isOpen, setOpen] = useState(false)
  const name = row.id.startsWith('dkim:') ? `DKIM ${row.id.slice(5)}` : checkWords[row.check].name
  const kind: MarkKind = row.verdict
  const value = row.found.join('\n')
  const panelId = `record-${row.id}`
  return (
    <tbody className="border-b border-line last:border-0">
      <tr className="h-13 hover:bg-hover" onClick={() => setOpen(!isOpen)}>
        <td className="pl-3">
          <VerdictMark kind={kind} label={verdictWords[row.verdict].name} />
        </td>
        <td className="pr-2">
          <div className="truncate font-medium">{name}</div>
          <div className="truncate text-meta text-ink-faint" title={row.name}>
            {row.type} {row.name}
          </div>
        </td>
        <td className="py-2 pr-4 text-ink-soft">{sentence}</td>
        <td className="py-2 pr-2 @max-[760px]:p-0">
          <div className="@max-[760px]:hidden">
            {value ? <RecordValue value={value} clamp /> : <span className="text-ink-faint">–</span>}
          </div>
        </td>
        <td className="pr-2" onClick={event => event.stopPropagation()}>
          <div className="flex justify-end">
            {value && <CopyButton value={value} label={`Copy what was found for ${name}`} />}
            <button
              type="button"
              aria-expanded={isOpen}
              aria-controls={panelId}
              aria-label={`${isOpen ? 'Close' : 'Open'} ${name}`}
              onClick={() => setOpen(!isOpen)}
              className="inline-flex size-7 cursor-default items-center justify-center rounded-control text-ink-soft hover:bg-hover"
            >
              <ChevronRight
                aria-hidden
                size={16}
                className={`transition-transform duration-120 ${isOpen ? 'rotate-90' : ''}`}
              />
            </button>
          </div>
        </td>
      </tr>
      {isOpen && (
        <tr id={panelId}>
          <td aria-hidden />
          <td colSpan={4} className="pr-4 pb-4">
            <RecordPanel row={row} findings={findings} report={report} />
          </td>
        </tr>
      )}
    </tbody>
  )
}

function RecordPanel({ row, findings, report }: Omit<RecordRowProps, 'sentence'>) {
  const found = row.found.length === 0 ? null : row.found.join('\n')
  const differs = row.expected !== null && row.expected !== found
  const view = report?.views.find(one => one.row === row.id)
  const aliases = report?.dkim.selectors.find(({ selector }) => row.id === `dkim:${selector}`)?.aliases ?? []
  return (
    <div className="flex animate-appear flex-col gap-3">
      {row.expected !== null && differs && row.state !== 'unavailable' ? (
        <div className="flex items-start gap-2 rounded-card bg-ice p-3">
          <div className="min-w-0 flex-1">
            <RecordDiff found={found} expected={row.expected} />
          </div>
          <CopyButton value={row.expected} label="Copy the expected value" text="Copy expected" />
        </div>
      ) : (
        found && (
          <div className="rounded-card bg-ice p-3">
            <RecordValue value={found} />
          </div>
        )
      )}
      {view && <RecordViewPanel view={view} />}
      {row.check === 'views' && report && <RecordViewList views={report.views} />}
      {row.check === 'spf' && report && report.spf.costs.length > 0 && <SpfCostTree spf={report.spf} />}
      {row.check === 'dmarc' && report && <OlderReceivers dmarc={report.dmarc} />}
      {aliases.length > 0 && <AliasChain name={row.name} aliases={aliases} />}
      {row.state === 'unavailable' && <p>{unavailableNext(row.reason)}</p>}
      {findings.length > 0 && (
        <div className="divide-y divide-line">
          {findings.map(finding => (
            <FindingCard key={finding.code + JSON.stringify(finding.facts)} finding={finding} />
          ))}
        </div>
      )}
      <p className="text-meta text-ink-faint">
        {[
          row.name,
          row.server && `${row.state === 'unavailable' ? 'asked' : 'answered by'} ${row.server}`,
          row.ttlS !== null && `kept by resolvers for ${duration(row.ttlS * 1_000)}`,
        ]
          .filter(Boolean)
          .join(', ')}
      </p>
    </div>
  )
}
