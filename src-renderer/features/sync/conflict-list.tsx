import type { Conflict } from '#shared/model/sync.ts'
import { describeConflict, ownedLines } from '#shared/words/sync.ts'
import { Check, GitMerge } from 'lucide-react'
import type { ReactNode } from 'react'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { useConflicts } from '../../replica/sync.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Time } from '../frame/time.tsx'
import { acceptConflicts, undoConflict } from './actions.ts'

/** Settled ones are a record, not work: as many as can be read through. */
const mostSettled = 50

/** Where both sides had something to say: what holds, what was put aside, and the way back. */
export function ConflictList() {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const open = useConflicts('open')
  const settled = useConflicts('settled')
  if (open === undefined || settled === undefined) return null
  return (
    <section aria-labelledby="conflicts" className="flex flex-col gap-3">
      <div className="flex h-8 items-center gap-3">
        <h2 id="conflicts" className="flex-1 text-section font-semibold">
          Conflicts
        </h2>
        {open.length > 1 && (
          <Button
            isDisabled={!isOpen}
            onPress={() =>
              void acceptConflicts(
                client,
                open.map(({ id }) => id),
              )
            }
          >
            Keep all as they are
          </Button>
        )}
      </div>
      {open.length === 0 ? (
        <p className="text-ink-soft">
          None. When the same thing is changed here and on the server, both values are kept and shown here.
        </p>
      ) : (
        <ul aria-labelledby="conflicts" className="divide-y divide-line rounded-card border border-line px-4">
          {open.map(conflict => (
            <OpenConflict key={conflict.id} conflict={conflict} />
          ))}
        </ul>
      )}
      {settled.length > 0 && (
        <details className="text-ink-soft">
          <summary className="cursor-default">Settled before ({settled.length})</summary>
          <ul className="flex flex-col gap-1 pt-2">
            {settled.slice(0, mostSettled).map(conflict => (
              <li key={conflict.id} className="flex flex-wrap items-baseline gap-x-2">
                <span>
                  {conflict.domainName}: {describeConflict(conflict).title}
                </span>
                <Badge tone="neutral">{conflict.state === 'undone' ? 'Undone' : 'Kept'}</Badge>
                <span className="text-meta">
                  <Time at={conflict.at} />
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}

function OpenConflict({ conflict }: { conflict: Conflict }) {
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const { title: what, settled, undo } = describeConflict(conflict)
  const title = `${conflict.domainName}: ${what}`
  return (
    <li className="flex items-start gap-3 py-4">
      <GitMerge aria-hidden size={16} className="mt-0.5 shrink-0 text-warn" />
      <article aria-label={title} className="flex min-w-0 flex-1 flex-col gap-2">
        <div>
          <p className="flex flex-wrap items-baseline gap-x-2">
            <span className="font-medium [overflow-wrap:anywhere]">{title}</span>
            <span className="text-meta text-ink-soft">
              <Time at={conflict.at} />
            </span>
          </p>
          <p className="text-ink-soft">{settled}</p>
        </div>
        <dl className="grid max-w-2xl grid-cols-2 gap-3">
          <Side name="Holds now" lines={ownedLines(conflict.kept)} mark={<Check aria-hidden size={13} />} />
          <Side name="Put aside" lines={ownedLines(conflict.other)} />
        </dl>
        <div className="flex flex-wrap gap-2">
          <Button isDisabled={!isOpen} onPress={() => void acceptConflicts(client, [conflict.id])}>
            Keep it so
          </Button>
          <Button kind="quiet" isDisabled={!isOpen} onPress={() => void undoConflict(client, conflict.id)}>
            {undo}
          </Button>
        </div>
      </article>
    </li>
  )
}

function Side({ name, lines, mark }: { name: string; lines: string[]; mark?: ReactNode }) {
  return (
    <div className="rounded-control border border-line px-3 py-2">
      <dt className="flex items-center gap-1 text-meta text-ink-soft">
        {mark}
        {name}
      </dt>
      {lines.map(line => (
        <dd key={line} className="[overflow-wrap:anywhere]">
          {line}
        </dd>
      ))}
    </div>
  )
}
