import type { ZoneProblem } from '#shared/model/zone-problem.ts'
import { zoneProblemSentence } from '#shared/words/zone-problems.ts'

/** The mistakes of a zone file, each with its place. */
export function ProblemList({ problems }: { problems: readonly ZoneProblem[] }) {
  return (
    <div
      className="scroll-quiet max-h-96 rounded-card border border-line"
      tabIndex={0}
      role="region"
      aria-label="Mistakes in the file"
    >
      <table className="w-full text-left">
        <thead className="sticky top-0 bg-ice text-meta text-ink-soft">
          <tr className="h-7 [&_th]:px-3 [&_th]:font-normal">
            <th scope="col">Line</th>
            <th scope="col">Column</th>
            <th scope="col">What is wrong</th>
          </tr>
        </thead>
        <tbody>
          {problems.map(problem => (
            <tr
              key={`${problem.line}:${problem.column}:${problem.reason}`}
              className="border-t border-line align-top [&_td]:px-3 [&_td]:py-1.5"
            >
              <td className="w-16 tabular-nums">{problem.line}</td>
              <td className="w-16 tabular-nums">{problem.column}</td>
              <td className="break-words">{zoneProblemSentence(problem)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
