import { isInRange, readIpAddress } from '#shared/mail-auth/ip-range.ts'
import type { SpfDirective } from '#shared/mail-auth/parse-spf.ts'
import type { CheckHostCause } from '#shared/model/check-host.ts'
import type { Lookup } from '#shared/model/lookup.ts'
import { isAskable } from './identity.ts'
import type { Session } from './session.ts'
import { isAtOrBelow } from './validated-names.ts'

/** Whether a mechanism matches; `isVoid` when its look-up found nothing; or what ends the evaluation. */
export type Match =
  | { readonly matches: boolean; readonly isVoid: boolean }
  | { readonly error: CheckHostCause; readonly reason: string | null }

/** RFC 7208 §4.6.4. */
const mxHostLimit = 10

const no: Match = { matches: false, isVoid: false }
const none: Match = { matches: false, isVoid: true }

/** `ip4` and `ip6` (RFC 7208 §5.6). */
export function matchAddress(term: SpfDirective, { ip }: Session): Match {
  const network = readIpAddress(term.address ?? '')
  if (network === null) return no
  const prefix = (network.family === 4 ? term.prefix4 : term.prefix6) ?? network.octets.length * 8
  return { matches: isInRange(ip, { network, prefix }), isVoid: false }
}

/** `a` (RFC 7208 §5.3). */
export async function matchA(term: SpfDirective, target: string, session: Session): Promise<Match> {
  const answer = await askAddresses(target, session)
  if (answer.state === 'unavailable') return unavailable(answer)
  return answer.state === 'absent' ? none : { matches: holdsSender(answer, term, session), isVoid: false }
}

/** `mx` (RFC 7208 §5.4): the hosts in their order; never the domain's own address in place of them. */
export async function matchMx(term: SpfDirective, target: string, session: Session): Promise<Match> {
  const answer = await session.ask(target, 'MX')
  if (answer.state === 'unavailable') return unavailable(answer)
  if (answer.state === 'absent') return none
  if (answer.values.length > mxHostLimit) return { error: 'too-many-mx-hosts', reason: null }
  const hosts = answer.values
    .toSorted((a, b) => a.preference - b.preference)
    .map(({ exchange }) => exchange.replace(/\.$/, ''))
    .filter(isAskable)
  const answers = await Promise.all(hosts.map(host => askAddresses(host, session)))
  for (const addresses of answers) {
    if (addresses.state === 'unavailable') return unavailable(addresses)
    if (holdsSender(addresses, term, session)) return { matches: true, isVoid: false }
  }
  return no
}

/** `ptr` (RFC 7208 §5.5). What cannot be looked up does not match; it is no error. */
export async function matchPtr(target: string, { names }: Session): Promise<Match> {
  const validated = await names.all()
  const matches = validated.names.some(name => isAtOrBelow(name, target))
  return { matches, isVoid: validated.isVoid }
}

/** `exists` (RFC 7208 §5.7): an A record, whatever the family of the sender's address. */
export async function matchExists(target: string, session: Session): Promise<Match> {
  const answer = await session.ask(target, 'A')
  if (answer.state === 'unavailable') return unavailable(answer)
  return answer.state === 'absent' ? none : { matches: true, isVoid: false }
}

type Addresses = Lookup<'A'> | Lookup<'AAAA'>

function askAddresses(name: string, { ip, ask }: Session): Promise<Addresses> {
  return ip.family === 4 ? ask(name, 'A') : ask(name, 'AAAA')
}

function holdsSender(answer: Addresses, term: SpfDirective, { ip }: Session): boolean {
  if (answer.state !== 'found') return false
  const prefix = (ip.family === 4 ? term.prefix4 : term.prefix6) ?? ip.octets.length * 8
  return answer.values.some(text => {
    const network = readIpAddress(text)
    return network !== null && isInRange(ip, { network, prefix })
  })
}

function unavailable(answer: Extract<Lookup, { state: 'unavailable' }>): Match {
  return { error: 'unavailable', reason: answer.reason }
}
