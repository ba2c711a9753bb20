import { afterEach, describe, expect, it } from 'vitest'
import { limits } from '#engine/net/limits.ts'
import { createTokens, type OauthTokens, type TokenVault } from '#engine/oauth/tokens.ts'
import { fail, ok } from '#shared/failure.ts'
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

const anna = 'anna@example.com'
const minuteMs = 60_000

/** A vault that can be locked. */
function memoryVault() {
  const kept = new Map<string, string>()
  const state = { locked: false }
  const vault: TokenVault = {
    has: name => kept.has(name),
    read: async name => (state.locked ? fail('vault-no-keychain') : ok(kept.get(name) ?? null)),
    keep: async (name, text) => {
      if (state.locked) return fail('vault-no-keychain')
      kept.set(name, text)
      return ok(null)
    },
    forget: name => {
      kept.delete(name)
      return ok(null)
    },
  }
  return { vault, kept, state }
}

/** Anna is signed in, with a token that lasts an hour. */
async function world(script: OauthScript = {}) {
  const server = await startOauthServer(script)
  servers.push(server)
  const { vault, kept, state } = memoryVault()
  let now = Date.now()
  const make = (): OauthTokens =>
    createTokens({
      vault,
      endpoints: { google: server.endpoints, microsoft: server.endpoints },
      clientOf: async () => ok(oauthClient),
      request: server.request,
      now: () => now,
    })
  const tokens = make()
  await tokens.keep(anna, 'google', { ...server.issue(), expiresAt: now + 60 * minuteMs, account: anna })
  return { server, tokens, make, kept, state, pass: (ms: number) => (now += ms) }
}

/** Something to wait for, and how to end the wait. */
function held(): { hold: Promise<void>; letGo(): void } {
  const controller = new AbortController()
  return {
    hold: new Promise(resolve => controller.signal.addEventListener('abort', () => resolve())),
    letGo: () => controller.abort(),
  }
}

const codeOf = (result: { ok: boolean; failure?: { code: string } }) =>
  result.ok ? null : result.failure?.code

describe('a token to log in with', () => {
  it('is the one that is kept, while it lasts', async () => {
    const { tokens, server, pass } = await world()
    const first = await tokens.access(anna)
    pass(60 * minuteMs - limits.tokenAheadMs - 1_000)
    expect(await tokens.access(anna)).toEqual(first)
    expect(server.grants).toEqual([])
    expect(first).toMatchObject({ ok: true, value: { user: anna } })
  })

  it('is renewed ahead of its end, and the new refresh token is kept', async () => {
    const { tokens, make, server, pass } = await world()
    const before = await tokens.access(anna)
    pass(56 * minuteMs)
    const after = await tokens.access(anna)
    expect(after.ok && before.ok && after.value.accessToken !== before.value.accessToken).toBe(true)
    expect(after.ok && server.isAccessToken(after.value.accessToken)).toBe(true)
    pass(60 * minuteMs)
    expect((await make().access(anna)).ok).toBe(true)
    expect(server.grants.map(form => form.get('grant_type'))).toEqual(['refresh_token', 'refresh_token'])
    expect(server.grants[0]?.get('refresh_token')).not.toBe(server.grants[1]?.get('refresh_token'))
  })

  it('is renewed once, however many ask', async () => {
    const { tokens, server, pass } = await world()
    pass(56 * minuteMs)
    const { hold, letGo } = held()
    server.script = { hold }
    const asking = Promise.all(Array.from({ length: 20 }, () => tokens.access(anna.toUpperCase())))
    while (server.grants.length === 0) await new Promise(resolve => setTimeout(resolve, 5))
    letGo()
    const answers = await asking
    expect(server.grants).toHaveLength(1)
    expect(new Set(answers.map(answer => (answer.ok ? answer.value.accessToken : 'failed'))).size).toBe(1)
  })

  it.each([
    ['renewed', {}],
    ['over', { tokenAnswer: { status: 400, body: '{"error":"invalid_grant"}' } }],
  ])('of a new sign-in stands, whatever comes of a renewal under way: %s', async (_end, more) => {
    const { tokens, server, pass } = await world()
    pass(56 * minuteMs)
    const { hold, letGo } = held()
    server.script = { hold, ...more }
    const asking = tokens.access(anna)
    while (server.grants.length === 0) await new Promise(resolve => setTimeout(resolve, 5))
    const issued = server.issue()
    await tokens.keep(anna, 'google', { ...issued, expiresAt: Date.now() + 300 * minuteMs, account: anna })
    letGo()
    expect(await asking).toMatchObject({ ok: true, value: { accessToken: issued.accessToken } })
    expect(await tokens.access(anna)).toMatchObject({ ok: true, value: { accessToken: issued.accessToken } })
    expect(await tokens.status(anna)).toMatchObject({ ok: true, value: { ended: false } })
  })

  it('is renewed at once when a server refused it', async () => {
    const { tokens, server } = await world()
    const before = await tokens.access(anna)
    const after = await tokens.access(anna, { renew: true })
    expect(server.grants).toHaveLength(1)
    expect(after).not.toEqual(before)
  })

  it('who leaves does not stop the renewal for the others', async () => {
    const { tokens, server, pass } = await world()
    pass(56 * minuteMs)
    const { hold, letGo } = held()
    server.script = { hold }
    const leaving = new AbortController()
    const left = tokens.access(anna, { signal: leaving.signal })
    const staying = tokens.access(anna)
    while (server.grants.length === 0) await new Promise(resolve => setTimeout(resolve, 5))
    leaving.abort()
    expect(codeOf(await left)).toBe('cancelled')
    letGo()
    expect((await staying).ok).toBe(true)
    expect(server.grants).toHaveLength(1)
  })
})

describe('when it cannot be renewed', () => {
  it('a sign-in that is over says so, and nobody asks again until somebody signs in', async () => {
    const { tokens, make, server, pass } = await world()
    server.revokeAll()
    pass(56 * minuteMs)
    expect(codeOf(await tokens.access(anna))).toBe('oauth-sign-in-again')
    expect(codeOf(await make().access(anna))).toBe('oauth-sign-in-again')
    expect(server.grants).toHaveLength(1)
    expect(await tokens.status(anna)).toMatchObject({ value: { ended: true, account: anna } })
    await tokens.keep(anna, 'google', {
      accessToken: 'a',
      refreshToken: 'b',
      expiresAt: Number.MAX_SAFE_INTEGER,
      account: anna,
    })
    expect((await tokens.access(anna)).ok).toBe(true)
  })

  it.each<[string, NonNullable<OauthScript['tokenAnswer']>, string]>([
    ['trouble at the provider', { status: 503, body: '' }, 'oauth-provider-down'],
    ['another client', { status: 401, body: '{"error":"invalid_client"}' }, 'oauth-client-refused'],
    [
      'an app that was taken away',
      { status: 400, body: '{"error":"invalid_grant","error_description":"AADSTS700016: not found"}' },
      'oauth-client-refused',
    ],
    [
      'a rule of the organisation',
      { status: 400, body: '{"error":"interaction_required","error_description":"AADSTS53003: blocked"}' },
      'oauth-blocked-by-policy',
    ],
    [
      'a second factor that is due',
      { status: 400, body: '{"error":"interaction_required","error_description":"AADSTS50076: MFA"}' },
      'oauth-sign-in-again',
    ],
    [
      'long unused',
      { status: 400, body: '{"error":"invalid_grant","error_description":"AADSTS700082: expired"}' },
      'oauth-sign-in-again',
    ],
  ])('%s', async (_, tokenAnswer, code) => {
    const { tokens, server, pass } = await world()
    server.script = { tokenAnswer }
    pass(61 * minuteMs)
    expect(codeOf(await tokens.access(anna))).toBe(code)
    const isOver = code === 'oauth-sign-in-again'
    expect(await tokens.status(anna)).toMatchObject({ value: { ended: isOver } })
    server.script = {}
    expect((await tokens.access(anna)).ok).toBe(!isOver)
  })

  it('for a while only, what is left of the old token is used', async () => {
    const { tokens, server, pass } = await world()
    const before = await tokens.access(anna)
    pass(58 * minuteMs)
    server.script = { tokenAnswer: { status: 503, body: '' } }
    expect(await tokens.access(anna)).toEqual(before)
    expect(codeOf(await tokens.access(anna, { renew: true }))).toBe('oauth-provider-down')
    pass(2 * minuteMs)
    expect(codeOf(await tokens.access(anna))).toBe('oauth-provider-down')
  })

  it('the provider cannot be reached', async () => {
    const { tokens, server, pass } = await world()
    await server.close()
    pass(61 * minuteMs)
    expect(await tokens.access(anna)).toMatchObject({
      failure: { code: 'oauth-unreachable', retry: 'later' },
    })
    expect(await tokens.status(anna)).toMatchObject({ value: { ended: false } })
  })

  it('the vault is locked', async () => {
    const { tokens, state } = await world()
    state.locked = true
    expect(codeOf(await tokens.access(anna))).toBe('vault-no-keychain')
    expect(codeOf(await tokens.status(anna))).toBe('vault-no-keychain')
  })

  it('nobody signed in, or what is kept is damaged', async () => {
    const { tokens, kept } = await world()
    expect(codeOf(await tokens.access('bert@example.com'))).toBe('oauth-not-signed-in')
    kept.set(`oauth ${anna}`, '{"provider":"google"')
    expect(codeOf(await tokens.access(anna))).toBe('oauth-not-signed-in')
  })
})

it('forgets, also while it is being renewed', async () => {
  const { tokens, server, kept, pass } = await world()
  pass(56 * minuteMs)
  const { hold, letGo } = held()
  server.script = { hold }
  const renewing = tokens.access(anna)
  while (server.grants.length === 0) await new Promise(resolve => setTimeout(resolve, 5))
  const forgetting = tokens.forget(anna)
  letGo()
  await Promise.all([renewing, forgetting])
  expect(kept.size).toBe(0)
  expect(codeOf(await tokens.access(anna))).toBe('oauth-not-signed-in')
})
