import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { limits } from '#engine/net/limits.ts'
import { makeCertificate } from '../../helpers/certificates.ts'
import { failureOf, valueOf } from '../../helpers/engine.ts'
import { canary } from '../../helpers/canary.ts'
import { startHttpProxy } from '../../helpers/http-proxy.ts'
import { endTenantWorlds, never, tenantClientOf, tenantWorld } from '../../helpers/tenant.ts'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
  expect(await endTenantWorlds()).toEqual([])
})

const all = { cursor: null, etag: null }
const add = {
  name: 'example.com',
  fields: { tags: [], dailyLimit: 50 },
  ifMatch: null,
  idempotencyKey: 'k-1',
}

/** A port that nothing listens at. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise<void>(resolve => server.close(() => resolve()))
  return typeof address === 'object' && address !== null ? address.port : 0
}

describe('a server that is not reached', () => {
  it('is named with the cause, and tried again', async () => {
    const port = await closedPort()
    const { client, networkLog, pauses } = tenantClientOf({
      url: `http://127.0.0.1:${port}`,
      token: 't',
      tenantId: 'tenant-1',
    })
    expect(failureOf(await client.listDomains(all, never))).toEqual({
      code: 'tenant-unreachable',
      retry: 'later',
      detail: { host: '127.0.0.1', cause: 'refused' },
    })
    expect(pauses).toEqual([limits.tenantPauseMs, limits.tenantPauseMs * 2])
    expect(networkLog.list()).toMatchObject([
      { host: '127.0.0.1', port, protocol: 'http', purpose: 'sync', count: 3, failures: 3 },
    ])
  })

  it('that cuts the connection is tried again, and what it had done is not done twice', async () => {
    for (const at of ['before', 'after', 'mid-answer'] as const) {
      const { server, client, networkLog } = await tenantWorld()
      server.faults.add({ kind: 'cut', at, times: 2 })
      expect(valueOf(await client.putDomain(add, never)).name, at).toBe('example.com')
      expect(server.state().applied, at).toHaveLength(1)
      expect(server.requests, at).toHaveLength(3)
      expect(networkLog.list(), at).toMatchObject([{ count: 3, failures: 2 }])
    }
  })

  it('for a while is found again, also over a connection that was kept from before', async () => {
    const first = await tenantWorld()
    const { port, token } = first.server
    const { client } = tenantClientOf({ url: first.server.url, token, tenantId: 'tenant-1' })
    expect((await client.listDomains(all, never)).ok).toBe(true)
    await first.server.stop()
    expect(failureOf(await client.listDomains(all, never)).code).toBe('tenant-unreachable')
    await tenantWorld({ port })
    expect((await client.listDomains(all, never)).ok).toBe(true)
  })

  it('under a name of this machine is looked for here and nowhere else', async () => {
    const { server } = await tenantWorld()
    const url = `http://tenant.lab.localhost:${server.port}`
    const { client, networkLog } = tenantClientOf({ url, token: server.token, tenantId: 'tenant-1' })
    expect((await client.listDomains(all, never)).ok).toBe(true)
    expect(networkLog.list()).toMatchObject([{ host: 'tenant.lab.localhost', protocol: 'http' }])
  })

  it('that always cuts it is unreachable', async () => {
    const { server, client } = await tenantWorld()
    server.faults.add({ kind: 'cut', at: 'mid-answer', times: 9 })
    expect(failureOf(await client.listDomains(all, never))).toMatchObject({
      code: 'tenant-unreachable',
      detail: { cause: 'reset' },
    })
    expect(server.requests).toHaveLength(limits.tenantTries)
  })
})

describe('a server that takes its time', () => {
  it.each([
    ['says nothing', { kind: 'silence', at: 'before' }],
    ['says nothing although it was done', { kind: 'silence', at: 'after' }],
    ['sends one octet at a time', { kind: 'drip', everyMs: 50 }],
    ['is slow', { kind: 'delay', delayMs: 60_000 }],
  ] as const)('and %s is given up in time, and tried again', async (_, fault) => {
    const { server, client, networkLog } = await tenantWorld({}, { requestMs: 1_500 })
    server.faults.add(fault)
    const put = await client.putDomain(add, never)
    if (fault.kind === 'delay') {
      // The key is still being worked on, as far as the server knows.
      expect(failureOf(put)).toMatchObject({ code: 'tenant-server-error', detail: { status: 409 } })
    } else {
      expect(valueOf(put).name).toBe('example.com')
      expect(server.state().applied).toHaveLength(1)
    }
    expect(networkLog.list()[0]?.failures).toBe(1)
  })

  it('is timed out after all tries, with the host and how long it was given', async () => {
    const { server, client } = await tenantWorld({}, { requestMs: 1_000 })
    server.faults.add({ kind: 'silence', at: 'before', times: 9 })
    expect(failureOf(await client.listDomains(all, never))).toEqual({
      code: 'tenant-timed-out',
      retry: 'later',
      detail: { host: '127.0.0.1', seconds: 1 },
    })
    expect(server.requests).toHaveLength(limits.tenantTries)
  })

  it('can be left at any moment', async () => {
    const cancel = new AbortController()
    const { server, client } = await tenantWorld({ onRequest: () => setTimeout(() => cancel.abort(), 20) })
    server.faults.add({ kind: 'silence', at: 'before' })
    expect(failureOf(await client.listDomains(all, cancel.signal)).code).toBe('cancelled')
    expect(failureOf(await client.listDomains(all, cancel.signal)).code).toBe('cancelled')
    expect(server.requests).toHaveLength(1)
  })
})

describe('a server with trouble', () => {
  it('is tried again, with pauses that grow', async () => {
    const { server, client, pauses } = await tenantWorld()
    server.faults.add({ kind: 'status', status: 503, times: 2 })
    expect((await client.putDomain(add, never)).ok).toBe(true)
    expect(pauses).toEqual([limits.tenantPauseMs, limits.tenantPauseMs * 2])
    expect(new Set(server.requests.map(one => one.headers['idempotency-key']))).toEqual(new Set(['k-1']))
  })

  it('that had done it before it failed does not do it twice', async () => {
    const { server, client } = await tenantWorld()
    server.faults.add({ kind: 'status', status: 500, at: 'after' })
    expect((await client.putDomain(add, never)).ok).toBe(true)
    expect(server.state().applied).toHaveLength(1)
  })

  it('refuses once and for all what is our own mistake', async () => {
    for (const status of [400, 401, 403, 404, 409, 412, 422]) {
      const { server, client } = await tenantWorld()
      server.faults.add({ kind: 'status', status, times: 9 })
      expect((await client.putDomain(add, never)).ok).toBe(false)
      expect(server.requests, String(status)).toHaveLength(1)
    }
  })
})

const limited = (value: string) =>
  ({ kind: 'status', status: 429, headers: { 'retry-after': value } }) as const

describe('a server that asks for time', () => {
  it('gets it, in seconds or as a date by its own clock', async () => {
    const skewMs = 7 * 60 * 60_000
    const serverAt = Date.now() + skewMs
    for (const headers of [
      { 'retry-after': '2' },
      { 'retry-after': new Date(serverAt + 2_000).toUTCString(), date: new Date(serverAt).toUTCString() },
    ]) {
      const { server, client, pauses } = await tenantWorld()
      server.faults.add({ kind: 'status', status: 429, headers })
      expect((await client.listDomains(all, never)).ok).toBe(true)
      expect(pauses).toHaveLength(2)
      expect(Math.max(...pauses)).toBeGreaterThan(1_900)
      expect(Math.max(...pauses)).toBeLessThanOrEqual(2_000 + limits.tenantPauseMs)
    }
  })

  it('for long is left alone by every question until it is over', async () => {
    let nowAt = Date.now()
    const { server, client } = await tenantWorld({}, { now: () => nowAt })
    server.faults.add(limited('90'))
    const failure = failureOf(await client.listDomains(all, never))
    expect(failure).toMatchObject({ code: 'tenant-rate-limited', detail: { retryAfterMs: 90_000 } })
    nowAt += 60_000
    expect(failureOf(await client.putDomain(add, never))).toMatchObject({
      code: 'tenant-rate-limited',
      retry: 'later',
      detail: { retryAfterMs: 30_000 },
    })
    expect(server.requests).toHaveLength(1)
    nowAt += 30_000
    expect((await client.putDomain(add, never)).ok).toBe(true)
  })

  it('is believed for an hour at most, and a clock that is set back does not make it longer', async () => {
    let nowAt = Date.now()
    const { server, client } = await tenantWorld({}, { now: () => nowAt })
    server.faults.add(limited('999999999'))
    const failure = failureOf(await client.listDomains(all, never))
    expect(failure.detail['retryAfterMs']).toBe(limits.tenantRetryAfterMs)
    nowAt -= 48 * 60 * 60_000
    const later = failureOf(await client.listDomains(all, never))
    expect(later.detail['retryAfterMs']).toBe(limits.tenantRetryAfterMs)
  })

  it.each(['soon', '-5', '', '1.5'])(
    'in words that cannot be read (%s) gets the usual pause',
    async value => {
      const { server, client, pauses } = await tenantWorld()
      server.faults.add(limited(value))
      expect((await client.listDomains(all, never)).ok).toBe(true)
      expect(pauses).toEqual([limits.tenantPauseMs])
    },
  )

  it('does not hold up another server', async () => {
    const first = await tenantWorld()
    const second = await tenantWorld()
    let url = first.server.url
    const { client } = tenantClientOf(first.server, {
      connection: () => ({ baseUrl: url, tenantId: 'tenant-1' }),
    })
    first.server.faults.add(limited('600'))
    expect((await client.listDomains(all, never)).ok).toBe(false)
    url = second.server.url
    expect((await client.listDomains(all, never)).ok).toBe(true)
  })

  it('is never asked too soon, however many ask', async () => {
    const { server } = await tenantWorld({ rateLimit: { requests: 5, perMs: 1_000, as: 'seconds' } })
    const { client } = tenantClientOf(server, {
      random: Math.random,
      pause: pauseMs => new Promise(resolve => setTimeout(resolve, pauseMs)),
    })
    for (let round = 0; round < 8; round++) expect((await client.listDomains(all, never)).ok).toBe(true)
    expect(server.requests.filter(one => one.status === 429)).toHaveLength(1)
    expect(server.rateLimit.tooSoon()).toBe(0)
  })
})

describe('redirects', () => {
  it('to the same server are followed for what is read, three times', async () => {
    const { server, client } = await tenantWorld()
    server.state().put('example.com')
    const to = '/api/v1/tenant/domains?limit=200'
    server.faults.add({ kind: 'redirect', to, times: 3, status: 307 })
    expect(valueOf(await client.listDomains(all, never))).toMatchObject({
      domains: [{ name: 'example.com' }],
    })
    server.faults.add({ kind: 'redirect', to, times: 4 })
    expect(failureOf(await client.listDomains(all, never)).code).toBe('tenant-redirected')
  })

  it('are not followed for what changes something', async () => {
    const { server, client } = await tenantWorld()
    server.faults.add({ kind: 'redirect', to: '/api/v1/tenant/domains', status: 308 })
    expect(failureOf(await client.putDomain(add, never)).code).toBe('tenant-redirected')
    expect(server.requests).toHaveLength(1)
  })

  it.each([301, 302, 303, 307, 308])(
    'to another server (%i) are refused, and it hears nothing',
    async status => {
      const elsewhere = await tenantWorld()
      const { server, client } = await tenantWorld()
      const port = String(elsewhere.server.port)
      for (const to of [
        `${elsewhere.server.url}/api/v1/tenant/domains`,
        `//127.0.0.1:${port}/api/v1/tenant/domains`,
        `http://localhost:${server.port}/api/v1/tenant/domains`,
        'https://evil.example/',
        'javascript:alert(1)',
      ]) {
        server.faults.add({ kind: 'redirect', to, status })
        const failure = failureOf(await client.listDomains(all, never))
        expect(failure, to).toMatchObject({ code: 'tenant-redirected', retry: 'never' })
        expect(failure.detail['to'], to).not.toBe(server.url)
      }
      expect(elsewhere.server.requests).toEqual([])
      expect(server.requests).toHaveLength(5)
    },
  )
})

const authority = makeCertificate({ name: 'Test Authority', isAuthority: true })

/** Under a name that leads to this machine, since certificates made here are for names. */
async function secureWorld(wishes: Partial<Parameters<typeof makeCertificate>[0]> = {}) {
  const certificate = makeCertificate({ name: 'api', names: ['localhost'], issuer: authority, ...wishes })
  const { server } = await tenantWorld({ certificate })
  const at = { url: `https://localhost:${server.port}`, token: server.token, tenantId: server.tenantId }
  return { server, at, ...tenantClientOf(at, { ca: [authority.pem] }) }
}

describe('https', () => {
  it('is spoken, and noted under its name', async () => {
    const { server, client, networkLog } = await secureWorld()
    expect((await client.listDomains(all, never)).ok).toBe(true)
    expect((await client.putDomain(add, never)).ok).toBe(true)
    expect(networkLog.list()).toMatchObject([
      { host: 'localhost', port: server.port, protocol: 'https', purpose: 'sync', count: 2, failures: 0 },
    ])
  })

  const day = 86_400_000
  it.each([
    ['expired', { validFromAt: Date.now() - 9 * day, validToAt: Date.now() - day }, 'expired'],
    ['not valid yet', { validFromAt: Date.now() + day }, 'not-yet-valid'],
    ['for another name', { names: ['other.test'] }, 'name'],
    ['of a stranger', { issuer: makeCertificate({ name: 'Stranger', isAuthority: true }) }, 'untrusted'],
  ] as const)('with a certificate %s sends nothing', async (_, wishes, problem) => {
    const { server, client } = await secureWorld(wishes)
    expect(failureOf(await client.listDomains(all, never))).toEqual({
      code: 'tenant-certificate',
      retry: 'later',
      detail: { host: 'localhost', problem },
    })
    expect(server.requests).toEqual([])
  })

  it('verifies although the environment says not to', async () => {
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      const { server, at } = await secureWorld()
      const { client } = tenantClientOf(at)
      expect(failureOf(await client.listDomains(all, never)).code).toBe('tenant-certificate')
      expect(server.requests).toEqual([])
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
    }
  })

  it('to a server that speaks plain http does not come about', async () => {
    const { server } = await tenantWorld()
    const { client } = tenantClientOf({ url: `https://localhost:${server.port}`, token: 't', tenantId: 'x' })
    expect(failureOf(await client.listDomains(all, never))).toMatchObject({
      code: 'tenant-unreachable',
      detail: { cause: 'tls' },
    })
  })
})

/** The server under a name that only the proxy can find. */
async function proxied(behaviour: 'works' | 'refuses' | 'silent', requestMs = 5_000, login = '') {
  const proxy = await startHttpProxy(behaviour)
  cleanups.push(proxy.stop)
  const certificate = makeCertificate({ name: 'api', names: ['api.test'], issuer: authority })
  const { server } = await tenantWorld({ certificate })
  const at = { url: `https://api.test:${server.port}`, token: server.token, tenantId: server.tenantId }
  const made = tenantClientOf(at, {
    ca: [authority.pem],
    environment: { HTTPS_PROXY: proxy.url.replace('//', `//${login}`) },
    requestMs,
  })
  return { proxy, server, ...made }
}

describe('through a proxy', () => {
  it('the server is reached, and the proxy hears nothing but its name', async () => {
    const { proxy, server, client, networkLog } = await proxied('works')
    server.state().put('example.com')
    expect((await client.listDomains(all, never)).ok).toBe(true)
    expect(proxy.tunnels).toEqual([`api.test:${server.port}`])
    expect(proxy.heard.join()).not.toContain(server.token)
    expect(networkLog.list()).toMatchObject([
      { host: '127.0.0.1', port: proxy.port, protocol: 'http', purpose: 'sync', failures: 0 },
      { host: 'api.test', port: server.port, protocol: 'https', purpose: 'sync', failures: 0 },
    ])
  })

  it('that refuses, the cause is the proxy', async () => {
    const { server, client } = await proxied('refuses')
    expect(failureOf(await client.listDomains(all, never))).toMatchObject({
      code: 'tenant-unreachable',
      detail: { host: 'api.test', cause: 'proxy' },
    })
    expect(server.requests).toEqual([])
  })

  it.each(['works', 'refuses'] as const)(
    'that wants a login gets it, and nobody else does (%s)',
    async behaviour => {
      const password = canary('proxy-password')
      const { proxy, server, client, networkLog } = await proxied(behaviour, 5_000, `anna:${password}@`)
      const listed = await client.listDomains(all, never)
      expect(listed.ok).toBe(behaviour === 'works')
      const login = Buffer.from(`anna:${password}`).toString('base64')
      expect(proxy.heard.join()).toContain(`Basic ${login}`)
      const others = JSON.stringify([listed, networkLog.list(), server.requests])
      expect(others).not.toContain(password)
      expect(others).not.toContain(login)
    },
  )

  it('that is away or no proxy at all, the cause is the proxy', async () => {
    for (const HTTPS_PROXY of [`http://127.0.0.1:${await closedPort()}`, 'socks5://127.0.0.1:1', 'http://']) {
      const at = { url: 'https://api.test', token: 't', tenantId: 'x' }
      const { client } = tenantClientOf(at, { environment: { HTTPS_PROXY } })
      expect(failureOf(await client.listDomains(all, never)), HTTPS_PROXY).toMatchObject({
        code: 'tenant-unreachable',
        detail: { cause: 'proxy' },
      })
    }
  })

  it('that says nothing, the wait ends in time and at once when called off', async () => {
    const { client } = await proxied('silent', 300)
    const cancel = new AbortController()
    setTimeout(() => cancel.abort(), 50)
    expect(failureOf(await client.listDomains(all, cancel.signal)).code).toBe('cancelled')
    expect(failureOf(await client.listDomains(all, never)).code).toBe('tenant-timed-out')
  })

  it('this machine is never reached', async () => {
    const proxy = await startHttpProxy('works')
    cleanups.push(proxy.stop)
    const { client } = await tenantWorld(
      {},
      { environment: { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url } },
    )
    expect((await client.listDomains(all, never)).ok).toBe(true)
    expect(proxy.heard).toEqual([])
  })
})
