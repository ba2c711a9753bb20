import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { canary } from './canary.ts'
import type { OauthRequest } from '#engine/oauth/request.ts'
import type { OauthProviderId } from '#shared/model/oauth.ts'
import type { OauthEndpoints } from '#engine/oauth/providers.ts'

export type OauthScript = {
  /** Who signs in, in the ID token. */
  account?: string
  /** Claims in place of the right ones. */
  claims?: Readonly<Record<string, unknown>>
  /** The scopes that are granted, in place of those asked for; null says nothing about them. */
  scope?: string | null
  /** What the browser comes back with in place of a code. */
  refusal?: { error: string; error_description?: string }
  /** What the token endpoint answers in place of tokens. */
  tokenAnswer?: { status: number; body: string; contentType?: string }
  /** Leaves the refresh token out. */
  withoutRefreshToken?: boolean
  /** Answers only when let go. */
  hold?: Promise<void>
  expiresInS?: number
  /** A client secret that has to come with every request for tokens. */
  clientSecret?: string
}

export type OauthServer = {
  readonly endpoints: OauthEndpoints
  /** Requests to the provider, as the engine makes them; https names lead to this server. */
  readonly request: OauthRequest
  script: OauthScript
  /** What was asked of the token endpoint, in order. */
  readonly grants: URLSearchParams[]
  /** Goes through the pages of the provider as a person would, and comes back to the program. */
  browse(authorizationUrl: string): Promise<{ status: number; text: string; headers: Headers }>
  /** The address the browser would come back to, with its parameters, without going there. */
  answerTo(authorizationUrl: string): URL
  /** Tokens as a sign-in gives them, without the browser. */
  issue(): { accessToken: string; refreshToken: string }
  /** Ends every sign-in, as a person can in the account's settings. */
  revokeAll(): void
  /** Ends the access tokens alone: whoever has a refresh token gets another. */
  expireAll(): void
  isAccessToken(token: string): boolean
  readonly port: number
  /** Where mail servers ask whose token it is (RFC 7662). */
  readonly introspectionUrl: string
  close(): Promise<void>
}

type Code = { challenge: string; redirectUri: string; clientId: string; nonce: string; scope: string }

const issuer = 'https://auth.test'
export const oauthClient = { clientId: 'rookery-test-client', clientSecret: null }

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const no = (error: string) => ({ status: 400, body: { error } })

/** What a provider asks a person. */
const consentPage = (url: string) => `<!doctype html><title>Sign in</title>
<h1>Sign in</h1><p>Rookery wants to read and send mail.</p>
<form action="/consented" method="get">${[...new URL(url).searchParams]
  .map(([name, value]) => `<input type="hidden" name="${name}" value="${value.replaceAll('"', '&quot;')}">`)
  .join('')}<button>Allow</button></form>`

/**
 * An authorisation server on 127.0.0.1: checks PKCE (RFC 7636 §4.6), the redirect address and the client, gives codes
 * once, and gives a new refresh token with each renewal, after which the one before ends.
 */
export async function startOauthServer(
  first: OauthScript = {},
  options: {
    /** A real browser goes to its pages, so they stand under an address of this machine. */
    readonly inBrowser?: boolean
  } = {},
): Promise<OauthServer> {
  const codes = new Map<string, Code>()
  const refreshTokens = new Map<string, { clientId: string; scope: string }>()
  const accessTokens = new Map<string, string>()
  const grants: URLSearchParams[] = []
  const state = { script: first }

  const tokensFor = (clientId: string, scope: string, nonce: string | null) => {
    const { script } = state
    const refresh = `${canary('refresh')}-${randomBytes(12).toString('hex')}`
    const access = `${canary('access')}-${randomBytes(12).toString('hex')}`
    refreshTokens.set(refresh, { clientId, scope })
    const account = script.account ?? 'anna@example.com'
    accessTokens.set(access, account)
    const now = Math.floor(Date.now() / 1_000)
    const claims = {
      iss: issuer,
      aud: clientId,
      sub: '1',
      iat: now,
      exp: now + 3_600,
      email: account,
      ...(nonce === null ? {} : { nonce }),
      ...script.claims,
    }
    return {
      token_type: 'Bearer',
      access_token: access,
      expires_in: script.expiresInS ?? 3_600,
      ...(script.withoutRefreshToken ? {} : { refresh_token: refresh }),
      ...(script.scope === null ? {} : { scope: script.scope ?? scope }),
      id_token: `${part({ alg: 'RS256' })}.${part(claims)}.${Buffer.from('signature').toString('base64url')}`,
    }
  }

  /** RFC 6749 §5.2 */
  const grant = (form: URLSearchParams): { status: number; body: object } => {
    const clientId = form.get('client_id') ?? ''
    const secret = state.script.clientSecret
    if (clientId !== oauthClient.clientId || (secret !== undefined && form.get('client_secret') !== secret))
      return { status: 401, body: { error: 'invalid_client' } }
    if (form.get('grant_type') === 'refresh_token') {
      const known = refreshTokens.get(form.get('refresh_token') ?? '')
      if (known === undefined || known.clientId !== clientId) return no('invalid_grant')
      refreshTokens.delete(form.get('refresh_token') ?? '')
      return { status: 200, body: tokensFor(clientId, known.scope, null) }
    }
    const code = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (form.get('grant_type') !== 'authorization_code') return no('unsupported_grant_type')
    if (code === undefined || code.clientId !== clientId) return no('invalid_grant')
    if (code.challenge !== challenge || code.redirectUri !== form.get('redirect_uri'))
      return no('invalid_grant')
    return { status: 200, body: tokensFor(clientId, code.scope, code.nonce) }
  }

  const server = createServer((request, response) => {
    const asked = new URL(request.url ?? '/', 'http://127.0.0.1')
    if (asked.pathname === '/authorize') {
      response.writeHead(200, { 'content-type': 'text/html', connection: 'close' })
      return void response.end(consentPage(asked.href))
    }
    if (asked.pathname === '/favicon.ico') return void response.writeHead(204).end()
    if (asked.pathname === '/consented') {
      response.writeHead(302, { location: answerTo(asked.href).href, connection: 'close' })
      return void response.end()
    }
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
    request.on('end', async () => {
      const form = new URLSearchParams(text)
      if (asked.pathname === '/introspect') {
        const email = accessTokens.get(form.get('token') ?? '')
        response.writeHead(200, { 'content-type': 'application/json', connection: 'close' })
        return void response.end(JSON.stringify({ active: email !== undefined, email }))
      }
      grants.push(form)
      await state.script.hold
      const { tokenAnswer } = state.script
      const { status, body } = tokenAnswer ? { status: tokenAnswer.status, body: null } : grant(form)
      response.writeHead(status, {
        'content-type': tokenAnswer?.contentType ?? 'application/json',
        connection: 'close',
      })
      response.end(tokenAnswer?.body ?? JSON.stringify(body))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0

  const answerTo = (authorizationUrl: string): URL => {
    const asked = new URL(authorizationUrl).searchParams
    const back = new URL(asked.get('redirect_uri') ?? '')
    back.searchParams.set('state', asked.get('state') ?? '')
    const { refusal } = state.script
    if (refusal) {
      for (const [name, value] of Object.entries(refusal)) back.searchParams.set(name, value)
      return back
    }
    const code = randomBytes(12).toString('hex')
    codes.set(code, {
      challenge: asked.get('code_challenge_method') === 'S256' ? (asked.get('code_challenge') ?? '') : '',
      redirectUri: asked.get('redirect_uri') ?? '',
      clientId: asked.get('client_id') ?? '',
      nonce: asked.get('nonce') ?? '',
      scope: asked.get('scope') ?? '',
    })
    back.searchParams.set('code', code)
    return back
  }

  return {
    endpoints: {
      issuer,
      authorization: options.inBrowser ? `http://127.0.0.1:${port}/authorize` : `${issuer}/authorize`,
      token: `${issuer}/token`,
      scopes: ['openid', 'email', 'offline_access'],
      mailScopes: ['https://mail.test/'],
      redirectHost: '127.0.0.1',
      extra: { prompt: 'consent' },
      accountClaims: ['email', 'preferred_username'],
    },
    request: (url, init) => fetch(url.replace(/^https:\/\/[^/]+/, `http://127.0.0.1:${port}`), init),
    get script() {
      return state.script
    },
    set script(script) {
      state.script = script
    },
    grants,
    answerTo,
    browse: async authorizationUrl => {
      const response = await fetch(answerTo(authorizationUrl))
      return { status: response.status, text: await response.text(), headers: response.headers }
    },
    issue: () => {
      const granted = tokensFor(oauthClient.clientId, 'https://mail.test/', null)
      return { accessToken: granted.access_token, refreshToken: granted.refresh_token ?? '' }
    },
    revokeAll: () => {
      refreshTokens.clear()
      accessTokens.clear()
    },
    expireAll: () => accessTokens.clear(),
    isAccessToken: token => accessTokens.has(token),
    port,
    introspectionUrl: `http://127.0.0.1:${port}/introspect`,
    close: () =>
      new Promise<void>(resolve => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** The same server in place of every provider. */
export function bothAt({ endpoints }: OauthServer): Readonly<Record<OauthProviderId, OauthEndpoints>> {
  return { google: endpoints, microsoft: endpoints }
}
