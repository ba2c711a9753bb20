import type { ReportDay } from '#shared/model/dmarc-report.ts'

/** The days with mail as numbers, the newest first: what the bars show. */
export function DayTable({ days }: { days: readonly ReportDay[] }) {
  const shown = days.filter(({ messages }) => messages > 0).toReversed()
  return (
    <details className="text-meta">
      <summary className="cursor-default text-ink-soft">The days as a table</summary>
      {/* A list of a year would push everything below it out of reach. */}
      <div className="scroll-quiet mt-2 max-h-72 rounded-card border border-line" tabIndex={0}>
        <table className="w-full text-right tabular-nums">
          <caption className="sr-only">Messages by day</caption>
          <thead className="sticky top-0 bg-ice text-ink-soft">
            <tr className="h-8">
              <th scope="col" className="px-4 text-left font-normal">
                Day (UTC)
              </th>
              <th scope="col" className="px-4 font-normal">
                Messages
              </th>
              <th scope="col" className="px-4 font-normal">
                Pass
              </th>
              <th scope="col" className="px-4 font-normal">
                Passed on and changed
              </th>
              <th scope="col" className="px-4 font-normal">
                Fail
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {shown.map(({ day, messages, aligned, forwarded }) => (
              <tr key={day} className="h-7">
                <th scope="row" className="px-4 text-left font-normal">
                  {day}
                </th>
                <td className="px-4">{messages.toLocaleString('en')}</td>
                <td className="px-4">{aligned.toLocaleString('en')}</td>
                <td className="px-4">{forwarded.toLocaleString('en')}</td>
                <td className="px-4">{(messages - aligned - forwarded).toLocaleString('en')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
