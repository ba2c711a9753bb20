import type { NetworkLog } from '../net/network-log.ts'
import { limits } from '../net/limits.ts'

export type OauthRequest = (url: string, init: RequestInit) => Promise<Response>

/**
 * Requests to an authorisation server: https alone, no redirect followed, within `limits.tokenMs` and
 * `limits.tokenBytes`, and noted in the network log. Throws as `fetch` does.
 */
export function createOauthRequest(options: {
  readonly networkLog: NetworkLog
  readonly fetch?: OauthRequest
}): OauthRequest {
  const send = options.fetch ?? globalThis.fetch
  return async (url, init) => {
    const { protocol, hostname, port } = new URL(url)
    if (protocol !== 'https:') throw new TypeError('not https')
    const late = AbortSignal.timeout(limits.tokenMs)
    const signal = init.signal ? AbortSignal.any([init.signal, late]) : late
    let failed = true
    try {
      const response = await send(url, { ...init, redirect: 'manual', signal })
      const body = await boundedBody(response)
      failed = false
      const { status, statusText, headers } = response
      return new Response(body.length === 0 ? null : new Uint8Array(body), { status, statusText, headers })
    } finally {
      const contact = { host: hostname, port: port === '' ? 443 : Number(port) }
      options.networkLog.record({ ...contact, protocol: 'https', purpose: 'sign-in', failed })
    }
  }
}

async function boundedBody(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > limits.tokenBytes) throw new TypeError('too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
