import { describe, expect, it } from 'vitest'
import { sendingServices } from '#engine/domains/checks/dkim-guesses.ts'
import { gatherDkim } from '#engine/domains/checks/dkim-search.ts'
import { judgeDkim } from '#engine/domains/checks/dkim.ts'
import { dnsProviders, mailProviderOf } from '#engine/domains/providers.ts'
import { sendingServiceSchema } from '#shared/model/provider.ts'
import { type ProviderFixture, providerFixtures } from '../../fixtures/dkim-providers.ts'
import { goodKey } from '../../helpers/audit-zone.ts'
import { fakeRsaKey } from '../../helpers/dkim-keys.ts'
import { zone, type ZoneText } from '../../helpers/zone.ts'

function zoneOf({ mx, spf, ns, keys }: ProviderFixture): ZoneText {
  return {
    'example.com': {
      MX: mx.map((host, index) => `${index} ${host}`),
      TXT: [spf],
      NS: ns ?? ['ns1.example.net'],
    },
    '_spf.example.com': { TXT: ['v=spf1 include:12345678.spf02.hubspotemail.net ~all'] },
    ...Object.fromEntries(
      keys.map((selector, index) => [
        `${selector}._domainkey.example.com`,
        { TXT: [`v=DKIM1; p=${fakeRsaKey(2048 + 8 * index)}`] },
      ]),
    ),
  }
}

/** The search over one fixture, and what it cost: MX, SPF and NS are asked by the other checks anyway. */
async function search(fixture: ProviderFixture) {
  const world = zone(zoneOf(fixture))
  const facts = await gatherDkim('example.com', world.ask, Promise.resolve(mailProviderOf(fixture.mx)))
  const { result, findings } = judgeDkim(facts)
  const queries = world.calls.filter(call => call.name.includes('_domainkey')).length
  return { result, findings, queries }
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

describe('over the providers', () => {
  it.each(providerFixtures.map(fixture => [fixture.name, fixture] as const))('%s', async (_, fixture) => {
    const { result, findings } = await search(fixture)
    const guessable = fixture.keys.filter(selector => selector !== 'x7f3k2')
    expect(result.selectors.map(entry => entry.selector).toSorted()).toEqual(guessable.toSorted())
    if (guessable.length > 0) expect(findings).toEqual([])
  })

  it('the median search costs no more than eight questions', async () => {
    const costs = await Promise.all(providerFixtures.map(search))
    expect(providerFixtures.length).toBeGreaterThanOrEqual(30)
    expect(median(costs.map(cost => cost.queries))).toBeLessThanOrEqual(8)
  })
})

describe('questions', () => {
  it('end early where every name seems to exist', async () => {
    const world = zone({ 'example.com': {}, '*.example.com': { A: ['192.0.2.1'] } })
    const facts = await gatherDkim('example.com', world.ask, Promise.resolve(null))
    expect(facts.tried.length).toBeLessThan(60)
    expect(judgeDkim(facts).findings.map(entry => entry.code)).toEqual(['dkim.none-found'])
  })

  it('go on after an Ed25519 key, to find the RSA key beside it', async () => {
    const ed25519 = `v=DKIM1; k=ed25519; p=${Buffer.alloc(32, 9).toString('base64')}`
    const world = zone({
      'google._domainkey.example.com': { TXT: [ed25519] },
      's1._domainkey.example.com': { TXT: [goodKey] },
    })
    const facts = await gatherDkim('example.com', world.ask, Promise.resolve('google'))
    const { result, findings } = judgeDkim(facts)
    expect(result.selectors.map(entry => entry.keyType)).toEqual(['ed25519', 'rsa'])
    expect(findings).toEqual([])
  })
})

describe('the services', () => {
  it('are well formed, each once, and name DNS providers that are known', () => {
    const ids = sendingServices.map(service => service.id)
    expect(new Set(ids).size).toBe(ids.length)
    const known = new Set(dnsProviders.map(provider => provider.id))
    for (const service of sendingServices) {
      expect(sendingServiceSchema.safeParse(service).error).toBeUndefined()
      for (const id of service.dnsProviders) expect(known).toContain(id)
    }
  })
})
