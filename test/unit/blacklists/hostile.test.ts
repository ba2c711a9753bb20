import { describe, expect, test } from 'vitest'
import { activeLists } from '#engine/blacklists/lists.ts'
import type { Ask, Lookup, RecordType } from '#shared/model/lookup.ts'
import { hastyClock, knownList, lookUp, memorySelfTests, plainList } from '../../helpers/blacklists.ts'
import { zone } from '../../helpers/zone.ts'

/** Every list there is: what is true for one must be true for each. */
const all = activeLists(
  { on: ['bl.score.senderscore.com', 'ips.backscatterer.org'], off: [], custom: [] },
  {},
)
const target = '198.51.100.9'
const asked = '9.100.51.198'

const answer = <T extends RecordType>(name: string, type: T, values: readonly string[] | null): Lookup<T> => {
  const base = { name, type, ttlS: 60, server: '127.0.0.1', aliases: [], authenticated: false }
  return values === null
    ? { ...base, state: 'absent', reason: 'nxdomain' }
    : ({ ...base, state: 'found', values } as unknown as Lookup<T>)
}
/** A world in which every A question that `of` knows is answered so. */
const world =
  (of: (name: string) => readonly string[] | null): Ask =>
  async (name, type) =>
    answer(name, type, type === 'A' ? of(name) : null)

/** A world of healthy lists, apart from what `of` says about the target alone. */
const healthyBut = (values: readonly string[] | null) =>
  world(name => {
    if (
      /^(2\.0\.0\.127|TEST|dbltest\.com|surbl-org-permanent-test-point\.com|test\.uribl\.com)\./.test(name)
    ) {
      return ['127.0.0.2']
    }
    if (name.startsWith('2.0.0.0.0.0.f.7')) return ['127.0.0.2']
    return name.startsWith(asked) ? values : null
  })

const silence: Ask = async (name, type) => ({
  state: 'unavailable',
  name,
  type,
  reason: 'timeout',
  server: null,
  detail: null,
})

async function states(ask: Ask, kind: 'ip4' | 'domain' = 'ip4') {
  const found = await lookUp({ ask, lists: all, target: kind === 'ip4' ? target : 'example.org', kind })
  expect(found.size).toBeGreaterThan(5)
  return [...found.values()]
}

describe('a hostile way to the lists shows no false listing', () => {
  const everywhere: [string, readonly string[]][] = [
    ['the error for a public resolver', ['127.255.255.254']],
    ['the error for too many questions', ['127.255.255.255']],
    ['the error for a misspelt zone', ['127.255.255.252']],
    ['an ad blocker’s 127.0.0.1', ['127.0.0.1']],
    ['Pi-hole’s 0.0.0.0', ['0.0.0.0']],
    ['a captive portal', ['10.1.1.1']],
    ['a search page instead of NXDOMAIN', ['198.51.100.80']],
    ['a wildcard that lists the world', ['127.0.0.2']],
  ]
  test.each(everywhere)('when every answer is %s', async (_what, values) => {
    for (const kind of ['ip4', 'domain'] as const) {
      for (const { zone, state } of await states(
        world(() => values),
        kind,
      )) {
        expect([zone, ['listed', 'not-listed'].includes(state)]).toEqual([zone, false])
      }
    }
  })

  test('when only the lists’ own names were rewritten to a parking page', async () => {
    const ask = world(name => (name.endsWith('.example.com') ? null : ['198.51.100.80']))
    for (const { state, reason } of await states(ask))
      expect([state, reason]).toEqual(['dead-zone', 'parked'])
  })

  test('when every question times out', async () => {
    for (const { state, reason } of await states(silence))
      expect([state, reason]).toEqual(['unavailable', 'timeout'])
  })

  test('when a filter says NXDOMAIN to everything: "not listed" is not claimed either', async () => {
    for (const { state, zone, reason } of await states(world(() => null))) {
      const needs = knownList(zone).needsRegistration === true
      expect([state, reason]).toEqual(
        needs ? ['unavailable', 'registration-needed'] : ['dead-zone', 'test-entry-missing'],
      )
    }
  })

  test.each([['127.255.255.254'], ['127.255.255.255'], ['127.0.0.1'], ['0.0.0.0'], ['198.51.100.80']])(
    'when a healthy list answers %s for the target',
    async address => {
      for (const { zone, state, codes } of await states(healthyBut([address]))) {
        expect([zone, state === 'listed']).toEqual([zone, false])
        if (state !== 'dead-zone') expect(codes).toEqual([address])
      }
    },
  )

  test('and a healthy world shows the true listing, and the true absence', async () => {
    const listed = await states(healthyBut(['127.0.0.2']))
    expect(listed.filter(({ state }) => state === 'listed').length).toBeGreaterThan(15)
    const clean = await states(healthyBut(null))
    expect(clean.every(({ state }) => state === 'not-listed')).toBe(true)
  })
})

describe('a look', () => {
  const healthy = {
    '2.0.0.127.bl.test': { A: ['127.0.0.2'] },
    [`${asked}.bl.test`]: { A: ['127.0.0.2'], TXT: ['Spam on 2026-11-20, see https://bl.test/9'] },
  }

  test('tests the list first, asks for words of a listing alone, and gives the page', async () => {
    const questions: string[] = []
    const found = await lookUp({
      ask: zone(healthy).ask,
      lists: [plainList('bl.test')],
      target,
      asked: questions,
    })
    expect(found.get('bl.test')).toEqual({
      zone: 'bl.test',
      name: 'bl.test',
      state: 'listed',
      codes: ['127.0.0.2'],
      meaning: 'Sends spam.',
      reason: null,
      text: 'Spam on 2026-11-20, see https://bl.test/9',
      delistUrl: `https://bl.test/${target}`,
      weight: 2,
    })
    expect(questions).toEqual([
      'A 2.0.0.127.bl.test',
      'A 1.0.0.127.bl.test',
      `A ${asked}.bl.test`,
      `TXT ${asked}.bl.test`,
    ])
  })

  test('does not ask about the target when the test failed', async () => {
    const questions: string[] = []
    await lookUp({ ask: zone({}).ask, lists: [plainList('bl.test')], target, asked: questions })
    expect(questions).toEqual(['A 2.0.0.127.bl.test'])
  })

  test('keeps a passed test for a day, and a failed one for less', async () => {
    const selfTests = memorySelfTests()
    const lists = [plainList('bl.test')]
    const look = async (clock = hastyClock(), ask = zone(healthy).ask) => {
      const questions: string[] = []
      await lookUp({ ask, lists, target, asked: questions, selfTests, clock })
      return questions.filter(question => question.includes('0.0.127')).length
    }
    const startAt = Date.UTC(2026, 10, 22, 12)
    const hour = 60 * 60_000
    expect(await look(hastyClock(startAt))).toBe(2)
    expect(await look(hastyClock(startAt + 23 * hour))).toBe(0)
    expect(await look(hastyClock(startAt + 25 * hour), zone({}).ask)).toBe(1)
    expect(await look(hastyClock(startAt + 25.5 * hour))).toBe(0)
    expect(await look(hastyClock(startAt + 27 * hour))).toBe(2)
  })

  test('takes an answer for 127.0.0.1 from the one list that may give it', async () => {
    const list = knownList('hostkarma.junkemailfilter.com')
    const records = {
      [`2.0.0.127.${list.zone}`]: { A: ['127.0.0.2'] },
      [`1.0.0.127.${list.zone}`]: { A: ['127.0.0.1'] },
    }
    const look = async (extra: Record<string, { A: string[] }>) =>
      (await lookUp({ ask: zone({ ...records, ...extra }).ask, lists: [list], target })).get(list.zone)?.state
    expect(await look({})).toBe('not-listed')
    expect(await look({ [`1.0.0.127.${list.zone}`]: { A: ['127.0.0.2'] } })).toBe('dead-zone')
  })

  test('finds a domain under its registrable name too', async () => {
    const list = plainList('uri.test', ['domain'])
    const ask = zone({
      'test.uri.test': { A: ['127.0.0.2'] },
      'example.org.uri.test': { A: ['127.0.0.2'] },
    }).ask
    const found = await lookUp({ ask, lists: [list], target: 'news.example.org', kind: 'domain' })
    expect(found.get('uri.test')?.state).toBe('listed')
  })

  test('never says that a mailbox is not listed where the list cannot be tested', async () => {
    const list = knownList('ebl.msbl.org')
    const found = await lookUp({ ask: zone({}).ask, lists: [list], target: 'a@example.org', kind: 'email' })
    expect(found.get(list.zone)).toMatchObject({ state: 'unavailable', reason: 'no-test-entry' })
  })

  test('shows no key in what it tells', async () => {
    const list = activeLists({ on: [], off: [], custom: [] }, { spamhaus: 'secretkey1' }).find(
      one => one.zone === 'zen.spamhaus.org',
    )
    if (list === undefined) throw new Error('No list.')
    const ask = zone({
      [`2.0.0.127.${list.queryZone}`]: { A: ['127.0.0.2'] },
      [`${asked}.${list.queryZone}`]: { A: ['127.0.0.2'], TXT: [`see https://x/?secretkey1.zen`] },
    }).ask
    const found = await lookUp({ ask, lists: [list], target })
    expect(found.get('zen.spamhaus.org')?.state).toBe('listed')
    expect(JSON.stringify([...found.values()])).not.toContain('secretkey1')
  })
})
