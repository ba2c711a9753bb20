import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fail, ok, type Result } from '#shared/failure.ts'
import { limits } from '../net/limits.ts'

export type RedirectListener = {
  /** What the provider is told to send the browser to. */
  readonly redirectUri: string
  /** The parameters the browser comes back with, once. Rejects never; null when it was closed before. */
  readonly answer: Promise<URLSearchParams | null>
  /** Whether somebody came with another mark than ours. */
  sawStranger(): boolean
  close(): Promise<void>
}

const triesForPort = 5

/**
 * Waits on the loopback interface for the browser (RFC 8252 §7.3): a port of its own for each sign-in, one answer with the
 * right `state`, a bounded number of requests. `localhost` also listens on ::1, where a browser may go first. Fails with
 * `oauth-listener-failed`.
 */
export async function listenForRedirect(
  host: '127.0.0.1' | 'localhost',
  state: string,
): Promise<Result<RedirectListener, 'oauth-listener-failed'>> {
  let requests = 0
  let stranger = false
  let settle: ((answer: URLSearchParams | null) => void) | null = null
  const answer = new Promise<URLSearchParams | null>(resolve => {
    settle = resolve
  })
  const servers: Server[] = []
  let origin = ''

  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    requests += 1
    // A page elsewhere can point a name of its own at this machine; its browser then says that name.
    const url = URL.parse(request.url ?? '', origin)
    const isOurs = `http://${request.headers.host}` === origin && url?.pathname === '/'
    if (requests > limits.signInRequests || !isOurs || url === null) return reply(response, 404, notHere)
    if (request.method !== 'GET') return reply(response, 405, notHere)
    const { searchParams } = url
    if (searchParams.get('state') !== state) {
      stranger ||= searchParams.has('state') || searchParams.has('code')
      return reply(response, 400, notOurs)
    }
    reply(response, 200, searchParams.has('error') ? refused : done)
    settle?.(searchParams)
  }
  const close = async () => {
    settle?.(null)
    await Promise.all(
      servers.map(
        server =>
          new Promise<void>(resolve => {
            server.close(() => resolve())
            // What waits for the answer of its request gets it first.
            server.closeIdleConnections()
            setTimeout(() => server.closeAllConnections(), 500).unref()
          }),
      ),
    )
  }

  for (let tries = 0; tries < triesForPort; tries++) {
    const four = await listen(onRequest, '127.0.0.1', 0)
    if (four === null || four === 'taken') break
    servers.push(four)
    const { port } = four.address() as AddressInfo
    const six = host === 'localhost' ? await listen(onRequest, '::1', port) : null
    if (six !== null && six !== 'taken') servers.push(six)
    if (six !== 'taken') {
      origin = `http://${host}:${port}`
      return ok({ redirectUri: origin, answer, sawStranger: () => stranger, close })
    }
    four.close()
    servers.pop()
  }
  return fail('oauth-listener-failed')
}

/** A server on this address; `taken` when somebody else has the port there, null when there is no such address. */
async function listen(
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
  host: string,
  port: number,
): Promise<Server | 'taken' | null> {
  const server = createServer(
    { maxHeaderSize: limits.signInRequestBytes, requestTimeout: 10_000, headersTimeout: 10_000 },
    onRequest,
  )
  server.maxConnections = limits.signInRequests
  const failed = await new Promise<NodeJS.ErrnoException | null>(resolve => {
    server.once('error', resolve)
    server.listen(port, host, () => resolve(null))
  })
  if (failed === null) return server
  return failed.code === 'EADDRINUSE' ? 'taken' : null
}

function reply(
  response: ServerResponse,
  status: number,
  { title, text }: { title: string; text: string },
): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  })
  response.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem}</style><h1>${title}</h1><p>${text}</p></html>\n`,
  )
}

const done = {
  title: 'Go back to Rookery',
  text: 'Rookery has the answer and finishes the sign-in. This tab can be closed.',
}
const refused = {
  title: 'Go back to Rookery',
  text: 'The sign-in was not granted. Rookery says why. This tab can be closed.',
}
const notOurs = {
  title: 'This does not belong to the sign-in that is under way',
  text: 'It may come from an old tab. Nothing was used. Go back to Rookery.',
}
const notHere = { title: 'Nothing is here', text: 'Go back to Rookery.' }
