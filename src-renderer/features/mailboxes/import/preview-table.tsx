import type { ImportRow } from '#shared/model/mailbox-import.ts'
import { importProblemLine } from '#shared/words/mailbox-import.ts'
import { useState } from 'react'
import { Segments } from '../../../ui/choice.tsx'
import { VerdictMark } from '../../../ui/verdict-mark.tsx'

/** As many as a person reads through; the counts above speak for the rest. */
const mostShown = 200

const isBad = ({ problems }: ImportRow) => problems.length > 0

/** The rows as they were read: what would be added, and what is wrong with the others, by line. */
export function PreviewTable({ rows }: { rows: readonly ImportRow[] }) {
  const bad = rows.filter(isBad)
  const [which, setWhich] = useState<'all' | 'bad'>(bad.length > 0 ? 'bad' : 'all')
  const found = which === 'bad' ? bad : rows
  const shown = found.slice(0, mostShown)
  return (
    <div className="flex flex-col gap-3">
      <div className="flex">
        <Segments
          label="Which rows"
          value={which}
          onChange={picked => setWhich(picked as typeof which)}
          options={[
            { id: 'all', label: `All ${rows.length.toLocaleString('en')}` },
            { id: 'bad', label: `With a problem ${bad.length.toLocaleString('en')}` },
          ]}
        />
      </div>
      <div className="overflow-hidden rounded-card border border-line">
        <table className="w-full table-fixed text-left">
          <caption className="sr-only">Rows of the file</caption>
          <thead className="text-meta text-ink-soft">
            <tr className="border-b border-line">
              <th scope="col" className="w-16 px-3 py-2 font-medium">
                Line
              </th>
              <th scope="col" className="w-10 py-2">
                <span className="sr-only">Result</span>
              </th>
              <th scope="col" className="px-2 py-2 font-medium">
                Mailbox
              </th>
              <th scope="col" className="px-2 py-2 font-medium">
                Servers
              </th>
              <th scope="col" className="w-24 px-2 py-2 font-medium">
                Password
              </th>
              <th scope="col" className="w-[34%] px-2 py-2 font-medium">
                What is wrong
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map(row => (
              <tr key={row.line} className="border-b border-line align-top last:border-0">
                <td className="px-3 py-2 text-ink-soft tabular-nums">{row.line}</td>
                <td className="py-2">
                  <VerdictMark
                    kind={isBad(row) ? 'fail' : 'pass'}
                    label={isBad(row) ? 'Cannot be added' : 'Can be added'}
                    size={18}
                  />
                </td>
                <td className="truncate px-2 py-2" title={row.address}>
                  {row.address === '' ? <span className="text-ink-faint">–</span> : row.address}
                </td>
                <td className="px-2 py-2 text-meta text-ink-soft [overflow-wrap:anywhere]">
                  {serversOf(row)}
                </td>
                <td className="px-2 py-2 text-ink-soft">{passwordOf(row)}</td>
                <td className="px-2 py-2">{row.problems.map(importProblemLine).join(' ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {found.length > shown.length && (
        <p className="text-ink-soft">and {(found.length - shown.length).toLocaleString('en')} more</p>
      )}
      {found.length === 0 && <p className="text-ink-soft">None.</p>}
    </div>
  )
}

/** Of a row that cannot be added nothing is kept. */
function passwordOf(row: ImportRow): string {
  if (!row.hasPassword) return 'None'
  return isBad(row) ? 'Not kept' : 'Sealed'
}

function serversOf({ smtp, imap, problems }: ImportRow): string {
  if (smtp === null && imap === null) return problems.length > 0 ? '–' : 'Looked up'
  const parts = [
    smtp ? `${smtp.host}:${smtp.port}` : 'SMTP looked up',
    imap ? `${imap.host}:${imap.port}` : 'IMAP looked up',
  ]
  return parts.join(', ')
}
