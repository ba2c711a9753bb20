import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { limits } from '#engine/net/limits.ts'
import { findPageFile, type PageFiles, securityHeaders } from '../page-files.ts'
import { type Gate, createGate } from './gate.ts'

/** Bounds on who talks to the host: one person's browsers, not the internet. */
const bounds = {
  headerBytes: 16 * 1024,
  headersMs: 5_000,
  requestMs: 10_000,
  /** How often both are looked at. */
  lookMs: 1_000,
  connections: 256,
  sockets: 64,
  sessionBodyBytes: 512,
  /** The contract's own bounds are lower; this one is for hostile frames. */
  frameBytes: limits.wireFrameBytes,
} as const

export type HttpHost = {
  readonly port: number
  readonly token: string
  close(): Promise<void>
}

export type HttpHostOptions = {
  readonly listen: string
  readonly port: number
  readonly files: () => Promise<PageFiles>
  readonly now: () => number
  readonly accept: (socket: WebSocket) => void
}

/** Listens and serves: the page without a session, POST /session for one, /socket with one. Rejects when it cannot listen. */
export async function serveHttp(options: HttpHostOptions): Promise<HttpHost> {
  const headers = securityHeaders("'self'")
  const server = createServer({
    maxHeaderSize: bounds.headerBytes,
    headersTimeout: bounds.headersMs,
    requestTimeout: bounds.requestMs,
    connectionsCheckingInterval: bounds.lookMs,
    keepAliveTimeout: 5_000,
  })
  server.maxConnections = bounds.connections
  const port = await listening(server, options.port, options.listen)
  const gate = createGate({ port, listen: options.listen, now: options.now })

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: bounds.frameBytes,
    perMessageDeflate: false,
  })
  server.on('request', (request, response) => {
    answer(request, response, headers, gate, options.files).catch(() => {
      if (response.headersSent) response.destroy()
      else send(response, 500, headers, 'Rookery could not answer. Its log has the reason.\n')
    })
  })
  server.on('upgrade', (request, socket, head) => {
    const refusal = refuseUpgrade(request, gate, sockets.clients.size)
    if (refusal !== null) refuse(socket, refusal, headers)
    else sockets.handleUpgrade(request, socket, head, options.accept)
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const isLate = error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
    // Browsers keep a connection ready that has asked nothing yet. An answer on it would be taken for the answer to the
    // question that is just on its way; where it is only closed, they ask again on another one.
    if (isLate && 'bytesRead' in socket && socket.bytesRead === 0) socket.destroy()
    else refuse(socket, isLate ? 408 : 400, headers)
  })

  return {
    port,
    token: gate.token,
    close: () =>
      new Promise(resolve => {
        for (const client of sockets.clients) client.close(1001)
        server.close(() => resolve())
        // A peer that does not answer the closing frame must not hold the process.
        setTimeout(() => {
          for (const client of sockets.clients) client.terminate()
          server.closeAllConnections()
        }, 200).unref()
        server.closeIdleConnections()
      }),
  }
}

function listening(server: Server, port: number, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: address, exclusive: true }, () => {
      server.off('error', reject)
      const bound = server.address()
      resolve(typeof bound === 'object' && bound !== null ? bound.port : port)
    })
  })
}

function refuseUpgrade(request: IncomingMessage, gate: Gate, open: number): number | null {
  if (!gate.isForUs(request.headers)) return 421
  if (!gate.isFromUs(request.headers)) return 403
  if (request.method !== 'GET' || request.url !== '/socket') return 404
  if (!gate.hasSession(request.headers)) return 401
  return open >= bounds.sockets ? 503 : null
}

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  408: 'Request Timeout',
  421: 'Misdirected Request',
  503: 'Service Unavailable',
}

function refuse(socket: Duplex, status: number, headers: Record<string, string>): void {
  const lines = Object.entries({ ...headers, connection: 'close', 'content-length': '0' })
  socket.on('error', () => {})
  socket.end(
    `HTTP/1.1 ${status} ${reasons[status]}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
  )
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  headers: Record<string, string>,
  gate: Gate,
  files: () => Promise<PageFiles>,
): Promise<void> {
  if (!gate.isForUs(request.headers)) {
    return send(response, 421, headers, 'This address is not one of Rookery’s.\n')
  }
  const { method = '' } = request
  const path = (request.url ?? '').split('?', 1)[0] ?? ''
  if (path === '/session') return answerSession(request, response, headers, gate)
  if (method !== 'GET' && method !== 'HEAD') {
    return send(response, 405, { ...headers, allow: 'GET, HEAD' }, 'Only GET and HEAD here.\n')
  }
  const file = findPageFile(await files(), path)
  if (!file) return send(response, 404, headers, 'There is nothing here.\n')
  response.writeHead(200, { ...headers, ...file.headers, 'content-length': file.body.length })
  response.end(method === 'HEAD' ? undefined : file.body)
}

/** POST {token} opens a session; GET tells whether the cookie that came along still has one. */
async function answerSession(
  request: IncomingMessage,
  response: ServerResponse,
  headers: Record<string, string>,
  gate: Gate,
): Promise<void> {
  if (request.method === 'GET') return send(response, gate.hasSession(request.headers) ? 204 : 401, headers)
  if (request.method !== 'POST') return send(response, 405, { ...headers, allow: 'GET, POST' })
  if (!gate.isFromUs(request.headers)) return send(response, 403, headers)
  if (request.headers['content-type'] !== 'application/json') return send(response, 415, headers)
  const announced = Number(request.headers['content-length'] ?? Number.NaN)
  if (!Number.isInteger(announced)) return send(response, 411, { ...headers, connection: 'close' })
  if (announced > bounds.sessionBodyBytes) return send(response, 413, { ...headers, connection: 'close' })
  const token = readToken(await readBody(request))
  if (token === null) return send(response, 400, headers)
  const session = gate.openSession(token)
  if (session === 'wait') return send(response, 429, { ...headers, 'retry-after': '60' })
  if (session === null) return send(response, 401, headers)
  send(response, 204, { ...headers, 'set-cookie': session.cookie })
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

function readToken(body: string): string | null {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' &&
      value !== null &&
      'token' in value &&
      typeof value.token === 'string' &&
      value.token !== ''
      ? value.token
      : null
  } catch {
    return null
  }
}

function send(response: ServerResponse, status: number, headers: Record<string, string>, text = ''): void {
  const body = Buffer.from(text)
  response.writeHead(status, {
    ...headers,
    'cache-control': 'no-store',
    ...(status === 204 ? {} : { 'content-type': 'text/plain; charset=utf-8', 'content-length': body.length }),
  })
  response.end(response.req.method === 'HEAD' || status === 204 ? undefined : body)
}
