import { describe, expect, it } from 'vitest'
import { resolverSource } from '#engine/domains/source.ts'
import { startDeadline } from '#engine/net/deadline.ts'
import type { LookupOptions, Resolver } from '#engine/net/resolve.ts'
import { zone } from '../../helpers/zone.ts'

describe('resolverSource', () => {
  it('passes its options on and counts what was sent, not what the cache knew', async () => {
    const world = zone({ 'a.example': { A: ['192.0.2.1'] } })
    const seen: LookupOptions[] = []
    const resolver: Resolver = {
      lookup: (name, type, options) => {
        seen.push(options)
        if (name !== 'cached.example') options.onSent?.()
        return world.ask(name, type)
      },
      setServers: () => {},
      servers: () => [],
      status: () => ({ queriesInFlight: 0, network: 'unknown' }),
      close: () => {},
    }
    const deadline = startDeadline(1_000)
    const source = resolverSource(resolver, { deadline, purpose: 'audit', fresh: true })
    expect(await source.ask('a.example', 'A')).toMatchObject({ state: 'found', values: ['192.0.2.1'] })
    await source.ask('cached.example', 'A')
    expect(source.queries()).toBe(1)
    expect(seen[0]).toMatchObject({ deadline, purpose: 'audit', fresh: true })
    deadline.end()
  })
})
