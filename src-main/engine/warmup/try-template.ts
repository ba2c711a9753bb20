import type { TemplateProblemAt, TemplateTrial } from '#shared/model/warmup-view.ts'
import { randomOf } from './random.ts'
import {
  countVariants,
  expandSpintax,
  type ParsedTemplate,
  parseTemplate,
  type Placeholder,
} from './spintax.ts'

const examplesShown = 3
const madeUp: Readonly<Record<Placeholder, string>> = {
  name: 'Mia',
  sender: 'Leo',
  weekday: 'Thursday',
  number: '4',
}

type Texts = { readonly subject: string; readonly body: string }

/**
 * What a template of a person's own would become: its problems, how many different texts it has, and some of them with
 * made-up people. Pure: the same template gives the same examples.
 */
export function tryTemplate({ subject, body }: Texts): TemplateTrial {
  const parsed = { subject: parseTemplate(subject), body: parseTemplate(body) }
  const problems = [...problemsOf('subject', parsed.subject), ...problemsOf('body', parsed.body)]
  if (!parsed.subject.ok || !parsed.body.ok) return { problems, variants: 0, examples: [] }
  const trees = { subject: parsed.subject.tree, body: parsed.body.tree }
  const variants = countVariants(trees.subject) * countVariants(trees.body)
  const examples = Array.from({ length: Math.min(examplesShown, variants) }, (_, index) => {
    const random = randomOf('template example', index)
    return {
      subject: expandSpintax(trees.subject, random, madeUp),
      body: expandSpintax(trees.body, random, madeUp),
    }
  })
  return { problems: [], variants, examples }
}

/** Every problem of a list of templates, each with its place in the list. Pure. */
export function templateProblems(templates: readonly Texts[]): TemplateProblemAt[] {
  return templates.flatMap((texts, template) =>
    (['subject', 'body'] as const).flatMap(part =>
      problemsOf(part, parseTemplate(texts[part])).map(problem => ({ template, ...problem })),
    ),
  )
}

function problemsOf(part: 'subject' | 'body', parsed: ParsedTemplate): TemplateTrial['problems'] {
  return parsed.ok ? [] : parsed.problems.map(problem => ({ part, problem }))
}
