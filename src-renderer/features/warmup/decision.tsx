import type { WarmupRow } from '#shared/model/warmup-view.ts'
import { healthReasonWords } from '#shared/words/mailbox-health.ts'
import { countMailboxes, listOf } from '#shared/words/phrases.ts'
import type { ReactNode } from 'react'
import { create } from 'zustand'
import { useClient, useConnectionState } from '../../client/engine.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { pauseWarmup, resumeWarmup, skipWarmup, stopWarmup } from './actions.ts'

export type DecisionKind = 'pause' | 'resume' | 'skip' | 'stop'
type Decision = { kind: DecisionKind; rows: readonly WarmupRow[]; onDone: () => void }

/** What a person is being asked, if anything. */
const useDecision = create<{ open: Decision | null }>(() => ({ open: null }))

const isPausedByItself = ({ state: { state, reason } }: WarmupRow) =>
  state === 'paused' && reason !== 'paused-by-person'

/**
 * Does it, after asking where it needs to be asked: to skip or stop always, to resume where Rookery made the pause. A
 * pause can be taken back and is done at once.
 */
export function decide(
  client: Parameters<typeof pauseWarmup>[0],
  kind: DecisionKind,
  rows: readonly WarmupRow[],
  onDone: () => void = () => {},
): void {
  const ids = rows.map(({ id }) => id)
  if (ids.length === 0) return
  if (kind === 'pause') return void pauseWarmup(client, ids).then(done => done && onDone())
  if (kind === 'resume' && !rows.some(isPausedByItself))
    return void resumeWarmup(client, ids).then(done => done && onDone())
  useDecision.setState({ open: { kind, rows, onDone } })
}

/** The question, with what happens on a yes. Stands once on each warmup screen. */
export function DecisionDialog() {
  const open = useDecision(state => state.open)
  const client = useClient()
  const isOpen = useConnectionState().kind === 'open'
  const close = () => useDecision.setState({ open: null })
  if (open === null) return null
  const { kind, rows, onDone } = open
  const ids = rows.map(({ id }) => id)
  const { title, text, yes, no } = questions[kind === 'pause' ? 'stop' : kind](rows)
  const act = () => {
    close()
    const doing =
      kind === 'skip'
        ? skipWarmup(client, ids)
        : kind === 'stop'
          ? stopWarmup(client, ids)
          : resumeWarmup(client, ids, true)
    void doing.then(done => done && onDone())
  }
  return (
    <Dialog
      isOpen
      onClose={close}
      title={title}
      actions={
        <>
          <Button onPress={close}>{no}</Button>
          <Button kind={kind === 'stop' ? 'danger' : 'primary'} isDisabled={!isOpen} onPress={act}>
            {yes}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">{text}</div>
    </Dialog>
  )
}

type Question = { title: string; text: ReactNode; yes: string; no: string }

const namesOf = (rows: readonly WarmupRow[]) =>
  listOf(
    rows.map(({ address }) => address),
    3,
    60,
  )
const boxes = (rows: readonly WarmupRow[]) => countMailboxes(rows.length)

const questions: Record<'resume' | 'skip' | 'stop', (rows: readonly WarmupRow[]) => Question> = {
  resume: rows => {
    const paused = rows.filter(isPausedByItself)
    const reasons = [...new Set(paused.map(({ state }) => state.reason))]
    return {
      title: 'Resume before the cause is gone?',
      text: (
        <>
          <p>
            {namesOf(paused)} {paused.length === 1 ? 'was' : 'were'} paused because{' '}
            {reasons.map(reason => healthReasonWords[reason].replace(/\.$/, '')).join('; ')}.
          </p>
          <ul className="ml-4 list-disc text-ink-soft">
            <li>It goes on at once with half the volume, and counts placements and bounces afresh.</li>
            <li>
              If the cause is still there, receivers see more of what made them refuse or hide the mail.
            </li>
            <li>
              Left alone, it looks again by itself and goes on when the cause is gone. That costs nothing but
              days.
            </li>
          </ul>
        </>
      ),
      yes: 'Resume anyway',
      no: 'Leave it paused',
    }
  },
  skip: rows => {
    const growing = rows.filter(({ phase }) => phase === 'ramp')
    return {
      title: rows.length === 1 ? 'Skip the rest of the ramp?' : `Skip the ramp of ${boxes(rows)}?`,
      text: (
        <>
          <p>
            {rows.length === 1 && rows[0]
              ? `${rows[0].address} is on day ${rows[0].day} of ${rows[0].of}.`
              : `${namesOf(rows)}.${growing.length < rows.length ? ` ${growing.length} of them still grow.` : ''}`}
          </p>
          <ul className="ml-4 list-disc text-ink-soft">
            <li>The ramp ends today. From now on it sends 5 to 15 messages a day, to stay in use.</li>
            <li>
              It then counts as warm without having shown it: providers have seen fewer messages than planned,
              and a campaign may land in spam.
            </li>
            <li>The way back is to stop the warmup and start it again from day 1.</li>
          </ul>
        </>
      ),
      yes: 'Skip the ramp',
      no: 'Keep warming up',
    }
  },
  stop: rows => ({
    title: `Take ${rows.length === 1 && rows[0] ? rows[0].address : boxes(rows)} out of warmup?`,
    text: (
      <ul className="ml-4 list-disc text-ink-soft">
        <li>Nothing is sent, rescued or answered for it any more.</li>
        <li>The other mailboxes have one fewer to write to, so they may send less.</li>
        <li>What was sent stays in the books. Starting again begins with day 1.</li>
      </ul>
    ),
    yes: rows.length === 1 ? 'Take it out' : 'Take them out',
    no: 'Keep warming up',
  }),
}
