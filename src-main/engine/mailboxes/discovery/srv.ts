import type { MailboxAddress } from '#shared/mail-auth/parse-address.ts'
import { type ServerAddress, serverAddressSchema } from '#shared/model/connection.ts'
import type { DiscoveryReason } from '#shared/model/discovery.ts'
import type { Ask, Lookup, SrvValue } from '#shared/model/lookup.ts'
import { nameOf, providerOfHosts } from './providers.ts'
import { absent, found, type SourceAnswer, unavailable } from './source.ts'
import { distrustOf } from './trust.ts'

type Service =
  | { readonly state: 'offered'; readonly server: ServerAddress; readonly isVouchedFor: boolean }
  | { readonly state: 'not-offered' }
  | { readonly state: 'absent' }
  | { readonly state: 'unavailable'; readonly reason: DiscoveryReason }

/**
 * Servers by service records (RFC 6186, RFC 8314 §5.1). TLS from the first octet goes before STARTTLS; the target `.` says
 * that a service is not offered; port 465 and 993 mean TLS whatever the record is called. Without IMAP the candidate has
 * none, but never because it could not be looked up.
 */
export async function srvSource(
  address: MailboxAddress,
  ask: Ask,
  mxHosts: () => Promise<readonly string[]>,
): Promise<SourceAnswer> {
  const of = async (service: string, tls: boolean) =>
    readService(await ask(`_${service}._tcp.${address.domain}`, 'SRV'), tls)
  const [imaps, imapPlain, submissions, submission] = await Promise.all([
    of('imaps', true),
    of('imap', false),
    of('submissions', true),
    of('submission', false),
  ])
  const smtp = better(submissions, submission)
  const imap = better(imaps, imapPlain)
  if (smtp.state === 'unavailable') return unavailable(smtp.reason)
  if (smtp.state !== 'offered') {
    if (imap.state === 'unavailable') return unavailable(imap.reason)
    return absent(smtp.state === 'not-offered' ? 'not-offered' : null)
  }
  if (imap.state === 'unavailable') return unavailable(imap.reason)
  const imapServer = imap.state === 'offered' ? imap.server : null
  const isVouchedFor = smtp.isVouchedFor && (imap.state !== 'offered' || imap.isVouchedFor)
  const distrust = isVouchedFor
    ? null
    : distrustOf(address.domain, [smtp.server, imapServer], await mxHosts())
  const provider = providerOfHosts([smtp.server.host], 'hosts')?.provider ?? null
  return found({
    source: 'srv',
    from: `_${submissions.state === 'offered' ? 'submissions' : 'submission'}._tcp.${address.domain}`,
    trusted: distrust === null,
    distrust,
    provider: provider === null ? null : nameOf(provider),
    smtp: smtp.server,
    imap: imapServer,
    smtpUser: address.address,
    imapUser: address.address,
    authentication: provider === null ? ['password'] : [...provider.authentication],
  })
}

/** The one with TLS when it is offered; a service that could not be looked up leaves the other one's word. */
function better(withTls: Service, other: Service): Service {
  if (withTls.state === 'offered') return withTls
  if (other.state === 'offered') return other
  return (
    [withTls, other].find(({ state }) => state === 'unavailable') ??
    (withTls.state === 'not-offered' ? withTls : other)
  )
}

function readService(answer: Lookup<'SRV'>, tls: boolean): Service {
  if (answer.state === 'unavailable') return { state: 'unavailable', reason: answer.reason }
  if (answer.state === 'absent') return { state: 'absent' }
  if (answer.values.every(({ target }) => target === '.')) return { state: 'not-offered' }
  const [best] = answer.values
    .filter(({ target }) => target !== '.')
    .toSorted(byPriority)
    .flatMap(({ target, port }) => {
      const isTls = tls || port === 465 || port === 993
      const read = serverAddressSchema.safeParse({ host: target, port, security: isTls ? 'tls' : 'starttls' })
      return read.success ? [read.data] : []
    })
  return best === undefined
    ? { state: 'absent' }
    : { state: 'offered', server: best, isVouchedFor: answer.authenticated }
}

/** RFC 2782 draws lots by weight; a setting that is kept had better be the same every time. */
function byPriority(a: SrvValue, b: SrvValue): number {
  return a.priority - b.priority || b.weight - a.weight || (a.target < b.target ? -1 : 1)
}
