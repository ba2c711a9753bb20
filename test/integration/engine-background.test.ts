import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { limits } from '#engine/net/limits.ts'
import { cleanZone } from '../helpers/audit-zone.ts'
import { fakeClock, type FakeClock } from '../helpers/clock.ts'
import { snapshot, type TestEngine, testEngine, until, valueOf } from '../helpers/engine.ts'
import { temporaryFolder } from '../helpers/platform.ts'
import { type TestDns, testDns } from '../helpers/zone-resolver.ts'

const minute = 60_000
const hour = 60 * minute

let folder: ReturnType<typeof temporaryFolder>
let clock: FakeClock
let dns: TestDns
let engine: TestEngine

beforeEach(async () => {
  folder = temporaryFolder()
  clock = fakeClock()
  dns = testDns()
  await boot()
})
afterEach(async () => {
  await engine.stop()
  folder.remove()
})

async function boot(): Promise<void> {
  engine = await testEngine({ dataDir: folder.path, clock, dns })
  engine.start()
}
async function reboot(): Promise<void> {
  await engine.stop()
  await boot()
}
async function add(input: string) {
  return valueOf(await engine.client.domains.add({ input }))
}
async function row(id: string) {
  const found = (await snapshot(engine.client)).domains().find(domain => domain.id === id)
  if (!found) throw new Error('not listed')
  return found
}
const reports = async (id: string) => valueOf(await engine.client.domains.history({ id })).length

/** Goes to the next planned poll of a domain and waits until it has been made. */
async function nextPoll(id: string): Promise<void> {
  const { nextCheckAt, checkedAt } = await row(id)
  if (nextCheckAt === null) throw new Error('No poll is planned.')
  clock.advance(nextCheckAt - clock.now())
  await until(async () => {
    // A timer that was set for this moment only after the clock had come to it.
    clock.advance(0)
    const now = await row(id)
    return now.checkedAt !== checkedAt && !now.checking
  })
}

async function addMany(count: number): Promise<string[]> {
  const text = Array.from({ length: count }, (_, index) => `d${index}.example.com`).join('\n')
  return valueOf(await engine.client.domains.import({ text })).added.map(domain => domain.id)
}
const checking = async () =>
  (await snapshot(engine.client)).domains().filter(domain => domain.checking).length
async function status() {
  for await (const current of await engine.client.host.status()) return current
  throw new Error('No status.')
}

describe('background verification', () => {
  test('polls with growing waits until the records are right, then stops', async () => {
    const { id } = await add('example.com')
    const waits: number[] = []
    for (let poll = 0; poll < 5; poll += 1) {
      waits.push(((await row(id)).nextCheckAt ?? 0) - clock.now())
      await nextPoll(id)
      expect((await row(id)).status).toBe('pending')
    }
    const expected = [1, 2, 5, 10, 20].map(minutes => minutes * minute)
    for (const [index, wait] of waits.entries()) {
      expect(Math.abs(wait - (expected[index] ?? 0))).toBeLessThanOrEqual((expected[index] ?? 0) * 0.11)
    }
    dns.publish(cleanZone)
    await nextPoll(id)
    expect(await row(id)).toMatchObject({
      status: 'verified',
      score: 100,
      nextCheckAt: null,
      checking: false,
    })
    const purposes = new Set(dns.questions.map(({ purpose }) => purpose))
    expect([...purposes].filter(purpose => purpose !== 'blacklists')).toEqual(['verification'])
    expect(await reports(id)).toBe(6)
  })

  test('asks for the domain anew, and may share what others publish', async () => {
    dns.publish(cleanZone)
    const { id } = await add('example.com')
    await nextPoll(id)
    const own = dns.questions.filter(question => question.name.endsWith('example.com'))
    const shared = dns.questions.filter(question => !question.name.endsWith('example.com'))
    expect(own.every(question => question.fresh)).toBe(true)
    expect(shared.length).toBeGreaterThan(0)
    expect(shared.some(question => question.fresh)).toBe(false)
  })

  test('goes on after a restart where it stood', async () => {
    const { id } = await add('example.com')
    for (let poll = 0; poll < 3; poll += 1) await nextPoll(id)
    const before = await row(id)
    await reboot()
    expect(await row(id)).toEqual(before)
    const wait = (before.nextCheckAt ?? 0) - clock.now()
    expect(wait).toBeGreaterThan(8 * minute)
    dns.publish(cleanZone)
    await nextPoll(id)
    expect((await row(id)).status).toBe('verified')
  })

  test('makes up for what it missed while it was off, once', async () => {
    const { id } = await add('example.com')
    await engine.stop()
    clock.advance(9 * hour)
    await boot()
    await until(async () => (await row(id)).checkedAt !== null)
    await setTimeout(20)
    expect(await reports(id)).toBe(1)
  })

  test('that cannot look tries again sooner and counts nothing', async () => {
    const { id } = await add('example.com')
    for (let poll = 0; poll < 4; poll += 1) await nextPoll(id)
    dns.fail('servfail')
    await nextPoll(id)
    await nextPoll(id)
    expect(((await row(id)).nextCheckAt ?? 0) - clock.now()).toBeLessThanOrEqual(2 * minute)
    expect((await row(id)).status).toBe('pending')
    dns.fail(null)
    await nextPoll(id)
    const wait = ((await row(id)).nextCheckAt ?? 0) - clock.now()
    // Four looks and this one count: the next wait is the half hour, not yet the hour.
    expect(wait).toBeGreaterThan(26 * minute)
    expect(wait).toBeLessThan(34 * minute)
  })

  test('ends as Failed when the time is over', async () => {
    const { id } = await add('example.com')
    let polls = 0
    while ((await row(id)).nextCheckAt !== null) {
      await nextPoll(id)
      polls += 1
      if (polls > 200) throw new Error('It never ends.')
    }
    expect(await row(id)).toMatchObject({ status: 'failed', nextCheckAt: null })
    expect(clock.now() - (await row(id)).addedAt).toBe(72 * hour)
    expect(polls).toBeGreaterThan(60)
    expect(await reports(id)).toBe(limits.reportsPerDomain)
  })

  test('stops for a domain that is removed, and begins again when it is restored', async () => {
    const { id } = await add('example.com')
    await engine.client.domains.remove({ ids: [id] })
    clock.advance(hour)
    await setTimeout(20)
    expect(dns.questions).toEqual([])
    await engine.client.domains.restore({ ids: [id] })
    await nextPoll(id)
    expect(dns.questions.length).toBeGreaterThan(0)
  })

  test('a poll under way when the domain is removed is cancelled and leaves nothing', async () => {
    const { id } = await add('example.com')
    dns.hold()
    clock.advance(((await row(id)).nextCheckAt ?? 0) - clock.now())
    await until(() => {
      clock.advance(0)
      return dns.held() > 0
    })
    expect((await row(id)).checking).toBe(true)
    await engine.client.domains.remove({ ids: [id] })
    await until(() => dns.held() === 0)
    dns.letGo()
    await engine.client.domains.restore({ ids: [id] })
    expect(await row(id)).toMatchObject({ checking: false, checkedAt: null })
  })
})

describe('queued checks', () => {
  test('run so many at once, show as checking, and end', async () => {
    const ids = await addMany(30)
    dns.hold()
    expect(valueOf(await engine.client.domains.check({ ids: [...ids, 'unknown'] })).queued).toBe(30)
    expect(await checking()).toBe(30)
    await until(async () => (await status()).checksRunning === limits.auditsAtOnce)
    expect(await status()).toMatchObject({ checksQueued: 30 - limits.auditsAtOnce })
    dns.letGo()
    await until(async () => (await checking()) === 0)
    for (const id of ids) expect(await reports(id)).toBe(1)
    expect(dns.questions.every(question => question.purpose === 'audit')).toBe(true)
    expect(await status()).toMatchObject({ checksRunning: 0, checksQueued: 0 })
  })

  test('that have not started can be dropped', async () => {
    const ids = await addMany(20)
    dns.hold()
    await engine.client.domains.check({ ids })
    await until(async () => (await status()).checksRunning === limits.auditsAtOnce)
    const { cancelled } = valueOf(await engine.client.domains.cancelChecks({ ids }))
    expect(cancelled).toBe(20 - limits.auditsAtOnce)
    expect(await checking()).toBe(limits.auditsAtOnce)
    dns.letGo()
    await until(async () => (await checking()) === 0)
  })

  test('go on after a restart', async () => {
    const ids = await addMany(20)
    dns.hold()
    await engine.client.domains.check({ ids })
    await until(() => dns.held() > 0)
    await engine.stop()
    dns.letGo()
    await boot()
    expect(await checking()).toBe(20)
    await until(async () => (await checking()) === 0)
    for (const id of ids) expect(await reports(id)).toBe(1)
  })

  test('that find a domain Verified end its polling', async () => {
    dns.publish(cleanZone)
    const { id } = await add('example.com')
    await engine.client.domains.check({ ids: [id] })
    await until(async () => (await row(id)).status === 'verified')
    expect((await row(id)).nextCheckAt).toBeNull()
  })
})

test('stopping cancels what runs, at once, and lets the folder go', async () => {
  const { id } = await add('example.com')
  dns.hold()
  await engine.client.domains.check({ ids: [id] })
  const stream = await engine.client.domains.audit({ id })
  await stream.next()
  const feed = await engine.client.changes.watch({ feed: 'f', since: null, dataId: null })
  const readFeed = (async () => {
    for (let step = await feed.next(); ; step = await feed.next()) if (step.done) return step.value
  })()
  await until(() => dns.held() > 0)
  const startedAt = performance.now()
  await engine.stop()
  expect(performance.now() - startedAt).toBeLessThan(10_000)
  expect(dns.held()).toBe(0)
  expect(await readFeed).toEqual({ ok: true, value: null })
  for (let step = await stream.next(); ; step = await stream.next()) {
    if (!step.done) continue
    expect(step.value).toMatchObject({ ok: false, failure: { code: 'cancelled' } })
    break
  }
  expect(engine.platform.lines.filter(line => line.level === 'error')).toEqual([])
  dns.letGo()
  await boot()
  await until(async () => (await row(id)).checkedAt !== null)
})
