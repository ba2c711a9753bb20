import type { DmarcRecord } from '#shared/mail-auth/parse-dmarc.ts'
import type { Ask, Lookup } from '#shared/model/lookup.ts'
import { isDmarc, parseDmarc } from '#shared/mail-auth/parse-dmarc.ts'
import { joinTxt } from '#shared/model/lookup.ts'
import { registrableDomain } from '../public-suffix.ts'
import { organisationOf, walkWhole } from './dmarc-walk.ts'

/** One address that reports are asked to be sent to, and what stands in the way. */
export type Destination = {
  readonly tag: 'rua' | 'ruf'
  readonly address: string
  readonly host: string
  /** What says whether the host takes mail: its MX, and without any its own addresses (RFC 5321 §5.1). */
  readonly mail: {
    readonly mx: Lookup<'MX'>
    readonly four: Lookup<'A'> | null
    readonly six: Lookup<'AAAA'> | null
  }
  /** Null when the host belongs to the same organisation, or that could not be told. */
  readonly permission: { readonly name: string; readonly answer: Lookup<'TXT'> | null } | null
}

/** Reporters must serve two; more than a few are a list gone wrong, and each costs questions. */
const mostDestinations = 8
/** RFC 1035 §2.3.4; a longer name cannot be asked, so nothing can be permitted there. */
const longestName = 253

/** Looks up what decides whether reports arrive: the mail of each host, and its permission (RFC 9990 §4, RFC 9991 §5). */
export function gatherDestinations(
  policyDomain: string,
  organisation: string | null,
  record: DmarcRecord,
  ask: Ask,
): Promise<Destination[]> {
  const entries = (['rua', 'ruf'] as const).flatMap(tag =>
    record[tag].flatMap(uri => (uri.address === null ? [] : [{ tag, address: uri.address }])),
  )
  return Promise.all(
    entries.slice(0, mostDestinations).map(async ({ tag, address }) => {
      const host = hostOf(address)
      const [mail, permission] = await Promise.all([
        gatherMail(host, ask),
        gatherPermission(policyDomain, organisation, host, ask),
      ])
      return { tag, address, host, mail, permission }
    }),
  )
}

async function gatherMail(host: string, ask: Ask): Promise<Destination['mail']> {
  const mx = await ask(host, 'MX')
  if (mx.state !== 'absent') return { mx, four: null, six: null }
  const [four, six] = await Promise.all([ask(host, 'A'), ask(host, 'AAAA')])
  return { mx, four, six }
}

async function gatherPermission(
  policyDomain: string,
  organisation: string | null,
  host: string,
  ask: Ask,
): Promise<Destination['permission']> {
  if (!(await isExternal(policyDomain, organisation, host, ask))) return null
  const name = `${policyDomain}._report._dmarc.${host}`
  return { name, answer: name.length > longestName ? null : await ask(name, 'TXT') }
}

/** Two names under different registrable domains have no organisation in common; only within one the tree is walked. */
async function isExternal(
  policyDomain: string,
  organisation: string | null,
  host: string,
  ask: Ask,
): Promise<boolean> {
  if (host === policyDomain || host === organisation) return false
  const registrable = registrableDomain(host)
  if (registrable === null || registrable !== registrableDomain(policyDomain)) return true
  if (organisation === null) return false
  const theirs = organisationOf(host, await walkWhole(host, ask))
  return theirs !== null && theirs !== organisation
}

/**
 * Whether the host says that it wants the reports; null when that could not be looked up. It may name another address for
 * them, but one at another host takes the permission back (RFC 9990 §4 step 9).
 */
export function isPermitted({ permission, tag, host }: Destination): boolean | null {
  if (permission === null) return true
  const { answer } = permission
  if (answer === null) return false
  if (answer.state === 'unavailable') return null
  if (answer.state === 'absent') return false
  const records = answer.values.map(joinTxt).filter(isDmarc)
  const others = records.flatMap(text => {
    const parsed = parseDmarc(text)
    return parsed.ok ? parsed.record[tag] : []
  })
  return records.length > 0 && others.every(({ address }) => address === null || hostOf(address) === host)
}

function hostOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}

/** Why the host can take no mail, or null when it can or that is not known. */
export function noMailReason({ mail }: Destination): 'null-mx' | 'no-mail-server' | 'nxdomain' | null {
  const { mx, four, six } = mail
  if (mx.state === 'unavailable') return null
  if (mx.state === 'found')
    return mx.values.every(({ exchange }) => exchange === '.' || exchange === '') ? 'null-mx' : null
  if (four?.state !== 'absent' || six?.state !== 'absent') return null
  return mx.reason === 'nxdomain' ? 'nxdomain' : 'no-mail-server'
}
