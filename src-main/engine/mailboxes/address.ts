import { type FailureCode, ok, type Result } from '#shared/failure.ts'
import { type AddressFailure, parseAddress, type ReadDomain } from '#shared/mail-auth/parse-address.ts'

/** How the engine reads a domain name everywhere; given by `engine.ts`, where features meet. */
export type ReadName = ReadDomain<Extract<FailureCode, `domain-${string}`>>

export type MailboxAddress = {
  /** The local part as typed and the domain in A-labels. */
  readonly address: string
  /** What two spellings of one address have in common; every mail server of today ignores case in both parts. */
  readonly key: string
  /** A-labels, lower case. */
  readonly domainName: string
}

export type MailboxAddressFailure = AddressFailure | Extract<FailureCode, `domain-${string}`>

/** Reads the address of a mailbox as typed. Fails as `parseAddress` does. */
export function readMailboxAddress(
  input: string,
  readName: ReadName,
): Result<MailboxAddress, MailboxAddressFailure> {
  const parsed = parseAddress(input, readName)
  if (!parsed.ok) return parsed
  const { address, domain } = parsed.value
  return ok({ address, key: address.toLowerCase(), domainName: domain })
}
