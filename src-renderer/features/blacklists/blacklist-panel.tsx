import type { ListingState, ListResult, TargetResult } from '#shared/model/blacklist.ts'
import {
  listingStateWords,
  listNext,
  listSentence,
  sharedPoolSentence,
  targetRoleWords,
  weightWords,
} from '#shared/words/blacklists.ts'
import { countOf, listOf } from '#shared/words/phrases.ts'
import { ExternalLink, ShieldAlert, Square } from 'lucide-react'
import { useConnectionState } from '../../client/engine.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Progress } from '../../ui/progress.tsx'
import { type MarkKind, VerdictMark } from '../../ui/verdict-mark.tsx'
import { FailureNotice } from '../frame/failure-notice.tsx'
import { ExternalPage } from '../frame/external-page.tsx'
import { Time } from '../frame/time.tsx'
import { useBlacklists } from './use-blacklists.ts'

type BlacklistPanelProps = { id: string; listings: number | null; checkedAt: number | null }

/** What the blacklists say of a domain: listings first, then what could not be asked, then all is well. */
export function BlacklistPanel({ id, listings, checkedAt }: BlacklistPanelProps) {
  const { report, run, failure, start, stop } = useBlacklists(id, `${listings} ${checkedAt}`)
  const isOpen = useConnectionState().kind === 'open'
  return (
    <section aria-labelledby="blacklists" className="flex flex-col gap-3">
      <div className="flex min-h-8 items-center gap-4">
        <h2 id="blacklists" className="text-section font-semibold">
          Blacklists
        </h2>
        <div className="flex-1 text-meta text-ink-soft">
          {run ? (
            <Progress label="Answers of the lists" done={run.done} total={run.total} />
          ) : (
            report && (
              <>
                Looked <Time at={report.checkedAt} />
              </>
            )
          )}
        </div>
        {run ? (
          <Button onPress={stop}>
            <Square aria-hidden />
            Stop
          </Button>
        ) : (
          <Button onPress={start} isDisabled={!isOpen}>
            <ShieldAlert aria-hidden />
            Look now
          </Button>
        )}
      </div>
      {failure && <FailureNotice failure={failure} />}
      {report === null && !run && (
        <p className="text-ink-soft">
          Not looked yet. Rookery looks once a day by itself; each list is asked at most once a second.
        </p>
      )}
      {report && (
        <div className="divide-y divide-line rounded-card border border-line px-4">
          {report.targets.map(target => (
            <TargetPart key={`${target.kind} ${target.target}`} target={target} />
          ))}
        </div>
      )}
      {report && report.leftOut.length > 0 && (
        <p className="text-meta text-ink-soft">
          Too many addresses to look up one by one: {listOf(report.leftOut, 5)}.
        </p>
      )}
    </section>
  )
}

function TargetPart({ target }: { target: TargetResult }) {
  const of = (isWanted: (list: ListResult) => boolean) => target.lists.filter(isWanted)
  const listed = of(({ state }) => state === 'listed')
  const clean = of(({ state }) => state === 'not-listed')
  const open = of(({ state }) => state !== 'listed' && state !== 'not-listed')
  const counting = listed.filter(({ weight }) => weight > 0).length
  return (
    <div className="flex flex-col gap-2 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="font-mono text-meta font-medium [overflow-wrap:anywhere]">{target.target}</h3>
        <span className="flex-1 text-meta text-ink-soft">{targetRoleWords[target.role]}</span>
        {counting > 0 ? (
          <Badge tone="fail">{countOf(counting, 'listing')}</Badge>
        ) : listed.length > 0 ? (
          <Badge tone="unknown">Listed, for information</Badge>
        ) : clean.length > 0 ? (
          <Badge tone="pass">Not listed</Badge>
        ) : (
          <Badge tone="unknown">Could not look</Badge>
        )}
      </div>
      {target.shared && <p className="text-meta text-ink-soft">{sharedPoolSentence}</p>}
      {listed.length > 0 && (
        <ul aria-label={`Listings of ${target.target}`} className="flex flex-col gap-2">
          {listed.map(list => (
            <ListLine key={list.zone} list={list} />
          ))}
        </ul>
      )}
      {open.length > 0 && (
        <details>
          <summary className="cursor-default text-meta text-ink-soft">
            {countOf(open.length, 'list')} gave no usable answer. Nothing is known to be wrong there.
          </summary>
          <ul className="mt-2 flex flex-col gap-2">
            {open.map(list => (
              <ListLine key={list.zone} list={list} />
            ))}
          </ul>
        </details>
      )}
      {clean.length > 0 && (
        <details>
          <summary className="cursor-default text-meta text-ink-soft">
            Not listed on {countOf(clean.length, 'list')}
          </summary>
          <p className="mt-1 font-mono text-meta text-ink-soft">{clean.map(({ zone }) => zone).join(', ')}</p>
        </details>
      )}
    </div>
  )
}

const marks: Record<ListingState, MarkKind> = {
  listed: 'fail',
  'not-listed': 'pass',
  refused: 'unavailable',
  tampering: 'unavailable',
  'dead-zone': 'none',
  unavailable: 'unavailable',
}

function ListLine({ list }: { list: ListResult }) {
  const isListed = list.state === 'listed'
  const next = listNext(list)
  const state = listingStateWords[list.state].name
  const kind = isListed && list.weight === 0 ? 'none' : marks[list.state]
  return (
    <li className="flex gap-3">
      <VerdictMark kind={kind} label={state} size={18} />
      <div className="min-w-0 flex-1">
        <p>
          <span className="font-medium">{list.name}</span>{' '}
          <span className="text-meta text-ink-soft">
            {state}
            {isListed && ` · ${weightWords[list.weight]}`}
          </span>
        </p>
        <p className="text-ink-soft">{listSentence(list)}</p>
        {next && <p>{next}</p>}
        {(list.text !== null || list.codes.length > 0) && (
          <code className="font-mono text-meta text-ink-soft [overflow-wrap:anywhere]">
            {[list.codes.join(' '), list.text].filter(Boolean).join(' · ')}
          </code>
        )}
      </div>
      {list.delistUrl && (
        <ExternalPage
          url={list.delistUrl}
          className={`inline-flex h-5 shrink-0 items-center gap-1 rounded-control text-meta hover:underline ${isListed ? 'font-medium text-accent-ink' : 'text-ink-faint'}`}
        >
          {isListed ? 'Delisting' : 'Its page'}
          <span className="sr-only"> of {list.name}</span>
          <ExternalLink aria-hidden size={11} />
        </ExternalPage>
      )}
    </li>
  )
}
