import type { ConnectionSettings, Credential } from '#shared/model/connection.ts'

/** Everything that proves who we are, and must be in no line that leaves the place where it is used. */
export function secretsOf(
  { smtp, imap }: Pick<ConnectionSettings, 'smtp' | 'imap'>,
  credential: Credential,
): string[] {
  if (credential.kind === 'oauth') return [credential.accessToken]
  const passwords = [credential.password, ...(credential.imapPassword ? [credential.imapPassword] : [])]
  const users = [smtp.user, ...(imap ? [imap.user] : [])]
  // As one message of PLAIN (RFC 4616), whose base64 a careless server may give back.
  const plain = users.flatMap(user => passwords.map(password => `\u0000${user}\u0000${password}`))
  return [...passwords, ...plain]
}
