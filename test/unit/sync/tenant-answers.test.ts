import { afterEach, describe, expect, it } from 'vitest'
import { limits } from '#engine/net/limits.ts'
import { failureOf, valueOf } from '../../helpers/engine.ts'
import { endTenantWorlds, never, tenantWorld } from '../../helpers/tenant.ts'

afterEach(async () => expect(await endTenantWorlds()).toEqual([]))

const all = { cursor: null, etag: null }
const domain = {
  id: 'd1',
  name: 'example.com',
  version: 'v1',
  tags: ['a'],
  daily_limit: 50,
  updated_at: '2026-11-22T10:00:00Z',
}

/** What the client makes of a list with this body. */
async function listing(body: unknown, contentType?: string) {
  const { server, client } = await tenantWorld()
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  server.faults.add({ kind: 'body', text, ...(contentType === undefined ? {} : { contentType }) })
  return client.listDomains(all, never)
}

const listOf = (...data: readonly unknown[]) => ({ success: true, data })

describe('a tolerant reader', () => {
  it('passes over what it does not know, and does without what may be missing', async () => {
    const body = {
      ...listOf({ ...domain, status: 'on-fire', owner: { id: 7 }, accounts: null }),
      request_id: 'r-1',
      pagination: { has_more: false, page: 1 },
    }
    expect(valueOf(await listing(body))).toEqual({
      kind: 'domains',
      complete: true,
      domains: [
        {
          id: 'd1',
          name: 'example.com',
          fields: { tags: ['a'], dailyLimit: 50 },
          serverStatus: null,
          updatedAt: Date.UTC(2026, 10, 22, 10),
          version: 'v1',
          accounts: [],
        },
      ],
      deletedIds: [],
      cursor: null,
      etag: null,
    })
  })

  it.each(['application/json; charset=utf-8', 'Application/JSON', 'application/vnd.tenant+json'])(
    'takes %s for JSON',
    async type => expect((await listing(listOf(domain), type)).ok).toBe(true),
  )

  it('brings a limit that cannot be set here within bounds', async () => {
    const listed = valueOf(
      await listing(listOf({ ...domain, daily_limit: 9_000 }, { ...domain, id: 'd2', daily_limit: 1 })),
    )
    expect(listed).toMatchObject({
      domains: [{ fields: { dailyLimit: 500 } }, { fields: { dailyLimit: 10 } }],
    })
  })

  it('reads times with an offset', async () => {
    const listed = valueOf(await listing(listOf({ ...domain, updated_at: '2026-11-22T12:00:00.5+02:00' })))
    expect(listed).toMatchObject({ domains: [{ updatedAt: Date.UTC(2026, 10, 22, 10, 0, 0, 500) }] })
  })
})

describe('an answer that is broken', () => {
  it.each([
    ['success', { data: [] }],
    ['success', []],
    ['success', 'null'],
    ['data', { success: true }],
    ['data', { success: true, data: { domains: [] } }],
    ['data[1].version', listOf(domain, { ...domain, id: 'd2', version: undefined })],
    ['data[0].version', listOf({ ...domain, version: 'a"b' })],
    ['data[0].id', listOf({ ...domain, id: '..' })],
    ['data[0].id', listOf({ ...domain, id: 'x\r\ny' })],
    ['data[0].name', listOf({ ...domain, name: '' })],
    ['data[0].tags', listOf({ ...domain, tags: 'a,b' })],
    ['data[0].tags[1]', listOf({ ...domain, tags: ['a', null] })],
    ['data[0].daily_limit', listOf({ ...domain, daily_limit: '50' })],
    ['data[0].updated_at', listOf({ ...domain, updated_at: 'yesterday' })],
    ['data[0].accounts[0].address', listOf({ ...domain, accounts: [{ id: 'a1', state: 'active' }] })],
    ['pagination.has_more', { ...listOf(domain), pagination: { has_more: 'yes' } }],
    ['meta.cursor', { ...listOf(domain), meta: { cursor: 12 } }],
    ['meta.deleted[0]', { ...listOf(domain), meta: { cursor: 'c', deleted: [{}] } }],
  ])('names the field %s', async (field, body) => {
    expect(failureOf(await listing(body))).toEqual({
      code: 'tenant-answer-broken',
      retry: 'later',
      detail: { host: '127.0.0.1', problem: 'field', field },
    })
  })

  it.each([
    ['content-type', '<h1>Welcome to the hotel</h1>', 'text/html; charset=utf-8', 'text/html'],
    ['content-type', '{"success":true,"data":[]}', 'application/x-json', 'application/x-json'],
    ['json', '{"success":true,"data":[', undefined, '24'],
    ['json', '', undefined, '0'],
    ['json', "{'success':true}", undefined, '1'],
    ['depth', `{"success":true,"data":${'['.repeat(50_000)}`, undefined, undefined],
    ['depth', `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`, undefined, undefined],
  ])('tells that it is a %s', async (problem, text, contentType, found) => {
    expect(failureOf(await listing(text, contentType)).detail).toEqual({
      host: '127.0.0.1',
      problem,
      ...(found === undefined ? {} : { found }),
    })
  })

  it('is not JSON that is only deep in its words', async () => {
    const tags = ['['.repeat(40), '{"a":"\\"[[', '\\'.repeat(3)]
    expect(valueOf(await listing(listOf({ ...domain, tags })))).toMatchObject({
      domains: [{ fields: { tags } }],
    })
  })

  it('cut short within its JSON is no list', async () => {
    const { server, client } = await tenantWorld()
    server.state().put('example.com')
    server.faults.add({ kind: 'truncate' })
    expect(failureOf(await client.listDomains(all, never))).toMatchObject({
      code: 'tenant-answer-broken',
      detail: { problem: 'json' },
    })
    expect(server.requests).toHaveLength(1)
  })

  it('after a change is not taken for one, and the change is asked for again with its key', async () => {
    const { server, client } = await tenantWorld()
    const add = {
      name: 'example.com',
      fields: { tags: [], dailyLimit: 50 },
      ifMatch: null,
      idempotencyKey: 'k',
    }
    server.faults.add({ kind: 'truncate' })
    expect(failureOf(await client.putDomain(add, never)).code).toBe('tenant-answer-broken')
    expect((await client.putDomain(add, never)).ok).toBe(true)
    expect(server.state().applied).toHaveLength(1)
  })

  it('without end is cut off', async () => {
    const { server, client, networkLog } = await tenantWorld()
    server.faults.add({ kind: 'huge', bytes: limits.tenantAnswerBytes * 20 })
    expect(failureOf(await client.listDomains(all, never)).code).toBe('tenant-answer-too-large')
    expect(networkLog.list()).toMatchObject([{ count: 1, failures: 1 }])
  })

  it('that is not HTTP, or has headers without end, is told apart from an absent server', async () => {
    const { server, client } = await tenantWorld()
    server.faults.add({
      kind: 'status',
      status: 503,
      headers: { 'x-large': 'x'.repeat(limits.httpsHeaderBytes) },
      times: 9,
    })
    expect(failureOf(await client.listDomains(all, never)).code).toBe('tenant-answer-too-large')
  })

  it('to a deletion does not matter: the status tells', async () => {
    const { server, client } = await tenantWorld()
    const { id } = server.state().put('example.com')
    server.faults.add({ kind: 'body', text: '', status: 204 })
    expect((await client.deleteDomain({ id, ifMatch: null, idempotencyKey: 'd' }, never)).ok).toBe(true)
  })
})

describe('entity tags', () => {
  it('that a cache gets wrong are believed, and those that could not be sent back are not kept', async () => {
    const { server, client } = await tenantWorld()
    server.state().put('example.com')
    server.faults.add({ kind: 'stale-etag', times: 2 })
    const first = valueOf(await client.listDomains(all, never))
    expect(first).toMatchObject({ etag: '"stale"', domains: [{ name: 'example.com' }] })
    expect(valueOf(await client.listDomains({ cursor: null, etag: '"stale"' }, never)).kind).toBe('unchanged')
    for (const etag of ['no-quotes', '"a" , "b"', '"ü"']) {
      const text = JSON.stringify(listOf(domain))
      server.faults.add({ kind: 'body', text, headers: { etag } })
      expect(valueOf(await client.listDomains(all, never)), etag).toMatchObject({ etag: null })
    }
    server.faults.add({ kind: 'body', text: JSON.stringify(listOf(domain)), headers: { etag: 'W/"weak"' } })
    expect(valueOf(await client.listDomains(all, never))).toMatchObject({ etag: 'W/"weak"' })
  })
})
