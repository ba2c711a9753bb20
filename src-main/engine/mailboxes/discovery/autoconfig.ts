import type { MailboxAddress } from '#shared/mail-auth/parse-address.ts'
import type { DiscoveryReason } from '#shared/model/discovery.ts'
import type { FetchHttps, HttpsAnswer } from '#shared/model/exchange.ts'
import { limits } from '../../net/limits.ts'
import type { Autoconfig } from './parse-autoconfig.ts'
import { nameOf, providerOfHosts } from './providers.ts'
import { absent, found, type SourceAnswer, unavailable } from './source.ts'
import { distrustOf } from './trust.ts'

type Page =
  | { readonly state: 'read'; readonly url: string; readonly config: Extract<Autoconfig, { ok: true }> }
  | { readonly state: 'absent'; readonly reason: DiscoveryReason | null }
  | { readonly state: 'unavailable'; readonly reason: DiscoveryReason }

/**
 * The configuration a domain publishes for mail programs, over HTTPS alone: at `autoconfig.<domain>` and under the
 * domain's well-known path, both at once, the first going before the second. The address is told to the domain's own
 * `autoconfig` host and nobody else.
 */
export async function autoconfigSource(
  address: MailboxAddress,
  fetchHttps: FetchHttps,
  mxHosts: () => Promise<readonly string[]>,
): Promise<SourceAnswer> {
  const { domain } = address
  const asked = encodeURIComponent(address.address)
  const pages = await Promise.all(
    [
      `https://autoconfig.${domain}/mail/config-v1.1.xml?emailaddress=${asked}`,
      `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
    ].map(async url => readPage(url, await fetchHttps(url, rule), address)),
  )
  const read = pages.find(page => page.state === 'read')
  if (read?.state !== 'read') {
    const open = pages.find(page => page.state === 'unavailable')
    if (open?.state === 'unavailable') return unavailable(open.reason)
    const faults = pages.flatMap(page =>
      page.state === 'absent' && page.reason !== null ? [page.reason] : [],
    )
    return absent(faults[0] ?? null)
  }
  const { smtp, imap } = read.config
  const distrust = distrustOf(domain, [smtp.server, imap?.server ?? null], await mxHosts())
  const provider = providerOfHosts([smtp.server.host], 'hosts')?.provider ?? null
  return found({
    source: 'autoconfig',
    from: read.url.replace(/\?.*$/, ''),
    trusted: distrust === null,
    distrust,
    provider: provider === null ? null : nameOf(provider),
    smtp: smtp.server,
    imap: imap?.server ?? null,
    smtpUser: smtp.user,
    imapUser: imap?.user ?? smtp.user,
    authentication: provider === null ? [...smtp.authentication] : [...provider.authentication],
  })
}

const rule = { bodyBytes: limits.autoconfigBytes, redirects: 2 }

async function readPage(url: string, answer: HttpsAnswer, address: MailboxAddress): Promise<Page> {
  if (answer.state === 'unavailable') return { state: 'unavailable', reason: answer.reason }
  if (answer.state === 'failed') {
    // No such host is the usual way of having none; any other fault is worth telling.
    return { state: 'absent', reason: answer.fault === 'no-address' ? null : answer.fault }
  }
  if (answer.status >= 500) return { state: 'unavailable', reason: 'status' }
  if (answer.status !== 200) return { state: 'absent', reason: null }
  const { parseAutoconfig } = await import('./parse-autoconfig.ts')
  const config = parseAutoconfig(answer.body, address)
  return config.ok ? { state: 'read', url, config } : { state: 'absent', reason: config.fault }
}
