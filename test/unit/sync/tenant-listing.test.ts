import { afterEach, describe, expect, it } from 'vitest'
import { limits } from '#engine/net/limits.ts'
import { type ListingPage, readListing, type ReadPage } from '#engine/sync/tenant-listing.ts'
import { ok } from '#shared/failure.ts'
import { failureOf, valueOf } from '../../helpers/engine.ts'
import { endTenantWorlds, never, tenantWorld } from '../../helpers/tenant.ts'
import type { TenantServer } from '../../lab/tenant-api/server.ts'

afterEach(async () => expect(await endTenantWorlds()).toEqual([]))

const all = { cursor: null, etag: null }

function fill(server: TenantServer, count: number, from = 0) {
  for (let at = from; at < from + count; at++) server.state().put(`d${at}.test`)
}

const names = (server: TenantServer) =>
  server
    .state()
    .domains()
    .map(one => one.name)

describe('a long list', () => {
  it('is followed to its end, whatever the length of its pages', async () => {
    const { server, client } = await tenantWorld({ pageDomains: 7 })
    fill(server, 45)
    const listed = valueOf(await client.listDomains(all, never))
    if (listed.kind !== 'domains') throw new Error('unchanged')
    expect(listed.domains.map(one => one.name)).toEqual(names(server))
    expect(server.requests).toHaveLength(7)
  })

  it('after a cursor is followed too', async () => {
    const { server, client } = await tenantWorld({ pageDomains: 10 })
    fill(server, 5)
    const first = valueOf(await client.listDomains(all, never))
    const { cursor = null } = first.kind === 'domains' ? first : {}
    fill(server, 35, 100)
    server.state().remove('d1.test')
    const then = valueOf(await client.listDomains({ cursor, etag: null }, never))
    expect(then).toMatchObject({ complete: false, deletedIds: [expect.any(String)] })
    expect(then.kind === 'domains' && then.domains).toHaveLength(35)
  })

  it.each([
    ['with cursors', true],
    ['without cursors', false],
  ])('that changes while it is read is read again, %s', async (_, cursors) => {
    for (const change of ['add', 'remove', 'swap', 'edit'] as const) {
      let pages = 0
      const { server, client } = await tenantWorld({
        pageDomains: 10,
        cursors,
        onRequest: (_, server) => {
          pages += 1
          if (pages !== 2) return
          if (change === 'add' || change === 'swap') server.state().put('new.test')
          if (change === 'remove' || change === 'swap') server.state().remove('d3.test')
          if (change === 'edit') server.state().put('d4.test', { dailyLimit: 77 })
        },
      })
      fill(server, 25)
      const listed = valueOf(await client.listDomains(all, never))
      if (listed.kind !== 'domains') throw new Error('unchanged')
      expect(
        listed.domains.map(one => one.name),
        change,
      ).toEqual(names(server))
      const edited = server.state().find('d4.test')?.dailyLimit
      expect(listed.domains.find(one => one.name === 'd4.test')?.fields.dailyLimit, change).toBe(edited)
    }
  })

  it('that never holds still is a failure, not a wrong list', async () => {
    let count = 0
    const { server, client } = await tenantWorld({
      pageDomains: 10,
      onRequest: (_, server) => {
        count += 1
        server.state().put(`more${count}.test`)
      },
    })
    fill(server, 25)
    expect(failureOf(await client.listDomains(all, never))).toMatchObject({
      code: 'tenant-answer-broken',
      retry: 'later',
      detail: { problem: 'changing' },
    })
  })

  it('of which one page fails is not taken in part', async () => {
    const { server, client } = await tenantWorld({ pageDomains: 10 })
    fill(server, 25)
    server.faults.add({ kind: 'status', status: 403, on: 'listDomains', skip: 2 })
    expect(failureOf(await client.listDomains(all, never)).code).toBe('tenant-forbidden')
  })
})

/** Pages as a server of its own kind gives them. */
function pages(pageAt: (offset: number) => Partial<ListingPage> & { count: number }): ReadPage {
  return async ({ offset }) => {
    const { count, ...page } = pageAt(offset)
    const domains = Array.from({ length: count }, (_, at) => ({
      id: `i${offset + at}`,
      name: `n${offset + at}.test`,
      fields: { tags: [], dailyLimit: 50 },
      serverStatus: null,
      updatedAt: 0,
      version: 'v',
      accounts: [],
    }))
    return ok({
      kind: 'page',
      page: {
        total: null,
        hasMore: null,
        cursor: null,
        deletedIds: [],
        complete: true,
        etag: null,
        ...page,
        domains,
      },
    })
  }
}

const problemOf = async (readPage: ReadPage) => failureOf(await readListing(readPage, { etag: null })).detail

describe('another kind of server', () => {
  it('that gives no pagination has said everything', async () => {
    const listed = valueOf(
      await readListing(
        pages(() => ({ count: 3 })),
        { etag: null },
      ),
    )
    expect(listed.kind === 'domains' && listed.domains).toHaveLength(3)
  })

  it('that gives the total alone is followed by it', async () => {
    const listed = valueOf(
      await readListing(
        pages(() => ({ count: 4, total: 12 })),
        { etag: null },
      ),
    )
    expect(listed.kind === 'domains' && listed.domains).toHaveLength(12)
  })

  it('that gives fewer than it counts is not believed where the missing ones would count as gone', async () => {
    const few = { count: 3, total: 5, hasMore: false }
    expect(await problemOf(pages(() => few))).toEqual({ problem: 'changing' })
    const listed = valueOf(
      await readListing(
        pages(() => ({ ...few, complete: false })),
        { etag: null },
      ),
    )
    expect(listed).toMatchObject({ complete: false })
  })

  it('that promises more and gives nothing is at fault', async () => {
    const empty = pages(offset => ({ count: offset === 0 ? 5 : 0, hasMore: true }))
    expect(await problemOf(empty)).toEqual({ problem: 'empty-page' })
  })

  it('that never ends is at fault', async () => {
    expect(await problemOf(pages(() => ({ count: 1, hasMore: true })))).toEqual({ problem: 'too-many' })
    const whole = pages(() => ({ count: limits.tenantPageDomains * 50, hasMore: true }))
    expect(await problemOf(whole)).toEqual({ problem: 'too-many' })
  })

  it('that gives one domain twice is not believed', async () => {
    const problem = await problemOf(page =>
      pages(() => ({ count: 2, hasMore: page.offset < 4 }))({ ...page, offset: 0 }),
    )
    expect(problem).toEqual({ problem: 'changing' })
  })
})
