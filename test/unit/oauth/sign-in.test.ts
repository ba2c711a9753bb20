import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createNetworkLog } from '#engine/net/network-log.ts'
import { createOauthRequest } from '#engine/oauth/request.ts'
import { signIn, type SignInOptions, type Tokens } from '#engine/oauth/sign-in.ts'
import { fail, ok, type Result } from '#shared/failure.ts'
import type { SignInEvent } from '#shared/model/oauth.ts'
import {
  oauthClient,
  type OauthScript,
  type OauthServer,
  startOauthServer,
} from '../../helpers/oauth-server.ts'

const servers: OauthServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function world(script: OauthScript = {}) {
  const server = await startOauthServer(script)
  servers.push(server)
  return server
}

type Ended = { result: Result<Tokens>; events: SignInEvent[]; url: string }

/** Signs in; `act` is what the person and their browser do once it is open. */
async function run(
  server: OauthServer,
  act: (url: string) => unknown,
  options: Partial<SignInOptions> = {},
): Promise<Ended> {
  let url = ''
  const stream = signIn({
    provider: 'google',
    endpoints: server.endpoints,
    client: oauthClient,
    address: 'anna@example.com',
    otherAccount: 'refuse',
    opensLinks: 'host',
    openExternal: async opened => {
      url = opened
      return ok(null)
    },
    request: server.request,
    now: Date.now,
    waitMs: 20_000,
    ...options,
  })
  const events: SignInEvent[] = []
  let step = await stream.next()
  for (; !step.done; step = await stream.next()) {
    events.push(step.value)
    if (step.value.state === 'browser') void act(step.value.url ?? url)
  }
  return { result: step.value, events, url }
}

const failureOf = ({ result }: Ended) => (result.ok ? null : result.failure)

/** Whether anybody listens where the browser was told to come back to. */
function isListening(url: string): Promise<boolean> {
  const { port } = new URL(new URL(url).searchParams.get('redirect_uri') ?? '')
  return new Promise(resolve => {
    const socket = connect({ host: '127.0.0.1', port: Number(port) })
    socket.on('connect', () => socket.destroy() && resolve(true))
    socket.on('error', () => resolve(false))
  })
}

/** Goes back with other parameters than the provider's. */
const comeBack = (server: OauthServer, change: (back: URL) => void) => async (url: string) => {
  const back = server.answerTo(url)
  change(back)
  return fetch(back)
}

function statusOf(url: URL, options: { method?: string; headers?: Record<string, string> }): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest(url, options, response => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
}

describe('a sign-in', () => {
  it('asks with PKCE, comes back to the loopback interface and gives tokens', async () => {
    const server = await world()
    let page: Awaited<ReturnType<OauthServer['browse']>> | null = null
    const ended = await run(server, async url => {
      page = await server.browse(url)
    })
    expect(ended.result).toMatchObject({ ok: true, value: { account: 'anna@example.com' } })
    expect(ended.events.map(({ state }) => state)).toEqual(['browser', 'exchanging'])
    const asked = new URL(ended.url).searchParams
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      login_hint: 'anna@example.com',
      prompt: 'consent',
      scope: 'https://mail.test/ openid email offline_access',
    })
    expect(asked.get('redirect_uri')).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(asked.get('state')?.length).toBeGreaterThan(20)
    expect(ended.url).not.toContain(server.grants[0]?.get('code_verifier') ?? 'no verifier')
    expect(page).toMatchObject({ status: 200 })
    expect(page!.text).toContain('Go back to Rookery')
    expect(page!.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(page!.headers.get('cache-control')).toBe('no-store')
    expect(await isListening(ended.url)).toBe(false)
  })

  it('lets the page open the browser where the host cannot', async () => {
    const server = await world()
    const { result, events } = await run(server, url => server.browse(url), {
      opensLinks: 'page',
      openExternal: async () => fail('not-allowed'),
    })
    expect(result.ok).toBe(true)
    expect(events[0]).toMatchObject({ state: 'browser', url: expect.stringContaining('https://auth.test/') })
  })

  it('sends a client secret where one is set', async () => {
    const server = await world({ clientSecret: 'not-so-secret' })
    const client = { clientId: oauthClient.clientId, clientSecret: 'not-so-secret' }
    expect((await run(server, url => server.browse(url), { client })).result.ok).toBe(true)
    const without = await run(server, url => server.browse(url))
    expect(failureOf(without)).toMatchObject({ code: 'oauth-client-refused' })
  })

  it('understands that Microsoft issues under the name of each organisation', async () => {
    const tid = '9188040d-6c67-4c5b-b112-36a304b66dad'
    const server = await world({ claims: { iss: `https://login.test/${tid}/v2.0`, tid } })
    const endpoints = { ...server.endpoints, issuer: 'https://login.test/{tenantid}/v2.0' }
    const right = await run(server, url => server.browse(url), { endpoints })
    expect(right.result.ok).toBe(true)
    server.script = { claims: { iss: 'https://login.test/another/v2.0', tid } }
    const wrong = await run(server, url => server.browse(url), { endpoints })
    expect(failureOf(wrong)).toMatchObject({ code: 'oauth-provider-refused' })
  })

  it('with localhost answers on both loopback addresses', async () => {
    const server = await world()
    const endpoints = { ...server.endpoints, redirectHost: 'localhost' as const }
    const { result, url } = await run(server, url => server.browse(url), { endpoints })
    expect(result.ok).toBe(true)
    expect(new URL(url).searchParams.get('redirect_uri')).toMatch(/^http:\/\/localhost:\d+$/)
  })

  it('takes another account only when told to', async () => {
    const server = await world({ account: 'bert@example.net' })
    const refused = await run(server, url => server.browse(url))
    expect(failureOf(refused)).toMatchObject({
      code: 'oauth-other-account',
      detail: { account: 'bert@example.net', expected: 'anna@example.com' },
    })
    const kept = await run(server, url => server.browse(url), { otherAccount: 'keep' })
    expect(kept.result).toMatchObject({ ok: true, value: { account: 'bert@example.net' } })
  })
})

describe('an answer that is not taken', () => {
  it('with another state: it waits on, and the right one still counts', async () => {
    const server = await world()
    const statuses: number[] = []
    const ended = await run(server, async url => {
      const stray = await comeBack(server, back => back.searchParams.set('state', 'another'))(url)
      statuses.push(stray.status, (await server.browse(url)).status)
    })
    expect(ended.result.ok).toBe(true)
    expect(statuses).toEqual([400, 200])
  })

  it('with another state and nothing else: says so in the end', async () => {
    const server = await world()
    const ended = await run(
      server,
      comeBack(server, back => back.searchParams.set('state', 'another')),
      { waitMs: 2_000 },
    )
    expect(failureOf(ended)).toMatchObject({ code: 'oauth-answer-not-ours' })
    expect(server.grants).toEqual([])
  })

  it('without a code', async () => {
    const server = await world()
    const ended = await run(
      server,
      comeBack(server, back => back.searchParams.delete('code')),
    )
    expect(ended.result.ok).toBe(false)
  })

  it('with a code of somebody else', async () => {
    const server = await world()
    const ended = await run(
      server,
      comeBack(server, back => back.searchParams.set('code', 'stolen')),
    )
    expect(failureOf(ended)).toMatchObject({
      code: 'oauth-provider-refused',
      detail: { error: 'invalid_grant' },
    })
  })

  it('with an ID token for another sign-in (nonce)', async () => {
    const server = await world({ claims: { nonce: 'another' } })
    expect((await run(server, url => server.browse(url))).result.ok).toBe(false)
  })

  it('with an ID token for another program (audience)', async () => {
    const server = await world({ claims: { aud: 'another' } })
    expect((await run(server, url => server.browse(url))).result.ok).toBe(false)
  })

  it('under another host name, at another path, or with another method', async () => {
    const server = await world()
    const statuses: number[] = []
    const ended = await run(server, async url => {
      const back = server.answerTo(url)
      statuses.push(await statusOf(back, { headers: { host: 'evil.test' } }))
      statuses.push(await statusOf(new URL('/favicon.ico', back), {}))
      statuses.push(await statusOf(back, { method: 'POST' }))
      statuses.push((await server.browse(url)).status)
    })
    expect(ended.result.ok).toBe(true)
    expect(statuses).toEqual([404, 404, 405, 200])
  })
})

describe('a sign-in that fails', () => {
  it.each<[string, NonNullable<OauthScript['refusal']>, string, object]>([
    ['refused', { error: 'access_denied' }, 'oauth-consent-refused', {}],
    [
      'refused at Microsoft',
      { error: 'access_denied', error_description: 'AADSTS65004: User declined to consent.' },
      'oauth-consent-refused',
      { aadsts: '65004' },
    ],
    [
      'administrator',
      { error: 'access_denied', error_description: 'AADSTS90094: Admin consent is required for a@b.test' },
      'oauth-consent-by-admin',
      { aadsts: '90094' },
    ],
    [
      'conditional access',
      { error: 'interaction_required', error_description: 'AADSTS53003: Access has been blocked' },
      'oauth-blocked-by-policy',
      { aadsts: '53003' },
    ],
    [
      'not assigned',
      { error: 'invalid_grant', error_description: 'AADSTS50105: not assigned' },
      'oauth-account-refused',
      { aadsts: '50105' },
    ],
    ['wrong client', { error: 'unauthorized_client' }, 'oauth-client-refused', {}],
    ['unknown scope', { error: 'invalid_scope' }, 'oauth-scope-missing', {}],
    ['in trouble', { error: 'temporarily_unavailable' }, 'oauth-provider-down', {}],
    ['something new', { error: 'new_error' }, 'oauth-provider-refused', { error: 'new_error' }],
  ])('%s', async (_, refusal, code, detail) => {
    const server = await world({ refusal })
    const ended = await run(server, url => server.browse(url))
    expect(failureOf(ended)).toMatchObject({ code, detail: { provider: 'google', ...detail } })
    expect(JSON.stringify(failureOf(ended))).not.toContain('a@b.test')
  })

  it.each<[string, NonNullable<OauthScript['tokenAnswer']>, string, object]>([
    ['status 500', { status: 500, body: '' }, 'oauth-provider-down', { status: 500 }],
    [
      'status 503 with a page',
      { status: 503, body: '<html>', contentType: 'text/html' },
      'oauth-provider-down',
      { status: 503 },
    ],
    ['too many requests', { status: 429, body: '' }, 'oauth-provider-down', { status: 429 }],
    ['wrong client', { status: 401, body: '{"error":"invalid_client"}' }, 'oauth-client-refused', {}],
    [
      'an expired secret',
      { status: 401, body: '{"error":"invalid_client","error_description":"AADSTS7000222: expired"}' },
      'oauth-client-refused',
      { aadsts: '7000222' },
    ],
    ['no JSON', { status: 200, body: 'hello' }, 'oauth-provider-refused', {}],
    ['JSON without tokens', { status: 200, body: '{}' }, 'oauth-provider-refused', {}],
    ['an endless answer', { status: 200, body: `{"a":"${'x'.repeat(200_000)}"}` }, 'oauth-unreachable', {}],
  ])('the token endpoint answers with %s', async (_, tokenAnswer, code, detail) => {
    const server = await world({ tokenAnswer })
    const request = createOauthRequest({
      networkLog: createNetworkLog({ now: () => 0 }),
      fetch: server.request,
    })
    const ended = await run(server, url => server.browse(url), { request })
    expect(failureOf(ended)).toMatchObject({ code, detail })
  })

  it('the token endpoint cannot be reached', async () => {
    const server = await world()
    const networkLog = createNetworkLog({ now: () => 0 })
    const request = createOauthRequest({
      networkLog,
      fetch: async () => Promise.reject(new TypeError('fetch failed')),
    })
    const ended = await run(server, url => server.browse(url), { request })
    expect(failureOf(ended)).toMatchObject({ code: 'oauth-unreachable', retry: 'later' })
    expect(networkLog.list()).toMatchObject([
      { host: 'auth.test', port: 443, protocol: 'https', purpose: 'sign-in', failures: 1 },
    ])
  })

  it('mail was not granted', async () => {
    const server = await world({ scope: 'openid email' })
    expect(failureOf(await run(server, url => server.browse(url)))).toMatchObject({
      code: 'oauth-scope-missing',
    })
    server.script = { scope: null }
    expect((await run(server, url => server.browse(url))).result.ok).toBe(true)
  })

  it('nothing came that lasts', async () => {
    const server = await world({ withoutRefreshToken: true })
    expect(failureOf(await run(server, url => server.browse(url)))).toMatchObject({
      code: 'oauth-provider-refused',
      detail: { error: 'no_refresh_token' },
    })
  })

  it('the browser does not open', async () => {
    const server = await world()
    const ended = await run(server, () => {}, { openExternal: async () => fail('link-not-allowed') })
    expect(failureOf(ended)).toMatchObject({ code: 'oauth-browser-unopened' })
    expect(ended.events).toEqual([])
  })

  it('the person does not come back', async () => {
    const server = await world()
    const ended = await run(server, () => {}, { waitMs: 50 })
    expect(failureOf(ended)).toMatchObject({ code: 'oauth-timed-out' })
    expect(await isListening(ended.url)).toBe(false)
  })

  it('the person stops it, before and while the tokens come', async () => {
    const server = await world()
    const before = new AbortController()
    const waiting = await run(server, () => before.abort(), { signal: before.signal })
    expect(failureOf(waiting)).toMatchObject({ code: 'cancelled' })
    expect(await isListening(waiting.url)).toBe(false)
    server.script = { hold: new Promise<void>(() => {}) }
    const during = new AbortController()
    const exchanging = await run(
      server,
      async url => {
        await server.browse(url)
        while (server.grants.length === 0) await new Promise(resolve => setTimeout(resolve, 5))
        during.abort()
      },
      { signal: during.signal },
    )
    expect(failureOf(exchanging)).toMatchObject({ code: 'cancelled' })
  })
})
