import type { Template } from '#shared/model/warmup-view.ts'
import { countOf } from '#shared/words/phrases.ts'
import { templateProblemSentence } from '#shared/words/warmup.ts'
import { useCall } from '../../../client/use-call.ts'
import { useRested } from '../../../ui/use-rested.ts'

const partNames = { subject: 'Subject', body: 'Text' } as const

/** What a text would become, while it is being written, or what is wrong with it and where. */
export function TemplateExamples({ template }: { template: Template }) {
  const rested = useRested(template)
  const { subject, body } = rested
  const { value: trial } = useCall(JSON.stringify(rested), client =>
    client.warmup.tryTemplate({ subject, body }),
  )
  if (trial === null) return null
  return (
    <section aria-label="How it would read" className="flex min-w-0 flex-col gap-3">
      <h2 className="font-medium">
        {trial.problems.length > 0
          ? 'Cannot be read yet'
          : trial.variants === 1
            ? 'One text'
            : `${trial.variants > 1e6 ? 'More than a million' : trial.variants.toLocaleString('en')} different texts, such as`}
      </h2>
      {trial.problems.length > 0 ? (
        <ul aria-label="What is wrong" className="flex flex-col gap-2">
          {trial.problems.map(({ part, problem }) => (
            <li
              key={`${part} ${problem.line} ${problem.column} ${problem.code}`}
              className="rounded-control bg-warn-soft px-3 py-2"
            >
              <span className="font-medium">{partNames[part]}.</span> {templateProblemSentence(problem)}
            </li>
          ))}
        </ul>
      ) : (
        <ol aria-label={countOf(trial.examples.length, 'example')} className="flex flex-col gap-2">
          {trial.examples.map(example => (
            <li
              key={`${example.subject} ${example.body}`}
              className="rounded-card border border-line px-3 py-2 [overflow-wrap:anywhere]"
            >
              <p className="font-medium">{example.subject}</p>
              <p className="whitespace-pre-line text-ink-soft">{example.body}</p>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
