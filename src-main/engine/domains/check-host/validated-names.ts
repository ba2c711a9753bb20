import { type IpAddress, isInRange, readIpAddress, reverseName } from '#shared/mail-auth/ip-range.ts'
import type { Ask } from '#shared/model/lookup.ts'

export type ValidatedNames = {
  /** The names of the address that lead back to it, in the order of the answer. */
  all(): Promise<{ readonly names: readonly string[]; readonly isVoid: boolean }>
  /** For `%{p}`: the domain itself, else a name below it, else any, else null (RFC 7208 §7.3). */
  best(domain: string): Promise<string | null>
}

/** RFC 7208 §4.6.4: names beyond these are ignored. */
const namesRead = 10

/**
 * The validated domain names of an address (RFC 7208 §5.5): names that its PTR records give and whose own addresses
 * hold it. A look-up that fails makes a name invalid, never an error. Asked at most once.
 */
export function createValidatedNames(ip: IpAddress, ask: Ask): ValidatedNames {
  let asked: ReturnType<ValidatedNames['all']> | null = null
  const all = () => (asked ??= validate(ip, ask))
  return {
    all,
    best: async domain => {
      const { names } = await all()
      return (
        names.find(name => name.toLowerCase() === domain.toLowerCase()) ??
        names.find(name => isAtOrBelow(name, domain)) ??
        names[0] ??
        null
      )
    },
  }
}

export function isAtOrBelow(name: string, domain: string): boolean {
  const [inner, outer] = [name.toLowerCase(), domain.toLowerCase()]
  return inner === outer || inner.endsWith(`.${outer}`)
}

async function validate(ip: IpAddress, ask: Ask) {
  const answer = await ask(reverseName(ip), 'PTR')
  if (answer.state !== 'found') return { names: [], isVoid: answer.state === 'absent' }
  const candidates = answer.values.slice(0, namesRead).map(name => name.replace(/\.$/, ''))
  const confirmed = await Promise.all(candidates.map(name => leadsTo(name, ip, ask)))
  return { names: candidates.filter((_, index) => confirmed[index]), isVoid: false }
}

async function leadsTo(name: string, ip: IpAddress, ask: Ask): Promise<boolean> {
  if (name === '') return false
  const answer = await ask(name, ip.family === 4 ? 'A' : 'AAAA')
  if (answer.state !== 'found') return false
  const prefix = ip.octets.length * 8
  return answer.values.some(text => {
    const address = readIpAddress(text)
    return address !== null && isInRange(address, { network: ip, prefix })
  })
}
