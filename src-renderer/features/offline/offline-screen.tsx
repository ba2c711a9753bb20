import type { AuditReport } from '#shared/model/audit.ts'
import { snapshotAuditOf } from '#shared/snapshot-audit.ts'
import { countOf, listOf } from '#shared/words/phrases.ts'
import { exactTime } from '#shared/words/times.ts'
import { Download, FileUp } from 'lucide-react'
import { useClient } from '../../client/engine.tsx'
import { Button } from '../../ui/button.tsx'
import { Drawing } from '../../ui/drawing.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Loading } from '../../ui/loading.tsx'
import { FailureNotice } from '../frame/failure-notice.tsx'
import { tellFailure } from '../frame/failures.ts'
import { DnsStatusTable } from '../domains/records/dns-status-table.tsx'
import { FindingCard } from '../domains/records/finding-card.tsx'
import { lists, Page } from '../frame/page.tsx'
import { Compare } from './compare.tsx'
import { DomainPicker } from './domain-picker.tsx'
import { FileInput } from './file-input.tsx'
import { type Draft, type OpenFile, useOffline } from './offline-state.ts'
import { ProblemList } from './problem-list.tsx'
import { saveFile } from './save-file.ts'

/** "Audit before you publish": the records of a file judged without asking anyone, and snapshots opened again. */
export function OfflineScreen() {
  const { file, draft } = useOffline()
  return file === null ? draft === null ? <Opening /> : <Mistakes draft={draft} /> : <Opened file={file} />
}

function Opening() {
  const client = useClient()
  const { failure, open } = useOffline()
  return (
    <Page title="Audit a zone file" parent={lists.domains}>
      <div className="scroll-quiet min-h-0 flex-1">
        <div className="mx-auto flex max-w-3xl flex-col gap-6 px-6 py-6">
          <Trouble />
          <FileInput key={failure?.code ?? ''} onGiven={given => void open(client, given)}>
            <Drawing name="nest" />
            <div className="max-w-md">
              <h2 className="text-section font-semibold">Audit before you publish</h2>
              <p className="text-ink-soft">
                Drop a zone file here to see what its records are worth before the world does. Nothing is sent
                anywhere.
              </p>
            </div>
          </FileInput>
        </div>
      </div>
    </Page>
  )
}

function Trouble() {
  const failure = useOffline(state => state.failure)
  return failure && <FailureNotice failure={failure} withCause />
}

function Mistakes({ draft: { given, overview } }: { draft: Draft }) {
  const client = useClient()
  const { open, close } = useOffline()
  const name = given.fileName ?? 'The pasted text'
  const count = countOf(overview.problems.length, 'mistake')
  return (
    <Page title="Audit a zone file" parent={lists.domains}>
      <div className="scroll-quiet min-h-0 flex-1">
        <div className="mx-auto flex max-w-3xl flex-col gap-4 px-6 py-6">
          <Notice tone="warn" title={`${name} has ${count}`}>
            {overview.complete
              ? 'Mend them and open the file again, or audit the rest. What the lines below are about then counts as not looked up, never as missing.'
              : 'It was not read to its end, so nothing in it can be audited. It may not be a zone file.'}
          </Notice>
          <ProblemList problems={overview.problems} />
          <div className="flex gap-2">
            {overview.complete && overview.domains.length > 0 && (
              <Button kind="primary" onPress={() => void open(client, given, true)}>
                Audit the rest
              </Button>
            )}
            <Button onPress={close}>Choose another file</Button>
          </div>
        </div>
      </div>
    </Page>
  )
}

function Opened({ file }: { file: OpenFile }) {
  const client = useClient()
  const { close, chosen, choose } = useOffline()
  const report = file.reports.find(({ domain }) => domain === chosen)
  const save = async () => {
    const sealed = await client.offline.sealSnapshot(
      { audits: file.reports.map(snapshotAuditOf) },
      { context: { timeoutMs: 60_000 } },
    )
    if (sealed.ok) saveFile(sealed.value.fileName, sealed.value.text)
    else tellFailure(sealed.failure)
  }
  return (
    <Page
      title={file.name}
      parent={lists.domains}
      action={
        <>
          <Button onPress={close}>
            <FileUp aria-hidden />
            Another file
          </Button>
          {file.kind === 'zone' && (
            <Button
              kind="primary"
              onPress={() => void save()}
              isDisabled={file.isReading || file.reports.length === 0}
            >
              <Download aria-hidden />
              Save as snapshot
            </Button>
          )}
        </>
      }
    >
      <div className="flex min-h-0 flex-1">
        <DomainPicker file={file} chosen={chosen} onChoose={choose} />
        <div className="scroll-quiet min-h-0 min-w-0 flex-1">
          <div className="mx-auto flex max-w-[1200px] flex-col gap-6 px-6 py-6">
            <Trouble />
            <Banner file={file} />
            {report ? (
              <Report key={report.domain} report={report} file={file} />
            ) : (
              <Loading label="Reading the file" />
            )}
          </div>
        </div>
      </div>
    </Page>
  )
}

function Banner({ file }: { file: OpenFile }) {
  const left = file.left > 0 && (
    <p>
      {countOf(file.left, 'more domain')} in the file {file.left === 1 ? 'is' : 'are'} not shown here. The
      command line has no such limit.
    </p>
  )
  if (file.kind === 'snapshot') {
    return (
      <Notice tone="info" title="These are answers that were kept, not those of the Internet now">
        <p>Saved {file.savedAt === null ? 'earlier' : exactTime(file.savedAt)}. Nothing was asked again.</p>
        {left}
      </Notice>
    )
  }
  const lines = file.problems.map(({ line }) => String(line))
  return (
    <Notice tone="info" title="These are the file’s answers, not the Internet’s">
      <p>Nothing was asked of anyone. Names that the file does not hold count as not looked up.</p>
      {lines.length > 0 && <p>Left out because of mistakes: line {listOf([...new Set(lines)], 8)}.</p>}
      {left}
    </Notice>
  )
}

function Report({ report, file }: { report: AuditReport; file: OpenFile }) {
  return (
    <>
      <section aria-labelledby="records" className="flex flex-col gap-3">
        <h2 id="records" className="text-section font-semibold">
          {report.domain}
        </h2>
        <DnsStatusTable report={report} run={null} />
      </section>
      <section aria-labelledby="findings" className="flex flex-col gap-2">
        <h2 id="findings" className="text-section font-semibold">
          Findings
        </h2>
        {report.findings.length === 0 ? (
          <p className="text-ink-soft">None. Every record that the file holds is as it should be.</p>
        ) : (
          <div className="divide-y divide-line rounded-card border border-line px-4">
            {report.findings.map((finding, index) => (
              <FindingCard key={`${finding.code}:${index}`} finding={finding} />
            ))}
          </div>
        )}
      </section>
      <Compare report={report} fileName={file.name} isPlan={file.kind === 'zone'} />
    </>
  )
}
