import { randomUUID } from 'node:crypto'
import { ok, type Result } from '#shared/failure.ts'
import type { PartnerTextKind, ReadPartnerText } from '#shared/model/partner.ts'
import { writeOrFail } from '../../storage/failures.ts'
import { type AgreementContext, endAgreement, keep, offeredMailboxes } from './agreement-context.ts'
import { type PartnerSecret, parsePartnerSecret, partnerSecretName } from './held-keys.ts'
import { agreeOnKeys, makeKeyPair, type PairKeys } from './pair-keys.ts'
import { type Answer, isSealed, type PartnerText, readPartnerText, writePartnerText } from './partner-text.ts'
import { findPartner, type OwnOffer, type PartnerEntry, putGuests, putPartner } from './store.ts'
import { problemOfInvitation, problemOfTurn, type Refused, refuse } from './text-problems.ts'

const dayMs = 24 * 60 * 60_000

/**
 * Makes an invitation and keeps our half of the key. Fails with `mailbox-not-found` for a mailbox that does not warm up,
 * and as the vault does.
 */
export async function invitePartner(
  context: AgreementContext,
  { days, ...own }: OwnOffer & { readonly days: number },
): Promise<Result<{ id: string; text: string }>> {
  const { store, vault, now } = context
  const mailboxes = offeredMailboxes(context, store, own.mailboxIds)
  if (!mailboxes.ok) return mailboxes
  const opened = await vault.open()
  if (!opened.ok) return opened
  const id = randomUUID()
  const pair = makeKeyPair()
  const madeAt = now()
  const expiresAt = madeAt + days * dayMs
  const text = writePartnerText(
    {
      v: 1,
      kind: 'invitation',
      id,
      name: own.name,
      key: pair.publicKey,
      mailboxes: mailboxes.value,
      perDay: own.perDay,
      madeAt,
      expiresAt,
    },
    null,
  )
  return keep(context, id, pair, writes => {
    putPartner(writes, {
      ...fresh,
      id,
      side: 'inviter',
      stage: 'invited',
      own,
      invitation: text,
      text: { kind: 'invitation', text },
      sinceAt: madeAt,
      expiresAt,
    })
    return { id, text }
  })
}

/** What a text says, and whether it could be used now; nothing is kept. */
export function readText(
  { store, mailboxes, now }: AgreementContext,
  text: string,
): { readonly taken: true; readonly says: ReadPartnerText } | Refused {
  const read = readPartnerText(text)
  if (!read.ok) return refuse(read.problem)
  const { said } = read.text
  const known = findPartner(store, said.id)
  const problem =
    said.kind === 'invitation'
      ? problemOfInvitation(store, mailboxes, said, known, now())
      : problemOfTurn(store, mailboxes, said, known, now())
  if (problem !== null) return problem
  const says =
    said.kind === 'end'
      ? { name: known?.name ?? '', mailboxes: [], perDay: null }
      : { name: said.name, mailboxes: said.mailboxes, perDay: said.perDay }
  const expiresAt = said.kind === 'invitation' ? said.expiresAt : null
  return { taken: true, says: { ...says, kind: said.kind, expiresAt } }
}

/** Accepts an invitation: keeps what the pair has in common, and gives the answer. Fails as `invitePartner` does. */
export async function acceptInvitation(
  context: AgreementContext,
  { text, ...own }: OwnOffer & { readonly text: string },
): Promise<
  Result<
    | { readonly taken: true; readonly id: string; readonly text: string; readonly checkNumber: string }
    | Refused
  >
> {
  const { store, vault, now } = context
  const read = readPartnerText(text)
  if (!read.ok) return ok(refuse(read.problem))
  const { said, octets } = read.text
  if (said.kind !== 'invitation') return ok(refuse('not-for-us'))
  const problem = problemOfInvitation(store, context.mailboxes, said, findPartner(store, said.id), now())
  if (problem !== null) return ok(problem)
  const mailboxes = offeredMailboxes(context, store, own.mailboxIds)
  if (!mailboxes.ok) return mailboxes
  const opened = await vault.open()
  if (!opened.ok) return opened
  const { id } = said
  const pair = makeKeyPair()
  const keys = agreeOnKeys(pair, said.key, { invitation: octets, invitedPublicKey: pair.publicKey })
  if (keys === null) return ok(refuse('unreadable'))
  const answer = writePartnerText(
    {
      v: 1,
      kind: 'answer',
      id,
      name: own.name,
      key: pair.publicKey,
      mailboxes: mailboxes.value,
      perDay: own.perDay,
      madeAt: now(),
      number: 1,
    },
    keys.texts,
  )
  return keep(context, id, secretOf(keys), writes => {
    putPartner(writes, {
      ...fresh,
      id,
      side: 'invited',
      stage: 'agreed',
      name: said.name,
      own,
      invitation: text,
      text: { kind: 'answer', text: answer },
      checkNumber: keys.checkNumber,
      ownNumber: 1,
      sinceAt: now(),
      expiresAt: said.expiresAt,
    })
    putGuests(writes, id, said.mailboxes, said.perDay)
    return { taken: true, id, text: answer, checkNumber: keys.checkNumber } as const
  })
}

/** Takes what a partner handed over after the invitation: the answer, a change, or the end. Fails as the vault does. */
export async function takeText(
  context: AgreementContext,
  text: string,
): Promise<Result<{ readonly taken: true; readonly id: string; readonly kind: PartnerTextKind } | Refused>> {
  const { store, vault, mailboxes, now } = context
  const read = readPartnerText(text)
  if (!read.ok) return ok(refuse(read.problem))
  const { said } = read.text
  const known = findPartner(store, said.id)
  if (said.kind === 'invitation') return ok(refuse(known?.side === 'inviter' ? 'own' : 'not-for-us'))
  const problem = problemOfTurn(store, mailboxes, said, known, now())
  if (problem !== null) return ok(problem)
  if (known === null) return ok(refuse('not-for-us'))
  const kept = await vault.read(partnerSecretName(said.id))
  if (!kept.ok) return kept
  const secret = parsePartnerSecret(kept.value)
  if (said.kind === 'answer') return takeAnswer(context, known, said, read.text, secret)
  const key = secret.texts === undefined ? null : Buffer.from(secret.texts, 'base64')
  if (key === null || !isSealed(read.text, key)) return ok(refuse('changed'))
  const written = writeOrFail(store, writes => {
    const current = findPartner(writes, said.id) ?? known
    if (said.kind === 'end') endAgreement(context, writes, current, 'them', null)
    else {
      putPartner(writes, { ...current, name: said.name, theirNumber: said.number })
      putGuests(writes, said.id, said.mailboxes, said.perDay)
    }
    return { taken: true, id: said.id, kind: said.kind } as const
  })
  return written
}

async function takeAnswer(
  context: AgreementContext,
  known: PartnerEntry,
  said: Answer,
  text: PartnerText,
  { privateKey, publicKey }: PartnerSecret,
): Promise<Result<{ readonly taken: true; readonly id: string; readonly kind: 'answer' } | Refused>> {
  const invitation = readPartnerText(known.invitation)
  if (!invitation.ok || privateKey === undefined || publicKey === undefined) return ok(refuse('not-for-us'))
  const keys = agreeOnKeys({ privateKey, publicKey }, said.key, {
    invitation: invitation.text.octets,
    invitedPublicKey: said.key,
  })
  if (keys === null || !isSealed(text, keys.texts)) return ok(refuse('changed'))
  const opened = await context.vault.open()
  if (!opened.ok) return opened
  // Another answer may have been taken meanwhile; the first one holds.
  if (findPartner(context.store, known.id)?.stage !== 'invited') return ok(refuse('not-for-us'))
  return keep(context, known.id, secretOf(keys), writes => {
    putPartner(writes, {
      ...known,
      stage: 'agreed',
      name: said.name,
      text: null,
      checkNumber: keys.checkNumber,
      theirNumber: said.number,
      sinceAt: context.now(),
    })
    putGuests(writes, known.id, said.mailboxes, said.perDay)
    return { taken: true, id: known.id, kind: 'answer' } as const
  })
}

const fresh = {
  endedBy: null,
  name: '',
  text: null,
  checkNumber: null,
  ownNumber: 0,
  theirNumber: 0,
  confirmedAt: null,
  heardAt: null,
  askedAt: null,
  silentAt: null,
} as const

function secretOf({ token, texts }: PairKeys): PartnerSecret {
  return { token: base64(token), texts: base64(texts) }
}

function base64(octets: Uint8Array): string {
  return Buffer.from(octets).toString('base64')
}
