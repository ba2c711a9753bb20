import { afterEach, describe, expect, it } from 'vitest'
import type { AccountToRegister } from '#engine/sync/api.ts'
import type { Result } from '#shared/failure.ts'
import { failureLine } from '#shared/words/failures.ts'
import { canary, sweepText } from '../../helpers/canary.ts'
import { endTenantWorlds, never, tenantToken, tenantWorld } from '../../helpers/tenant.ts'

afterEach(async () => expect(await endTenantWorlds()).toEqual([]))

const password = canary('mailbox-password')
const fields = { tags: ['a'], dailyLimit: 50 }
const account: AccountToRegister = {
  address: 'anna@example.com',
  state: 'active',
  credentials: {
    smtp: { host: 'smtp.example.com', port: 587, security: 'starttls' },
    imap: { host: 'imap.example.com', port: 993, security: 'tls' },
    user: 'anna@example.com',
    password,
  },
}

type World = Awaited<ReturnType<typeof tenantWorld>>

/** Everything that can be asked, each with what it ended in. */
async function everything({ client, server }: World, id: string): Promise<Result<unknown>[]> {
  const results: Result<unknown>[] = []
  const calls: (() => Promise<Result<unknown>>)[] = [
    () => client.listDomains({ cursor: 'c0', etag: '"x"' }, never),
    () => client.readDomain({ id, etag: null }, never),
    () => client.putDomain({ name: 'example.com', fields, ifMatch: null, idempotencyKey: 'p' }, never),
    () => client.putAccount({ domainId: id, account, idempotencyKey: 'a' }, never),
    () => client.readReputation({ name: 'example.com', etag: null }, never),
    () => client.deleteDomain({ id, ifMatch: null, idempotencyKey: 'd' }, never),
  ]
  for (const call of calls) results.push(await call())
  expect(server.requests.length).toBeGreaterThanOrEqual(calls.length)
  return results
}

/** What may be written down or shown of it. */
function seen({ networkLog, pauses }: World, results: readonly Result<unknown>[]): string {
  const lines = results.map(result => (result.ok ? '' : failureLine(result.failure)))
  return JSON.stringify([networkLog.list(), pauses, results, lines])
}

describe('a request', () => {
  it('holds the token in its one header, and a password where it was chosen alone', async () => {
    const world = await tenantWorld()
    const { id } = world.server.state().put('example.com')
    world.server.state().setReputation('example.com', { score: 90 })
    await everything(world, id)
    for (const { operation, path, headers, body } of world.server.requests) {
      const { authorization, ...others } = headers
      expect(authorization).toBe(`Bearer ${tenantToken}`)
      const rest = JSON.stringify([path, others, operation === 'putAccount' ? '' : body])
      expect(sweepText(rest, String(operation))).toEqual([])
    }
    const registered = world.server.requests.find(one => one.operation === 'putAccount')
    expect(registered?.body.split(password)).toHaveLength(2)
  })

  it('for a mailbox without a choice holds its address and state', async () => {
    const { server, client } = await tenantWorld()
    const { id } = server.state().put('example.com')
    const careless = { ...account, credentials: null, password, dkim: canary('private-key') }
    await client.putAccount({ domainId: id, account: careless, idempotencyKey: 'a' }, never)
    const withKey = { ...fields, dkimPrivateKey: canary('private-key') }
    await client.putDomain(
      { name: 'example.net', fields: withKey, ifMatch: null, idempotencyKey: 'b' },
      never,
    )
    for (const { body, path } of server.requests) expect(sweepText(path + body, path)).toEqual([])
  })
})

describe('what is shown and written down', () => {
  it('holds no secret when all is well', async () => {
    const world = await tenantWorld()
    const { id } = world.server.state().put('example.com')
    expect(sweepText(seen(world, await everything(world, id)), 'what is seen')).toEqual([])
  })

  it('holds none either when the server says it aloud', async () => {
    const base64 = Buffer.from(tenantToken).toString('base64')
    const spoken = `Token ${tenantToken} (${base64}, ${encodeURIComponent(tenantToken)}) and ${password} are wrong.`
    for (const status of [400, 401, 403, 404, 409, 412, 422, 429, 500]) {
      const world = await tenantWorld()
      const details = { field: spoken, id: spoken }
      world.server.faults.add({
        kind: 'status',
        status,
        message: spoken,
        code: tenantToken,
        details,
        times: 99,
      })
      const results = await everything(world, 'd1')
      expect(results.filter(one => !one.ok).length, String(status)).toBeGreaterThanOrEqual(5)
      const text = seen(world, results)
      // The password was never sent but to register the mailbox, and only that answer can be cleared of it.
      expect(text, String(status)).not.toContain(tenantToken)
      expect(text).not.toContain(base64)
      expect(JSON.stringify(results[3])).not.toContain(password)
    }
  })

  it('holds none when the answer is broken in its place', async () => {
    const world = await tenantWorld()
    for (const fault of [
      { kind: 'body', text: tenantToken, contentType: `text/${tenantToken}` },
      { kind: 'body', text: `{"success":true,"data":"${tenantToken}"` },
      { kind: 'body', text: `{"success":true,"data":{"${tenantToken}":"${tenantToken}"}}` },
      { kind: 'redirect', to: `https://${tenantToken.toLowerCase()}.example/?t=${tenantToken}` },
      { kind: 'redirect', to: `${tenantToken}://x` },
    ] as const) {
      world.server.faults.add({ ...fault, times: 6 })
      expect(sweepText(seen(world, await everything(world, 'd1')), fault.kind)).toEqual([])
    }
  })
})

describe('a redirect', () => {
  it('to another host takes no token along', async () => {
    const thief = await tenantWorld()
    const world = await tenantWorld()
    for (const status of [301, 302, 303, 307, 308]) {
      world.server.faults.add({ kind: 'redirect', to: `${thief.server.url}/steal`, status, times: 6 })
      const results = await everything(world, 'd1')
      for (const result of results)
        expect(result).toMatchObject({ ok: false, failure: { code: 'tenant-redirected' } })
    }
    expect(thief.server.requests).toEqual([])
  })
})
