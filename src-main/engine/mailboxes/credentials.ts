import { fail, ok, type Result } from '#shared/failure.ts'
import type { ConnectionSettings, Credential } from '#shared/model/connection.ts'
import type { Mailbox, MailboxConnection } from '#shared/model/mailbox.ts'
import type { OauthProviderId } from '#shared/model/oauth.ts'
import type { Secrets } from '../vault/secrets.ts'

/** What logs in, in the form the vault keeps. Tokens of a sign-in stand there under their own name. */
export type KeptPassword = { readonly password: string; readonly imapPassword: string | null }

export type AccessToken = (
  provider: OauthProviderId,
  address: string,
  signal: AbortSignal,
  /** A server refused the one there is. */
  renew?: boolean,
) => Promise<Result<string>>

export const mailboxSecret = (id: string) => `mailbox ${id}`
export const draftSecret = (test: string) => `mailbox-draft ${test}`
export const listSecret = (list: string) => `mailbox-list ${list}`

export function sealedForm(password: KeptPassword): string {
  return JSON.stringify(password)
}

/**
 * What to log in with. Fails as the vault does (`vault-locked` and its kin), as the sign-in does, or with
 * `mailbox-credential-missing` when nothing is kept under that name.
 */
export async function readCredential(
  { vault, accessToken }: { vault: Pick<Secrets, 'read'>; accessToken: AccessToken },
  {
    name,
    login,
    address,
    signal,
    renew = false,
  }: {
    name: string
    login: MailboxConnection['login']
    address: string
    signal: AbortSignal
    /** A server refused the token there is. */
    renew?: boolean
  },
): Promise<Result<Credential>> {
  if (login.kind === 'oauth') {
    const token = await accessToken(login.provider, address, signal, renew)
    return token.ok ? ok({ kind: 'oauth', accessToken: token.value }) : token
  }
  const kept = await vault.read(name)
  if (!kept.ok) return kept
  if (kept.value === null) return fail('mailbox-credential-missing')
  const { password, imapPassword }: KeptPassword = JSON.parse(kept.value)
  return ok({ kind: 'password', password, ...(imapPassword === null ? {} : { imapPassword }) })
}

/** A saved mailbox as the test takes it. */
export function settingsOf(
  { address, connection }: Pick<Mailbox, 'address' | 'connection'>,
  testEmail: boolean,
): ConnectionSettings {
  const { login: _login, provider: _provider, ...reach } = connection
  // What is sent to itself has to be looked for, too.
  return { address, ...reach, testEmail: testEmail && connection.imap !== null }
}
