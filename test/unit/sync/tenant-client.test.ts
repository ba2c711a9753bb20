import { afterEach, describe, expect, it } from 'vitest'
import type { AccountToRegister } from '#engine/sync/api.ts'
import { fail, ok } from '#shared/failure.ts'
import { canary } from '../../helpers/canary.ts'
import { failureOf, valueOf } from '../../helpers/engine.ts'
import { endTenantWorlds, never, tenantClientOf, tenantToken, tenantWorld } from '../../helpers/tenant.ts'

afterEach(async () => expect(await endTenantWorlds()).toEqual([]))

const fields = { tags: ['client', 'north'], dailyLimit: 40 }
const add = { name: 'example.com', fields, ifMatch: null, idempotencyKey: 'k-1' }
const account: AccountToRegister = { address: 'anna@example.com', state: 'active', credentials: null }

describe('the domains', () => {
  it('are read whole, with what belongs to them', async () => {
    const { server, client } = await tenantWorld()
    const state = server.state()
    const one = state.put('example.com', { tags: ['a'], dailyLimit: 70, status: 'verified' })
    state.putAccount(one, { address: 'anna@example.com', state: 'active' })
    state.put('example.net', { status: null })
    const listed = valueOf(await client.listDomains({ cursor: null, etag: null }, never))
    expect(listed).toMatchObject({
      kind: 'domains',
      complete: true,
      cursor: expect.any(String),
      etag: expect.stringMatching(/^"/),
      deletedIds: [],
      domains: [
        {
          id: one.id,
          name: 'example.com',
          fields: { tags: ['a'], dailyLimit: 70 },
          serverStatus: 'verified',
          updatedAt: one.updatedAt,
          accounts: [{ address: 'anna@example.com', state: 'active' }],
        },
        { name: 'example.net', serverStatus: null, accounts: [] },
      ],
    })
  })

  it('are not sent again while the entity tag holds', async () => {
    const { server, client } = await tenantWorld()
    server.state().put('example.com')
    const first = valueOf(await client.listDomains({ cursor: null, etag: null }, never))
    if (first.kind !== 'domains') throw new Error('unchanged at once')
    expect(valueOf(await client.listDomains({ cursor: null, etag: first.etag }, never))).toEqual({
      kind: 'unchanged',
    })
    server.state().put('example.com', { dailyLimit: 60 })
    expect(valueOf(await client.listDomains({ cursor: null, etag: first.etag }, never)).kind).toBe('domains')
  })

  it('after a cursor are what changed and what went', async () => {
    const { server, client } = await tenantWorld()
    const state = server.state()
    for (const name of ['a.test', 'b.test', 'c.test']) state.put(name)
    const gone = state.find('c.test')?.id
    const first = valueOf(await client.listDomains({ cursor: null, etag: null }, never))
    state.put('b.test', { tags: ['new'] })
    state.remove('c.test')
    const { cursor = null, etag = null } = first.kind === 'domains' ? first : {}
    const then = valueOf(await client.listDomains({ cursor, etag }, never))
    expect(then).toMatchObject({ complete: false, domains: [{ name: 'b.test' }], deletedIds: [gone] })
  })

  it('are all there when the cursor is too old, or the server knows none', async () => {
    const { server, client } = await tenantWorld()
    server.state().put('a.test')
    server.state().put('b.test')
    const all = { complete: true, domains: [{ name: 'a.test' }, { name: 'b.test' }] }
    server.state().forgetCursors()
    expect(valueOf(await client.listDomains({ cursor: 'c1', etag: null }, never))).toMatchObject(all)
    server.rules.cursors = false
    const old = valueOf(await client.listDomains({ cursor: 'c1', etag: null }, never))
    expect(old).toMatchObject({ ...all, cursor: null })
  })
})

describe('one domain', () => {
  it('is read, and not again while its version holds', async () => {
    const { server, client } = await tenantWorld()
    const { id } = server.state().put('example.com')
    const read = valueOf(await client.readDomain({ id, etag: null }, never))
    if (read.kind !== 'domain') throw new Error('unchanged at once')
    const etag = read.domain.version
    expect(valueOf(await client.readDomain({ id, etag }, never))).toEqual({ kind: 'unchanged' })
    server.state().put('example.com', { status: 'failed' })
    expect(valueOf(await client.readDomain({ id, etag }, never))).toMatchObject({
      kind: 'domain',
      domain: { serverStatus: 'failed' },
    })
    expect(failureOf(await client.readDomain({ id: 'other', etag: null }, never)).code).toBe(
      'tenant-not-found',
    )
  })

  it('is added, and then changed by its version', async () => {
    const { server, client } = await tenantWorld()
    const added = valueOf(await client.putDomain(add, never))
    expect(added).toMatchObject({ name: 'example.com', fields, accounts: [] })
    const changed = valueOf(
      await client.putDomain(
        { ...add, fields: { tags: [], dailyLimit: 90 }, ifMatch: added.version, idempotencyKey: 'k-2' },
        never,
      ),
    )
    expect(changed).toMatchObject({ id: added.id, fields: { tags: [], dailyLimit: 90 } })
    expect(changed.version).not.toBe(added.version)
    expect(server.state().applied.map(one => one.operation)).toEqual(['putDomain', 'putDomain'])
  })

  it('that is there already is a conflict that names it, and an old version is stale', async () => {
    const { server, client } = await tenantWorld()
    const { id } = server.state().put('example.com')
    expect(failureOf(await client.putDomain(add, never))).toMatchObject({
      code: 'tenant-conflict',
      detail: { id, name: 'example.com' },
    })
    expect(
      failureOf(await client.putDomain({ ...add, ifMatch: 'v0', idempotencyKey: 'k-2' }, never)).code,
    ).toBe('tenant-stale')
    const other = { ...add, name: 'gone.example', ifMatch: 'v1', idempotencyKey: 'k-3' }
    expect(failureOf(await client.putDomain(other, never)).code).toBe('tenant-not-found')
    expect(server.state().applied).toEqual([])
  })

  it('is deleted once, and one that is gone is no failure', async () => {
    const { server, client } = await tenantWorld()
    const { id, changed } = server.state().put('example.com')
    const asked = { id, ifMatch: 'v0', idempotencyKey: 'd-1' }
    expect(failureOf(await client.deleteDomain(asked, never)).code).toBe('tenant-stale')
    expect(await client.deleteDomain({ ...asked, ifMatch: `v${changed}` }, never)).toEqual(ok(null))
    expect(server.state().find('example.com')).toBeNull()
    expect(await client.deleteDomain({ ...asked, ifMatch: null, idempotencyKey: 'd-2' }, never)).toEqual(
      ok(null),
    )
  })

  it('that the server will not delete comes back with the reason', async () => {
    const { server, client } = await tenantWorld()
    const { id } = server.state().put('example.com', { protectedBy: 'A campaign runs on it.' })
    const failure = failureOf(await client.deleteDomain({ id, ifMatch: null, idempotencyKey: 'd' }, never))
    expect(failure).toMatchObject({
      code: 'tenant-refused',
      retry: 'never',
      detail: { status: 422, reason: 'A campaign runs on it.' },
    })
  })

  it('that the server finds wrong names the field', async () => {
    const { client } = await tenantWorld()
    const bad = { ...add, fields: { tags: [], dailyLimit: 10 }, name: 'no_name' }
    expect(failureOf(await client.putDomain(bad, never))).toMatchObject({
      code: 'tenant-refused',
      detail: { field: 'name', reason: 'This is not a domain name.' },
    })
  })
})

describe('a key', () => {
  it('gives the same answer again and does nothing twice', async () => {
    const { server, client } = await tenantWorld()
    const first = valueOf(await client.putDomain(add, never))
    server.state().put('example.com', { dailyLimit: 500 })
    expect(valueOf(await client.putDomain(add, never))).toEqual(first)
    expect(server.state().applied).toHaveLength(1)
    const reused = await client.putDomain({ ...add, name: 'example.net' }, never)
    expect(failureOf(reused)).toMatchObject({ code: 'tenant-refused', detail: { code: 'key_reused' } })
  })

  it('of a request that was delivered twice is used once', async () => {
    const { server, client } = await tenantWorld()
    server.faults.add({ kind: 'twice', times: 3 })
    const added = valueOf(await client.putDomain(add, never))
    await client.putAccount({ domainId: added.id, account, idempotencyKey: 'a' }, never)
    expect(await client.deleteDomain({ id: added.id, ifMatch: null, idempotencyKey: 'd' }, never)).toEqual(
      ok(null),
    )
    expect(server.state().applied.map(one => one.operation)).toEqual([
      'putDomain',
      'putAccount',
      'deleteDomain',
    ])
  })
})

describe('a mailbox', () => {
  it('is registered with its address and state alone, and its state told later', async () => {
    const { server, client } = await tenantWorld()
    const { id: domainId } = server.state().put('example.com')
    const registered = valueOf(await client.putAccount({ domainId, account, idempotencyKey: 'a-1' }, never))
    expect(registered).toMatchObject({ address: 'anna@example.com', state: 'active' })
    const paused = { ...account, state: 'paused' }
    const told = valueOf(await client.putAccount({ domainId, account: paused, idempotencyKey: 'a-2' }, never))
    expect(told).toEqual({ ...registered, state: 'paused' })
    expect(server.requests.map(({ body }) => JSON.parse(body))).toEqual([
      { address: 'anna@example.com', state: 'active' },
      { address: 'anna@example.com', state: 'paused' },
    ])
  })

  it('takes its login along where that is given, and what stands beside it in memory stays', async () => {
    const { server, client } = await tenantWorld()
    const { id: domainId } = server.state().put('example.com')
    const smtp = { host: 'smtp.example.com', port: 465, security: 'tls', note: 'private' }
    const credentials = { smtp, imap: null, user: 'anna', password: canary('mailbox'), dkimKey: 'private' }
    await client.putAccount({ domainId, account: { ...account, credentials }, idempotencyKey: 'a' }, never)
    expect(server.state().find('example.com')?.accounts[0]?.credentials).toEqual({
      smtp: { host: 'smtp.example.com', port: 465, security: 'tls' },
      imap: null,
      user: 'anna',
      password: canary('mailbox'),
    })
  })

  it('of a domain that is gone is not found', async () => {
    const { client } = await tenantWorld()
    const result = await client.putAccount({ domainId: 'gone', account, idempotencyKey: 'a' }, never)
    expect(failureOf(result).code).toBe('tenant-not-found')
  })
})

describe('the reputation', () => {
  it('is read, kept by its entity tag, and may be unknown', async () => {
    const { server, client } = await tenantWorld()
    server.state().setReputation('example.com', {
      score: 83,
      bounce_rate: 0.02,
      listed_on: ['bl.example.org'],
      measured_at: '2026-11-22T01:02:03Z',
    })
    const read = valueOf(await client.readReputation({ name: 'example.com', etag: null }, never))
    expect(read).toMatchObject({
      kind: 'reputation',
      reputation: {
        name: 'example.com',
        score: 83,
        bounceRate: 0.02,
        complaintRate: null,
        listedOn: ['bl.example.org'],
        measuredAt: Date.UTC(2026, 10, 22, 1, 2, 3),
      },
    })
    const etag = read.kind === 'reputation' ? read.reputation.etag : null
    expect(valueOf(await client.readReputation({ name: 'example.com', etag }, never))).toEqual({
      kind: 'unchanged',
    })
    const unknown = await client.readReputation({ name: 'example.net', etag: null }, never)
    expect(failureOf(unknown).code).toBe('tenant-not-found')
  })
})

describe('tenants and tokens', () => {
  const ask = { cursor: null, etag: null }

  it('see their own alone', async () => {
    const { server, client } = await tenantWorld({
      tenants: { 'tenant-1': tenantToken, 'tenant-2': canary('other-token') },
    })
    server.state('tenant-2').put('example.com')
    expect(valueOf(await client.listDomains(ask, never))).toMatchObject({ domains: [] })
    const wrong = tenantClientOf({ ...server, url: server.url, token: tenantToken, tenantId: 'tenant-2' })
    expect(failureOf(await wrong.client.listDomains(ask, never)).code).toBe('tenant-forbidden')
  })

  it('are read at the moment of the call', async () => {
    const { server, client } = await tenantWorld()
    await client.listDomains(ask, never)
    server.renewToken()
    expect((await client.listDomains(ask, never)).ok).toBe(true)
  })

  it('that the server does not know need a new sign-in', async () => {
    const { server } = await tenantWorld()
    const { client } = tenantClientOf(server, { readToken: async () => ok(canary('old-token')) })
    expect(failureOf(await client.listDomains(ask, never))).toMatchObject({
      code: 'tenant-unauthorised',
      retry: 'never',
    })
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    ['no connection', { connection: () => null }, 'tenant-not-connected'],
    ['no token', { readToken: async () => ok(null) }, 'tenant-not-connected'],
    ['a locked vault', { readToken: async () => fail('vault-locked', {}, 'later') }, 'vault-locked'],
    ['a token with a line break', { readToken: async () => ok('a\r\nx: y') }, 'tenant-unauthorised'],
  ] as const)('%s contacts nobody', async (_, options, code) => {
    const { server } = await tenantWorld()
    const { client, networkLog } = tenantClientOf(server, options)
    expect(failureOf(await client.listDomains(ask, never)).code).toBe(code)
    expect(server.requests).toEqual([])
    expect(networkLog.list()).toEqual([])
  })

  it.each(['http://api.example.com', 'https://u:p@api.example.com', 'ftp://api.example.com', 'nonsense'])(
    'a connection to %s contacts nobody',
    async baseUrl => {
      const { server } = await tenantWorld()
      const { client, networkLog } = tenantClientOf(server, {
        connection: () => ({ baseUrl, tenantId: 'tenant-1' }),
      })
      expect(failureOf(await client.listDomains(ask, never)).code).toBe('tenant-address-not-allowed')
      expect(networkLog.list()).toEqual([])
    },
  )
})

describe('every answer with a status', () => {
  it.each([
    [400, 'tenant-refused', 'never'],
    [401, 'tenant-unauthorised', 'never'],
    [403, 'tenant-forbidden', 'never'],
    [404, 'tenant-not-found', 'never'],
    [405, 'tenant-refused', 'never'],
    [408, 'tenant-timed-out', 'later'],
    [409, 'tenant-conflict', 'never'],
    [410, 'tenant-not-found', 'never'],
    [412, 'tenant-stale', 'never'],
    [422, 'tenant-refused', 'never'],
    [429, 'tenant-rate-limited', 'later'],
    [500, 'tenant-server-error', 'later'],
    [501, 'tenant-server-error', 'later'],
    [503, 'tenant-server-error', 'later'],
    [202, 'tenant-answer-broken', 'later'],
    [304, 'tenant-answer-broken', 'later'],
  ] as const)('%i is %s', async (status, code, retry) => {
    const { server, client } = await tenantWorld()
    server.faults.add({ kind: 'status', status, times: 9 })
    const failure = failureOf(await client.putDomain(add, never))
    expect(failure).toMatchObject({ code, retry })
    expect(failure.detail['host']).toBe('127.0.0.1')
    expect(server.state().applied).toEqual([])
  })

  it('is known by the status alone when the words cannot be read', async () => {
    const { server, client } = await tenantWorld()
    const page = { kind: 'body', text: '<h1>Bad gateway</h1>', contentType: 'text/html' } as const
    server.faults.add({ ...page, status: 403 })
    expect(failureOf(await client.putDomain(add, never))).toMatchObject({
      code: 'tenant-forbidden',
      detail: { status: 403 },
    })
  })

  it('200 that says it is no success is a refusal with its reason', async () => {
    const { server, client } = await tenantWorld()
    const text = JSON.stringify({ success: false, error: { code: 'refused', message: 'Not today.' } })
    server.faults.add({ kind: 'body', text })
    expect(failureOf(await client.putDomain(add, never))).toMatchObject({
      code: 'tenant-refused',
      detail: { reason: 'Not today.' },
    })
  })
})
