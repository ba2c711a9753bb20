import { afterEach, describe, expect, it } from 'vitest'
import {
  createTenantServer,
  type TenantServer,
  type TenantServerWishes,
} from '../../lab/tenant-api/server.ts'

const servers: TenantServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

async function start(wishes: TenantServerWishes = {}) {
  const server = await createTenantServer(wishes)
  servers.push(server)
  const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${server.token}`,
        'x-tenant-id': server.tenantId,
        'content-type': 'application/json',
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) }
  }
  return { server, ask }
}

const domains = '/api/v1/tenant/domains'
const example = { name: 'example.com', tags: [], daily_limit: 50 }

describe('a key', () => {
  it('is needed for what changes something', async () => {
    const { server, ask } = await start()
    const answer = await ask('POST', domains, example)
    expect(answer).toMatchObject({ status: 422, body: { error: { details: { field: 'Idempotency-Key' } } } })
    expect(server.state().domains()).toEqual([])
  })

  it('gives the first answer again, says so, and is not good for anything else', async () => {
    const { server, ask } = await start()
    const key = { 'idempotency-key': 'k' }
    const first = await ask('POST', domains, example, key)
    const again = await ask('POST', domains, example, key)
    expect(first.headers.get('idempotency-replayed')).toBeNull()
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again).toMatchObject({ status: 201, body: first.body })
    const other = await ask('POST', domains, { ...example, daily_limit: 60 }, key)
    expect(other).toMatchObject({ status: 422, body: { error: { code: 'key_reused' } } })
    expect(server.state().applied).toHaveLength(1)
  })

  it('that is being worked on is a conflict', async () => {
    const { ask } = await start({ latencyMs: 150 })
    const key = { 'idempotency-key': 'k' }
    const both = await Promise.all([ask('POST', domains, example, key), ask('POST', domains, example, key)])
    expect(both.map(one => one.status).toSorted()).toEqual([201, 409])
    expect(both.find(one => one.status === 409)?.body.error.code).toBe('request_in_progress')
  })

  it('of a refused request may be used again', async () => {
    const { server, ask } = await start()
    server.state().put('example.com')
    const key = { 'idempotency-key': 'k' }
    expect((await ask('POST', domains, example, key)).status).toBe(409)
    server.state().remove('example.com')
    expect((await ask('POST', domains, example, key)).status).toBe(201)
  })

  it('that was forgotten is a new one', async () => {
    const { server, ask } = await start()
    const key = { 'idempotency-key': 'k' }
    await ask('POST', domains, example, key)
    server.forgetKeys()
    expect((await ask('POST', domains, example, key)).status).toBe(409)
  })

  it('is of its tenant alone', async () => {
    const { server, ask } = await start({ tenants: { one: 'token-one', two: 'token-two' } })
    const key = { 'idempotency-key': 'k' }
    const two = { ...key, authorization: 'Bearer token-two', 'x-tenant-id': 'two' }
    expect((await ask('POST', domains, example, key)).status).toBe(201)
    expect((await ask('POST', domains, example, two)).status).toBe(201)
    expect(server.state('two').domains()).toHaveLength(1)
  })
})

describe('a fault', () => {
  it('strikes the requests it was meant for, as often as it was told to', async () => {
    const { server, ask } = await start()
    server.faults.add({ kind: 'status', status: 503, on: 'readDomain', skip: 1, times: 2 })
    const { id } = server.state().put('example.com')
    const statuses: number[] = []
    for (let round = 0; round < 4; round++) {
      statuses.push((await ask('GET', `${domains}/${id}`)).status)
      expect((await ask('GET', domains)).status).toBe(200)
    }
    expect(statuses).toEqual([200, 503, 503, 200])
    expect(server.faults.list()).toEqual([])
  })

  it('before the request is worked on leaves everything as it was, and after it does not', async () => {
    for (const at of ['before', 'after'] as const) {
      for (const kind of ['status', 'cut'] as const) {
        const { server, ask } = await start()
        server.faults.add(kind === 'cut' ? { kind, at } : { kind, at, status: 500 })
        await ask('POST', domains, example, { 'idempotency-key': 'k' }).catch(() => {})
        expect(server.state().applied, `${kind} ${at}`).toHaveLength(at === 'after' ? 1 : 0)
        expect(server.requests[0]?.fault).toBe(kind)
      }
    }
  })
})

describe('a rate limit', () => {
  it('lets through so many, tells the others when to come back, and notices who does not listen', async () => {
    let nowAt = 0
    const { server, ask } = await start({ rateLimit: { requests: 2, perMs: 10_000 }, now: () => nowAt })
    const statuses = []
    for (let round = 0; round < 4; round++) statuses.push((await ask('GET', domains)).status)
    expect(statuses).toEqual([200, 200, 429, 429])
    expect(server.rateLimit.tooSoon()).toBe(1)
    nowAt += 10_000
    expect((await ask('GET', domains)).status).toBe(200)
    expect(server.rateLimit.tooSoon()).toBe(1)
  })
})

describe('/lab', () => {
  it('tells what there is, and does what other clients would', async () => {
    const { server, ask } = await start()
    expect((await ask('GET', '/lab')).body.data.faults).toContain('silence')
    await ask('POST', '/lab/domains', { name: 'example.com', status: 'verified', dailyLimit: 30 })
    expect((await ask('GET', '/lab/state')).body.data.domains).toMatchObject([
      { name: 'example.com', status: 'verified', dailyLimit: 30 },
    ])
    await ask('POST', '/lab/domains', { name: 'example.com', deleted: true })
    expect(server.state().find('example.com')).toBeNull()
  })

  it('takes faults and rules, and refuses what is none', async () => {
    const { server, ask } = await start()
    expect((await ask('POST', '/lab/faults', { kind: 'status', status: 401 })).status).toBe(200)
    expect((await ask('GET', domains)).status).toBe(401)
    await ask('POST', '/lab/faults', [
      { kind: 'silence', at: 'before' },
      { kind: 'truncate', times: 3 },
    ])
    await ask('DELETE', '/lab/faults')
    expect((await ask('GET', domains)).status).toBe(200)
    await ask('POST', '/lab/rules', { rateLimit: { requests: 0, perMs: 1_000 } })
    expect((await ask('GET', domains)).status).toBe(429)
    expect((await ask('POST', '/lab/faults', { kind: 'explode' })).status).toBe(422)
    expect((await ask('POST', '/lab/faults', 'x')).status).toBe(422)
    expect(server.requests.every(one => !one.path.startsWith('/lab'))).toBe(true)
  })

  it('shows no login of a mailbox in its state, and ends a token', async () => {
    const { server, ask } = await start()
    const domain = server.state().put('example.com')
    const login = { password: 'not-to-be-shown' }
    server.state().putAccount(domain, { address: 'a@example.com', state: 'active', credentials: login })
    const { body } = await ask('GET', '/lab/state')
    expect(body.data.domains[0].accounts).toMatchObject([{ address: 'a@example.com', hasCredentials: true }])
    expect(JSON.stringify(body)).not.toContain('not-to-be-shown')
    const before = server.token
    await ask('POST', '/lab/token')
    expect((await ask('GET', domains, undefined, { authorization: `Bearer ${before}` })).status).toBe(401)
  })
})
