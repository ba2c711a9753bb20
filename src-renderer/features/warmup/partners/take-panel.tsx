import type { Result } from '#shared/failure.ts'
import type { ReadPartnerText } from '#shared/model/partner.ts'
import type { WarmupRow } from '#shared/model/warmup-view.ts'
import { partnerTextProblemSentence, takesSentence } from '#shared/words/partners.ts'
import { countMailboxes, listOf } from '#shared/words/phrases.ts'
import { useState } from 'react'
import { useClient } from '../../../client/engine.tsx'
import { TextField } from '../../../ui/field.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { showToast } from '../../../ui/toast.tsx'
import { Time } from '../../frame/time.tsx'
import { failureText } from '../../frame/failures.ts'
import { HandOver } from './hand-over.tsx'
import { isWhole, OfferForm, useOffer } from './offer-form.tsx'
import { PartnerPanel } from './partner-panel.tsx'

type Stage =
  | { kind: 'paste' }
  | { kind: 'read'; says: ReadPartnerText }
  | { kind: 'accepted'; text: string; checkNumber: string }

const doneWords = {
  invitation: 'Invitation accepted',
  answer: 'Answer taken. Now compare the number',
  change: 'Their mailboxes are up to date',
  end: 'The agreement has ended',
} as const

/** Takes whatever a partner handed over: an invitation, an answer, a change, an end. */
export function TakePanel({ rows, onClose }: { rows: readonly WarmupRow[]; onClose: () => void }) {
  const client = useClient()
  const [pasted, setPasted] = useState('')
  const [stage, setStage] = useState<Stage>({ kind: 'paste' })
  const [trouble, setTrouble] = useState<string | null>(null)
  const [offer, change] = useOffer(rows)

  const read = async () => {
    const answer = await client.partners.read({ text: pasted })
    setTrouble(troubleWith(answer))
    if (isTaken(answer)) setStage({ kind: 'read', says: answer.value.says })
  }
  const accept = async () => {
    const { name, mailboxIds, perDay } = offer
    const asked = { text: pasted, name: name.trim(), mailboxIds: [...mailboxIds], perDay }
    const answer = await client.partners.accept(asked)
    setTrouble(troubleWith(answer))
    if (!isTaken(answer)) return
    const { text, checkNumber } = answer.value
    setStage({ kind: 'accepted', text, checkNumber })
  }
  const take = async () => {
    const answer = await client.partners.take({ text: pasted })
    setTrouble(troubleWith(answer))
    if (!isTaken(answer)) return
    showToast({ tone: 'pass', title: doneWords[answer.value.kind] })
    onClose()
  }
  const isInvitation = stage.kind === 'read' && stage.says.kind === 'invitation'
  const title =
    stage.kind === 'accepted' ? 'Your answer' : isInvitation ? 'Accept an invitation' : 'Take a text'
  const leave = 'Not now'
  const step =
    stage.kind === 'accepted'
      ? null
      : stage.kind === 'paste'
        ? { label: 'Read it', leave, isReady: pasted.trim() !== '', run: read }
        : isInvitation
          ? { label: 'Accept', leave, isReady: isWhole(offer), run: accept }
          : { label: 'Take it', leave, isReady: true, run: take }
  return (
    <PartnerPanel title={title} step={step} onClose={onClose}>
      {stage.kind === 'paste' && (
        <TextField
          label="Text from your partner"
          autoFocus
          mono
          lines={10}
          value={pasted}
          onChange={setPasted}
          placeholder="-----BEGIN ROOKERY …"
          description="An invitation, an answer, a change or an end. What stands around it does not matter."
        />
      )}
      {stage.kind === 'read' && <Says says={stage.says} />}
      {isInvitation && <OfferForm rows={rows} offer={offer} onChange={change} />}
      {stage.kind === 'accepted' && (
        <>
          <HandOver kind="answer" text={stage.text} />
          <CheckNumber digits={stage.checkNumber} />
          <p className="text-ink-soft">
            Read these digits to each other, best on the telephone, and confirm them in the list. Nothing is
            sent before; then they write first.
          </p>
        </>
      )}
      {trouble && (
        <Notice tone="warn" title="Nothing was taken">
          {trouble}
        </Notice>
      )}
    </PartnerPanel>
  )
}

type Refused = { taken: false; problem: Parameters<typeof partnerTextProblemSentence>[0] }
type Answer<Taken> = Result<Taken | Refused>

const isTaken = <Taken extends { taken: true }>(
  answer: Answer<Taken>,
): answer is { ok: true; value: Taken } => answer.ok && answer.value.taken

/** Why nothing was taken, in a sentence; null when it was. */
function troubleWith(answer: Answer<{ taken: true }>): string | null {
  if (!answer.ok) return failureText(answer.failure)
  return answer.value.taken ? null : partnerTextProblemSentence(answer.value.problem)
}

/** What was read, before anything is done. */
function Says({ says }: { says: ReadPartnerText }) {
  const { kind, name, mailboxes, perDay, expiresAt } = says
  if (kind === 'end')
    return (
      <p>
        {name === '' ? 'Your partner' : name} ends the agreement. Nothing will be sent or answered any more.
      </p>
    )
  return (
    <div className="flex flex-col gap-1">
      <p>
        {kind === 'invitation' && (
          <>
            <span className="font-medium">{name}</span> invites you.
          </>
        )}
        {kind === 'answer' && (
          <>
            <span className="font-medium">{name}</span> accepts your invitation.
          </>
        )}
        {kind === 'change' && (
          <>
            <span className="font-medium">{name}</span> takes part with other mailboxes.
          </>
        )}
      </p>
      <p className="text-ink-soft">
        {countMailboxes(mailboxes.length)}:{' '}
        {listOf(
          mailboxes.map(({ address }) => address),
          6,
          60,
        )}
        {perDay === null ? '' : `; ${takesSentence(perDay)}`}.
        {expiresAt !== null && (
          <>
            {' '}
            Runs out <Time at={expiresAt} ahead />.
          </>
        )}
      </p>
    </div>
  )
}

/** Digits to be read out, in groups that a voice can carry. */
export function CheckNumber({ digits }: { digits: string }) {
  return (
    <p className="flex flex-col">
      <span className="text-meta text-ink-soft">Check number</span>
      <span className="font-mono text-section tabular-nums">{digits}</span>
    </p>
  )
}
