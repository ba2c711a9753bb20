import { type Fail, fail, type FailureCode, type FailureDetail, ok, type Result } from '../failure.ts'

export type MailboxAddress = {
  /** The local part as typed and the domain in A-labels: what servers are told. */
  readonly address: string
  /** As typed, quotes included; case is kept, for only the domain's own server may say that it means nothing. */
  readonly localPart: string
  /** A-labels, lower case. */
  readonly domain: string
  /** The domain as people write it. */
  readonly displayDomain: string
}

export type AddressFailure = Extract<FailureCode, `address-${string}`>

/** A domain name as typed, in A-labels; how the engine reads one everywhere. */
export type ReadDomain<C extends FailureCode> = (
  input: string,
) => Result<{ readonly name: string; readonly displayName: string }, C>

/** RFC 5321 §4.5.3.1.1 and §4.5.3.1.3, the path without its angle brackets. */
const longestLocalPart = 64
const longestAddress = 254
/** Longer than any address with a name around it; stops work on what is none. */
const longestInput = 2_000

const dotStringCharacter = /[\w!#$%&'*+/=?^`{|}~.-]/

/**
 * Reads the address of one mailbox as a person typed it (RFC 5321 §4.1.2). `readDomain` reads what stands behind the at
 * sign, and its failure is passed on. Fails with the code of what is wrong; `detail` holds the facts for the sentence and,
 * where it is obvious, the corrected address as `suggestion`.
 */
export function parseAddress<C extends FailureCode>(
  input: string,
  readDomain: ReadDomain<C>,
): Result<MailboxAddress, AddressFailure | C> {
  const typed = input.trim()
  if (typed === '') return fail('address-empty')
  if (typed.length > longestInput)
    return fail('address-too-long', { length: typed.length, limit: longestAddress })
  const refuse = (code: AddressFailure, detail: FailureDetail, corrected: string): Fail<AddressFailure> => {
    const read = corrected.length < typed.length ? parseAddress(corrected, readDomain) : null
    return fail(code, read?.ok === true ? { ...detail, suggestion: read.value.address } : detail)
  }

  const scheme = /^mailto:([^?]*)/i.exec(typed)
  if (scheme) return refuse('address-has-scheme', {}, decoded(scheme[1] ?? ''))
  const inBrackets = /<([^<>]*)>$/.exec(typed)
  if (inBrackets) return refuse('address-has-name', {}, inBrackets[1] ?? '')

  const split = splitAtSign(typed)
  if (!split.ok) return split
  const { localPart, domain } = split.value
  if (localPart === '') return fail('address-local-empty')
  const flaw = localPart.startsWith('"') ? null : flawOf(localPart)
  if (flaw !== null) {
    const rest = flaw.failure.code === 'address-has-space' ? typed.replace(/\s+/g, '') : ''
    return rest === '' ? flaw : refuse('address-has-space', {}, rest)
  }
  if (localPart.length > longestLocalPart)
    return fail('address-local-too-long', { length: localPart.length, limit: longestLocalPart })
  if (domain === '') return fail('address-domain-empty')
  if (/\s/.test(domain)) return refuse('address-has-space', {}, typed.replace(/\s+/g, ''))
  const read = readDomain(domain)
  if (!read.ok) return withAddress(read, localPart)
  const address = `${localPart}@${read.value.name}`
  if (address.length > longestAddress)
    return fail('address-too-long', { length: address.length, limit: longestAddress })
  return ok({ address, localPart, domain: read.value.name, displayDomain: read.value.displayName })
}

/** Splits at the at sign outside quotes; there must be one. */
function splitAtSign(typed: string): Result<{ localPart: string; domain: string }, AddressFailure> {
  if (typed.startsWith('"')) {
    const quoted = /^"(?:[ !#-[\]-~]|\\[ -~])*"/.exec(typed)?.[0]
    if (quoted === undefined) return fail('address-quote-open')
    if (typed[quoted.length] !== '@') return fail('address-without-at')
    return ok({ localPart: quoted, domain: typed.slice(quoted.length + 1) })
  }
  const parts = typed.split('@')
  if (parts.length > 2) return fail(/[,;\s]/.test(typed) ? 'address-several' : 'address-many-ats')
  const [localPart = '', domain] = parts
  return domain === undefined ? fail('address-without-at') : ok({ localPart, domain })
}

/** What is wrong with a local part that is not quoted. */
function flawOf(localPart: string): Fail<AddressFailure> | null {
  if (/\s/.test(localPart)) return fail('address-has-space')
  const characters = [...localPart]
  const bad = characters.findIndex(character => !dotStringCharacter.test(character))
  if (bad >= 0) {
    const character = characters[bad] ?? ''
    // RFC 6531 has them; few servers do, and a mailbox that mail must reach had better do without.
    if ((character.codePointAt(0) ?? 0) > 0x7f) return fail('address-not-ascii', { character })
    return fail(character === '"' ? 'address-quote-open' : 'address-bad-character', {
      character,
      position: bad + 1,
    })
  }
  return localPart.startsWith('.') || localPart.endsWith('.') || localPart.includes('..')
    ? fail('address-bad-dot')
    : null
}

/** A domain that can be corrected makes a whole address to suggest. */
function withAddress<C extends FailureCode>({ failure }: Fail<C>, localPart: string): Fail<C> {
  const { suggestion, ...detail } = failure.detail
  if (typeof suggestion !== 'string') return { ok: false, failure }
  return fail(failure.code, { ...detail, suggestion: `${localPart}@${suggestion}` }, failure.retry)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
