import { fail, ok, type Result } from '#shared/failure.ts'
import { mailAddressSchema } from '#shared/model/connection.ts'

export type ReadName = (input: string) => Result<{ readonly name: string }>

export type MailboxAddress = {
  /** As typed, without what was put around it. */
  readonly address: string
  /** What two spellings of one address have in common; every mail server of today ignores case here. */
  readonly key: string
  /** A-labels, lower case. */
  readonly domainName: string
}

/** What is wrong with an address; the sentences stand in `words/failures.ts`. */
export type AddressProblem =
  | 'empty'
  | 'no-at'
  | 'no-local-part'
  | 'no-domain'
  | 'domain'
  | 'character'
  | 'length'

/**
 * Reads an address as typed or pasted: `mailto:` and a name with angle brackets around it are taken off. Fails with
 * `mailbox-address-invalid` {problem, address}. RFC 5321 §4.1.2, without quoted local parts, which no provider gives out.
 */
export function readMailboxAddress(
  input: string,
  readName: ReadName,
): Result<MailboxAddress, 'mailbox-address-invalid'> {
  const typed = (/<([^<>]*)>\s*$/.exec(input.trim())?.[1] ?? input.trim()).replace(/^mailto:/i, '').trim()
  const refuse = (problem: AddressProblem) =>
    fail('mailbox-address-invalid', { problem, address: typed.slice(0, 100) })
  if (typed === '') return refuse('empty')
  const at = typed.lastIndexOf('@')
  if (at < 0) return refuse('no-at')
  const [local, domain] = [typed.slice(0, at), typed.slice(at + 1)]
  if (local === '') return refuse('no-local-part')
  if (domain === '') return refuse('no-domain')
  // RFC 5321 §4.5.3.1.
  if (local.length > 64 || typed.length > 254) return refuse('length')
  if (/^\.|\.\.|\.$/.test(local)) return refuse('character')
  const name = readName(domain)
  if (!name.ok) return refuse('domain')
  if (!mailAddressSchema.safeParse(typed).success) return refuse('character')
  const { name: domainName } = name.value
  return ok({ address: typed, key: `${local.toLowerCase()}@${domainName}`, domainName })
}
