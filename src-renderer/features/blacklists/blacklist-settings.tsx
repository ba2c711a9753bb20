import { ok } from '#shared/failure.ts'
import type { ListEntry, SelfTest } from '#shared/model/blacklist.ts'
import { listNext, listSentence, weightWords } from '#shared/words/blacklists.ts'
import { Trash2 } from 'lucide-react'
import { useClient } from '../../client/engine.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Checkbox } from '../../ui/choice.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { NotYet } from '../frame/not-yet.tsx'
import { useAnswer } from '../frame/use-answer.ts'
import { KeyField } from './key-field.tsx'
import { OwnList } from './own-list.tsx'

/** The lists with their switches, the keys of services, and lists of one's own. */
export function BlacklistSettings() {
  const client = useClient()
  const { value: lists, take, again } = useAnswer(engine => engine.blacklists.lists())
  if (lists === null) return <NotYet />
  const hasKey = lists.some(({ key }) => key?.service === 'spamhaus' && key.present)
  return (
    <div className="flex flex-col gap-6">
      <ul
        aria-label="Blacklists"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by key
        tabIndex={0}
        className="scroll-quiet max-h-96 divide-y divide-line rounded-card border border-line px-3"
      >
        {lists.map(list => (
          <li key={list.zone} className="flex items-start gap-3 py-2">
            <Checkbox
              label={`Ask ${list.name}`}
              checked={list.on}
              onChange={on => void client.blacklists.setList({ zone: list.zone, on }).then(take)}
            />
            <div className="min-w-0 flex-1">
              <p>
                {list.name} <span className="font-mono text-meta text-ink-faint">{list.zone}</span>
              </p>
              <p className="text-meta text-ink-soft">{describeList(list)}</p>
            </div>
            {list.on && <TestBadge tests={list.selfTests} />}
            {list.custom && (
              <IconButton
                label={`Remove ${list.name}`}
                onPress={() => void client.blacklists.removeList({ zone: list.zone }).then(take)}
              >
                <Trash2 />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
      <OwnList onAdded={lists => take(ok(lists))} />
      <KeyField service="spamhaus" isPresent={hasKey} onChanged={again} />
    </div>
  )
}

function describeList({ policy, weight, custom, key }: ListEntry): string {
  const own = custom ? 'Your own list.' : null
  const needed = key?.required === true && !key.present ? 'Not asked without a key.' : null
  return [`${weightWords[weight]}.`, own, needed, policy].filter(Boolean).join(' ')
}

/** How the list last passed its test; nothing before the first. */
function TestBadge({ tests }: { tests: readonly SelfTest[] }) {
  const bad = tests.find(({ state }) => state !== 'passed')
  if (bad === undefined) return tests.length > 0 ? <Badge tone="pass">Works</Badge> : null
  const { state, reason } = bad
  if (state === 'passed') return null
  const words = [listSentence({ state, reason, meaning: null, codes: [] }), listNext({ state, reason })]
  return (
    <details className="max-w-56 text-right">
      <summary className="cursor-default">
        <Badge tone="unknown">
          {state === 'dead-zone' ? 'Dead' : state === 'refused' ? 'Refuses' : 'No answer'}
        </Badge>
      </summary>
      <p className="pt-1 text-left text-meta text-ink-soft">{words.filter(Boolean).join(' ')}</p>
    </details>
  )
}
