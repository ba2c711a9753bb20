import type { RawAnswer } from '#shared/model/lookup.ts'
import { stateWords } from '#shared/words/checks.ts'
import { unavailableClause } from '#shared/words/unavailable.ts'

/** Every question that was asked and what came back, as evidence. */
export function RawAnswers({ raw }: { raw: readonly RawAnswer[] }) {
  return (
    <details className="group rounded-card border border-line">
      <summary className="flex h-10 cursor-default items-center gap-2 rounded-card px-4 font-medium hover:bg-hover">
        Questions and answers
        <span className="text-meta font-normal text-ink-soft tabular-nums">{raw.length}</span>
      </summary>
      <div
        className="scroll-quiet max-h-96 border-t border-line"
        tabIndex={0}
        role="region"
        aria-label="Questions and answers"
      >
        <table className="w-full text-left text-meta">
          <thead className="sticky top-0 bg-ice text-ink-soft">
            <tr className="h-7 [&_th]:px-3 [&_th]:font-normal">
              <th scope="col">Name</th>
              <th scope="col">Type</th>
              <th scope="col">Answer</th>
              <th scope="col">TTL</th>
              <th scope="col">Server</th>
              <th scope="col" className="text-right">
                Took
              </th>
            </tr>
          </thead>
          <tbody className="font-mono">
            {raw.map(answer => (
              <tr
                key={`${answer.name}:${answer.type}:${answer.at ?? ''}`}
                className="border-t border-line align-top [&_td]:px-3 [&_td]:py-1"
              >
                <td className="[overflow-wrap:anywhere]">{answer.name}</td>
                <td>{answer.type}</td>
                <td className="[overflow-wrap:anywhere]">
                  {answer.state === 'found' ? (
                    answer.values.join('\n')
                  ) : (
                    <span className="font-sans text-ink-soft">
                      {answer.state === 'absent'
                        ? `${stateWords.absent.name} (${answer.reason === 'nxdomain' ? 'NXDOMAIN' : 'NODATA'})`
                        : unavailableClause(answer.reason, answer.server)}
                    </span>
                  )}
                </td>
                <td className="whitespace-nowrap tabular-nums">
                  {answer.ttlS === null ? '–' : `${answer.ttlS} s`}
                </td>
                <td className="whitespace-nowrap">{answer.server ?? '–'}</td>
                <td className="text-right whitespace-nowrap tabular-nums">{Math.round(answer.tookMs)} ms</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
