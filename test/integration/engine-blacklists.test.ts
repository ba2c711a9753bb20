import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { knownLists } from '#engine/blacklists/lists.ts'
import type { Alert } from '#shared/model/alert.ts'
import type { BlacklistEvent, BlacklistReport } from '#shared/model/blacklist.ts'
import type { Result } from '#shared/failure.ts'
import { apex, cleanZone } from '../helpers/audit-zone.ts'
import { canary } from '../helpers/canary.ts'
import { fakeClock, type FakeClock } from '../helpers/clock.ts'
import {
  failureOf,
  readAudit,
  snapshot,
  type TestEngine,
  testEngine,
  until,
  valueOf,
} from '../helpers/engine.ts'
import { temporaryFolder } from '../helpers/platform.ts'
import type { ZoneText } from '../helpers/zone.ts'
import { type TestDns, testDns } from '../helpers/zone-resolver.ts'

const minute = 60_000
const hour = 60 * minute
const zen = 'zen.spamhaus.org'
const dbl = 'dbl.spamhaus.org'

let folder: ReturnType<typeof temporaryFolder>
let clock: FakeClock
let dns: TestDns
let engine: TestEngine

beforeEach(async () => {
  folder = temporaryFolder()
  clock = fakeClock()
  dns = testDns()
  await boot()
  for (const { zone } of knownLists) {
    if (zone !== zen && zone !== dbl) await engine.client.blacklists.setList({ zone, on: false })
  }
})
afterEach(async () => {
  await engine.stop()
  folder.remove()
})

async function boot(): Promise<void> {
  engine = await testEngine({ dataDir: folder.path, clock, dns })
}

/** Two lists that work, as they are asked without a key. */
const healthyLists: ZoneText = {
  [`2.0.0.127.${zen}`]: { A: ['127.0.0.2'] },
  [`dbltest.com.${dbl}`]: { A: ['127.0.1.2'] },
}
const own = apex({ TXT: ['v=spf1 include:_spf.google.com ip4:198.51.100.9 -all'] })
const listedAt = (name: string): ZoneText => ({ [name]: { A: ['127.0.0.2'], TXT: ['Spam seen'] } })
const ipListed = listedAt(`9.100.51.198.${zen}`)

async function alerts(): Promise<Alert[]> {
  const { rows } = await snapshot(engine.client)
  return [...rows.values()].flatMap(row => (row.table === 'alerts' ? [row.row] : []))
}
const listings = async (id: string) =>
  (await snapshot(engine.client)).domains().find(domain => domain.id === id)?.listings

async function addAudited(input = 'example.com'): Promise<string> {
  const { id } = valueOf(await engine.client.domains.add({ input }))
  valueOf((await readAudit(await engine.client.domains.audit({ id }))).result)
  return id
}

type Look = AsyncIterator<BlacklistEvent, Result<BlacklistReport>, void>

/** Reads a look to its end, turning the clock so that nobody waits for the pace. */
async function readLook(
  stream: Look,
): Promise<{ events: BlacklistEvent[]; result: Result<BlacklistReport> }> {
  const events: BlacklistEvent[] = []
  const over = new AbortController()
  const turning = (async () => {
    while (!over.signal.aborted) {
      clock.advance(1_000)
      await new Promise(setImmediate)
    }
  })()
  while (true) {
    const step = await stream.next()
    if (step.done !== true) events.push(step.value)
    else {
      over.abort()
      await turning
      return { events, result: step.value }
    }
  }
}
const check = async (id: string) =>
  valueOf((await readLook(await engine.client.blacklists.check({ id }))).result)

describe('a look at a stored domain', () => {
  test('streams, is stored, and counts only what weighs something', async () => {
    dns.publish({ ...own, ...healthyLists, ...ipListed })
    const id = await addAudited()
    expect(await listings(id)).toBeNull()
    const { events, result } = await readLook(await engine.client.blacklists.check({ id }))
    const report = valueOf(result)
    expect(events[0]).toMatchObject({
      kind: 'started',
      targets: [{ target: 'example.com' }, { target: '198.51.100.9' }, { role: 'mx-ip' }, { role: 'mx-ip' }],
    })
    expect(events.filter(({ kind }) => kind === 'checked')).toHaveLength(4)
    expect(report.targets.map(({ target, shared }) => [target, shared])).toEqual([
      ['example.com', false],
      ['198.51.100.9', false],
      ['142.250.1.26', true],
      ['2a00:1450:4001::1a', true],
    ])
    expect(valueOf(await engine.client.blacklists.report({ id }))).toEqual(report)
    expect(await listings(id)).toBe(1)
    expect(
      dns.questions
        .filter(({ purpose }) => purpose === 'blacklists')
        .every(({ type }) => type === 'A' || type === 'TXT'),
    ).toBe(true)
  })

  test('raises one critical alert with list, meaning and page, tells it once, and ends it with the delisting', async () => {
    dns.publish({ ...own, ...healthyLists, ...ipListed })
    const id = await addAudited()
    await check(id)
    const [alert, ...more] = await alerts()
    expect(more).toEqual([])
    expect(alert).toMatchObject({
      code: 'blacklist.listed',
      severity: 'critical',
      state: 'open',
      about: 'example.com',
      facts: {
        list: 'Spamhaus ZEN',
        target: '198.51.100.9',
        meaning: 'Spamhaus blocklist (SBL): a source of spam.',
        text: 'Spam seen',
        delistUrl: 'https://check.spamhaus.org/results/?query=198.51.100.9',
      },
    })
    expect(engine.platform.notifications).toEqual([
      {
        title: 'example.com',
        body: expect.stringMatching(/^198\.51\.100\.9 is on the blacklist Spamhaus ZEN\./),
      },
    ])
    await check(id)
    expect([await alerts(), engine.platform.notifications.length]).toEqual([[alert], 1])

    dns.publish({ ...own, ...healthyLists })
    clock.advance(24 * hour)
    await check(id)
    expect(await alerts()).toMatchObject([{ id: alert?.id, state: 'resolved', resolvedBy: 'itself' }])
    expect(await listings(id)).toBe(0)
  })

  test('keeps a listing while the list gives no usable answer', async () => {
    dns.publish({ ...own, ...healthyLists, ...ipListed })
    const id = await addAudited()
    await check(id)
    dns.publish({ ...own, [`2.0.0.127.${zen}`]: { A: ['127.255.255.254'] } })
    clock.advance(25 * hour)
    const report = await check(id)
    expect(report.targets[1]?.lists[0]).toMatchObject({ state: 'refused', reason: 'public-resolver' })
    expect([await listings(id), (await alerts()).map(({ state }) => state)]).toEqual([1, ['open']])
  })

  test('that no list answers says nothing about listings, and not that there are none', async () => {
    dns.publish({ ...own, [`2.0.0.127.${zen}`]: { A: ['127.255.255.254'] } })
    const id = await addAudited()
    await check(id)
    expect(await listings(id)).toBeNull()
  })

  test('takes from the health score what the list weighs, says for what, and gives it back with the delisting', async () => {
    const row = async () => (await snapshot(engine.client)).domains()[0]
    const trend = async () => valueOf(await engine.client.domains.history({ id })).map(({ score }) => score)
    dns.publish({ ...own, ...healthyLists, ...ipListed })
    const id = await addAudited()
    const clean = (await row())?.score ?? 0
    expect(clean).toBeGreaterThan(25)
    await check(id)
    const listed = { zone: zen, name: 'Spamhaus ZEN', targets: ['198.51.100.9'], points: 25 }
    expect(await row()).toMatchObject({ score: clean - 25, listedOn: [listed] })
    // The list is silent: the entry stands, and so does what it takes.
    dns.publish({ ...own, [`2.0.0.127.${zen}`]: { A: ['127.255.255.254'] } })
    clock.advance(25 * hour)
    await check(id)
    expect(await row()).toMatchObject({ score: clean - 25, listedOn: [listed] })
    valueOf((await readAudit(await engine.client.domains.audit({ id }))).result)
    expect(await trend()).toEqual([clean, clean - 25])
    dns.publish({ ...own, ...healthyLists })
    clock.advance(25 * hour)
    await check(id)
    expect(await row()).toMatchObject({ score: clean, listedOn: [] })
  })

  test('leaves a score unknown that is unknown', async () => {
    dns.publish({ ...own, ...healthyLists, ...ipListed })
    const id = await addAudited()
    await check(id)
    dns.fail('timeout')
    clock.advance(hour)
    valueOf((await readAudit(await engine.client.domains.audit({ id }))).result)
    expect((await snapshot(engine.client)).domains()[0]).toMatchObject({
      score: null,
      listedOn: [{ zone: zen }],
    })
  })

  test('raises nothing for a shared pool', async () => {
    dns.publish({ ...own, ...healthyLists, ...listedAt(`26.1.250.142.${zen}`) })
    const id = await addAudited()
    const report = await check(id)
    expect(report.targets[2]?.lists[0]).toMatchObject({ state: 'listed', weight: 0 })
    expect([await listings(id), await alerts()]).toEqual([0, []])
  })

  test('is not raised again for what a person resolved, until it ended and came back', async () => {
    dns.publish({ ...own, ...healthyLists, ...ipListed })
    const id = await addAudited()
    await check(id)
    const [alert] = await alerts()
    expect(valueOf(await engine.client.alerts.resolve({ ids: [alert?.id ?? ''] })).changed).toEqual([
      alert?.id,
    ])
    await check(id)
    expect((await alerts()).map(({ state, resolvedBy }) => [state, resolvedBy])).toEqual([
      ['resolved', 'person'],
    ])
    dns.publish({ ...own, ...healthyLists })
    await check(id)
    dns.publish({ ...own, ...healthyLists, ...ipListed })
    await check(id)
    expect((await alerts()).filter(({ state }) => state === 'open')).toHaveLength(1)
  })

  test('stops its questions when the caller leaves', async () => {
    dns.publish({ ...own, ...healthyLists })
    const id = await addAudited()
    const leave = new AbortController()
    const stream = await engine.client.blacklists.check({ id }, { signal: leave.signal })
    await stream.next()
    const before = dns.questions.length
    leave.abort()
    expect(await stream.next()).toMatchObject({ done: true, value: { failure: { code: 'cancelled' } } })
    clock.advance(10_000)
    await new Promise(setImmediate)
    expect(dns.questions.length - before).toBeLessThanOrEqual(2)
  })
})

describe('alerts', () => {
  test('are acknowledged, resolved and put back, and go with their domain', async () => {
    dns.publish({ ...own, ...healthyLists, ...ipListed })
    const id = await addAudited()
    await check(id)
    const ids = (await alerts()).map(alert => alert.id)
    const { client } = engine
    expect(valueOf(await client.alerts.acknowledge({ ids: [...ids, 'none'] })).changed).toEqual(ids)
    expect(await alerts()).toMatchObject([{ state: 'acknowledged', acknowledgedAt: clock.now() }])
    expect(valueOf(await client.alerts.acknowledge({ ids })).changed).toEqual([])
    valueOf(await client.alerts.resolve({ ids }))
    valueOf(await client.alerts.reopen({ ids }))
    expect(await alerts()).toMatchObject([{ state: 'open', acknowledgedAt: null, resolvedAt: null }])
    valueOf(await client.domains.remove({ ids: [id] }))
    expect(await alerts()).toEqual([])
    valueOf(await client.domains.restore({ ids: [id] }))
    expect((await alerts()).map(alert => alert.id)).toEqual(ids)
  })
})

const sweptTimes = () =>
  dns.questions.filter(({ name, type }) => type === 'A' && name === `9.100.51.198.${zen}`).length

/** Turns the clock until something has come about. */
async function turnUntil(stepMs: number, condition: () => boolean | Promise<boolean>): Promise<void> {
  await until(async () => {
    if (await condition()) return true
    clock.advance(stepMs)
    await new Promise(setImmediate)
    return false
  })
}

describe('in the background', () => {
  test('a domain is swept soon after its first audit, then daily, also after a restart', async () => {
    dns.publish({ ...own, ...healthyLists })
    const id = await addAudited()
    engine.start()
    await turnUntil(1_000, async () => (await listings(id)) === 0)
    expect(sweptTimes()).toBe(1)
    const sweptAt = clock.now()
    await engine.stop()
    await boot()
    engine.start()
    dns.publish({ ...own, ...healthyLists, ...ipListed })
    clock.advance(21 * hour)
    expect(sweptTimes()).toBe(1)
    await turnUntil(minute, async () => (await listings(id)) === 1)
    expect(clock.now() - sweptAt).toBeLessThan(27 * hour)
    expect(await alerts()).toMatchObject([{ code: 'blacklist.listed', severity: 'critical', state: 'open' }])
  })

  test('a sweep that has a key waits for the vault; without one it does not', async () => {
    const key = canary('key').replaceAll('-', '')
    const keyed = key.toLowerCase()
    dns.publish({
      ...own,
      ...healthyLists,
      [`2.0.0.127.${keyed}.zen.dq.spamhaus.net`]: { A: ['127.0.0.2'] },
      [`9.100.51.198.${keyed}.zen.dq.spamhaus.net`]: { A: ['127.0.0.4'] },
    })
    const asked = () => dns.questions.filter(({ name }) => /^9\.100\.51\.198\..*spamhaus/.test(name)).length
    const id = await addAudited()
    valueOf(await engine.client.blacklists.setKey({ service: 'spamhaus', key }))
    valueOf(await engine.client.vault.lock())
    engine.start()
    clock.advance(hour)
    await new Promise(setImmediate)
    expect(asked()).toBe(0)
    valueOf(await engine.client.vault.unlock({ passphrase: null }))
    await turnUntil(1_000, async () => (await listings(id)) === 1)
    valueOf(await engine.client.blacklists.setKey({ service: 'spamhaus', key: null }))
    valueOf(await engine.client.vault.lock())
    const before = asked()
    await turnUntil(20 * minute, () => asked() > before)
  })

  test('a Verified domain is checked at night; what got worse is an alert, and what is mended ends it', async () => {
    dns.publish(cleanZone)
    const id = await addAudited()
    engine.start()
    const rechecks = () => dns.questions.filter(({ purpose }) => purpose === 'recheck').length
    dns.publish(
      Object.fromEntries(
        Object.entries(cleanZone).map(([name, records]) => [
          name,
          name === '_dmarc.example.com'
            ? { TXT: ['v=DMARC1; p=none; rua=mailto:dmarc@example.com'] }
            : records,
        ]),
      ),
    )
    clock.advance(30 * minute)
    await new Promise(setImmediate)
    expect(rechecks()).toBe(0)
    await turnUntil(20 * minute, async () => (await alerts()).length > 0)
    expect(rechecks()).toBeGreaterThan(0)
    expect(await alerts()).toMatchObject([
      {
        code: 'drift.policy-weakened',
        subject: 'dmarc',
        state: 'open',
        facts: { before: 'reject', after: 'none' },
      },
    ])
    expect(engine.platform.notifications).toHaveLength(1)
    dns.publish(cleanZone)
    valueOf((await readAudit(await engine.client.domains.audit({ id }))).result)
    expect(await alerts()).toMatchObject([{ state: 'resolved', resolvedBy: 'itself' }])
  })

  test('a night without an answer is no drift', async () => {
    dns.publish(cleanZone)
    await addAudited()
    engine.start()
    dns.fail('timeout')
    const rechecks = () => dns.questions.filter(({ purpose }) => purpose === 'recheck').length
    await turnUntil(20 * minute, () => rechecks() > 5)
    clock.advance(hour)
    await new Promise(setImmediate)
    expect(await alerts()).toEqual([])
  })
})

const zones = async () => valueOf(await engine.client.blacklists.lists())
const testsOf = async (zone: string) => (await zones()).find(list => list.zone === zone)?.selfTests

describe('the lists', () => {
  test('are switched, added and removed; one that is denied is refused with the reason', async () => {
    const { client } = engine
    const on = valueOf(await client.blacklists.setList({ zone: 'bl.spamcop.net', on: true }))
    expect(on.find(({ zone }) => zone === 'bl.spamcop.net')).toMatchObject({ on: true, custom: false })
    const list = { zone: 'BL.Own.Example.', kinds: ['ip4' as const], weight: 1 as const }
    expect(valueOf(await client.blacklists.addList(list)).at(-1)).toMatchObject({
      zone: 'bl.own.example',
      on: true,
      custom: true,
    })
    expect(failureOf(await client.blacklists.addList(list)).code).toBe('blacklist-already-added')
    expect(failureOf(await client.blacklists.addList({ ...list, zone: 'dnsbl.sorbs.net' }))).toMatchObject({
      code: 'blacklist-denied',
      detail: { reason: 'closed', since: '2024-06-05' },
    })
    for (const zone of ['', 'no', 'a b.example', '192.0.2.1', '-.example']) {
      expect(failureOf(await client.blacklists.addList({ ...list, zone })).code).toBe(
        'blacklist-zone-invalid',
      )
    }
    expect(failureOf(await client.blacklists.setList({ zone: 'x.example', on: true })).code).toBe(
      'blacklist-not-found',
    )
    valueOf(await client.blacklists.removeList({ zone: 'bl.own.example' }))
    expect((await zones()).some(({ custom }) => custom)).toBe(false)
  })

  test('show how each passed its test through this resolver', async () => {
    dns.publish({ ...own, [`2.0.0.127.${zen}`]: { A: ['127.0.0.2'] } })
    await check(await addAudited())
    expect((await testsOf(zen))?.map(({ kind, state }) => [kind, state])).toEqual([
      ['ip4', 'passed'],
      ['ip6', 'dead-zone'],
    ])
    expect(await testsOf(dbl)).toMatchObject([{ state: 'dead-zone', reason: 'test-entry-missing' }])
  })

  test('are asked in their own zone with a key, which nobody sees again', async () => {
    const key = 'abcdefgh12345678'
    dns.publish({
      ...own,
      [`2.0.0.127.${key}.zen.dq.spamhaus.net`]: { A: ['127.0.0.2'] },
      [`9.100.51.198.${key}.zen.dq.spamhaus.net`]: { A: ['127.0.0.4'], TXT: [`https://x/${key}`] },
    })
    const id = await addAudited()
    expect(
      failureOf(await engine.client.blacklists.setKey({ service: 'spamhaus', key: 'no key' })).code,
    ).toBe('blacklist-key-invalid')
    valueOf(await engine.client.blacklists.setKey({ service: 'spamhaus', key }))
    const report = await check(id)
    expect(report.targets[1]?.lists[0]).toMatchObject({ zone: zen, state: 'listed', codes: ['127.0.0.4'] })
    const told = JSON.stringify([
      report,
      await zones(),
      [...(await snapshot(engine.client)).rows],
      engine.platform.lines,
      engine.platform.notifications,
    ])
    expect(told).not.toContain(key)
    expect((await zones()).find(({ zone }) => zone === zen)?.key).toEqual({
      service: 'spamhaus',
      required: false,
      present: true,
    })
    valueOf(await engine.client.blacklists.setKey({ service: 'spamhaus', key: null }))
    const before = dns.questions.length
    await check(id)
    expect(dns.questions.slice(before).some(({ name }) => name.includes(key))).toBe(false)
  })
})

describe('names that are not stored', () => {
  test('are looked up and nothing of them is kept', async () => {
    dns.publish({ ...healthyLists, ...listedAt(`1.2.0.192.${zen}`) })
    const { result } = await readLook(
      await engine.client.blacklists.look({ targets: ['192.0.2.1', 'someone@example.org', 'example.org'] }),
    )
    expect(
      valueOf(result).targets.map(({ target, lists }) => [target, lists.map(({ state }) => state)]),
    ).toEqual([
      ['192.0.2.1', ['listed']],
      ['someone@example.org', []],
      ['example.org', ['not-listed']],
    ])
    expect(await alerts()).toEqual([])
    const refused = await readLook(await engine.client.blacklists.look({ targets: ['a b'] }))
    expect(failureOf(refused.result)).toMatchObject({ code: 'domain-has-space', detail: { input: 'a b' } })
  })
})
