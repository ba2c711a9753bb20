import type { MailboxAddress } from '#shared/mail-auth/parse-address.ts'
import type { ServerAddress } from '#shared/model/connection.ts'
import type { Greeting, MailProtocol, ProbeGreeting } from './probe-greeting.ts'
import { absent, found, type SourceAnswer, unavailable } from './source.ts'
import { organisationOf } from './trust.ts'

type Probed = { readonly server: ServerAddress; readonly greeting: Greeting }

/**
 * Servers at the names most people give them, and at the domain's own mail server, each taken only when a mail server
 * greets there over TLS. The first in this order wins: the usual name, TLS from the first octet, port 587 with STARTTLS.
 */
export async function guessSource(
  address: MailboxAddress,
  probe: ProbeGreeting,
  mxHosts: () => Promise<readonly string[]>,
): Promise<SourceAnswer> {
  const { domain } = address
  const organisation = organisationOf(domain)
  const own = (await mxHosts()).filter(host => organisationOf(host) === organisation).slice(0, 1)
  const names = (first: string) => [...new Set([`${first}.${domain}`, `mail.${domain}`, ...own])]
  const look = (protocol: MailProtocol, servers: readonly ServerAddress[]): Promise<Probed[]> =>
    Promise.all(servers.map(async server => ({ server, greeting: await probe(protocol, server) })))
  const [imap, smtp] = await Promise.all([
    look(
      'imap',
      names('imap').map(host => ({ host, port: 993, security: 'tls' })),
    ),
    look('smtp', [
      ...names('smtp').map(host => ({ host, port: 465, security: 'tls' }) as const),
      ...names('smtp').map(host => ({ host, port: 587, security: 'starttls' }) as const),
    ]),
  ])
  const handIn = best(smtp)
  if (handIn === null) return nothing(smtp)
  const read = best(imap)
  // "Could not look" must not become "has no IMAP".
  if (read === null && imap.some(({ greeting }) => greeting.state === 'unavailable')) return nothing(imap)
  const isGood = handIn.certificate === 'good' && (read === null || read.certificate === 'good')
  const distrust = !isGood ? 'certificate' : read === null ? 'one-server-only' : null
  return found({
    source: 'guess',
    from: handIn.server.host,
    trusted: distrust === null,
    distrust,
    provider: null,
    smtp: handIn.server,
    imap: read?.server ?? null,
    smtpUser: address.address,
    imapUser: address.address,
    authentication: ['password'],
  })
}

/** The first with a good certificate, else the first that greets. */
function best(probed: readonly Probed[]): { server: ServerAddress; certificate: 'good' | 'bad' } | null {
  const greeting = probed.flatMap(({ server, greeting }) =>
    greeting.state === 'greets' ? [{ server, certificate: greeting.certificate }] : [],
  )
  return greeting.find(({ certificate }) => certificate === 'good') ?? greeting[0] ?? null
}

function nothing(probed: readonly Probed[]): SourceAnswer {
  const open = probed.find(({ greeting }) => greeting.state === 'unavailable')?.greeting
  return open?.state === 'unavailable' ? unavailable(open.reason) : absent()
}
