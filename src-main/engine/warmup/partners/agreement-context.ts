import { fail, ok, type Result } from '#shared/failure.ts'
import { writeOrFail } from '../../storage/failures.ts'
import type { Reads, Store, Writes } from '../../storage/open.ts'
import type { Secrets } from '../../vault/secrets.ts'
import { memberOfMailbox } from '../members.ts'
import type { WarmupMailboxes } from '../surroundings.ts'
import { type PartnerSecret, parsePartnerSecret, partnerSecretName } from './held-keys.ts'
import { type PartnerEntry, putPartner, takeGuestsOut } from './store.ts'

export type AgreementContext = {
  readonly store: Store
  readonly vault: Pick<Secrets, 'read' | 'open' | 'keepWithin' | 'forgetWithin'>
  readonly mailboxes: WarmupMailboxes
  now(): number
}

/** Writes an agreement and what is secret about it, both or neither. */
export function keep<T>(
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

/** What texts of this pair are sealed with. Fails as the vault does. */
export async function textKeyOf(vault: AgreementContext['vault'], id: string): Promise<Result<Uint8Array>> {
  const kept = await vault.read(partnerSecretName(id))
  if (!kept.ok) return kept
  const { texts } = parsePartnerSecret(kept.value)
  return texts === undefined ? fail('vault-key-gone') : ok(Buffer.from(texts, 'base64'))
}

/** The addresses we let the other side have. Only a mailbox that warms up can be written to. */
export function offeredMailboxes(
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
  return ok(offered.toSorted((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1)))
}

/** Ends it for good: no key, nobody to write to. */
export function endAgreement(
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
