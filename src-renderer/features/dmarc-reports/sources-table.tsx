import type { DmarcSummary, ReportSource } from '#shared/model/dmarc-report.ts'
import {
  dispositionLine,
  firstLine,
  messageCount,
  senderKindWords,
  senderName,
  shareText,
  verdictMarks,
  verdictNames,
  verdictWords,
} from '#shared/words/dmarc-reports.ts'
import { countOf, listOf } from '#shared/words/phrases.ts'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { VerdictMark } from '../../ui/verdict-mark.tsx'

type SortBy = 'sender' | 'messages' | 'spf' | 'dkim' | 'aligned'

const shares: Record<Exclude<SortBy, 'sender' | 'messages'>, (source: ReportSource) => number> = {
  spf: source => source.spfAligned / source.messages,
  dkim: source => source.dkimAligned / source.messages,
  aligned: source => source.aligned / source.messages,
}

function compare(by: SortBy, a: ReportSource, b: ReportSource): number {
  if (by === 'sender') return senderName(a.sender).localeCompare(senderName(b.sender))
  return by === 'messages' ? a.messages - b.messages : shares[by](a) - shares[by](b)
}

/** As many as fit on a screen; the others are a press away. */
const firstShown = 10

/** Who sends as the domain: how much, whether it passes, and what to do about it. */
export function SourcesTable({ sources, more }: Pick<DmarcSummary, 'sources' | 'more'>) {
  const [{ by, descending }, setSort] = useState<{ by: SortBy; descending: boolean }>({
    by: 'messages',
    descending: true,
  })
  const [showsAll, setShowsAll] = useState(false)
  const sorted = sources.toSorted(
    (a, b) => (descending ? -1 : 1) * compare(by, a, b) || b.messages - a.messages,
  )
  const shown = showsAll ? sorted : sorted.slice(0, firstShown)
  const head = (name: SortBy, label: string, look = '') => (
    <SortHead
      label={label}
      look={look}
      direction={by === name ? (descending ? 'descending' : 'ascending') : 'none'}
      // What one wants to see first: much mail, but names from A and shares from the lowest.
      onSort={() => setSort({ by: name, descending: by === name ? !descending : name === 'messages' })}
    />
  )
  return (
    <div className="flex flex-col gap-2">
      <div className="@container overflow-hidden rounded-card border border-line">
        <table className="w-full table-fixed text-left">
          <caption className="sr-only">Who sends as this domain</caption>
          <colgroup>
            <col />
            <col className="w-28" />
            <col className="w-20" />
            <col className="w-20" />
            <col className="w-24" />
            <col className="w-40 @max-[760px]:w-px" />
          </colgroup>
          <thead className="border-b border-line bg-ice text-meta text-ink-soft">
            <tr className="h-8">
              {head('sender', 'Sender', 'pl-3')}
              {head('messages', 'Messages', 'text-right')}
              {head('spf', 'SPF', 'text-right')}
              {head('dkim', 'DKIM', 'text-right')}
              {head('aligned', 'Passes', 'text-right pr-3')}
              <th scope="col" className="pr-1 pl-2 font-normal">
                <span className="@max-[760px]:sr-only">Receivers’ treatment</span>
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {shown.map(source => (
              <SourceRow key={`${source.sender.kind} ${source.sender.name}`} source={source} />
            ))}
          </tbody>
        </table>
      </div>
      <div className="flex items-center gap-4 text-meta text-ink-soft">
        {sorted.length > firstShown && (
          <Button kind="quiet" onPress={() => setShowsAll(!showsAll)}>
            {showsAll ? `Show the first ${firstShown}` : `Show all ${sorted.length} senders`}
          </Button>
        )}
        {more.sources > 0 && (
          <p>
            {countOf(more.sources, 'further sender')} with {messageCount(more.messages)} in all,{' '}
            {shareText(more.aligned, more.messages)} of which pass.
          </p>
        )}
      </div>
    </div>
  )
}

type SortHeadProps = {
  label: string
  look: string
  direction: 'ascending' | 'descending' | 'none'
  onSort: () => void
}

function SortHead({ label, look, direction, onSort }: SortHeadProps) {
  const Arrow = direction === 'ascending' ? ArrowUp : ArrowDown
  return (
    <th scope="col" aria-sort={direction} className={`px-1 font-normal ${look}`}>
      <button
        type="button"
        onClick={onSort}
        className={`inline-flex h-6 cursor-default items-center gap-1 rounded-control px-1 hover:text-ink ${look.includes('text-right') ? 'flex-row-reverse' : ''} ${direction === 'none' ? '' : 'font-medium text-ink'}`}
      >
        {label}
        <Arrow aria-hidden size={12} className={direction === 'none' ? 'invisible' : ''} />
      </button>
    </th>
  )
}

function SourceRow({ source }: { source: ReportSource }) {
  const { sender, messages, addressCount, lines } = source
  const line = firstLine(source)
  const isAddress = sender.kind === 'address'
  const where = isAddress ? senderKindWords.address : countOf(addressCount, 'address', 'addresses')
  const number = 'px-2 py-3 text-right tabular-nums'
  return (
    <tr className="align-top">
      <th scope="row" className="py-3 pr-2 pl-4 text-left font-normal">
        <div className="flex gap-3">
          <VerdictMark kind={verdictMarks[line.verdict]} label={verdictNames[line.verdict]} size={18} />
          <div className="flex min-w-0 flex-1 flex-col gap-0.5">
            <p className="flex flex-wrap items-baseline gap-x-2">
              <span
                className={`font-medium [overflow-wrap:anywhere] ${isAddress ? 'font-mono text-meta' : ''}`}
              >
                {senderName(sender)}
              </span>
              <span className="text-meta text-ink-soft">{where}</span>
            </p>
            <p className="text-ink-soft">
              <span className="font-medium text-ink">{verdictNames[line.verdict]}.</span>{' '}
              {line.messages < messages && `${messageCount(line.messages)}: `}
              {verdictWords[line.verdict](line)}
            </p>
            <details className="text-meta">
              <summary className="w-fit cursor-default rounded-control text-ink-soft">
                {lines.length > 1 ? `${lines.length - 1} more and the details` : 'Details'}
                <span className="sr-only"> of {senderName(sender)}</span>
              </summary>
              <SourceDetails source={source} />
            </details>
          </div>
        </div>
      </th>
      <td className={number}>{messages.toLocaleString('en')}</td>
      <td className={number}>{shareText(source.spfAligned, messages)}</td>
      <td className={number}>{shareText(source.dkimAligned, messages)}</td>
      <td className={`${number} pr-4 font-medium`}>{shareText(source.aligned, messages)}</td>
      <td className="py-3 pr-3 pl-2 text-meta leading-5 text-ink-soft">
        <span className="@max-[760px]:sr-only">{dispositionLine(source)}</span>
      </td>
    </tr>
  )
}

function SourceDetails({ source }: { source: ReportSource }) {
  const { lines, addresses, addressCount, headerFrom, envelopeFrom, selectors } = source
  const shownAddresses = addresses.map(({ ip, messages }) => `${ip} (${messages.toLocaleString('en')})`)
  const left = addressCount - addresses.length
  return (
    <div className="mt-2 flex flex-col gap-2">
      {lines.length > 1 && (
        <ul className="flex flex-col gap-1">
          {lines.slice(1).map(line => (
            <li key={line.verdict}>
              <span className="font-medium">
                {verdictNames[line.verdict]}, {messageCount(line.messages)}.
              </span>{' '}
              <span className="text-ink-soft">{verdictWords[line.verdict](line)}</span>
            </li>
          ))}
        </ul>
      )}
      <dl className="grid grid-cols-[max-content_1fr] gap-x-3 gap-y-1">
        <Fact name="Addresses">
          {listOf(left > 0 ? [...shownAddresses, `${left} more`] : shownAddresses, 9, 60)}
        </Fact>
        <Fact name="In From">{listOf(headerFrom, 8)}</Fact>
        {envelopeFrom.length > 0 && (
          <Fact name="Envelope sender">
            {listOf(
              envelopeFrom.map(name => name || 'none (bounces)'),
              8,
            )}
          </Fact>
        )}
        {selectors.length > 0 && <Fact name="DKIM selectors">{listOf(selectors, 8)}</Fact>}
        <Fact name="Receivers’ treatment">{dispositionLine(source)}</Fact>
      </dl>
    </div>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-soft">{name}</dt>
      <dd className="[overflow-wrap:anywhere]">{children}</dd>
    </>
  )
}
