import { request } from 'node:https'
import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { HttpsAnswer, HttpsFault, HttpsRule } from '#shared/model/exchange.ts'
import type { UnavailableReason } from '#shared/model/lookup.ts'
import type { Purpose } from '#shared/model/settings.ts'
import { httpsFaultOf, reasonOfSocketError } from './classify.ts'
import { isContactable } from './contactable.ts'
import { type Deadline, partOf } from './deadline.ts'
import { limits } from './limits.ts'
import type { NetworkLog } from './network-log.ts'

/** The addresses of a host, or why there are none. */
export type HostAddresses =
  | { readonly state: 'found'; readonly addresses: readonly string[] }
  | { readonly state: 'absent' }
  | { readonly state: 'unavailable'; readonly reason: UnavailableReason }

export type HttpsOptions = {
  readonly deadline: Deadline
  readonly purpose: Purpose
  /** How hosts are looked up: by the same resolver as everything else, so that an audit has one view of the world. */
  readonly addressesOf: (host: string) => Promise<HostAddresses>
}

export type HttpsClient = (url: string, rule: HttpsRule, options: HttpsOptions) => Promise<HttpsAnswer>

export type Endpoint = { readonly host: string; readonly port: number }

/**
 * A client that gets one page over HTTPS: TLS always verified against the system's authorities (or `ca`, PEM), within
 * `limits.httpsMs`, redirects only as far as the rule allows and to https only. Never throws. `endpointOf` says where an
 * address is reached, or null when it must not be.
 */
export function createHttpsClient(options: {
  readonly networkLog: NetworkLog
  readonly ca?: readonly string[]
  readonly endpointOf?: (address: string, port: number) => Endpoint | null
}): HttpsClient {
  const endpointOf = options.endpointOf ?? publicEndpoint
  return async (asked, rule, { deadline, purpose, addressesOf }) => {
    const own = partOf(deadline, limits.httpsMs)
    try {
      let url = asked
      for (let redirects = 0; ; redirects++) {
        const target = httpsUrl(url)
        if (target === null) return failed(asked, null, 'malformed', url)
        const found = await addressesOf(target.hostname)
        if (found.state === 'absent') return failed(asked, null, 'no-address', target.hostname)
        if (found.state === 'unavailable') return unavailable(asked, null, found.reason)
        const [address] = found.addresses.filter(one => endpointOf(one, portOf(target)) !== null)
        const endpoint = address === undefined ? null : endpointOf(address, portOf(target))
        if (address === undefined || endpoint === null) return unavailable(asked, null, 'not-asked')
        const page = await getPage(target, endpoint, rule, own, options.ca)
        options.networkLog.record({
          host: target.hostname,
          port: portOf(target),
          protocol: 'https',
          purpose,
          failed: page.kind !== 'page',
        })
        if (page.kind === 'unavailable') return unavailable(asked, address, page.reason)
        if (page.kind === 'failed') return failed(asked, address, page.fault, page.detail)
        if (page.location === null) {
          const { status, contentType, body, validToAt } = page
          return { state: 'answered', url: asked, address, status, contentType, body, validToAt }
        }
        if (redirects >= rule.redirects) return failed(asked, address, 'redirected', page.location)
        url = page.location
      }
    } finally {
      own.end()
    }
  }
}

function publicEndpoint(address: string, port: number): Endpoint | null {
  return isContactable(address) ? { host: address, port } : null
}

function httpsUrl(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null
  return url?.protocol === 'https:' && url.username === '' && url.password === '' ? url : null
}

function portOf(url: URL): number {
  return url.port === '' ? 443 : Number(url.port)
}

type Page =
  | {
      readonly kind: 'page'
      readonly status: number
      readonly contentType: string | null
      readonly location: string | null
      readonly body: string
      readonly validToAt: number | null
    }
  | { readonly kind: 'failed'; readonly fault: HttpsFault; readonly detail: string | null }
  | { readonly kind: 'unavailable'; readonly reason: UnavailableReason }

function getPage(
  url: URL,
  endpoint: Endpoint,
  rule: HttpsRule,
  deadline: Deadline,
  ca: readonly string[] | undefined,
): Promise<Page> {
  return new Promise(resolve => {
    const late = (): Page => ({
      kind: 'unavailable',
      reason: deadline.ended() === 'cancelled' ? 'cancelled' : 'timeout',
    })
    if (deadline.signal.aborted) return resolve(late())
    const call = request({
      host: endpoint.host,
      port: endpoint.port,
      servername: url.hostname,
      path: `${url.pathname}${url.search}`,
      method: 'GET',
      headers: { host: url.host, accept: '*/*', 'accept-encoding': 'identity', connection: 'close' },
      agent: false,
      maxHeaderSize: limits.httpsHeaderBytes,
      signal: deadline.signal,
      ...(ca === undefined ? {} : { ca: [...ca] }),
    })
    call.on('error', error => {
      if (deadline.signal.aborted) return resolve(late())
      const fault = httpsFaultOf(error)
      resolve(
        fault
          ? { kind: 'failed', ...fault }
          : { kind: 'unavailable', reason: reasonOfSocketError(error).reason },
      )
    })
    call.on('response', response => {
      const status = response.statusCode ?? 0
      const location = status >= 300 && status < 400 ? locationOf(response, url) : null
      const validToAt = validToOf(response.socket as TLSSocket)
      const contentType = response.headers['content-type'] ?? null
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        chunks.push(chunk)
        if (bytes <= rule.bodyBytes) return
        resolve({ kind: 'failed', fault: 'too-large', detail: `more than ${rule.bodyBytes} octets` })
        call.destroy()
      })
      response.on('error', error =>
        resolve(
          deadline.signal.aborted
            ? late()
            : { kind: 'unavailable', reason: reasonOfSocketError(error).reason },
        ),
      )
      response.on('close', () => resolve({ kind: 'unavailable', reason: 'connection-reset' }))
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8')
        resolve({ kind: 'page', status, contentType, location, body, validToAt })
      })
    })
    call.end()
  })
}

function locationOf(response: IncomingMessage, base: URL): string | null {
  const { location } = response.headers
  return location !== undefined && URL.canParse(location, base.href)
    ? new URL(location, base.href).href
    : null
}

function validToOf(socket: TLSSocket): number | null {
  const at = Date.parse(socket.getPeerCertificate().valid_to ?? '')
  return Number.isNaN(at) ? null : at
}

function failed(url: string, address: string | null, fault: HttpsFault, detail: string | null): HttpsAnswer {
  return { state: 'failed', url, address, fault, detail }
}

function unavailable(url: string, address: string | null, reason: UnavailableReason): HttpsAnswer {
  return { state: 'unavailable', url, address, reason }
}
