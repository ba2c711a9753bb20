import { fail, type Result } from '#shared/failure.ts'
import { writeOrFail } from '../../storage/failures.ts'
import { type AgreementContext, endAgreement, offeredMailboxes, textKeyOf } from './agreement-context.ts'
import { writePartnerText } from './partner-text.ts'
import { partnerStateOf } from './standing.ts'
import { findPartner, type OwnOffer, putPartner } from './store.ts'

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
