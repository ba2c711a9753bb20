import { Agent as PlainAgent } from 'node:http'
import { Agent as SecureAgent } from 'node:https'
import { type Fail, fail, ok, type Result } from '#shared/failure.ts'
import type { TenantFailure } from '#shared/words/failures/tenant.ts'
import { type Deadline, partOf } from '../net/deadline.ts'
import { exchangeHttp, type HttpExchange } from '../net/http-exchange.ts'
import { limits } from '../net/limits.ts'
import type { NetworkLog } from '../net/network-log.ts'
import { type ProxyEnvironment, proxyOf } from '../net/proxy.ts'
import { faultOfError } from './tenant-faults.ts'

export type TenantRequest = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

export type TenantAnswer = Extract<HttpExchange, { kind: 'answered' }>

export type SendRequest = (
  request: TenantRequest,
  deadline: Deadline,
) => Promise<Result<TenantAnswer, TenantFailure | 'cancelled'>>

/**
 * Sends one request to the tenant API within `requestMs`, notes it in the network log, and gives the answer whatever its
 * status. A redirect is followed for GET and to the same origin alone: the token goes nowhere else (`tenant-redirected`).
 * Also fails with `tenant-unreachable` {cause}, `tenant-timed-out`, `tenant-certificate`, `tenant-answer-too-large`,
 * `tenant-answer-broken` and `cancelled`.
 */
export function createSendRequest(options: {
  readonly networkLog: NetworkLog
  readonly environment: ProxyEnvironment
  /** Further authorities, PEM. */
  readonly ca?: readonly string[]
  readonly requestMs: number
}): SendRequest {
  const { networkLog, environment, ca, requestMs } = options
  // Idle connections are let go after the timeout; it is also the only end of a proxy that keeps us waiting.
  const common = { keepAlive: true, timeout: requestMs, ...(ca === undefined ? {} : { ca: [...ca] }) }
  const plain = new PlainAgent(common)
  const secure = new Map<string | null, SecureAgent>()
  const agentFor = (proxy: string | null): SecureAgent => {
    const agent =
      secure.get(proxy) ??
      new SecureAgent({ ...common, ...(proxy === null ? {} : { proxyEnv: { HTTPS_PROXY: proxy } }) })
    secure.set(proxy, agent)
    return agent
  }

  const exchange = async (request: TenantRequest, url: URL, deadline: Deadline) => {
    const proxy = proxyOf(url, environment)
    const proxyUrl = proxy === null ? null : readProxy(proxy)
    const host = url.hostname
    if (proxy !== null && proxyUrl === null)
      return fail('tenant-unreachable', { host, cause: 'proxy' }, 'later')
    const exchanged = await exchangeHttp(
      url,
      {
        method: request.method,
        headers: request.headers,
        body: request.body,
        answerBytes: limits.tenantAnswerBytes,
        agent: url.protocol === 'https:' ? agentFor(proxy) : plain,
      },
      deadline,
    )
    const failed = exchanged.kind !== 'answered'
    if (proxyUrl !== null)
      networkLog.record({ ...endOf(proxyUrl), protocol: 'http', purpose: 'sync', failed })
    const protocol = url.protocol === 'https:' ? 'https' : 'http'
    networkLog.record({ ...endOf(url), protocol, purpose: 'sync', failed })
    if (exchanged.kind === 'answered') return ok(exchanged)
    if (exchanged.kind === 'too-large') return fail('tenant-answer-too-large', { host }, 'later')
    if (exchanged.kind === 'failed') return faultOfError(exchanged.error, host, proxyUrl !== null)
    return deadline.ended() === 'cancelled'
      ? fail('cancelled', {}, 'now')
      : fail('tenant-timed-out', { host, seconds: Math.round(requestMs / 1_000) }, 'later')
  }

  return async (request, whole) => {
    const deadline = partOf(whole, requestMs)
    try {
      let { url } = request
      for (let redirects = 0; ; redirects++) {
        const answer = await exchange(request, url, deadline)
        if (!answer.ok) return answer
        const location = locationOf(answer.value, url)
        if (location === null) return answer
        const isSame = location.origin === url.origin
        if (request.method !== 'GET' || !isSame || redirects >= limits.tenantRedirects)
          return redirected(url, location)
        url = location
      }
    } finally {
      deadline.end()
    }
  }
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

function locationOf({ status, headers }: TenantAnswer, from: URL): URL | null {
  const { location } = headers
  return redirects.has(status) && location !== undefined && URL.canParse(location, from.href)
    ? new URL(location, from.href)
    : null
}

function redirected(from: URL, to: URL): Fail<TenantFailure> {
  return fail('tenant-redirected', {
    host: from.hostname,
    to: to.origin === 'null' ? to.protocol : to.origin,
  })
}

function readProxy(proxy: string): URL | null {
  const url = URL.canParse(proxy) ? new URL(proxy) : null
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : null
}

function endOf(url: URL): { host: string; port: number } {
  const usual = url.protocol === 'https:' ? 443 : 80
  return { host: url.hostname, port: url.port === '' ? usual : Number(url.port) }
}
