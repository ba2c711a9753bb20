import type { Result } from '#shared/failure.ts'
import type { Discovery } from '#shared/model/discovery.ts'
import type { MailboxConnection } from '#shared/model/mailbox.ts'
import type { ImportOutcome, ImportProblem } from '#shared/model/mailbox-import.ts'
import type { Writes } from '../../storage/open.ts'
import type { Secrets } from '../../vault/secrets.ts'
import { mailboxSecret, sealedForm } from '../credentials.ts'
import type { OutcomeKeeper } from '../keep-outcome.ts'
import { freshStanding } from '../standing.ts'
import { putMailbox } from '../put-and-remove.ts'
import type { ListRow, RowPasswords } from './read-list.ts'

/** What discovery says of a domain, or why it could not say. */
export type Found = ReadonlyMap<string, Result<Discovery>>

/** Domains of rows that leave a server out. */
export function domainsToLookUp(rows: readonly ListRow[]): string[] {
  return [...new Set(rows.filter(needsLookUp).map(({ domainName }) => domainName))]
}

function needsLookUp({ smtp, imap }: ListRow): boolean {
  return smtp === null || imap === null
}

type Connected = { readonly connection: MailboxConnection } | { readonly problem: ImportProblem }

/**
 * The connection of a row: what it names, and what discovery found for the rest. A guess, or what is not trusted, is left
 * for a person to decide; SMTP alone from the file is enough, because sending needs no more. Pure.
 */
function connectionOf(row: ListRow, separate: boolean, found: Found): Connected {
  const result = found.get(row.domainName)
  const discovery = result?.ok ? result.value : null
  const chosen =
    discovery === null || discovery.chosen === null ? null : (discovery.candidates[discovery.chosen] ?? null)
  const smtp = row.smtp ?? chosen?.smtp
  const facts = { domain: row.domainName, provider: discovery?.provider?.name ?? '' }
  if (smtp === undefined || smtp === null) {
    const code = (discovery?.candidates.length ?? 0) > 0 ? 'servers-untrusted' : 'servers-unknown'
    return { problem: { code, facts } }
  }
  const takesNoPassword =
    row.smtp === null && chosen !== null && !chosen.authentication.some(method => method !== 'oauth')
  if (takesNoPassword) return { problem: { code: 'sign-in-needed', facts } }
  const imap = row.imap ?? chosen?.imap ?? null
  return {
    connection: {
      smtp: { server: smtp, user: row.smtpUser ?? fill(chosen?.smtpUser, row) },
      imap: imap && { server: imap, user: row.imapUser ?? fill(chosen?.imapUser, row) },
      login: { kind: 'password', separate },
      allowPlain: smtp.security === 'plain' || imap?.security === 'plain',
      pinnedCertificate: null,
      provider: discovery?.provider ?? null,
    },
  }
}

/** Discovery was asked for one address of the domain; its user names fit the others by their form. */
function fill(user: string | undefined, { address }: ListRow): string {
  return user === undefined || user.includes('@') ? address : address.slice(0, address.lastIndexOf('@'))
}

/** Adds every row that has a connection, inside one transaction with its password; the others are told. */
export function addRows(
  writes: Writes,
  {
    rows,
    passwords,
    found,
    timeZone,
    now,
    vault,
    keeper,
    onFailure,
  }: {
    rows: readonly ListRow[]
    passwords: ReadonlyMap<number, RowPasswords>
    found: Found
    /** For rows that name none. */
    timeZone: string
    now: number
    vault: Pick<Secrets, 'keepWithin'>
    keeper: Pick<OutcomeKeeper, 'plan'>
    onFailure: (failure: Extract<Result<never>, { ok: false }>) => never
  },
): ImportOutcome {
  const added: ImportOutcome['added'] = []
  const refused: ImportOutcome['refused'] = []
  for (const row of rows) {
    const { line, address } = row
    const password = passwords.get(line)
    if (password === undefined) {
      refused.push({ line, address, problems: [{ code: 'password-missing', facts: {} }] })
      continue
    }
    const connected = connectionOf(row, password.imapPassword !== null, found)
    if ('problem' in connected) {
      refused.push({ line, address, problems: [connected.problem] })
      continue
    }
    const { senderName, signature, dailyLimit, key, domainName } = row
    const id = putMailbox(
      writes,
      {
        address,
        key,
        domainName,
        senderName,
        signature,
        dailyLimit,
        timeZone: row.timeZone ?? timeZone,
        connection: connected.connection,
        standing: freshStanding,
        lastTest: null,
        how: 'imported',
      },
      now,
    )
    if (id === null) {
      refused.push({ line, address, problems: [{ code: 'address-known', facts: {} }] })
      continue
    }
    const kept = vault.keepWithin(writes, mailboxSecret(id), sealedForm(password))
    if (!kept.ok) return onFailure(kept)
    keeper.plan(writes, id, freshStanding, now)
    added.push({ id, address })
  }
  return { added, refused }
}
