import { type Agent, type IncomingHttpHeaders, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Deadline } from './deadline.ts'
import { limits } from './limits.ts'

export type HttpAsked = {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  /** The most octets of body that are read. */
  readonly answerBytes: number
  readonly agent: Agent
}

export type HttpExchange =
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly headers: IncomingHttpHeaders
      readonly body: Buffer
    }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'late' }
  | { readonly kind: 'failed'; readonly error: Error }

/**
 * Sends one request and reads its answer to the end, over https with the certificate verified, or over plain http to this
 * machine alone, whatever its name is said to mean. Follows nothing and tries nothing twice. Never throws.
 */
export function exchangeHttp(url: URL, asked: HttpAsked, deadline: Deadline): Promise<HttpExchange> {
  return new Promise(resolve => {
    if (deadline.signal.aborted) return resolve({ kind: 'late' })
    const isSecure = url.protocol === 'https:'
    const body = asked.body === null ? null : Buffer.from(asked.body)
    const call = (isSecure ? requestSecure : requestPlain)(url, {
      method: asked.method,
      headers: { ...asked.headers, ...(body === null ? {} : { 'content-length': body.length }) },
      agent: asked.agent,
      maxHeaderSize: limits.httpsHeaderBytes,
      ...(isSecure ? { rejectUnauthorized: true } : { lookup: thisMachine }),
    })
    const settle = (exchange: HttpExchange) => {
      deadline.signal.removeEventListener('abort', onLate)
      resolve(exchange)
      if (exchange.kind !== 'answered') call.destroy()
    }
    // Not left to the request: while a proxy keeps it waiting it tells nobody that it was called off.
    const onLate = () => settle({ kind: 'late' })
    deadline.signal.addEventListener('abort', onLate, { once: true })
    call.on('error', error => settle({ kind: 'failed', error }))
    call.on('response', response => {
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > asked.answerBytes) settle({ kind: 'too-large' })
        else chunks.push(chunk)
      })
      response.on('error', error => settle({ kind: 'failed', error }))
      response.on('end', () =>
        settle({
          kind: 'answered',
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      )
    })
    call.end(body ?? undefined)
  })
}

const thisMachine: LookupFunction = (_, { all }, callback) => {
  const addresses = [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ]
  if (all) callback(null, addresses)
  else callback(null, '127.0.0.1', 4)
}
