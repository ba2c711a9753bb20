import { checkWords, stateWords, statusWords, verdictWords } from '#shared/words/checks.ts'
import { countMailboxes, countOf } from '#shared/words/phrases.ts'
import { memo } from 'react'
import type { DomainRow as Row } from '../../../replica/domain-table.ts'
import { Badge } from '../../../ui/badge.tsx'
import { HealthScoreRing } from '../../../ui/health-score-ring.tsx'
import { later } from '../../../ui/later.tsx'
import { RowFrame, type RowPlace } from '../../../ui/row-frame.tsx'
import { Spinner } from '../../../ui/spinner.tsx'
import { VerdictMark } from '../../../ui/verdict-mark.tsx'
import { dnsProviderName } from '../../../words/providers.ts'
import { Time } from '../../frame/time.tsx'
import { columns, givesWayFirst, givesWaySecond, markColumns } from './columns.ts'

type DomainRowProps = RowPlace & { row: Row }

const HintedMark = later({
  load: async () => (await import('./row-controls.tsx')).HintedMark,
  meanwhile: ({ verdict, words }) => <VerdictMark kind={verdict} label={words} />,
})
const RowMenu = later({ load: async () => (await import('./row-controls.tsx')).RowMenu })

const checks = ['spf', 'dkim', 'dmarc', 'mx'] as const
const noExplanation: string[] = []

/**
 * One domain in the list. Memoised by its row, so a change elsewhere does not draw it again, and drawn into the elements
 * of another row when the list is scrolled; its parts are memoised too, as most are alike.
 */
export const DomainRow = memo(function DomainRow({ row, ...place }: DomainRowProps) {
  return (
    <RowFrame
      id={`row-${row.id}`}
      name={row.displayName}
      summary={rowSummary(row)}
      place={place}
      look={`${columns} h-11 contain-strict`}
      renderCells={controls => (
        <>
          <div role="gridcell" className="flex">
            <Ring score={row.score} explanation={noExplanation} />
          </div>
          <div role="gridcell" className="flex min-w-0 items-center gap-2">
            <a
              href={`#/domains/${row.id}`}
              tabIndex={-1}
              title={row.displayName === row.name ? undefined : row.name}
              className="max-w-full shrink-0 truncate font-medium hover:underline @max-[860px]:shrink"
            >
              {row.displayName}
            </a>
            {(row.listings ?? 0) > 0 && (
              <span aria-hidden className="hidden shrink-0 @max-[860px]:inline-flex">
                <Badge tone="fail">{countOf(row.listings ?? 0, 'listing')}</Badge>
              </span>
            )}
            {row.tags.length > 0 && <Tags tags={row.tags} />}
          </div>
          <div role="gridcell">
            <StatusWord status={row.status} />
          </div>
          <div role="gridcell" className={markColumns}>
            <Marks marks={row.marks} hasHint={controls !== 'plain'} />
          </div>
          <div role="gridcell" className="overflow-hidden tabular-nums">
            <Listings count={row.listings} />
          </div>
          <div role="gridcell" className={`overflow-hidden tabular-nums ${givesWayFirst}`}>
            {row.mailboxes === 0 ? <span className="text-ink-faint">–</span> : row.mailboxes}
          </div>
          <div role="gridcell" className={`truncate pr-2 text-ink-soft ${givesWaySecond}`}>
            {dnsProviderName(row.dnsProvider) ?? <span className="text-ink-faint">–</span>}
          </div>
          <div role="gridcell" className="flex items-center gap-1.5 text-meta text-ink-soft">
            {row.checking ? (
              <>
                <Spinner size={14} /> Checking
              </>
            ) : row.checkedAt === null ? (
              'Not yet'
            ) : (
              <Time at={row.checkedAt} hint={false} />
            )}
          </div>
        </>
      )}
      renderMenu={startsOpen => <RowMenu row={row} startsOpen={startsOpen} />}
    />
  )
})

const Ring = memo(HealthScoreRing)

/** Blacklist entries; a dash until a list has answered. */
const Listings = memo(function Listings({ count }: { count: number | null }) {
  if (count === null) return <span className="text-ink-faint">–</span>
  if (count === 0) return <span className="text-ink-soft">None</span>
  return <Badge tone="fail">{count}</Badge>
})

/** They take the room the name leaves: two of them, then one, and in a narrow window none. */
function Tags({ tags }: { tags: readonly string[] }) {
  return (
    <span
      title={tags.join(', ')}
      className="flex min-w-0 items-center gap-1.5 overflow-hidden pe-2 @max-[860px]:hidden"
    >
      {tags.slice(0, 2).map((tag, index) => (
        <span
          key={tag}
          className={`min-w-0 [&>span]:block [&>span]:truncate [&>span]:leading-[18px] ${index === 0 ? '' : '@max-[1240px]:hidden'}`}
        >
          <Badge tone="neutral">{tag}</Badge>
        </span>
      ))}
      {tags.length > 1 && (
        <span className="hidden text-meta text-ink-faint @max-[1240px]:inline">+{tags.length - 1}</span>
      )}
      {tags.length > 2 && (
        <span className="text-meta text-ink-faint @max-[1240px]:hidden">+{tags.length - 2}</span>
      )}
    </span>
  )
}

const statusTones = { verified: 'pass', pending: 'warn', failed: 'fail' } as const

const StatusWord = memo(function StatusWord({ status }: { status: Row['status'] }) {
  return <Badge tone={statusTones[status]}>{statusWords[status].name}</Badge>
})

const Marks = memo(function Marks({ marks, hasHint }: { marks: Row['marks']; hasHint: boolean }) {
  return checks.map(check => {
    const mark = marks[check]
    const words = markWords(check, mark)
    if (mark !== null && hasHint) return <HintedMark key={check} verdict={mark.verdict} words={words} />
    return <VerdictMark key={check} kind={mark?.verdict ?? 'none'} label={words} />
  })
})

function markWords(check: (typeof checks)[number], mark: Row['marks'][typeof check]): string {
  const { name } = checkWords[check]
  if (mark === null) return `${name}: not checked yet`
  return mark.state === 'found'
    ? `${name}: ${verdictWords[mark.verdict].name}`
    : `${name}: ${stateWords[mark.state].name}`
}

/** What a screen reader says of a row in one line. */
function rowSummary(row: Row): string {
  const trouble = row.critical + row.high
  const listings = row.listings ?? 0
  return [
    row.displayName,
    statusWords[row.status].name,
    row.score === null ? 'not enough data' : `health ${row.score}`,
    ...(trouble > 0 ? [countOf(trouble, 'serious finding')] : []),
    ...(row.mailboxes > 0 ? [countMailboxes(row.mailboxes)] : []),
    ...(listings > 0 ? [countOf(listings, 'blacklist entry', 'blacklist entries')] : []),
  ].join(', ')
}
