import { expect, test } from 'vitest'
import { createNetworkLog } from '#engine/net/network-log.ts'
import { createTenantClient } from '#engine/sync/tenant-client.ts'
import { ok } from '#shared/failure.ts'
import { startChild } from '../helpers/child.ts'
import { valueOf } from '../helpers/engine.ts'

test('the lab server prints where it is and its token, and answers the client', async () => {
  const child = startChild('../lab/tenant-api/main.ts')
  try {
    const printed = new Map<string, string>()
    for (let line = await child.line(); line !== null; line = await child.line()) {
      const [name = '', value = ''] = line.split(/\s{2,}/)
      printed.set(name, value)
      if (name === 'Faults') break
    }
    const baseUrl = printed.get('Address') ?? ''
    expect(baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    const client = createTenantClient({
      connection: () => ({ baseUrl, tenantId: printed.get('Tenant') ?? '' }),
      readToken: async () => ok(printed.get('Token') ?? ''),
      networkLog: createNetworkLog({ now: Date.now }),
      now: Date.now,
    })
    const { signal } = new AbortController()
    const listed = valueOf(await client.listDomains({ cursor: null, etag: null }, signal))
    expect(listed.kind === 'domains' && listed.domains.map(one => one.name)).toEqual([
      'example.com',
      'example.net',
      'example.org',
    ])
    const read = valueOf(await client.readReputation({ name: 'example.com', etag: null }, signal))
    expect(read).toMatchObject({ reputation: { score: 87 } })
  } finally {
    await child.kill()
  }
})
