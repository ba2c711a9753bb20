import { dottedAddress, formatIpAddress, type IpAddress } from '#shared/mail-auth/ip-range.ts'
import { expandMacros, type SpfMacroValues, usesMacro } from '#shared/mail-auth/spf-macros.ts'
import type { CheckHostStep } from '#shared/model/check-host.ts'
import type { Ask } from '#shared/model/lookup.ts'
import type { Identity } from './identity.ts'
import { createValidatedNames, type ValidatedNames } from './validated-names.ts'

/** One run of check_host: what it was asked, and what it has used up so far. */
export type Session = {
  readonly ip: IpAddress
  readonly identity: Identity
  /** The name of the receiver for `%{r}`. */
  readonly receiver: string
  /** Epoch milliseconds, for `%{t}`. */
  readonly now: number
  readonly ask: Ask
  readonly names: ValidatedNames
  readonly trace: CheckHostStep[]
  lookups: number
  voidLookups: number
}

export function createSession(
  query: Pick<Session, 'ip' | 'identity' | 'receiver' | 'now'>,
  ask: Ask,
): Session {
  const names = createValidatedNames(query.ip, ask)
  return { ...query, ask, names, trace: [], lookups: 0, voidLookups: 0 }
}

/**
 * Fills in the macros of a checked text for the record of `domain`. `%{p}` alone costs questions, and only where it
 * stands: `unknown` without a validated name (RFC 7208 §7.3).
 */
export async function fillIn(text: string, domain: string, session: Session): Promise<string> {
  const { ip, identity } = session
  const values: SpfMacroValues = {
    s: identity.sender,
    l: identity.localPart,
    o: identity.domain,
    d: domain,
    i: dottedAddress(ip),
    p: usesMacro(text, 'p') ? ((await session.names.best(domain)) ?? 'unknown') : '',
    v: ip.family === 4 ? 'in-addr' : 'ip6',
    h: identity.helo,
    c: formatIpAddress(ip),
    r: session.receiver,
    t: String(Math.floor(session.now / 1_000)),
  }
  return expandMacros(text, values)
}
