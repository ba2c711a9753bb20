import type { Failure } from '#shared/failure.ts'
import type { Template, TemplateProblemAt } from '#shared/model/warmup-view.ts'
import { countOf } from '#shared/words/phrases.ts'
import { templateProblemSentence } from '#shared/words/warmup.ts'
import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useClient, useConnectionState } from '../../../client/engine.tsx'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { TextField } from '../../../ui/field.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Loading } from '../../../ui/loading.tsx'
import { showToast } from '../../../ui/toast.tsx'
import { failureText } from '../../frame/failures.ts'
import { useCall } from '../../../client/use-call.ts'
import { WarmupPage } from '../warmup-page.tsx'
import { TemplateExamples } from './template-examples.tsx'

const first: Template = {
  subject: '{Lunch|Coffee} on [weekday]?',
  body: '{Hi|Hello} [name],\n\ndo you have {time|a moment} on [weekday]?{ It would be about [number] points.|}\n\n[sender]',
}

/** Texts of a person's own, written with choices in braces, each shown as it would go out. */
export function TextsScreen() {
  const { value: stored, failure, again } = useCall('templates', client => client.warmup.templates())
  const isAway = useConnectionState().kind !== 'open'
  return (
    <WarmupPage>
      <div className="scroll-quiet flex min-h-0 flex-1 flex-col">
        {stored !== null ? (
          <Editor stored={stored} />
        ) : failure ? (
          <div className="p-6">
            <Notice
              tone="fail"
              title="The texts could not be read"
              action={<Button onPress={again}>Try again</Button>}
            >
              {failureText(failure)}
            </Notice>
          </div>
        ) : isAway ? (
          <EmptyState drawing="away" title="Nothing to show while the engine is away">
            Your texts are read when it can be reached again.
          </EmptyState>
        ) : (
          <Loading label="Loading your texts" />
        )}
      </div>
    </WarmupPage>
  )
}

function Editor({ stored }: { stored: readonly Template[] }) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const [kept, setKept] = useState(stored)
  const [drafts, setDrafts] = useState<readonly Template[]>(stored)
  const [chosen, setChosen] = useState(0)
  const [problems, setProblems] = useState<readonly TemplateProblemAt[]>([])
  const [failure, setFailure] = useState<Failure | null>(null)
  const isChanged = JSON.stringify(kept) !== JSON.stringify(drafts)
  const current = drafts[chosen]
  const change = (templates: readonly Template[]) => {
    setDrafts(templates)
    setProblems([])
  }
  const add = () => {
    change([...drafts, drafts.length === 0 ? first : { subject: '', body: '' }])
    setChosen(drafts.length)
  }
  const save = async () => {
    const result = await client.warmup.setTemplates({ templates: [...drafts] })
    setFailure(result.ok ? null : result.failure)
    if (!result.ok) return
    setProblems(result.value.problems)
    const wrong = result.value.problems[0]
    if (wrong) return setChosen(wrong.template)
    setKept(drafts)
    showToast({
      tone: 'pass',
      title: drafts.length === 0 ? 'Back to the texts made here' : `${countOf(drafts.length, 'text')} saved`,
    })
  }
  const saveButton = (
    <Button kind="primary" isDisabled={!isOpen || !isChanged} onPress={() => void save()}>
      Save the texts
    </Button>
  )
  if (drafts.length === 0 && kept.length === 0)
    return (
      <EmptyState
        drawing="nest"
        title="Texts are made for you"
        action={
          <Button kind="primary" onPress={add}>
            <Plus aria-hidden />
            Write one of your own
          </Button>
        }
      >
        Short everyday messages in five languages, put together on this machine and never the same twice in 60
        days. If you would rather use your own words, write some: all mailboxes then begin their threads with
        them.
      </EmptyState>
    )
  return (
    <div className="mx-auto flex w-full max-w-[1200px] flex-col gap-4 px-6 py-6">
      <div className="flex flex-wrap items-center gap-3">
        <p className="min-w-64 flex-1 text-ink-soft">
          All mailboxes begin their threads with these texts. The more there are, and the more choices in
          them, the longer until one is used up: none goes out twice in 60 days.
        </p>
        <Button onPress={add}>
          <Plus aria-hidden />
          Add a text
        </Button>
        {saveButton}
      </div>
      {failure && (
        <Notice tone="fail" title="Not saved">
          {failureText(failure)}
        </Notice>
      )}
      {problems.length > 0 && (
        <Notice tone="warn" title="Nothing was saved">
          {countOf(new Set(problems.map(({ template }) => template)).size, 'text')} cannot be read yet; the
          list says which.
        </Notice>
      )}
      <div className="grid items-start gap-6 md:grid-cols-[minmax(0,1fr)_minmax(0,0.8fr)] lg:grid-cols-[220px_minmax(0,1fr)_minmax(0,0.8fr)]">
        <ul aria-label="Your texts" className="flex flex-col gap-0.5 md:col-span-2 lg:col-span-1">
          {drafts.map(({ subject }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a text has no name but its place
            <li key={index} className="flex items-center gap-1">
              <button
                type="button"
                aria-current={index === chosen ? 'true' : undefined}
                onClick={() => setChosen(index)}
                className={`min-w-0 flex-1 cursor-default truncate rounded-control px-2.5 py-1.5 text-left ${index === chosen ? 'bg-chosen font-medium' : 'hover:bg-hover'}`}
              >
                {problems.some(({ template }) => template === index) && (
                  <span className="text-fail">To mend: </span>
                )}
                {subject.trim() === '' ? 'Without a subject' : subject}
              </button>
              <IconButton
                label={`Delete text ${index + 1}`}
                onPress={() => {
                  change(drafts.filter((_, at) => at !== index))
                  setChosen(Math.max(0, Math.min(chosen, drafts.length - 2)))
                }}
              >
                <Trash2 />
              </IconButton>
            </li>
          ))}
          {drafts.length === 0 && (
            <li className="text-ink-soft">None. Save to go back to the texts made here.</li>
          )}
        </ul>
        {current && (
          <>
            <TextForm
              template={current}
              problems={problems.filter(({ template }) => template === chosen)}
              onChange={changed => change(drafts.map((one, at) => (at === chosen ? changed : one)))}
            />
            <TemplateExamples template={current} />
          </>
        )}
      </div>
    </div>
  )
}

type TextFormProps = {
  template: Template
  problems: readonly Omit<TemplateProblemAt, 'template'>[]
  onChange: (template: Template) => void
}

function TextForm({ template, problems, onChange }: TextFormProps) {
  const wrong = (part: 'subject' | 'body') => {
    const sentences = problems
      .filter(problem => problem.part === part)
      .map(({ problem }) => templateProblemSentence(problem))
    return sentences.length === 0 ? undefined : (
      <>
        {sentences.map(sentence => (
          <span key={sentence} className="block">
            {sentence}
          </span>
        ))}
      </>
    )
  }
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <TextField
        label="Subject"
        mono
        value={template.subject}
        onChange={subject => onChange({ ...template, subject })}
        error={wrong('subject')}
      />
      <TextField
        label="Text"
        mono
        lines={11}
        value={template.body}
        onChange={body => onChange({ ...template, body })}
        error={wrong('body')}
        description="Plain text, without links."
      />
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-0.5 text-meta text-ink-soft">
        <dt>
          <code className="font-mono">{'{Hello|Hi}'}</code>
        </dt>
        <dd>one of them; one may be empty, and choices may stand in choices</dd>
        <dt>
          <code className="font-mono">[name] [sender]</code>
        </dt>
        <dd>the first names of who it goes to and who it comes from</dd>
        <dt>
          <code className="font-mono">[weekday] [number]</code>
        </dt>
        <dd>a day of the coming week, a number from 3 to 9</dd>
        <dt>
          <code className="font-mono">{'\\{'}</code>
        </dt>
        <dd>the sign itself</dd>
      </dl>
    </div>
  )
}
