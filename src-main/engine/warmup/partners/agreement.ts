import { randomUUID } from 'node:crypto'
import { fail, ok, type Result } from '#shared/failure.ts'
import type { PartnerTextKind, PartnerTextProblem, ReadPartnerText } from '#shared/model/partner.ts'
import { writeOrFail } from '../../storage/failures.ts'
import type { Reads, Store, Writes } from '../../storage/open.ts'
import type { Secrets } from '../../vault/secrets.ts'
import { memberOfMailbox } from '../members.ts'
import type { WarmupMailboxes } from '../surroundings.ts'
import { type PartnerSecret, parsePartnerSecret, partnerSecretName } from './held-keys.ts'
import { agreeOnKeys, makeKeyPair, type PairKeys } from './pair-keys.ts'
import {
  type Answer,
  isSealed,
  type PartnerText,
  readPartnerText,
  type Said,
  writePartnerText,
} from './partner-text.ts'
import {
  findPartner,
  type OwnOffer,
  type PartnerEntry,
  putGuests,
  putPartner,
  takeGuestsOut,
  takenAddress,
} from './store.ts'
import { partnerStateOf } from './standing.ts'

const dayMs = 24 * 60 * 60_000

export type AgreementContext = {
  readonly store: Store
  readonly vault: Pick<Secrets, 'read' | 'open' | 'keepWithin' | 'forgetWithin'>
  readonly mailboxes: WarmupMailboxes
  now(): number
}

type Refused = {
  readonly taken: false
  readonly problem: { readonly code: PartnerTextProblem; readonly address: string }
}

const refuse = (code: PartnerTextProblem, address = ''): Refused => ({
  taken: false,
  problem: { code, address },
})

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

/** A person has compared the digits. Fails with `invalid-input` when there is nothing to compare. */
export function confirmPartner({ store, now }: AgreementContext, id: string): Result<null> {
  const known = findPartner(store, id)
  if (known === null || partnerStateOf(known, now()) !== 'comparing')
    return fail('invalid-input', { field: 'id' })
  return writeOrFail(store, writes => {
    putPartner(writes, { ...known, confirmedAt: now(), sinceAt: now() })
    return null
  })
}

/** Other mailboxes of ours take part; gives the text that tells the partner. Fails as `invitePartner` does. */
export async function changeOwnOffer(
  context: AgreementContext,
  { id, mailboxIds, perDay }: { readonly id: string } & Omit<OwnOffer, 'name'>,
): Promise<Result<{ text: string }>> {
  const { store, vault, now } = context
  const known = findPartner(store, id)
  if (known === null || known.stage !== 'agreed') return fail('invalid-input', { field: 'id' })
  const mailboxes = offeredMailboxes(context, store, mailboxIds)
  if (!mailboxes.ok) return mailboxes
  const key = await textKeyOf(vault, id)
  if (!key.ok) return key
  return writeOrFail(store, writes => {
    const current = findPartner(writes, id) ?? known
    const own: OwnOffer = { name: current.own.name, mailboxIds, perDay }
    const number = current.ownNumber + 1
    const { name } = own
    const text = writePartnerText(
      {
        v: 1,
        kind: 'change',
        id,
        by: current.side,
        number,
        name,
        mailboxes: mailboxes.value,
        perDay,
        madeAt: now(),
      },
      key.value,
    )
    putPartner(writes, { ...current, own, ownNumber: number, text: { kind: 'change', text } })
    return { text }
  })
}

/** Goes on with a silent partner. Fails with `invalid-input` for one that is not silent. */
export function goOnWith({ store, now }: AgreementContext, id: string): Result<null> {
  const known = findPartner(store, id)
  if (known === null || partnerStateOf(known, now()) !== 'silent')
    return fail('invalid-input', { field: 'id' })
  return writeOrFail(store, writes => {
    putPartner(writes, { ...known, silentAt: null, askedAt: now(), sinceAt: now() })
    return null
  })
}

/**
 * Ends an agreement, or takes an invitation back; the key is forgotten in the same transaction. Gives the text that tells
 * the partner, null where there is nobody to tell or the key cannot be read: an end must not wait for the vault.
 */
export async function revokePartner(
  context: AgreementContext,
  id: string,
): Promise<Result<{ text: string | null }>> {
  const { store, vault, now } = context
  const known = findPartner(store, id)
  if (known === null || known.stage === 'ended') return fail('invalid-input', { field: 'id' })
  const key = known.stage === 'agreed' ? await textKeyOf(vault, id) : null
  return writeOrFail(store, writes => {
    const current = findPartner(writes, id) ?? known
    const number = current.ownNumber + 1
    const text =
      key?.ok === true
        ? writePartnerText({ v: 1, kind: 'end', id, by: current.side, number, madeAt: now() }, key.value)
        : null
    endAgreement(context, writes, { ...current, ownNumber: number }, 'us', text)
    return { text }
  })
}

function endAgreement(
  { vault, now }: AgreementContext,
  writes: Writes,
  entry: PartnerEntry,
  endedBy: 'us' | 'them',
  text: string | null,
): void {
  vault.forgetWithin(writes, partnerSecretName(entry.id))
  takeGuestsOut(writes, entry.id)
  putPartner(writes, {
    ...entry,
    stage: 'ended',
    endedBy,
    text: text === null ? null : { kind: 'end', text },
    sinceAt: now(),
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

/** Writes an agreement and what is secret about it, both or neither. */
function keep<T>(
  { store, vault }: AgreementContext,
  id: string,
  secret: PartnerSecret,
  write: (writes: Writes) => T,
): Result<T> {
  const written = writeOrFail(store, (writes): Result<T> => {
    const kept = vault.keepWithin(writes, partnerSecretName(id), JSON.stringify(secret))
    return kept.ok ? ok(write(writes)) : kept
  })
  return written.ok ? written.value : written
}

function secretOf({ token, texts }: PairKeys): PartnerSecret {
  const base64 = (octets: Uint8Array) => Buffer.from(octets).toString('base64')
  return { token: base64(token), texts: base64(texts) }
}

async function textKeyOf(vault: AgreementContext['vault'], id: string): Promise<Result<Uint8Array>> {
  const kept = await vault.read(partnerSecretName(id))
  if (!kept.ok) return kept
  const { texts } = parsePartnerSecret(kept.value)
  return texts === undefined ? fail('vault-key-gone') : ok(Buffer.from(texts, 'base64'))
}

/** The addresses we let the other side have. Only a mailbox that warms up can be written to. */
function offeredMailboxes(
  { mailboxes }: AgreementContext,
  reads: Reads,
  ids: readonly string[],
): Result<{ address: string; provider: string }[]> {
  const offered = []
  for (const id of new Set(ids)) {
    const mailbox = memberOfMailbox(reads, id)?.isOn === true ? mailboxes.find(reads, id) : null
    if (mailbox === null) return fail('mailbox-not-found', { id })
    offered.push({ address: mailbox.address, provider: mailbox.provider })
  }
  return ok(offered)
}

function problemOfInvitation(
  reads: Reads,
  mailboxes: WarmupMailboxes,
  said: Extract<Said, { kind: 'invitation' }>,
  known: PartnerEntry | null,
  now: number,
): Refused | null {
  if (known !== null) return refuse(known.side === 'inviter' ? 'own' : 'older')
  if (now >= said.expiresAt) return refuse('expired')
  return addressProblem(reads, mailboxes, said)
}

/** What stands in the way of an answer, a change or an end, its seal left aside. */
function problemOfTurn(
  reads: Reads,
  mailboxes: WarmupMailboxes,
  said: Exclude<Said, { kind: 'invitation' }>,
  known: PartnerEntry | null,
  now: number,
): Refused | null {
  if (known === null) return refuse('not-for-us')
  const by = said.kind === 'answer' ? 'invited' : said.by
  if (by === known.side) return refuse('own')
  if (said.kind === 'answer') {
    if (known.stage === 'agreed') return refuse('older')
    if (known.stage === 'expired' || (known.stage === 'invited' && now >= known.expiresAt))
      return refuse('expired')
    if (known.stage !== 'invited') return refuse('not-for-us')
  } else if (known.stage !== 'agreed') return refuse('not-for-us')
  else if (said.number <= known.theirNumber) return refuse('older')
  return said.kind === 'end' ? null : addressProblem(reads, mailboxes, said)
}

/** An address is ours, or somebody else's whom we agreed with: two keys would speak for it. */
function addressProblem(
  reads: Reads,
  mailboxes: WarmupMailboxes,
  {
    id,
    mailboxes: theirs,
  }: { readonly id: string; readonly mailboxes: readonly { readonly address: string }[] },
): Refused | null {
  const own = new Set(mailboxes.all(reads).map(({ address }) => address.toLowerCase()))
  const addresses = theirs.map(({ address }) => address)
  const taken = addresses.find(one => own.has(one.toLowerCase())) ?? takenAddress(reads, id, addresses)
  return taken === null ? null : refuse('address-taken', taken)
}
