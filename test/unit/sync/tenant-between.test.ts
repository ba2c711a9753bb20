import { afterEach, describe, expect, it } from 'vitest'
import { failureOf, valueOf } from '../../helpers/engine.ts'
import { endTenantWorlds, never, tenantClientOf, tenantWorld } from '../../helpers/tenant.ts'

afterEach(async () => expect(await endTenantWorlds()).toEqual([]))

const page = { kind: 'body', text: '<h1>404 page not found</h1>', contentType: 'text/html' } as const
const add = {
  name: 'example.com',
  fields: { tags: [], dailyLimit: 50 },
  ifMatch: null,
  idempotencyKey: 'k-1',
}

describe('what stands between here and the server', () => {
  it.each([404, 410])('answers %i of everything while the server is away: nothing is gone', async status => {
    const { server, client } = await tenantWorld()
    const { id, version } = valueOf(await client.putDomain(add, never))
    server.faults.add({ ...page, status, times: 20 })
    const change = { ...add, ifMatch: version, idempotencyKey: 'k-2' }
    const account = { address: 'a@example.com', state: 'active', credentials: null }
    for (const failed of [
      await client.readDomain({ id, etag: null }, never),
      await client.putDomain(change, never),
      await client.deleteDomain({ id, ifMatch: null, idempotencyKey: 'k-3' }, never),
      await client.putAccount({ domainId: id, account, idempotencyKey: 'k-4' }, never),
    ])
      expect(failureOf(failed)).toMatchObject({
        code: 'tenant-answer-broken',
        retry: 'later',
        detail: { problem: 'status', status },
      })
  })

  it.each([
    ['a page', { ...page, status: 200 }, 'tenant-answer-broken'],
    ['an empty object', { kind: 'body', text: '{}' }, 'tenant-answer-broken'],
    [
      'an envelope that says no',
      { kind: 'body', text: '{"success":false,"error":{"code":"refused","message":"In use."}}' },
      'tenant-refused',
    ],
  ] as const)('a deletion that is answered with %s did not happen', async (_, fault, code) => {
    const { server, client } = await tenantWorld()
    const { id } = valueOf(await client.putDomain(add, never))
    server.faults.add(fault)
    const gone = await client.deleteDomain({ id, ifMatch: null, idempotencyKey: 'k-2' }, never)
    expect(failureOf(gone).code).toBe(code)
  })

  it('gives one domain for another: that is no answer', async () => {
    const { server, client } = await tenantWorld()
    const { id } = valueOf(await client.putDomain(add, never))
    const other = valueOf(
      await client.putDomain({ ...add, name: 'example.net', idempotencyKey: 'k-2' }, never),
    )
    const data = {
      id: other.id,
      name: other.name,
      version: 'v',
      tags: [],
      daily_limit: 50,
      updated_at: '2026-11-22T10:00:00Z',
    }
    server.faults.add({ kind: 'body', text: JSON.stringify({ success: true, data }) })
    expect(failureOf(await client.readDomain({ id, etag: null }, never))).toMatchObject({
      code: 'tenant-answer-broken',
      detail: { field: 'data.id' },
    })
  })
})

it('a pause holds for the server, whatever else changes about the connection', async () => {
  const { server } = await tenantWorld()
  let drained = 0
  const { client } = tenantClientOf(server, {
    connection: () => ({ baseUrl: server.url, tenantId: server.tenantId, drained: drained++ }) as never,
  })
  server.faults.add({ kind: 'status', status: 429, headers: { 'retry-after': '600' } })
  const ask = { cursor: null, etag: null }
  expect(failureOf(await client.listDomains(ask, never)).code).toBe('tenant-rate-limited')
  expect(failureOf(await client.listDomains(ask, never)).code).toBe('tenant-rate-limited')
  expect(server.requests).toHaveLength(1)
})
